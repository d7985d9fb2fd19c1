import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { PRESETS } from "../../../config/presets";
import { FAILOVER_CHECKS, REGION_CHECKS } from "../../../commands/verify/checks";
import { schema } from "../../../config/schema";
import { missing, PLAN_POLICIES, statementsOf } from "../../support/permissions";
import { presets, PROJECT, rows } from "../../support/requirements";

const FOLDER = join(PROJECT, "commands", "verify");
const CHECKS = [
  ...new Set<{ requirement: string; requirementIds: readonly string[]; option?: string }>([...REGION_CHECKS, ...FAILOVER_CHECKS]),
];
const sources = (): [string, string][] =>
  readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => [name, readFileSync(join(FOLDER, name), "utf8")]);

/** Prefix of the actions of a client, where its name is another one. */
const PREFIXES: Readonly<Record<string, string>> = {
  "application-auto-scaling": "application-autoscaling",
  "cloudwatch-logs": "logs",
  "elastic-load-balancing-v2": "elasticloadbalancing",
  eventbridge: "events",
  "resource-groups-tagging-api": "tag",
  "route-53": "route53",
  "secrets-manager": "secretsmanager",
  sfn: "states",
};

/** The operations that files import, with the name of the client: `rds`. */
function callsOf(files: readonly (readonly [name: string, source: string])[]): { name: string; client: string; call: string }[] {
  return files.flatMap(([name, source]) =>
    [...source.matchAll(/import \{([^}]*)\} from "@aws-sdk\/client-([\w-]+)"/g)].flatMap(([, names = "", client = ""]) =>
      names
        .split(",")
        .map((word) => word.trim())
        .filter((word) => /Command$|^paginate/.test(word))
        .map((word) => ({ name, client, call: word.replace(/^paginate|Command$/g, "") })),
    ),
  );
}

/** Whether the schema has a key at a path, e.g. `dns.apex`. */
function hasKey(type: z.ZodType, [key, ...others]: readonly string[]): boolean {
  if (key === undefined) return true;
  if (type instanceof z.ZodArray) return hasKey(type.element as z.ZodType, [key, ...others]);
  const table = type instanceof z.ZodOptional ? (type.unwrap() as z.ZodType) : type;
  const inner = table instanceof z.ZodObject ? (table.shape as Record<string, z.ZodType>)[key] : undefined;
  return inner !== undefined && hasKey(inner, others);
}

describe("the checks of npm run verify", () => {
  it("have a requirement each: a sentence, and none twice", () => {
    const sentences = CHECKS.map(({ requirement }) => requirement);
    expect(sentences.filter((sentence, index) => sentences.indexOf(sentence) !== index)).toEqual([]);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*[^.]$/);
  });

  it("are all that the files of checks declare", () => {
    const literals = sources()
      .filter(([name]) => name.startsWith("checks"))
      .flatMap(([, source]) =>
        [...source.matchAll(/requirement:\s+("(?:[^"\\]|\\.)*")/g)].map(([, text = '""']) => JSON.parse(text) as string),
      );
    expect(literals.sort()).toEqual(CHECKS.map(({ requirement }) => requirement).sort());
  });

  it("name rows of docs/requirements.md that exist, and none twice", () => {
    const known = new Set(rows().map(({ id }) => id));
    for (const { requirement, requirementIds } of CHECKS) {
      expect({ requirement, unknown: requirementIds.filter((id) => !known.has(id)) }).toEqual({ requirement, unknown: [] });
      expect({ requirement, ids: new Set(requirementIds).size }).toEqual({ requirement, ids: requirementIds.length });
    }
  });

  it("name the key of terraform.tfvars that enables them where no document requires them", () => {
    for (const { requirement, requirementIds, option } of CHECKS)
      expect([requirement, requirementIds.length > 0]).toEqual([requirement, option === undefined]);
    const options = CHECKS.flatMap(({ option }) => option ?? []);
    expect(options.length).toBeGreaterThan(0);
    expect(options.filter((option) => !hasKey(schema, option.split(".")))).toEqual([]);
  });

  it("know the document of each preset", () => {
    const documents = Object.values(PRESETS).flatMap(({ name, document }) => (document === undefined ? [] : [[document, name]]));
    expect(Object.fromEntries(documents)).toEqual(Object.fromEntries(presets()));
  });

  it("only read: every call describes, gets or lists, and none reads a secret value", () => {
    const calls = callsOf(sources());
    expect(calls.length).toBeGreaterThan(40);
    expect(calls.filter(({ call }) => !/^(Describe|Get|List)[A-Z]/.test(call) || call.includes("SecretValue"))).toEqual([]);
    expect(sources().filter(([, source]) => source.includes("WithDecryption"))).toEqual([]);
  });

  it("may be called by the roles of plan and deploy, which releases in waves require", () => {
    const operations = callsOf(sources()).map(({ client, call }) => ({ service: PREFIXES[client] ?? client, operation: call }));
    expect(missing(operations, statementsOf(PLAN_POLICIES))).toEqual([]);
    expect(missing([{ service: "ecs", operation: "ListTasks" }], statementsOf(PLAN_POLICIES))).toEqual(["ecs:ListTasks"]);
  });
});
