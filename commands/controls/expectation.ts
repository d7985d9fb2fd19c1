import { isDeepStrictEqual } from "node:util";
import { changed, refersTo, type Resource, type Stack, valuesAt, withValue } from "./resource";
import { allows, type Statement, statementsOf } from "./statement";

/** Something that can be true of a resource, and how to make it untrue: what no fault can break proves nothing. */
export interface Expectation {
  /** As the page says it, in Markdown, after the name of the type. */
  readonly says: string;
  holds(resource: Resource, stack: Stack): boolean;
  /** The stack with a fault planted in it, once for each way to break the expectation. */
  faults(resource: Resource, stack: Stack): readonly Stack[];
}

const REMOVED = undefined;
const SOMETHING_ELSE = "something else";

/** An expectation of one attribute, with the values that it must not have. */
function attribute(
  path: string,
  says: string,
  accepts: (values: readonly unknown[]) => boolean,
  bad: (values: readonly unknown[]) => readonly unknown[],
): Expectation {
  return {
    says: `\`${path}\` ${says}`,
    holds: (resource) => accepts(valuesAt(resource, path)),
    faults: (resource, stack) => bad(valuesAt(resource, path)).map((value) => changed(stack, withValue(resource, path, value))),
  };
}

const code = (value: unknown): string => `\`${String(value)}\``;
const oneOf = (values: readonly unknown[]): string => values.map(code).join(" or ");

/** The attribute has one of the values, wherever it occurs. */
export function is(path: string, ...accepted: readonly [unknown, ...unknown[]]): Expectation {
  const [first] = accepted;
  return attribute(
    path,
    `is ${oneOf(accepted)}`,
    (values) => values.length > 0 && values.every((value) => accepted.includes(value)),
    () => [REMOVED, typeof first === "boolean" ? !first : SOMETHING_ELSE],
  );
}

/** The attribute has none of the values; AWS's default, without it, is right. */
export function isNot(path: string, ...refused: readonly [unknown, ...unknown[]]): Expectation {
  return attribute(
    path,
    `is not ${oneOf(refused)}`,
    (values) => !values.some((value) => refused.includes(value)),
    () => refused,
  );
}

export function isAbsent(path: string): Expectation {
  return attribute(
    path,
    "is absent",
    (values) => values.every((value) => value === undefined),
    () => [SOMETHING_ELSE],
  );
}

export function isSet(path: string): Expectation {
  return attribute(
    path,
    "is set",
    (values) => values.length > 0 && values.every((value) => value !== undefined && value !== ""),
    () => [REMOVED, []],
  );
}

export function atLeast(path: string, least: number): Expectation {
  return attribute(
    path,
    `is at least ${least}`,
    (values) => values.length > 0 && values.every((value) => Number(value) >= least),
    () => [REMOVED, least - 1],
  );
}

/** A list has each of the items, and may have others. */
export function includes(path: string, ...items: readonly string[]): Expectation {
  return attribute(
    path,
    `has ${items.map(code).join(", ")}`,
    (values) => items.every((item) => values.includes(item)),
    (values) => [REMOVED, ...items.map((item) => values.filter((value) => value !== item))],
  );
}

/** A list of names and values has one of them. */
export function names(path: string, name: string, value: string): Expectation {
  return attribute(
    path,
    `has \`${name}\` = \`${value}\``,
    (values) => values.some((item) => isDeepStrictEqual(item, { name, value })),
    (values) => [REMOVED, values.filter((item) => !isDeepStrictEqual(item, { name, value }))],
  );
}

/** A list has at least so many different items. */
export function hasDifferent(path: string, least: number): Expectation {
  return attribute(
    path,
    `has at least ${least}`,
    (values) => new Set(values.filter((value) => value !== undefined)).size >= least,
    (values) => [REMOVED, values.slice(0, least - 1)],
  );
}

/** The attribute refers to a resource of the platform's own, not to one that AWS manages. */
export function leadsTo(path: string, type: string): Expectation {
  return attribute(
    path,
    `leads to \`${type}\``,
    (values) => values.length > 0 && values.every((value) => typeof value === "string" && value.startsWith(`\${${type}.`)),
    () => [REMOVED, SOMETHING_ELSE],
  );
}

/** The text has what the pattern finds. */
export function reads(path: string, pattern: RegExp, says: string): Expectation {
  return attribute(
    path,
    says,
    (values) => values.length > 0 && values.every((value) => typeof value === "string" && pattern.test(value)),
    ([text]) => [REMOVED, String(text).replace(new RegExp(pattern, "g"), "")],
  );
}

/** The text has nothing that the pattern finds, as `example` would be. */
export function neverReads(path: string, pattern: RegExp, says: string, example: string): Expectation {
  return attribute(
    path,
    says,
    (values) => !values.some((value) => typeof value === "string" && pattern.test(value)),
    ([text]) => [`${String(text)}${example}`],
  );
}

/** The ports from `from_port` to `to_port` are none of these. */
export function sparesPorts(...ports: readonly number[]): Expectation {
  return {
    says: `\`from_port\` to \`to_port\` spare ${ports.join(" and ")}`,
    holds: ({ from_port: from, to_port: to }) => !ports.some((port) => Number(from) <= port && port <= Number(to)),
    faults: (resource, stack) => ports.map((port) => changed(stack, { ...resource, from_port: port, to_port: port })),
  };
}

/** Another resource refers to this one by an attribute, and meets expectations of its own. */
export function related(type: string, by: string, ...expects: readonly Expectation[]): Expectation {
  const those = (resource: Resource, stack: Stack): Resource[] =>
    stack.filter((other) => other.resourceType === type && refersTo(other, by, resource));
  const right = (resource: Resource, stack: Stack): Resource[] =>
    those(resource, stack).filter((other) => expects.every((expectation) => expectation.holds(other, stack)));
  return {
    says: `has an \`${type}\`${expects.length > 0 ? `, whose ${expects.map(({ says }) => says).join(", ")}` : ""}`,
    holds: (resource, stack) => right(resource, stack).length > 0,
    faults: (resource, stack) => {
      const others = right(resource, stack);
      return [
        stack.filter((other) => !others.includes(other)),
        ...others.flatMap((other) => expects.flatMap((expectation) => expectation.faults(other, stack))),
      ];
    },
  };
}

/** Resources that refer to this one have so many different values, e.g. zones. */
export function relatedDiffer(type: string, by: string, path: string, least: number): Expectation {
  const those = (resource: Resource, stack: Stack): Resource[] =>
    stack.filter((other) => other.resourceType === type && refersTo(other, by, resource));
  return {
    says: `has \`${type}\` with at least ${least} different \`${path}\``,
    holds: (resource, stack) => new Set(those(resource, stack).flatMap((other) => valuesAt(other, path))).size >= least,
    faults: (resource, stack) => {
      const others = those(resource, stack);
      return [
        stack.filter((other) => !others.includes(other) || other === others[0]),
        stack.map((other) => (others.includes(other) ? withValue(other, path, SOMETHING_ELSE) : other)),
      ];
    },
  };
}

/** A resource of another type lists this one by the end of its ARN. */
export function listed(type: string, path: string, arnEnd: (resource: Resource) => string): Expectation {
  const lists = (resource: Resource) => (other: Resource) =>
    other.resourceType === type && valuesAt(other, path).some((value) => typeof value === "string" && value.endsWith(arnEnd(resource)));
  return {
    says: `is among the \`${path}\` of an \`${type}\``,
    holds: (resource, stack) => stack.some(lists(resource)),
    faults: (resource, stack) => [
      stack.filter((other) => !lists(resource)(other)),
      stack.map((other) => (lists(resource)(other) ? withValue(other, path, []) : other)),
    ],
  };
}

/** No statement of a policy allows something, as `example` would. */
export function neverAllows(path: string, what: string, forbidden: (statement: Statement) => boolean, example: Statement): Expectation {
  return {
    says: `\`${path}\` allows ${what} nowhere`,
    holds: (resource) => {
      const statements = statementsOf(resource, path);
      return statements.length > 0 && !statements.some((statement) => allows(statement) && forbidden(statement));
    },
    faults: (resource, stack) => [
      changed(stack, withValue(resource, path, undefined)),
      changed(stack, withValue(resource, path, JSON.stringify({ Statement: [...statementsOf(resource, path), example] }))),
    ],
  };
}

/** A statement of a policy denies something. */
export function denies(path: string, what: string, denied: (statement: Statement) => boolean): Expectation {
  return {
    says: `\`${path}\` denies ${what}`,
    holds: (resource) => statementsOf(resource, path).some((statement) => !allows(statement) && denied(statement)),
    faults: (resource, stack) => [
      changed(stack, withValue(resource, path, undefined)),
      changed(stack, withValue(resource, path, JSON.stringify({ Statement: statementsOf(resource, path).filter(allows) }))),
    ],
  };
}
