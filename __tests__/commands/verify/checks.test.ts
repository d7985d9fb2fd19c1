import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { PRESETS } from "../../../config/presets";
import { FAILOVER_CHECKS, REGION_CHECKS } from "../../../commands/verify/checks";
import { schema } from "../../../config/schema";
import { presets, PROJECT, rows } from "../../support/requirements";

const FOLDER = join(PROJECT, "commands", "verify");
const CHECKS = [
  ...new Set<{ requirement: string; requirementIds: readonly string[]; option?: string }>([...REGION_CHECKS, ...FAILOVER_CHECKS]),
];
const sources = (): [string, string][] =>
  readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => [name, readFileSync(join(FOLDER, name), "utf8")]);

/** Whether a path of keys leads to a key of the schema: `dns.apex`. */
function hasKey(type: z.ZodType, [key, ...others]: readonly string[]): boolean {
  if (key === undefined) return true;
  const table = type instanceof z.ZodOptional ? (type.unwrap() as z.ZodType) : type;
  const inner = table instanceof z.ZodObject ? (table.shape as Record<string, z.ZodType>)[key] : undefined;
  return inner !== undefined && hasKey(inner, others);
}

describe("what npm run verify asks for", () => {
  it("is a sentence each, and none twice", () => {
    const sentences = CHECKS.map(({ requirement }) => requirement);
    expect(sentences.filter((sentence, index) => sentences.indexOf(sentence) !== index)).toEqual([]);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*[^.]$/);
  });

  it("is every check that a file of checks has", () => {
    const literals = sources()
      .filter(([name]) => name.startsWith("checks"))
      .flatMap(([, source]) =>
        [...source.matchAll(/requirement: ("(?:[^"\\]|\\.)*")/g)].map(([, text = '""']) => JSON.parse(text) as string),
      );
    expect(literals.sort()).toEqual(CHECKS.map(({ requirement }) => requirement).sort());
  });

  it("names lines of the requirements that exist, and none twice", () => {
    const known = new Set(rows().map(({ id }) => id));
    for (const { requirement, requirementIds } of CHECKS) {
      expect({ requirement, unknown: requirementIds.filter((id) => !known.has(id)) }).toEqual({ requirement, unknown: [] });
      expect({ requirement, ids: new Set(requirementIds).size }).toEqual({ requirement, ids: requirementIds.length });
    }
  });

  it("names the key of terraform.tfvars that turns it on, where no document asks for it", () => {
    for (const { requirement, requirementIds, option } of CHECKS)
      expect([requirement, requirementIds.length > 0]).toEqual([requirement, option === undefined]);
    const options = CHECKS.flatMap(({ option }) => option ?? []);
    expect(options.length).toBeGreaterThan(0);
    expect(options.filter((option) => !hasKey(schema, option.split(".")))).toEqual([]);
  });

  it("knows which document describes which preset", () => {
    const documents = Object.values(PRESETS).flatMap(({ name, document }) => (document === undefined ? [] : [[document, name]]));
    expect(Object.fromEntries(documents)).toEqual(Object.fromEntries(presets()));
  });

  it("only reads: every call describes, gets or lists, and none gets the value of a secret", () => {
    const calls = sources().flatMap(([name, source]) =>
      [...source.matchAll(/import \{([^}]*)\} from "@aws-sdk\//g)].flatMap(([, names = ""]) =>
        names
          .split(",")
          .map((word) => word.trim())
          .filter((word) => /Command$|^paginate/.test(word))
          .map((word) => ({ name, call: word.replace(/^paginate|Command$/g, "") })),
      ),
    );
    expect(calls.length).toBeGreaterThan(40);
    expect(calls.filter(({ call }) => !/^(Describe|Get|List)[A-Z]/.test(call) || call.includes("SecretValue"))).toEqual([]);
    expect(sources().filter(([, source]) => source.includes("WithDecryption"))).toEqual([]);
  });
});
