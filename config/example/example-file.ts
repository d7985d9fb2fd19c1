import { z } from "zod";
import { valueAt } from "../paths";
import { DEFAULT_PRESET, PRESETS } from "../presets";
import { type Section, SECTIONS } from "../schema";
import { describedBy, entryOf, keysOf } from "../schema/inspect";
import { comment } from "./comment";
import { formatHcl, inlineHcl, WIDTH } from "./format-hcl";

const introduction = (preset: string): readonly string[] => [
  "All inputs of Standfast. Copy this file to terraform.tfvars and edit it. Missing keys have the values of the preset.",
  `- #key = value: the default of the preset ${preset}. Remove the "#" to change it.`,
  "- # key = value: an example for a key without a default, or with an empty one.",
  "- [plan]: the key can be changed at plan time (-var, -var-file, TF_VAR_...). All other keys shape the configuration: run `npm run synth` after a change. A plan with another value fails and names the key.",
  "`npm run example` writes terraform.tfvars.example from config/schema and config/presets.",
];

/** Names and summaries of the presets, for the key `preset`. */
const PRESET_CHOICES = Object.fromEntries(Object.values(PRESETS).map(({ name, summary }) => [name, summary]));

/** A key with its comment. */
interface Entry {
  readonly comment: readonly string[];
  readonly key: string;
  /** Undefined for a key without a default. */
  readonly value: string | undefined;
  /** The accepted values, printed behind the value. */
  readonly hint: string | undefined;
  /** A value in a comment, for a key without a default or with an empty one. */
  readonly example: string | undefined;
}

/** `terraform.tfvars.example`: every key of the schema with its metadata and the value of a preset. */
export function exampleFile(preset = DEFAULT_PRESET): string {
  return [introduction(preset).flatMap((text) => comment(text)), ...SECTIONS.map((section) => sectionLines(section, preset))]
    .map((lines) => `${lines.join("\n")}\n`)
    .join("\n");
}

function sectionLines({ heading, keys, required = false }: Section, preset: string): string[] {
  const title = `# ${"-".repeat(76)} ${heading}`;
  const defaults = { preset, ...PRESETS[preset]?.values };
  return [
    title,
    ...Object.entries(keys).flatMap(([key, type]) => {
      const value = required ? requiredValue(type, valueAt(defaults, [key])) : valueAt(defaults, [key]);
      const entry = describe(key, type, value, "");
      const lines = entryLines(entry, "", { key: 0, value: 0 });
      return ["", ...entry.comment, ...(required ? lines : lines.map((line) => line.replace(/^(?!# )/gm, "#")))];
    }),
  ];
}

/** The value of a key that every environment sets itself: its example, or the value of the preset. */
function requiredValue(type: z.ZodType, value: unknown): unknown {
  const keys = Object.entries(keysOf(type));
  if (keys.length === 0) return describedBy(type).example ?? value;
  return Object.fromEntries(keys.map(([key, inner]) => [key, requiredValue(inner, valueAt(value, [key]))]));
}

function describe(key: string, type: z.ZodType, value: unknown, indent: string): Entry {
  const { about, details, plan, allowed, example } = describedBy(type);
  const table = isTable(type);
  const formatted = value === undefined ? undefined : table ? tableText(type, value, indent) : formatHcl(value, indent, key.length + 3);
  const fits = `${indent}${key} = ${formatted ?? ""} # ${allowed ?? ""}`.length < WIDTH;
  const words = [plan ? "[plan]" : undefined, about, details, allowed !== undefined && !fits ? `One of ${allowed}.` : undefined];
  return {
    comment: [
      ...(about === undefined ? [] : comment(words.filter((word) => word !== undefined).join(" "), indent)),
      ...(table ? [] : entryComments(type, indent)),
      ...choiceComments(key === "preset" ? PRESET_CHOICES : describedBy(type).choices, "", indent),
    ],
    key,
    value: formatted,
    hint: fits ? allowed : undefined,
    example: isEmpty(value) && example !== undefined ? inlineHcl(example) : undefined,
  };
}

/** Whether a key is a table whose keys have their own comments. */
function isTable(type: z.ZodType): boolean {
  return Object.values(keysOf(type)).some((inner) => describedBy(inner).about !== undefined);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
}

function tableText(type: z.ZodType, value: unknown, indent: string): string {
  const inner = `${indent}  `;
  const entries = Object.entries(keysOf(type)).map(([key, keyType]) => describe(key, keyType, valueAt(value, [key]), inner));
  const lines = groups(entries).flatMap((group) => {
    const width = { key: longest(group.map(({ key }) => key)), value: longest(group.map(({ value: text }) => text ?? "")) };
    return group.flatMap((entry) => [...entry.comment, ...entryLines(entry, inner, width)]);
  });
  return ["{", ...lines, `${indent}}`].join("\n");
}

/** Groups consecutive keys on single lines that share one comment. Their `=` and accepted values are aligned. */
function groups(entries: readonly Entry[]): Entry[][] {
  const result: Entry[][] = [];
  for (const entry of entries) {
    const group = result.at(-1);
    const joins = entry.comment.length === 0 && ![entry, group?.at(-1)].some((one) => one?.value?.includes("\n") ?? true);
    if (group && joins) group.push(entry);
    else result.push([entry]);
  }
  return result;
}

function entryLines({ key, value, hint, example }: Entry, indent: string, width: { key: number; value: number }): string[] {
  const line = `${indent}${key.padEnd(width.key)} = ${value ?? ""}`;
  return [
    ...(value === undefined ? [] : [hint === undefined ? line : `${line.padEnd(indent.length + width.key + 3 + width.value)} # ${hint}`]),
    ...(example === undefined ? [] : [`${indent}# ${key} = ${example}`]),
  ];
}

const longest = (texts: readonly string[]): number => Math.max(...texts.map(({ length }) => length));

/** Comments about the keys of an entry, for a list of tables or a table whose keys the user chooses. */
function entryComments(type: z.ZodType, indent: string): string[] {
  const entry = entryOf(type);
  const { described } = describedBy(type);
  return Object.entries(entry ? keysOf(entry) : {})
    .filter(([key]) => described?.includes(key) ?? true)
    .flatMap(([key, inner]) => {
      const { about, details, example, choices } = describedBy(inner);
      if (about === undefined) return [];
      const name = inner instanceof z.ZodOptional && example !== undefined ? `${key} = ${inlineHcl(example)}` : key;
      const words = [about, details].filter((word) => word !== undefined).join(" ");
      return [
        ...comment(`- ${name}: ${words}`, indent),
        ...choiceComments(choices, `${key} = `, indent),
        ...(type instanceof z.ZodArray && isTable(inner) ? tableComments(key, inner, indent) : []),
      ];
    });
}

/** Comments about the keys of a table in an entry of a list. */
function tableComments(table: string, type: z.ZodType, indent: string): string[] {
  return Object.entries(keysOf(type)).flatMap(([key, inner]) => {
    const { about, details } = describedBy(inner);
    return comment(`- ${[`${table}.${key}: ${about}`, details].filter((word) => word !== undefined).join(" ")}`, indent);
  });
}

/** @param before text before each value: `standby = ` */
function choiceComments(choices: Readonly<Record<string, string>> = {}, before: string, indent: string): string[] {
  return Object.entries(choices).flatMap(([value, meaning]) => comment(`- ${before}"${value}": ${meaning}`, indent));
}
