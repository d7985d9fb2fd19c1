import type { Check } from "./check";
import type { Resource } from "./resource";

/** The status of one control, or of several controls with the same requirement. */
export type ControlStatus = Met | NotApplicable | Waived;

interface ToControls {
  /** IDs in the catalog. */
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
  /** Resource types that the control applies to and the platform does not create. */
  readonly absent: readonly string[];
}

export interface Waived extends ToControls {
  readonly kind: "waived";
  readonly waiver: Waiver;
}

/** Controls that the default configuration does not meet, or not for all resources. */
export interface Waiver extends ToControls {
  readonly name: string;
  /** What the controls require. */
  readonly checks: readonly Check[];
  /** Whether a resource of a check is waived; all others meet the check. */
  readonly appliesTo: (resource: Resource) => boolean;
  /** The waived resources, in words. */
  readonly where: string;
  readonly because: string;
  /** The configuration that meets the controls, or why there is none. */
  readonly lift: Lift | string;
}

export interface Lift {
  /** Keys of `terraform.tfvars`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Resources that meet the controls then. @default - all waived resources */
  readonly appliesTo?: (resource: Resource) => boolean;
  /** What a user must know before. */
  readonly note?: string;
}

export function met(controls: readonly string[], checks: readonly [Check, ...Check[]], note?: string): Met {
  return { kind: "met", controls, checks, ...(note !== undefined && { note }) };
}

/** The controls apply to resource types that the platform does not create. */
export function unused(controls: readonly string[], absent: readonly [string, ...string[]], because: string): NotApplicable {
  return { kind: "not applicable", controls, absent, because };
}

/** The controls apply to settings of the account. */
export function ownedByAccount(controls: readonly string[], because: string): NotApplicable {
  return { kind: "not applicable", controls, absent: [], because: `Decided by the owner of the account. ${because}` };
}

/** The controls apply to the state of a running account, which no configuration shows. */
export function runtimeOnly(controls: readonly string[], because: string): NotApplicable {
  return { kind: "not applicable", controls, absent: [], because: `Depends on the running account. ${because}` };
}
