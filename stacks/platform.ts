import type { App } from "cdktf";
import type { Loaded } from "../config/load";
import { FailoverStack } from "./failover-stack";
import { GlobalStack } from "./global-stack";
import { RegionStack } from "./region/region-stack";
import type { StandfastStack } from "./standfast-stack";

/** Every stack of an environment. Each depends on the previous one: deployed in this order, destroyed in reverse. */
export function platform(app: App, { config, given }: Pick<Loaded, "config" | "given">): readonly StandfastStack[] {
  const stacks: StandfastStack[] = [
    new GlobalStack(app, { config, given }),
    ...config.regions.map((region) => new RegionStack(app, { config, given, region })),
    new FailoverStack(app, { config, given }),
  ];
  stacks.reduce((before, stack) => {
    stack.addDependency(before);
    return stack;
  });
  return stacks;
}
