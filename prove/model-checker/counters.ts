import { isObject, type Json } from "./json-path";

type Path = readonly string[];

/** Paths at which two values differ by one, when they differ in nothing else. Undefined otherwise. */
export function countersOf(before: Json, after: Json, path: Path = []): Path[] | undefined {
  if (before === after) return [];
  if (typeof before === "number" && typeof after === "number") return after - before === 1 ? [path] : undefined;
  if (Array.isArray(before) && Array.isArray(after))
    return countersOf(Object.fromEntries(before.entries()), Object.fromEntries(after.entries()), path);
  if (!isObject(before) || !isObject(after)) return undefined;
  const keys = Object.keys(before);
  if (keys.length !== Object.keys(after).length) return undefined;
  const found: Path[] = [];
  for (const key of keys) {
    const [one, other] = [before[key], after[key]];
    const inner = one === undefined || other === undefined ? undefined : countersOf(one, other, [...path, key]);
    if (!inner) return undefined;
    found.push(...inner);
  }
  return found;
}

/** The value with its counters raised. */
export function advanceCounters(value: Json, counters: readonly Path[], by: number): Json {
  return counters.reduce((result, path) => add(result, path, by), value);
}

function add(value: Json, [key, ...others]: Path, by: number): Json {
  if (key === undefined) return Number(value) + by;
  if (Array.isArray(value)) return (value as readonly Json[]).map((item, index) => (String(index) === key ? add(item, others, by) : item));
  return isObject(value) ? { ...value, [key]: add(value[key] ?? null, others, by) } : value;
}
