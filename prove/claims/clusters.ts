import type { Graph } from "../graph/graph";
import { everywhere, type Located } from "../graph/located";
import { oneOrMany, type Resource, text } from "../graph/values";

/** A cluster with its instances, in its stack. */
export interface Cluster extends Located {
  readonly instances: readonly Resource[];
  /** Identifier of its global database. */
  readonly globalDatabase: string | undefined;
}

const found = new WeakMap<Graph, readonly Cluster[]>();

/** The Aurora clusters of a stack. */
export function clustersOf(graph: Graph): readonly Cluster[] {
  const known =
    found.get(graph) ??
    everywhere([graph], "aws_rds_cluster").map((located) => ({
      ...located,
      instances: graph.referring("aws_rds_cluster_instance", "cluster_identifier", located.resource),
      globalDatabase: graph.text(located.resource.values["global_cluster_identifier"]),
    }));
  found.set(graph, known);
  return known;
}

/** The clusters of every stack that has the same global database as a cluster, and not this cluster. */
export function otherMembers(stacks: readonly Graph[], { globalDatabase, resource }: Cluster): readonly Cluster[] {
  if (globalDatabase === undefined) return [];
  return stacks.flatMap(clustersOf).filter((other) => other.globalDatabase === globalDatabase && other.resource !== resource);
}

/** Whether a plan leaves an argument as AWS has it. */
export function ignores({ values }: Resource, argument: string): boolean {
  const lifecycle = oneOrMany(values["lifecycle"])[0] as { readonly ignore_changes?: unknown } | undefined;
  return oneOrMany(lifecycle?.ignore_changes).some((ignored) => ignored === "all" || ignored === argument);
}

/** Whether a plan that would destroy a resource fails. */
export function isPreventedFromDestroy({ values }: Resource): boolean {
  const lifecycle = oneOrMany(values["lifecycle"])[0] as { readonly prevent_destroy?: unknown } | undefined;
  return text(lifecycle?.prevent_destroy) === "true";
}

/** The quoted texts in a value: what an expression can become. A plain text is its own. */
export function literalsOf(graph: Graph, value: unknown): readonly string[] {
  const whole = graph.text(value);
  if (whole === undefined || whole === "") return [];
  return whole.includes("${") ? [...whole.matchAll(/"([^"\\]+)"/g)].map(([, literal = ""]) => literal) : [whole];
}

/** The name of a stack's region, or of the stack, in sentences. */
export const placeName = ({ graph, region }: Located): string => region ?? graph.name;
