import type { Destination, Site, World } from "./sites";

/** `unhealthy`: the load balancer answers, and none of its targets does. `lost`: nothing answers. */
export type Condition = "healthy" | "unhealthy" | "lost";

/** A world in which every region has one condition. What is unknown is unhealthy in it: a claim must not depend on it. */
export interface State extends World {
  /** @default - healthy */
  readonly conditions: ReadonlyMap<string, Condition>;
}

export function stateOf(conditions: ReadonlyMap<string, Condition>, holder?: string): State {
  const conditionOf = ({ region }: Site): Condition => conditions.get(region) ?? "healthy";
  return {
    conditions,
    holder,
    isUp: (site) => conditionOf(site) !== "lost",
    hasTargets: (site) => conditionOf(site) === "healthy",
    isUnknownHealthy: false,
  };
}

export const ALL_HEALTHY: State = stateOf(new Map());

/** Every state of regions, of some conditions each. */
export function statesOf(regions: readonly string[], conditions: readonly Condition[]): readonly State[] {
  let states: readonly ReadonlyMap<string, Condition>[] = [new Map()];
  for (const region of regions) states = states.flatMap((state) => conditions.map((condition) => new Map([...state, [region, condition]])));
  return states.map((state) => stateOf(state));
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
