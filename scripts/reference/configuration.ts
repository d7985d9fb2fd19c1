import { z } from "zod";
import { CHANGES, EFFECTS } from "../../config/changes/effects";
import { changeableKeys } from "../../config/changes/keys";
import { formatHcl, inlineHcl } from "../../config/example/format-hcl";
import { valueAt } from "../../config/paths";
import { DEFAULT_PRESET, PRESETS } from "../../config/presets";
import { SECTIONS } from "../../config/schema";
import { describedBy, entryOf, keysOf } from "../../config/schema/inspect";
import { code, list, page, prose, source, table } from "./markdown";

/** A default that is longer is a block of code. */
const LONGEST_INLINE = 80;

interface Key {
  /** As a reader writes it: `regions[].name`, `services.<name>.paths`. */
  readonly path: string;
  /** Names of the keys, without those that the user chooses: `services`, `paths`. */
  readonly names: readonly string[];
  readonly type: z.ZodType;
  readonly isOptional: boolean;
  /** Whether it is in an entry of a list, or of a table whose names the user chooses, which no preset has. */
  readonly isInEntry: boolean;
  /** Its text, or that of the key before it, which covers both. */
  readonly text: string;
}

/** `docs/reference/configuration.md`. @throws if a key has no effect */
export function configurationPage(): string {
  const lacking = changeableKeys().filter((key) => CHANGES[key] === undefined);
  if (lacking.length > 0) throw new Error(`config/changes/effects.ts lacks ${lacking.join(", ")}`);
  return page(
    "# Configuration reference",
    "Every key of `terraform.tfvars`. `npm run reference` writes this page from `config/schema`, `config/presets` and `config/changes`.",
    "- **Type**: the accepted values. A missing key has the default of the preset. An optional key has no default.\n- **Default**: the value of each preset. `terraform.tfvars.example` shows the values of the default preset as a file.\n- **Change**: what a change does to an environment that exists, by the table below. The tests plan the changes against a deployed environment, in both directions, and compare the plans with this page.\n- **[plan]**: the key can be changed at plan time (`-var`, `-var-file`, `TF_VAR_...`). All other keys shape the configuration: run the synth after a change.",
    "Read the plan before you apply a change: Terraform prints what it replaces (`must be replaced`) and what it deletes (`will be destroyed`).",
    "## Effects of a change",
    table(["effect", "meaning"], Object.entries(EFFECTS)),
    ...SECTIONS.flatMap(({ heading, keys }) => [`## ${capitalized(heading)}`, ...keysBelow(keys).map(block)]),
  );
}

function keysBelow(table: Readonly<Record<string, z.ZodType>>, parent?: Key): Key[] {
  let before = "";
  return Object.entries(table).flatMap(([name, type]) => {
    const { about, details } = describedBy(type);
    if (about !== undefined) before = [about, details].filter((sentence) => sentence !== undefined).join(" ");
    const key: Key = {
      path: parent === undefined ? name : `${parent.path}${entryMark(parent.type)}.${name}`,
      names: [...(parent?.names ?? []), name],
      type,
      isOptional: type instanceof z.ZodOptional,
      isInEntry: parent !== undefined && (parent.isInEntry || entryOf(parent.type) !== undefined),
      // A table without a text has it at its keys.
      text: about === undefined && Object.keys(keysOf(type)).length > 0 ? "" : before,
    };
    const { described } = describedBy(type);
    const inner = Object.entries(keysOf(entryOf(type) ?? type)).filter(([one]) => described?.includes(one) ?? true);
    return [key, ...keysBelow(Object.fromEntries(inner), key)];
  });
}

function entryMark(type: z.ZodType): string {
  const inner = type instanceof z.ZodOptional ? type.unwrap() : type;
  return inner instanceof z.ZodArray ? "[]" : inner instanceof z.ZodRecord ? ".&lt;name&gt;" : "";
}

/** A heading and a list, because the type, the defaults and the text do not fit side by side. */
function block(key: Key): string {
  const { plan, choices, source: address } = describedBy(key.type);
  const values = key.names[0] === "preset" ? summaries() : choices;
  const isTable = Object.keys(keysOf(key.type)).length > 0;
  return [
    `### ${code(key.path.replace(".&lt;name&gt;", ".<name>"))}`,
    "",
    ...(key.text === "" ? [] : [`${plan ? "**[plan]** " : ""}${prose(key.text)}`, ""]),
    `- Type: ${typeText(key)}`,
    ...Object.entries(values ?? {}).map(([value, meaning]) => `  - ${code(JSON.stringify(value))}: ${prose(meaning)}`),
    ...(isTable && !key.isOptional ? [] : defaultLines(key)),
    ...effectLines(key),
    ...(address === undefined ? [] : [`- Source: ${source(address)}`]),
  ].join("\n");
}

function summaries(): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.values(PRESETS).map(({ name, summary }) => [name, summary]));
}

function typeText({ type, isOptional, isInEntry }: Key): string {
  const entry = entryOf(type);
  const ofEntry = entry && describedBy(entry).expected;
  const { expected = ofEntry === undefined ? undefined : `a list, each entry ${ofEntry}` } = describedBy(type);
  const text = prose(expected ?? (Object.keys(keysOf(type)).length > 0 ? "a table" : ""));
  return `${text}${isOptional ? " (optional)" : isInEntry ? " (required)" : ""}`;
}

function defaultLines({ names, type, isInEntry }: Key): string[] {
  const { example } = describedBy(type);
  const shown = example === undefined ? [] : [`- Example: ${code(inlineHcl(example))}`];
  if (isInEntry) return shown;
  const byValue = new Map<string, string[]>();
  for (const { name, values } of Object.values(PRESETS)) {
    const value = valueAt({ preset: DEFAULT_PRESET, ...values }, names);
    const text = value === undefined ? "" : formatHcl(value, "", LONGEST_INLINE / 2);
    byValue.set(text, [...(byValue.get(text) ?? []), name]);
  }
  const isNone = byValue.size === 1 && byValue.has("");
  const isEmpty = [...byValue.keys()].every((value) => ["", "[]", "{}"].includes(value));
  const where = (presets: readonly string[]): string => (byValue.size === 1 ? "" : ` (${list(presets)})`);
  const lines = [...byValue.keys()].some((value) => value.includes("\n"))
    ? [...byValue].map(([value, presets]) => `- Default${where(presets)}:\n\n${indented(value)}\n`)
    : [`- Default: ${[...byValue].map(([value, presets]) => `${value === "" ? "none" : code(value)}${where(presets)}`).join("; ")}`];
  return [...(isNone ? ["- Default: none"] : lines), ...(isEmpty ? shown : [])];
}

function indented(hcl: string): string {
  return ["```hcl", ...hcl.split("\n"), "```"].map((line) => `  ${line}`).join("\n");
}

/** The effect of the key, or of the table that is changed as a whole. A table whose keys have their own effects has none. */
function effectLines({ names }: Key): string[] {
  const whole = names.map((_, index) => names.slice(0, names.length - index).join(".")).find((path) => CHANGES[path] !== undefined);
  return whole === undefined ? [] : [`- Change: ${CHANGES[whole] ?? ""}`];
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
