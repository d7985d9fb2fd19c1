/** A value of the data of an execution. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

/** An error that ends an execution and that no state can catch. */
export class RuntimeError extends Error {
  override readonly name = "States.Runtime";
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text as it is, and any other value as JSON. */
export function asText(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}

type Segment =
  | { readonly kind: "key"; readonly key: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "every" }
  | { readonly kind: "filter"; readonly key: string; readonly value: Json };

const SEGMENT = /^(?:\.([A-Za-z_][\w-]*)|\[(\d+)\]|\[(\*)\]|\[\?\(@\.([\w]+)\s*==\s*('[^']*'|true|false|-?\d+)\)\])/;
const parsed = new Map<string, readonly Segment[]>();

function segments(path: string): readonly Segment[] {
  const known = parsed.get(path);
  if (known) return known;
  const found: Segment[] = [];
  let rest = path.replace(/^\$\$?/, "");
  while (rest !== "") {
    const match = SEGMENT.exec(rest);
    if (!match) throw new Error(`the path ${path} is not supported at ${rest}`);
    const [text, key, index, every, filterKey, filterValue] = match;
    if (key !== undefined) found.push({ kind: "key", key });
    else if (index !== undefined) found.push({ kind: "index", index: Number(index) });
    else if (every !== undefined) found.push({ kind: "every" });
    else if (filterKey !== undefined && filterValue !== undefined)
      found.push({ kind: "filter", key: filterKey, value: JSON.parse(filterValue.replace(/^'|'$/g, '"')) as Json });
    rest = rest.slice(text.length);
  }
  parsed.set(path, found);
  return found;
}

/** The value at a path of the data (`$.a`) or of the context (`$$.Execution.Id`). Undefined when there is none. */
export function valueAt(path: string, data: Json, context: Json): Json | undefined {
  const list = segments(path);
  const root = path.startsWith("$$") ? context : data;
  if (list.every(({ kind }) => kind === "key")) return valueAtKeys(list, root);
  let values: Json[] = [root];
  for (const segment of list) values = values.flatMap((value) => step(value, segment));
  return list.some(({ kind }) => kind === "every" || kind === "filter") ? values : values[0];
}

/** The value at a path of keys, which most paths are. */
function valueAtKeys(list: readonly Segment[], root: Json): Json | undefined {
  let value: Json | undefined = root;
  for (const segment of list) value = segment.kind === "key" && isObject(value) ? value[segment.key] : undefined;
  return value;
}

function step(value: Json, segment: Segment): Json[] {
  switch (segment.kind) {
    case "key": {
      const found = isObject(value) ? value[segment.key] : undefined;
      return found === undefined ? [] : [found];
    }
    case "index": {
      const found = Array.isArray(value) ? (value as readonly Json[])[segment.index] : undefined;
      return found === undefined ? [] : [found];
    }
    case "every":
      return Array.isArray(value) ? [...(value as readonly Json[])] : isObject(value) ? Object.values(value) : [];
    case "filter":
      return Array.isArray(value) ? (value as readonly Json[]).filter((item) => isObject(item) && item[segment.key] === segment.value) : [];
  }
}

/** The data with a value at a reference path such as `$.a.b`. */
export function withValueAt(path: string, data: Json, value: Json): Json {
  const keys = segments(path).map((segment) => {
    if (segment.kind !== "key") throw new Error(`${path} is not a reference path`);
    return segment.key;
  });
  const put = (target: Json, [key, ...others]: readonly string[]): Json =>
    key === undefined ? value : { ...(isObject(target) ? target : {}), [key]: put(isObject(target) ? (target[key] ?? {}) : {}, others) };
  return put(data, keys);
}
