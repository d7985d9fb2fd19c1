import type { Interned } from "./interner";
import type { Node } from "./machine";
import type { World } from "./world";

export type Input = Readonly<{ mode: string; allowDataLoss?: boolean }>;

/** How often something happens, at most, in one trace. */
export interface Budgets {
  /** Calls that fail, promotions and rollouts that take longer than usual or fail. */
  readonly faults: number;
  /** A call that is throttled once. */
  readonly throttles: number;
  /** Regions that are lost or come back. */
  readonly regionEvents: number;
  readonly aborts: number;
  readonly applies: number;
  /** Executions of a takeover, the first of which is no trouble. */
  readonly runs: number;
  /** All of these together. */
  readonly troubles: number;
}

/** The budgets after something has happened. Undefined when it cannot happen any more. */
export function spend(left: Budgets, what: Exclude<keyof Budgets, "troubles">, count = 1, troubles = count): Budgets | undefined {
  if (left[what] < count || left.troubles < troubles) return undefined;
  return { ...left, [what]: left[what] - count, troubles: left.troubles - troubles };
}

/** An execution of a takeover. */
export interface Run {
  readonly region: string;
  readonly input: Input;
  readonly execution: string;
  /** Undefined when it has ended. */
  readonly node: Node | undefined;
  readonly outcome: "running" | "succeeded" | "failed" | "aborted";
  readonly hasRequested: boolean;
  /** The writer of the settled global database that it has found since its last request. Empty when it has found none. */
  readonly found: string;
  /** Whether it could not switch a hold, or another execution has switched one. */
  readonly hasRoutingTrouble: boolean;
  /** What a refused takeover must leave. */
  readonly before: Interned<string>;
  /** Whether it has found tasks that use a restored cluster. */
  readonly seesRestored: boolean;
  /** Seconds since its last message. */
  readonly silence: number;
}

export interface State {
  readonly world: World;
  readonly runs: readonly Run[];
  readonly left: Budgets;
}

/** A start of a takeover that an operator may choose. */
export interface Start {
  readonly region: string;
  readonly input: Input;
}

export const SWITCHOVER: Input = { mode: "switchover" };
export const FAILOVER: Input = { mode: "failover", allowDataLoss: true };
/** A failover without the words that allow the loss of data: it is rejected. */
export const INCOMPLETE: Input = { mode: "failover" };
