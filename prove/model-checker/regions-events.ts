import type { Transition } from "./explore";
import type { Platform } from "./platform";
import { spend, type State } from "./regions-state";
import { canPromotionEnd, endPromotion, fenced, isAllowed } from "./world";

/** A promotion ends, or AWS gives it up. */
export function promotionEvents(state: State): Transition<State>[] {
  const { world, left } = state;
  const { promotion } = world;
  if (promotion === null) return [];
  const givenUp = spend(left, "faults");
  return [
    ...(canPromotionEnd(world)
      ? [{ label: `the database of ${promotion.target} becomes the writer`, state: { ...state, world: endPromotion(world) } }]
      : []),
    ...(givenUp
      ? [
          {
            label: `AWS gives the promotion of ${promotion.target} up`,
            state: {
              ...state,
              world: { ...world, promotion: null, slow: world.slow.filter((what) => what !== "promotion") },
              left: givenUp,
            },
          },
        ]
      : []),
  ];
}

/** Regions are lost, or come back. */
export function regionEvents(platform: Platform, { world, runs, left }: State): Transition<State>[] {
  const after = spend(left, "regionEvents");
  if (!after) return [];
  return platform.regions.map((region) =>
    world.dark.includes(region)
      ? {
          label: `${region} is available again`,
          state: { world: { ...world, dark: world.dark.filter((name) => name !== region) }, runs, left: after },
        }
      : { label: `${region} is lost`, state: { world: { ...world, dark: [...world.dark, region].sort() }, runs, left: after } },
  );
}

/** The fences of the regions, each of which may run at any time. */
export function fences(platform: Platform, state: State): Transition<State>[] {
  return [...platform.fences].flatMap((region) => {
    const isRunning = state.runs.some((run) => run.node !== undefined && run.region === region);
    const world = fenced(platform, state.world, region, isRunning);
    if (world === state.world) return [];
    const isUndone = state.world.promotion !== null && isAllowed(platform, world, region) && !isAllowed(platform, state.world, region);
    const breaches = isUndone ? [{ invariant: "e", sentence: `the fence of ${region} allows writes during a promotion` }] : [];
    return [{ label: `the fence of ${region} runs`, state: { ...state, world }, breaches }];
  });
}
