import type { Regions } from "./regions";
import type { Budgets, Start, State } from "./regions-state";
import { canPromotionEnd, endPromotion } from "./world";

export const NOTHING_HAPPENS: Budgets = { faults: 0, throttles: 0, regionEvents: 0, aborts: 0, applies: 0, runs: 0, troubles: 0 };
const MOST_STEPS = 5000;

/** Whether all failures have stopped. */
export function isCalm({ world }: State): boolean {
  return world.dark.length === 0 && world.promotion === null;
}

/** The state after all failures have stopped: every region is available, and a promotion in progress has ended. */
function calmed(model: Regions, state: State): State {
  const { world } = state;
  const available = { ...world, dark: [], isLagHigh: false, slow: [] };
  return settled(model, { world: canPromotionEnd(available) ? endPromotion(available) : available, runs: [], left: NOTHING_HAPPENS });
}

/** The end of one execution after all failures have stopped. */
export function calmRun(model: Regions, state: State, command: Start): State {
  return settled(model, model.start(calmed(model, state), command));
}

/** Continues without a failure until nothing changes. Promotions end before the next attempt to read their status. */
export function settled(model: Regions, start: State): State {
  let state = start;
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const fence = model.fences(state)[0];
    const promoted = canPromotionEnd(state.world) ? { ...state, world: endPromotion(state.world) } : undefined;
    const next = promoted ?? fence?.state ?? model.successors(state)[0]?.state;
    if (!next) return state;
    state = next;
  }
  throw new Error(`no end after ${MOST_STEPS} steps`);
}
