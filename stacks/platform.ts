import type { App } from "cdktf";
import type { Loaded } from "../config/load";
import { FailoverStack } from "./failover-stack";
import { GlobalStack } from "./global-stack";
import { RegionStack } from "./region/region-stack";
import { RemovedRegionStack } from "./removed-region-stack";
import type { StandfastStack } from "./standfast-stack";

/**
 * Every stack of an environment. Each depends on the previous one: deployed in this order, destroyed in reverse. A removed region
 * is destroyed by its deployment, so that the order is the reverse one: first what depends on the region, last what the region
 * depends on.
 */
export function platform(app: App, { config, given }: Pick<Loaded, "config" | "given">): readonly StandfastStack[] {
  const stacks: StandfastStack[] = [
    new GlobalStack(app, { config, given }),
    ...config.regions.map((region) => new RegionStack(app, { config, given, region })),
    ...config.removedRegions.map((region) => new RemovedRegionStack(app, { config, given, region })),
    new FailoverStack(app, { config, given }),
  ];
  if (config.removedRegions.length > 0) stacks.reverse();
  stacks.reduce((before, stack) => {
    stack.addDependency(before);
    return stack;
  });
  return stacks;
}
