import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { closest } from "fastest-levenshtein";
import type { z } from "zod";
import { type Camel, camel } from "./camel";
import { ConfigError, type Problem } from "./errors";
import { parseHcl } from "./hcl";
import { DEFAULT_PRESET, PRESETS } from "./presets";
import { ephemeral } from "./presets/ephemeral";
import type { Overlay } from "./presets/preset";
import { RULES, warnings } from "./rules";
import { promises } from "./promises";
import { type RawConfig, schema } from "./schema";
import { type CompleteService, furtherServices } from "./services";
import { WISHES } from "./wishes";

/** The whole configuration: plain data, checked, complete and frozen. */
export type Config = Camel<Omit<RawConfig, "environment" | "services">> & {
  /** Value of the `Environment` tag. @default - the suffix */
  readonly environment: string;
  /** Further services by their names, each with everything that it takes over from the first. */
  readonly services: Readonly<Record<string, Camel<CompleteService>>>;
};

export interface Loaded {
  readonly config: Config;
  /** What the file itself says, key by key as in the file: the defaults of the Terraform variables. */
  readonly given: Readonly<Record<string, unknown>>;
  /** Sentences for whoever runs the synth. */
  readonly notices: readonly string[];
}

/** Keys of maps whose own keys belong to the user. */
const USER_KEYED = ["tags", "task_environment", "feature_flags", "service_images"];
/** Maps in which a missing key says something too: a currency without limits is not accepted, whatever the preset has. */
const WHOLE_MAPS = ["validation.limits"];

/**
 * Reads the configuration of a folder: `TFVARS_FILE`, else `terraform.tfvars`, else the example.
 * `ENVIRONMENT_SUFFIX` overrides the suffix.
 * @param today decides whether a version is still supported
 * @throws {ConfigError} with every problem found
 */
export async function loadConfig(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
  today = new Date(),
): Promise<Loaded> {
  const named = environment["TFVARS_FILE"];
  const own = join(folder, "terraform.tfvars");
  const file = named ?? (existsSync(own) ? own : join(folder, "terraform.tfvars.example"));
  const text = read(file);
  const suffix = environment["ENVIRONMENT_SUFFIX"];
  const given = { ...(await parse(folder, file, text)), ...(suffix !== undefined && { environment_suffix: suffix }) };
  const { config, notices } = resolve(basename(file), given, today);
  const example =
    file.endsWith(".example") && !named
      ? ["There is no terraform.tfvars: using terraform.tfvars.example. Copy it to terraform.tfvars and edit it before you deploy."]
      : [];
  return { config, given, notices: [...example, ...notices] };
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new ConfigError(basename(file), [
      {
        where: "",
        given: file,
        why: `cannot be read: ${(error as Error).message}`,
        instead: "the path of a readable file, in TFVARS_FILE or as terraform.tfvars beside main.ts",
      },
    ]);
  }
}

async function parse(folder: string, file: string, text: string): Promise<Record<string, unknown>> {
  try {
    return await parseHcl(folder, text);
  } catch (error) {
    const message = String(error instanceof Error ? error.message : error).replace(/\s+/g, " ");
    throw new ConfigError(basename(file), [
      {
        where: "",
        why: `is not valid HCL: ${message}`,
        instead: "key = value lines, as in terraform.tfvars.example",
        source: "https://developer.hashicorp.com/terraform/language/values/variables#variable-definitions-tfvars-files",
      },
    ]);
  }
}

/** Fills a file's content from its preset and checks the result. Exported for tests and tools that hold plain data. */
export function resolve(file: string, given: Readonly<Record<string, unknown>>, today: Date): Pick<Loaded, "config" | "notices"> {
  const name = given["preset"] ?? DEFAULT_PRESET;
  const preset = typeof name === "string" ? PRESETS[name] : undefined;
  if (!preset)
    throw new ConfigError(file, [
      {
        where: "preset",
        given: name,
        why: "is not a preset",
        instead: nearest(typeof name === "string" ? name : "", Object.keys(PRESETS)),
      },
    ]);
  const base = merge({ preset: name, ...preset }, given["ephemeral"] === true ? overlay(merge(preset, given)) : {});
  const merged = ownLabel(merge(base, given));
  const parsed = schema.safeParse(merged);
  const issues = parsed.error?.issues ?? [];
  const shape = issues.flatMap((issue) => explain(issue, merged));
  const complete = parsed.success ? parsed.data : withoutProblems(merged, base, issues);
  const rules = complete ? RULES.filter((rule) => !rule.reads.some((key) => shape.some(({ where }) => touches(where, key)))) : [];
  const problems = [...shape, ...rules.flatMap((rule) => rule.check(complete as RawConfig, today))];
  if (problems.length > 0 || !complete) throw new ConfigError(file, problems);
  const environment = complete.environment ?? complete.environment_suffix;
  const services = furtherServices(complete);
  return {
    config: camel({ ...complete, environment, services }, USER_KEYED),
    notices: [...warnings(complete, today), ...promises(complete)],
  };
}

function overlay(wanted: Readonly<Record<string, unknown>>): Overlay {
  const { regions } = wanted;
  return ephemeral(Array.isArray(regions) ? regions.length : 1, at(wanted, ["database", "backtrack_hours"]) !== undefined);
}

/**
 * Ephemeral environments share a zone, with each other and with others: each answers under a label that ends with its
 * suffix, `pay-pr-42`.
 */
function ownLabel(input: Record<string, unknown>): Record<string, unknown> {
  const { ephemeral: brief, environment_suffix: suffix } = input;
  const label = at(input, ["dns", "service_name"]);
  if (brief !== true || typeof suffix !== "string" || typeof label !== "string" || label === "") return input;
  if (label === suffix || label.endsWith(`-${suffix}`)) return input;
  return merge(input, { dns: { service_name: `${label}-${suffix}` } });
}

/** Objects are merged key by key; everything else, lists too, is replaced, and so are maps that must be whole. */
function merge(base: unknown, over: unknown, path: Path = []): Record<string, unknown> {
  const result: Record<string, unknown> = { ...(base as object) };
  for (const [key, value] of Object.entries(over as object)) {
    const here = [...path, key];
    const whole = WHOLE_MAPS.includes(format(here));
    result[key] = isObject(value) && isObject(result[key]) && !whole ? merge(result[key], value, here) : value;
  }
  return result;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

function explain(issue: Issue, input: unknown): Problem[] {
  const where = format(issue.path);
  const given = at(input, issue.path);
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys((schemaAt(issue.path) as z.ZodObject | undefined)?.shape ?? {});
    return issue.keys.map((key) => {
      const path = format([...issue.path, key]);
      const answer = WISHES[path] ?? { why: "is not a key that exists", instead: nearest(key, known) };
      return { where: path, given: at(given, [key]), ...answer };
    });
  }
  const { expected = "a value of another kind", source } = metaOf(issue.path);
  const why = given === undefined ? "is missing, and no preset can know it" : `is not ${expected.replace(/, e\.g\..*/, "")}`;
  return [{ where, ...(given === undefined ? {} : { given }), why, instead: expected, ...(source ? { source } : {}) }];
}

/** The nearest description upwards of the path: an item of a list is explained by the list where it has no words. */
function metaOf(path: Path): { expected?: string | undefined; source?: string | undefined } {
  for (let length = path.length; length > 0; length--) {
    const meta = withoutOptional(schemaAt(path.slice(0, length)))?.meta();
    if (meta?.expected) return meta;
  }
  return {};
}

function schemaAt(path: Path): z.ZodType | undefined {
  return path.reduce<z.ZodType | undefined>((current, key) => {
    const inner = withoutOptional(current);
    if (inner?.def.type === "object") return (inner as z.ZodObject).shape[String(key)] as z.ZodType | undefined;
    if (inner?.def.type === "array") return (inner as z.ZodArray<z.ZodType>).element;
    if (inner?.def.type === "record") return (inner as z.ZodRecord<z.ZodString, z.ZodType>).valueType;
    return undefined;
  }, schema);
}

function withoutOptional(type: z.ZodType | undefined): z.ZodType | undefined {
  return type?.def.type === "optional" ? (type as z.ZodOptional<z.ZodType>).unwrap() : type;
}

/**
 * The input with every ill-formed value replaced by the preset's, so that the rules can still judge the rest and one
 * run reports everything. Undefined when that does not give a whole configuration.
 */
function withoutProblems(input: unknown, base: unknown, issues: readonly Issue[]): RawConfig | undefined {
  const standIns = { environment_suffix: "x", account_id: "000000000000", dns: { zone_name: "zone.test", zone_id: "Z0000" } };
  const fallback = merge(standIns, base);
  const repaired = structuredClone(input);
  for (const issue of issues) {
    if (issue.code === "unrecognized_keys") for (const key of issue.keys) put(repaired, [...issue.path, key], undefined);
    else {
      const list = issue.path.findIndex((key) => typeof key === "number");
      const path = list === -1 ? issue.path : issue.path.slice(0, list);
      put(repaired, path, at(fallback, path));
    }
  }
  const parsed = schema.safeParse(repaired);
  return parsed.success ? parsed.data : undefined;
}

/** Sets the value at a path that exists but for its last key; `undefined` removes the key. */
function put(target: unknown, path: Path, value: unknown): void {
  const holder = at(target, path.slice(0, -1)) as Record<PropertyKey, unknown>;
  const key = path.at(-1) as PropertyKey;
  if (value === undefined) Reflect.deleteProperty(holder, key);
  else holder[key] = structuredClone(value);
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((current, key) => (current as Record<PropertyKey, unknown> | null | undefined)?.[key], value);
}

function format(path: Path): string {
  return path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");
}

/** Whether one of two keys holds the other. */
function touches(one: string, other: string): boolean {
  return one === other || [".", "["].some((mark) => one.startsWith(other + mark) || other.startsWith(one + mark));
}

function nearest(word: string, known: readonly string[]): string {
  return known.length === 0 ? "remove it" : `did you mean ${closest(word, [...known])}? The keys here are: ${[...known].sort().join(", ")}`;
}
