import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";
import type { Dns } from "./dns";
import { leavesOfGroup } from "./health-checks";

/** The health checks of a stack that request an endpoint and decide about a record: once for each group of records. */
export function endpointChecksOf(dns: Dns, graph: Graph): readonly Resource[] {
  return dns.groups
    .flatMap(leavesOfGroup)
    .filter((leaf) => leaf.graph === graph && dns.answerTo(graph, leaf.check).kind !== "fixed")
    .map(({ check }) => check);
}
