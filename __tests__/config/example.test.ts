import { describe, expect, it } from "@jest/globals";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { exampleFile } from "../../config/example/example-file";
import { formatHcl, WIDTH } from "../../config/example/format-hcl";
import { loadConfig } from "../../config/load";
import { parseHcl } from "../../config/parse-hcl";
import { withPresetTable } from "../../config/presets/overview";
import { PRESETS } from "../../config/presets";
import { PLAN_KEYS, schema, SECTIONS } from "../../config/schema";
import { describedBy, entryOf, keysOf } from "../../config/schema/inspect";
import { regionStack } from "../support/synthesized";

const PROJECT = resolve(__dirname, "..", "..");
const text = readFileSync(join(PROJECT, "terraform.tfvars.example"), "utf8");

describe("terraform.tfvars.example", () => {
  /** Names of all keys, those inside tables and entries of lists too. */
  const keys = (type: z.ZodType): string[] => {
    if (type instanceof z.ZodArray) return keys(type.element as z.ZodType);
    if (type instanceof z.ZodRecord) return keys(type.valueType as z.ZodType);
    if (type instanceof z.ZodOptional) return keys(type.unwrap() as z.ZodType);
    if (!(type instanceof z.ZodObject)) return [];
    return Object.entries(type.shape as Record<string, z.ZodType>).flatMap(([key, inner]) => [key, ...keys(inner)]);
  };

  it("is current: npm run example writes it from the schema and the presets", () => {
    expect(text).toBe(exampleFile());
  });

  it("names every key of the schema", () => {
    expect(keys(schema).filter((key) => !new RegExp(`^(#.*[ {]|[# ]*)${key}( *=|,| {2})`, "m").test(text))).toEqual([]);
  });

  it("shows the defaults: with every line uncommented, the configuration is the same", async () => {
    const folder = mkdtempSync(join(tmpdir(), "standfast-example-"));
    writeFileSync(join(folder, "as-it-is.tfvars"), text);
    writeFileSync(join(folder, "uncommented.tfvars"), text.replace(/^#(?! \S)/gm, ""));
    const asItIs = await loadConfig(folder, { TFVARS_FILE: join(folder, "as-it-is.tfvars") });
    const uncommented = await loadConfig(folder, { TFVARS_FILE: join(folder, "uncommented.tfvars") });
    expect(Object.keys(uncommented.given).length).toBeGreaterThan(Object.keys(asItIs.given).length + 10);
    expect(uncommented.config).toEqual(asItIs.config);
  });

  it("shows every default of the default preset", async () => {
    const uncommented = await parseHcl(PROJECT, text.replace(/^#(?! \S)/gm, ""));
    expect(uncommented).toMatchObject({ ...PRESETS["payment-processing"]?.values, alert_emails: ["oncall@bank.test"] });
  });

  it("has no line above the maximum length", () => {
    expect(text.split("\n").filter((line) => line.length > WIDTH)).toEqual([]);
  });

  it("marks with [plan] exactly the variables that can be changed at plan time", () => {
    const variables = Object.entries(regionStack().json["variable"] as Record<string, { description: string }>);
    const changeable = variables.filter(([, { description }]) => !description.startsWith("Shapes the configuration")).map(([key]) => key);
    expect([...PLAN_KEYS].sort()).toEqual(changeable.sort());
    for (const key of Object.keys(schema.shape))
      expect([key, new RegExp(`^# \\[plan\\].*\\n(# .*\\n)*#?${key} = `, "m").test(text)]).toEqual([key, PLAN_KEYS.includes(key)]);
  });
});

describe("the schema", () => {
  it("has every key under exactly one heading", () => {
    expect(SECTIONS.flatMap(({ keys }) => Object.keys(keys)).sort()).toEqual(Object.keys(schema.shape).sort());
  });

  it("describes every key of terraform.tfvars, alone or together with the key before it", () => {
    /** Paths of tables and keys without a description, if no key before them has one either. */
    const silent = (table: z.ZodType, path: string): string[] =>
      Object.entries(keysOf(table)).flatMap(([key, type], index, entries) => {
        const where = `${path}${key}`;
        const alone = index === 0 || entries.slice(0, index).every(([, before]) => describedBy(before).about === undefined);
        const inner = silent(type, `${where}.`);
        const described = describedBy(type).about !== undefined || !alone;
        // A table needs no description if all of its keys have one.
        const ofItself = Object.keys(keysOf(type)).length > 0 && inner.length === 0;
        return described || ofItself ? [] : [where];
      });
    expect(silent(schema, "")).toEqual([]);
  });

  it("states the accepted values of every key", () => {
    const mute = (type: z.ZodType, path: string): string[] => {
      const entry = entryOf(type);
      const inner = [...Object.entries(keysOf(type)), ...(entry ? [["[]", entry] as const] : [])];
      const own = inner.length === 0 && describedBy(type).expected === undefined && !path.endsWith("[]") ? [path] : [];
      return [...own, ...inner.flatMap(([key, next]) => mute(next, `${path}.${key}`))];
    };
    expect(mute(schema, "")).toEqual([]);
  });
});

describe("values in HCL", () => {
  it.each([
    [{ min_acu: 2, max_acu: 32 }, "{ min_acu = 2, max_acu = 32 }"],
    [["CMD", 'say "yes"'], '["CMD", "say \\"yes\\""]'],
    [{}, "{}"],
    [[], "[]"],
    [{ kept: true, left_out: undefined }, "{ kept = true }"],
  ])("%j is %s", (value, hcl) => {
    expect(formatHcl(value, "", 0)).toBe(hcl);
  });

  it("use several lines if one is too short, and are the same values", async () => {
    const value = {
      regions: PRESETS["payment-processing"]?.values.regions,
      limits: PRESETS["payment-processing"]?.values.validation.limits,
    };
    const lines = Object.entries(value).map(([key, inner]) => `${key} = ${formatHcl(inner, "", key.length + 3)}`);
    expect(lines.join("\n").split("\n").length).toBeGreaterThan(10);
    expect(await parseHcl(PROJECT, lines.join("\n"))).toEqual(value);
  });
});

describe("docs/deploy.md", () => {
  const page = readFileSync(join(PROJECT, "docs", "deploy.md"), "utf8");

  it("has the current table of presets: npm run example writes it", () => {
    expect(page).toBe(withPresetTable(page));
    for (const name of Object.keys(PRESETS)) expect(page).toMatch(new RegExp(`^\\| \`${name}\`( \\(default\\))? \\|`, "m"));
  });

  it("needs the markers of the table", () => {
    expect(() => withPresetTable("# Standfast\n")).toThrow("docs/deploy.md lacks");
  });
});
