import type { Answer } from "./interpreter";
import type { Json } from "./json-path";
import type { World } from "./world";

/** An execution, as far as its calls depend on it. */
export interface Caller {
  readonly region: string;
  readonly execution: string;
  readonly allowsDataLoss: boolean;
  /** Whether it has requested a promotion. */
  readonly hasRequested: boolean;
  /** The writer of the settled global database that it has found since its last request. Empty when it has found none. */
  readonly found: string;
  /** Whether it has found tasks that use a restored cluster. */
  readonly seesRestored: boolean;
  /** Executions of other takeovers that run in regions that respond and that started earlier. */
  readonly earlier: readonly { readonly execution: string; readonly isRecent: boolean }[];
}

/** An invariant that a call violates. */
export interface Breach {
  readonly invariant: string;
  readonly sentence: string;
}

/** One way in which a call can be answered. */
export interface Effect {
  /** What is special about it, for the story. */
  readonly note?: string;
  readonly answer: Answer;
  readonly world: World;
  /** What takes long, if this answer makes a poll go on. */
  readonly slow?: string;
  /** Whether it is no fault that the poll goes on. */
  readonly isExpected?: boolean;
  /** Number of faults that it counts as. */
  readonly faults?: number;
  readonly requests?: boolean;
  /** The settled writer that the answer names, or empty. Undefined when it says nothing about it. */
  readonly found?: string;
  /** Whether the answer names a restored cluster. */
  readonly isRestored?: boolean;
  /** Whether a hold could not be switched. */
  readonly isRoutingTrouble?: boolean;
  readonly breaches?: readonly Breach[];
}

export const failed = (error: string, cause: string, world: World, note?: string): Effect => ({
  answer: { error, cause },
  world,
  ...(note !== undefined && { note }),
});
export const ok = (world: World, result: Json = {}): Effect => ({ answer: { result }, world });
