import { isDeepStrictEqual } from "node:util";
import type { Expectation } from "./expectation";
import { type Resource, type Stack, valuesAt } from "./resource";

/** Any value of an attribute, if it has one. */
export const ANY = Symbol("any value");

/** What a control requires of every resource of a type. */
export interface Check {
  readonly type: string;
  /** Limits the check to resources with these values. @default - all */
  readonly where: Readonly<Record<string, unknown>>;
  readonly expects: readonly Expectation[];
}

export function every(type: string, ...expects: readonly Expectation[]): Check {
  return { type, where: {}, expects };
}

export function everyWhere(type: string, where: Readonly<Record<string, unknown>>, ...expects: readonly Expectation[]): Check {
  return { type, where, expects };
}

/** The resources of a stack that a check applies to. */
export function concerned({ type, where }: Check, stack: Stack): Resource[] {
  return stack.filter(
    (resource) =>
      resource.resourceType === type &&
      Object.entries(where).every(([path, wanted]) =>
        valuesAt(resource, path).some((value) => (wanted === ANY ? value !== undefined : isDeepStrictEqual(value, wanted))),
      ),
  );
}

export function meets({ expects }: Check, resource: Resource, stack: Stack): boolean {
  return expects.every((expectation) => expectation.holds(resource, stack));
}
