import type { Graph } from "../graph/graph";
import { regionOf } from "../graph/regions";
import { recordsOf, valueOf } from "./records";

interface Host {
  readonly name: string;
  readonly region: string;
}

const hosts = new WeakMap<Graph, readonly Host[]>();

/** Names of records of a stack that point to a load balancer. */
function hostsOf(graph: Graph): readonly Host[] {
  const found =
    hosts.get(graph) ??
    recordsOf(graph).flatMap((record) => {
      const target = graph.target(valueOf(record));
      const region = target?.type === "aws_lb" ? regionOf(graph, target) : undefined;
      return region === undefined ? [] : [{ name: record.name, region }];
    });
  hosts.set(graph, found);
  return found;
}

/** The names of the load balancers of a region. */
export function hostsIn(stacks: readonly Graph[], region: string | undefined): readonly string[] {
  return stacks.flatMap(hostsOf).flatMap((host) => (host.region === region ? [host.name] : []));
}

/** Regions with a load balancer that has a name. */
export function regionsWithHosts(stacks: readonly Graph[]): readonly string[] {
  return [...new Set(stacks.flatMap(hostsOf).map(({ region }) => region))];
}
