import { NOTHING_HAPPENS } from "./calm";
import { explore, type Violation } from "./explore";
import type { RegionsModel } from "./regions-model";
import type { State } from "./regions-state";
import { summary } from "./world";

/** How a run ends: its last message, and what it leaves. */
function endOf({ world, runs }: State): string {
  const inputs = runs.map(({ region, input }) => `${region} ${JSON.stringify(input)}`).join();
  return `${inputs} ${world.messages.findLast((message) => !message.startsWith("CRITICAL"))?.split(":")[0] ?? ""} ${summary(world)}`;
}

/** (g) Runs in which nothing but one call is throttled, and that end otherwise than every run without it. */
export function throttlingViolations(model: RegionsModel, start: State): readonly Violation<State>[] {
  const left = { ...NOTHING_HAPPENS, runs: 1 };
  const isEnd = ({ runs }: State): boolean =>
    runs.length > 0 && runs.every(({ node }) => node === undefined) && model.fences(start).length === 0;
  const ends = new Set<string>();
  const explored = Object.assign(Object.create(model) as RegionsModel, {
    judge: (state: State) => {
      if (isEnd(state)) ends.add(endOf(state));
      return [];
    },
  });
  explore(explored, { ...start, left });
  const throttled = Object.assign(Object.create(model) as RegionsModel, {
    judge: (state: State) =>
      isEnd(state) && !ends.has(endOf(state))
        ? [
            {
              invariant: "g",
              sentence: `one throttled call ends the run with "${state.world.messages.findLast((message) => !message.startsWith("CRITICAL"))?.split(":")[0] ?? ""}"`,
            },
          ]
        : [],
  });
  return explore(throttled, { ...start, left: { ...left, throttles: 1, troubles: 1 } }).violations;
}
