import { text, type Values } from "../graph/values";

/** What is known of the data of an execution: the keys that are there for certain, or anything. */
export type Shape = "any" | { readonly [key: string]: Shape };

/** The answer of an AWS service: its fields begin with a capital letter. */
export const ANSWER: Shape = { "*": "any" };

export const FAILURE: Shape = { Error: "any", Cause: "any" };

/** What both have for certain: at a state at which two ways meet. */
export function common(one: Shape, other: Shape): Shape {
  if (one === "any") return other;
  if (other === "any") return one;
  return Object.fromEntries(
    Object.entries(one).flatMap(([key, inner]) => {
      const also = other[key];
      return also === undefined ? [] : [[key, common(inner, also)]];
    }),
  );
}

/** The keys of a path such as `$.a.b[0].c`. What a filter or `*` selects may be empty, and is not followed. */
export function keysOf(path: string): readonly string[] {
  const plain = /^\$((?:\.[A-Za-z_][\w-]*|\[\d+\]|\['[^']*'\])*)/.exec(path)?.[1] ?? "";
  return [...plain.matchAll(/\.([A-Za-z_][\w-]*)|\[(\d+)\]|\['([^']*)'\]/g)].map(([, key, index, quoted]) => key ?? index ?? quoted ?? "");
}

/** Whether data have a value at a path. */
export function has(shape: Shape, path: string): boolean {
  let here: Shape | undefined = shape;
  for (const key of keysOf(path)) {
    if (here === "any") return true;
    here = here[key] ?? (/^[A-Z]/.test(key) ? here["*"] : undefined);
    if (here === undefined) return false;
  }
  return true;
}

/** Data with a value at a path. Undefined for a path that discards it. */
export function withShape(shape: Shape, path: unknown, value: Shape): Shape {
  if (path === null) return shape;
  const put = (target: Shape, [key, ...rest]: readonly string[]): Shape => {
    if (key === undefined) return value;
    const own = target === "any" ? {} : target;
    return { ...own, [key]: put(own[key] ?? {}, rest) };
  };
  const keys = keysOf(text(path) ?? "$");
  return keys.length > 0 && shape === "any" ? "any" : put(shape, keys);
}

/** What a payload template makes. A path into data takes the shape that is there. */
export function templateShape(template: unknown, data: Shape): Shape {
  if (Array.isArray(template)) return Object.fromEntries(template.map((item, index) => [String(index), templateShape(item, data)]));
  if (typeof template !== "object" || template === null) return "any";
  return Object.fromEntries(
    Object.entries(template as Values).map(([key, value]) =>
      key.endsWith(".$") ? [key.slice(0, -2), shapeAt(data, text(value) ?? "")] : [key, templateShape(value, data)],
    ),
  );
}

/** The shape at a path. Anything for a function, a filter and the context. */
export function shapeAt(shape: Shape, path: string): Shape {
  if (!/^\$(?!\$)[\w.[\]'-]*$/.test(path)) return "any";
  let here: Shape = shape;
  for (const key of keysOf(path)) {
    if (here === "any") return "any";
    here = here[key] ?? "any";
  }
  return here;
}

/** The paths of the data that an expression or a template reads. Those of the context (`$$`) are always there. */
export function pathsIn(value: unknown, isExpression = false): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsIn(item));
  if (typeof value === "object" && value !== null)
    return Object.entries(value as Values).flatMap(([key, item]) => pathsIn(item, key.endsWith(".$")));
  if (!isExpression || typeof value !== "string") return [];
  const outside = value.replaceAll(/'(?:\\.|[^'\\])*'(?!\])/g, "''");
  return outside.match(/(?<![\w$@])\$(?!\$)(?:\.[A-Za-z_][\w-]*|\[\d+\]|\['[^']*'\])*/g) ?? [];
}
