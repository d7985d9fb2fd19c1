import type { Check } from "./check";
import type { Resource } from "./resource";

/** What the platform says to one control, or to several that ask the same. */
export type ControlStatus = Met | NotApplicable | Waived;

interface ToControls {
  /** Ids in the catalog. */
  readonly controls: readonly string[];
}

export interface Met extends ToControls {
  readonly kind: "met";
  readonly checks: readonly Check[];
  readonly note?: string;
}

export interface NotApplicable extends ToControls {
  readonly kind: "not applicable";
  readonly because: string;
  /** Types of resource that are not here: what the control is about. */
  readonly absent: readonly string[];
}

export interface Waived extends ToControls {
  readonly kind: "waived";
  readonly waiver: Waiver;
}

/** Controls that the platform does not meet as it is, or not everywhere. */
export interface Waiver extends ToControls {
  readonly name: string;
  /** What the controls ask. */
  readonly checks: readonly Check[];
  /** Whether it is waived for a resource that a check concerns; the others meet it. */
  readonly appliesTo: (resource: Resource) => boolean;
  /** The same for people. */
  readonly where: string;
  readonly because: string;
  /** What makes the platform meet it, or why no configuration does. */
  readonly lift: Lift | string;
}

export interface Lift {
  /** Keys of `terraform.tfvars`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Resources that it is lifted for. @default - all that it is waived for */
  readonly appliesTo?: (resource: Resource) => boolean;
  /** What a user should know first. */
  readonly note?: string;
}

export function met(controls: readonly string[], checks: readonly [Check, ...Check[]], note?: string): Met {
  return { kind: "met", controls, checks, ...(note !== undefined && { note }) };
}

/** The controls are about a kind of resource that is not here. */
export function unused(controls: readonly string[], absent: readonly [string, ...string[]], because: string): NotApplicable {
  return { kind: "not applicable", controls, absent, because };
}

/** The controls are about what an account has once, whoever uses it. */
export function decidedByOwner(controls: readonly string[], because: string): NotApplicable {
  return { kind: "not applicable", controls, absent: [], because: `The account's owner decides. ${because}` };
}

/** The controls are about what happens in a running account: no configuration can answer. */
export function seenLive(controls: readonly string[], because: string): NotApplicable {
  return { kind: "not applicable", controls, absent: [], because: `Only a running account can tell. ${because}` };
}
