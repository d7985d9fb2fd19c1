import { isDeepStrictEqual } from "node:util";
import { changed, refersTo, type Resource, type Stack, valuesAt, withValue } from "./resource";
import { allows, type Statement, statementsOf } from "./statement";

/** A condition on a resource, and the faults that break it. A condition that no fault breaks proves nothing. */
export interface Expectation {
  /** The condition in Markdown, as on the page after the resource type. */
  readonly says: string;
  holds(resource: Resource, stack: Stack): boolean;
  /** Copies of the stack with one fault each, for each way to break the condition. */
  faults(resource: Resource, stack: Stack): readonly Stack[];
}

const REMOVED = undefined;
const SOMETHING_ELSE = "something else";

/** A condition on one attribute, with values that break it. */
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

/** The attribute has one of the values, at every occurrence. */
export function is(path: string, ...accepted: readonly [unknown, ...unknown[]]): Expectation {
  const [first] = accepted;
  return attribute(
    path,
    `is ${oneOf(accepted)}`,
    (values) => values.length > 0 && values.every((value) => accepted.includes(value)),
    () => [REMOVED, typeof first === "boolean" ? !first : SOMETHING_ELSE],
  );
}

/** The attribute has none of the values. Its absence, AWS's default, is accepted. */
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

/** A list has all items, and can have others. */
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

/** A list has at least this number of different items. */
export function hasDifferent(path: string, least: number): Expectation {
  return attribute(
    path,
    `has at least ${least}`,
    (values) => new Set(values.filter((value) => value !== undefined)).size >= least,
    (values) => [REMOVED, values.slice(0, least - 1)],
  );
}

/** The attribute refers to a resource of the stack, not to one that AWS manages. */
export function references(path: string, type: string): Expectation {
  return attribute(
    path,
    `refers to \`${type}\``,
    (values) => values.length > 0 && values.every((value) => typeof value === "string" && value.startsWith(`\${${type}.`)),
    () => [REMOVED, SOMETHING_ELSE],
  );
}

/** The text matches the pattern. */
export function reads(path: string, pattern: RegExp, says: string): Expectation {
  return attribute(
    path,
    says,
    (values) => values.length > 0 && values.every((value) => typeof value === "string" && pattern.test(value)),
    ([text]) => [REMOVED, String(text).replace(new RegExp(pattern, "g"), "")],
  );
}

/** The text does not match the pattern. @param example text that matches */
export function neverReads(path: string, pattern: RegExp, says: string, example: string): Expectation {
  return attribute(
    path,
    says,
    (values) => !values.some((value) => typeof value === "string" && pattern.test(value)),
    ([text]) => [`${String(text)}${example}`],
  );
}

/** The range from `from_port` to `to_port` contains none of these ports. */
export function excludesPorts(...ports: readonly number[]): Expectation {
  return {
    says: `\`from_port\` to \`to_port\` exclude ${ports.join(" and ")}`,
    holds: ({ from_port: from, to_port: to }) => !ports.some((port) => Number(from) <= port && port <= Number(to)),
    faults: (resource, stack) => ports.map((port) => changed(stack, { ...resource, from_port: port, to_port: port })),
  };
}

/** Another resource refers to this one with an attribute, and meets further conditions. */
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

/** The resources that refer to this one have at least this number of different values, e.g. Availability Zones. */
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

/** A resource of another type has the ARN of this one in a list. */
export function listed(type: string, path: string, arnEnd: (resource: Resource) => string): Expectation {
  const lists = (resource: Resource) => (other: Resource) =>
    other.resourceType === type && valuesAt(other, path).some((value) => typeof value === "string" && value.endsWith(arnEnd(resource)));
  return {
    says: `is in \`${path}\` of an \`${type}\``,
    holds: (resource, stack) => stack.some(lists(resource)),
    faults: (resource, stack) => [
      stack.filter((other) => !lists(resource)(other)),
      stack.map((other) => (lists(resource)(other) ? withValue(other, path, []) : other)),
    ],
  };
}

/** No statement of a policy allows something. @param example a statement that does */
export function neverAllows(path: string, what: string, forbidden: (statement: Statement) => boolean, example: Statement): Expectation {
  return {
    says: `\`${path}\` does not allow ${what}`,
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
