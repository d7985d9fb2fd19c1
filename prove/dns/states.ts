import type { Condition, Destination, State } from "./dns";

export const ALL_HEALTHY: State = { conditions: new Map() };

/** Every state of regions, of some conditions each. */
export function statesOf(regions: readonly string[], conditions: readonly Condition[]): readonly State[] {
  let states: readonly State[] = [ALL_HEALTHY];
  for (const region of regions)
    states = states.flatMap((state) =>
      conditions.map((condition) => ({ conditions: new Map([...state.conditions, [region, condition]]) })),
    );
  return states;
}

/** `while us-east-1 is lost and us-west-2 holds DNS` */
export function describe({ conditions, holder }: State): string {
  const odd = [...conditions].filter(([, condition]) => condition !== "healthy").map(([region, condition]) => `${region} is ${condition}`);
  const parts = [...odd, ...(holder === undefined ? [] : [`${holder} holds DNS`])];
  return parts.length === 0 ? "while every region is healthy" : `while ${parts.join(" and ")}`;
}

export function describeDestination(destination: Destination): string {
  if (destination.kind === "site") return destination.site.region;
  return destination.kind === "outside" ? destination.host : `nowhere, because ${destination.because}`;
}

export function regionOfDestination(destination: Destination): string | undefined {
  return destination.kind === "site" ? destination.site.region : undefined;
}
