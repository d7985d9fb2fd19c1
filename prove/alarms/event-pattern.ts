import { matches as matchesWildcard } from "../iam/policy";

type Matcher = (value: unknown) => boolean;

/** Ends the reading of a pattern with an operator that is not known here. */
class UnknownOperator extends Error {}

/**
 * Whether EventBridge lets an event through a pattern. A pattern that cannot be read lets none through.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matchesPattern(pattern: unknown, event: unknown): boolean {
  if (typeof pattern !== "object" || pattern === null || Array.isArray(pattern)) return false;
  try {
    return objectMatcher(pattern)(event);
  } catch (error) {
    if (error instanceof UnknownOperator) return false;
    throw error;
  }
}

/** All of the named fields match, in one and the same object where the event has a list of them. */
function objectMatcher(pattern: object): Matcher {
  const fields = Object.entries(pattern).map(([name, wanted]: [string, unknown]): Matcher => {
    if (name === "$or") {
      if (!Array.isArray(wanted)) throw new UnknownOperator();
      return anyOf((wanted as object[]).map(objectMatcher));
    }
    const matches = fieldMatcher(wanted);
    return (object) => matches(typeof object === "object" && object !== null ? (object as Record<string, unknown>)[name] : undefined);
  });
  return (value) => elements(value).some((element) => fields.every((matches) => matches(element)));
}

function fieldMatcher(wanted: unknown): Matcher {
  if (Array.isArray(wanted)) {
    const matches = anyOf(wanted.map(valueMatcher));
    return (value) => elements(value).some((element) => matches(typeof element === "object" && element !== null ? undefined : element));
  }
  if (typeof wanted === "object" && wanted !== null) return objectMatcher(wanted);
  throw new UnknownOperator();
}

function valueMatcher(wanted: unknown): Matcher {
  if (typeof wanted !== "object" || wanted === null) return (value) => value === wanted;
  const [[operator, argument] = ["", undefined], ...others] = Object.entries(wanted) as [string, unknown][];
  const make = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (!make || others.length > 0) throw new UnknownOperator();
  return make(argument);
}

const OPERATORS: Readonly<Record<string, (argument: unknown) => Matcher>> = {
  exists: (wanted) => (value) => (value !== undefined) === wanted,
  prefix: ofText((value, start) => value.startsWith(start)),
  suffix: ofText((value, end) => value.endsWith(end)),
  wildcard: ofText(matchesWildcard),
  "equals-ignore-case": ofText((value, other) => value.toLowerCase() === other.toLowerCase()),
  "anything-but": (excluded) => {
    const isExcluded = anyOf(Array.isArray(excluded) ? excluded.map(valueMatcher) : manyOf(excluded).map((one) => valueMatcher(one)));
    return (value) => value !== undefined && !isExcluded(value);
  },
  numeric: (range) => {
    const fits = limits(Array.isArray(range) ? range : []);
    return (value) => typeof value === "number" && fits.every((limit) => limit(value));
  },
};

/** `{ prefix: ["a", "b"] }` as one matcher for each. */
function manyOf(excluded: unknown): unknown[] {
  const [[operator, argument] = ["", undefined]] = Object.entries(excluded ?? {}) as [string, unknown][];
  return Array.isArray(argument) ? argument.map((one: unknown) => ({ [operator]: one })) : [excluded];
}

const COMPARISONS: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  "<": (value, limit) => value < limit,
  "<=": (value, limit) => value <= limit,
  "=": (value, limit) => value === limit,
  ">=": (value, limit) => value >= limit,
  ">": (value, limit) => value > limit,
};

/** From `[">", 0, "<=", 5]`. */
function limits([comparison, limit, ...others]: readonly unknown[]): ((value: number) => boolean)[] {
  const compare = COMPARISONS[String(comparison)];
  if (!compare || typeof limit !== "number") throw new UnknownOperator();
  return [(value) => compare(value, limit), ...(others.length > 0 ? limits(others) : [])];
}

function ofText(matches: (value: string, argument: string) => boolean): (argument: unknown) => Matcher {
  return (argument) => {
    const wanted = typeof argument === "object" && argument !== null ? Object.entries(argument)[0] : undefined;
    const text = wanted?.[0] === "equals-ignore-case" ? String(wanted[1]).toLowerCase() : argument;
    if (typeof text !== "string") throw new UnknownOperator();
    return (value) => typeof value === "string" && matches(wanted ? value.toLowerCase() : value, text);
  };
}

function anyOf(matchers: readonly Matcher[]): Matcher {
  return (value) => matchers.some((matches) => matches(value));
}

/** EventBridge looks into lists. An empty one is as if it were not there. */
function elements(value: unknown): unknown[] {
  const flat = Array.isArray(value) ? (value.flat(Infinity) as unknown[]) : [value];
  return flat.length > 0 ? flat : [undefined];
}
