import { availability, type Availability } from "./availability";
import { type Budget, budgets } from "./budgets";
import { cost, type Cost } from "./cost";
import { type Deployment, deployment } from "./deployment";
import { environmentsOf } from "./graph/environments";
import type { Graph } from "./graph/graph";
import { simulate } from "./losses/simulate";
import type { Simulation } from "./losses/simulation";

/** What is computed beside the claims. */
export interface Figures {
  readonly simulations: readonly Simulation[];
  readonly budgets: readonly Budget[];
  /** Of the weakest environment. */
  readonly availability: Availability;
  /** Of all environments together. */
  readonly cost: Cost;
  /** First deployment of every stack. */
  readonly deployment: Deployment;
}

/** Every figure of every environment. */
export function figuresOf(stacks: readonly Graph[]): Figures {
  const environments = environmentsOf(stacks);
  const [weakest = availability(stacks)] = environments
    .map((environment) => availability(environment))
    .sort((one, other) => writesOf(one) - writesOf(other));
  return {
    simulations: environments.flatMap((environment) => simulate(environment)),
    budgets: environments.flatMap((environment) => budgets(environment)),
    availability: weakest,
    cost: cost(stacks),
    deployment: deployment(stacks),
  };
}

/** Environments without a load balancer have no figure, and come last. */
function writesOf({ pair, oneRegion }: Availability): number {
  return pair?.writes ?? oneRegion?.availability ?? 1;
}
