import type { Leaf } from "./plan-json";
import { text, type Values } from "./values";

/** Whether a part of a configuration is an expression, and no block. */
export function isLeaf(expression: unknown): expression is Leaf {
  return typeof expression === "object" && expression !== null && ("references" in expression || "constant_value" in expression);
}

/** The block among those of a configuration that has the constants of a value: a set of blocks has no order. */
export function matching(all: readonly unknown[], value: unknown, index: number, length: number): unknown {
  const fits = (one: unknown): boolean =>
    typeof one !== "object" ||
    one === null ||
    Object.entries(one).every(([key, expression]) => {
      const constant: unknown = isLeaf(expression)
        ? expression.constant_value
        : typeof expression === "string" && expression.includes("${")
          ? undefined
          : expression;
      const found = part(value, key);
      return text(constant) === undefined || text(found) === undefined || text(constant) === text(found);
    });
  const fitting = all.filter(fits);
  return fitting.length === 1 ? fitting[0] : all.length === length && fits(all[index]) ? all[index] : undefined;
}

/** A part of an object or a list. Undefined for everything else. */
export function part(value: unknown, key: string | number): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string | number, unknown>)[key] : undefined;
}

/** Whether an object or a list has nothing in it. */
export function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** Without arguments that have no value. A provider also writes an empty text for them. */
export function drop(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== ""));
}
