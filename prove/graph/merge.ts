import type { TerraformJson } from "./terraform-json";
import type { Values } from "./values";

/** Blocks of a configuration, with the number of labels before their body. */
const LABELS: Readonly<Record<string, number>> = {
  resource: 2,
  data: 2,
  ephemeral: 2,
  variable: 1,
  output: 1,
  module: 1,
  check: 1,
  provider: 1,
  locals: 0,
  terraform: 0,
};
/** Blocks whose body may be one of several of the same name. */
const SEVERAL = ["provider"];
/** Blocks in a body of which an override replaces arguments. All others are replaced whole. */
const MERGED_DEEP = ["lifecycle", "required_providers"];

/**
 * Terraform JSON in the form in which every block is in an object by its labels. The syntax also allows arrays, at every place.
 * @see https://developer.hashicorp.com/terraform/language/syntax/json#nested-block-mapping
 */
export function normalized(json: unknown): TerraformJson {
  const result: Record<string, unknown> = {};
  for (const part of objects(json))
    for (const [kind, value] of Object.entries(part)) {
      const labels = LABELS[kind];
      result[kind] = labels === undefined ? value : labelled(kind, labels, value, result[kind]);
    }
  return result;
}

function labelled(kind: string, labels: number, value: unknown, before: unknown): unknown {
  if (labels === 0) {
    const bodies = SEVERAL.includes(kind) ? [...objects(before), ...objects(value)] : objects(value);
    if (SEVERAL.includes(kind)) return bodies;
    return bodies.length === 1 && before === undefined ? bodies[0] : Object.assign({}, before, ...bodies);
  }
  // The usual form is kept as it is: nothing is copied.
  if (before === undefined && isPlain(kind, labels, value)) return value;
  const result: Record<string, unknown> = { ...(before as Values | undefined) };
  for (const part of objects(value))
    for (const [label, inner] of Object.entries(part)) if (label !== "//") result[label] = labelled(kind, labels - 1, inner, result[label]);
  return result;
}

function isPlain(kind: string, labels: number, value: unknown): boolean {
  if (SEVERAL.includes(kind) || typeof value !== "object" || value === null || Array.isArray(value) || "//" in value) return false;
  return labels === 0 || Object.values(value).every((inner) => isPlain(kind, labels - 1, inner));
}

function objects(value: unknown): readonly Values[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "object" && one !== null) as readonly Values[];
}

/** Whether a file replaces arguments of the others. @see https://developer.hashicorp.com/terraform/language/files/override */
const isOverride = (file: string): boolean => /(?:^|_)override\.tf\.json$/.test(file);

/**
 * The files of one folder as the root module that they are.
 * @param files in the order of their names, each with its name
 * @throws with a sentence if two files have the same block, which Terraform refuses as well
 */
export function merged(files: readonly (readonly [name: string, json: unknown])[]): TerraformJson {
  const ordered = [...files.filter(([name]) => !isOverride(name)), ...files.filter(([name]) => isOverride(name))];
  return ordered.reduce<TerraformJson>((whole, [name, json]) => {
    const result: Record<string, unknown> = { ...whole };
    for (const [kind, value] of Object.entries(normalized(json)))
      result[kind] = joined(result[kind], value, LABELS[kind] ?? -1, [kind], isOverride(name));
    return result;
  }, {});
}

function joined(before: unknown, value: unknown, labels: number, path: readonly string[], override: boolean): unknown {
  if (before === undefined) return value;
  // Blocks that have no label, such as `moved`, and providers with their aliases.
  if (labels < 0 || Array.isArray(before)) return override ? overridden(objects(before), objects(value)) : [before, value].flat();
  if (labels > 0) {
    const result: Record<string, unknown> = { ...(before as Values) };
    for (const [label, inner] of Object.entries(value as Values))
      result[label] = joined(result[label], inner, labels - 1, [...path, label], override);
    return result;
  }
  const [old, now] = [before as Values, value as Values];
  const twice = path[0] === "locals" ? Object.keys(now).find((name) => name in old) : "";
  if (!override && path[0] !== "terraform" && twice !== undefined)
    throw new Error(`${[...path, twice].filter((part) => part !== "" && part !== "resource").join(".")} is in two files.`);
  const deep = MERGED_DEEP.filter((name) => name in old && name in now);
  return {
    ...old,
    ...now,
    ...Object.fromEntries(deep.map((name) => [name, Object.assign({}, ...objects(old[name]), ...objects(now[name]))])),
  };
}

/** Bodies of one provider, of which an override replaces arguments. */
function overridden(before: readonly Values[], values: readonly Values[]): readonly Values[] {
  const changes = (body: Values): Values => Object.assign({}, ...values.filter(({ alias }) => alias === body["alias"])) as Values;
  const added = values.filter(({ alias }) => !before.some((body) => body["alias"] === alias));
  return [...before.map((body) => ({ ...body, ...changes(body) })), ...added];
}

/** A configuration with other values of its variables: they are in the place of the defaults. */
export function withVariables(json: TerraformJson, values: Values): TerraformJson {
  const variable = Object.fromEntries(
    Object.entries(json.variable ?? {}).map(([name, body]) => [name, name in values ? { ...body, default: values[name] } : body]),
  );
  return { ...json, variable };
}
