import { Unknown } from "./unknown";
import type { Values } from "./values";

/** `count.index`, `each.key` and `each.value` of an instance. */
export type Names = Readonly<Record<string, unknown>>;
/** What distinguishes instances: an index, or a key. */
export type Key = string | number;

const MOST_INSTANCES = 1000;

/** The indexes of `count`. Undefined if it is not decided. */
export function countKeys(count: unknown): readonly Key[] | undefined {
  const number = typeof count === "boolean" || count === "" || count === null ? Number.NaN : Number(count);
  return Number.isInteger(number) && number >= 0 && number <= MOST_INSTANCES
    ? Array.from({ length: number }, (_, index) => index)
    : undefined;
}

/** The keys of `for_each`. Undefined if they are not decided. */
export function eachKeys(each: unknown): readonly Key[] | undefined {
  if (each instanceof Unknown || typeof each !== "object" || each === null) return undefined;
  if (!Array.isArray(each)) return Object.keys(each).sort();
  return each.every((key) => typeof key === "string" && !key.includes("${")) ? [...new Set(each as string[])].sort() : undefined;
}

/** The expression in a text that is one. */
export const unwrapped = (text: string): string => /^\$\{(.*)\}$/s.exec(text)?.[1] ?? JSON.stringify(text);

/** An expression that cannot be read, with the key of the instance in it. */
export function replaced(text: string, names: Names): string {
  return text.replaceAll(/\b(count|each)\.(index|key|value)\b/g, (whole, kind: string, name: string) => {
    const value = (names[kind] as Values | undefined)?.[name];
    return typeof value === "string" || typeof value === "number" ? JSON.stringify(value) : whole;
  });
}
