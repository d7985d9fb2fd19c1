import type { Graph } from "../graph/graph";
import { type Dependencies, dependenciesOf } from "./dependencies";
import { creationTime } from "./times";

/** A resource of the critical path. */
export interface Step {
  readonly address: string;
  readonly minutes: number;
  /** Page with the time. Undefined for an assumption. */
  readonly source?: string;
}

/** The first deployment of a stack. */
export interface StackDeployment {
  readonly stack: string;
  readonly resources: number;
  /** Resources on the longest chain of dependencies. */
  readonly depth: number;
  /** The chain that takes longest: no deployment of the stack can be faster. */
  readonly criticalPath: readonly Step[];
  readonly minutes: number;
}

export interface Deployment {
  readonly stacks: readonly StackDeployment[];
  /** One stack after the other. */
  readonly minutes: number;
}

/** The critical path of the first deployment of every stack, with usual creation times. Everything else is created in parallel. */
export function deployment(stacks: readonly Graph[]): Deployment {
  const deployments = stacks.map(stackDeployment);
  return { stacks: deployments, minutes: rounded(deployments.reduce((sum, { minutes }) => sum + minutes, 0)) };
}

function stackDeployment(graph: Graph): StackDeployment {
  const dependencies = dependenciesOf(graph);
  const steps = new Map(
    graph.all().map(({ address, type, values }) => {
      const { minutes, ...source } = creationTime(type, values);
      return [address, { address, minutes, ...source }];
    }),
  );
  const criticalPath = longestPath(dependencies, (address) => steps.get(address)?.minutes ?? 0);
  return {
    stack: graph.name,
    resources: steps.size,
    depth: longestPath(dependencies, () => 1).length,
    criticalPath: criticalPath.flatMap((address) => steps.get(address) ?? []),
    minutes: rounded(criticalPath.reduce((sum, address) => sum + (steps.get(address)?.minutes ?? 0), 0)),
  };
}

interface Chain {
  readonly length: number;
  readonly before: string | undefined;
}

/** The chain of dependencies with the greatest sum of weights, first what is created first. */
function longestPath(dependencies: Dependencies, weight: (address: string) => number): readonly string[] {
  const found = new Map<string, Chain>();
  const visiting = new Set<string>();
  const lengthOf = (address: string): number => {
    const known = found.get(address);
    if (known) return known.length;
    visiting.add(address);
    let longest: Chain = { length: 0, before: undefined };
    // Terraform rejects a circle. Here it ends the search.
    for (const before of (dependencies.get(address) ?? []).filter((one) => !visiting.has(one))) {
      const length = lengthOf(before);
      if (longest.before === undefined || length > longest.length) longest = { length, before };
    }
    visiting.delete(address);
    const chain = { length: longest.length + weight(address), before: longest.before };
    found.set(address, chain);
    return chain.length;
  };
  const [last] = [...dependencies.keys()].sort((one, other) => lengthOf(other) - lengthOf(one));
  const path: string[] = [];
  for (let address = last; address !== undefined; address = found.get(address)?.before) path.unshift(address);
  return path;
}

const rounded = (minutes: number): number => Math.round(minutes * 10) / 10;
