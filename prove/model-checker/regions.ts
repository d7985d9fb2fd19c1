import type { Transition } from "./explore";
import type { Platform } from "./platform";
import type { Start, State } from "./regions-state";

/** The takeovers of a platform, as far as invariants ask them. */
export interface Regions {
  readonly platform: Platform;
  successors(state: State): readonly Transition<State>[];
  /** Starts an execution. */
  start(state: State, start: Start): State;
  /** What the fences of the regions do. */
  fences(state: State): readonly Transition<State>[];
}
