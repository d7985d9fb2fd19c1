import type { Graph } from "../graph/graph";
import { parameterFaults } from "../takeover/parameters";
import { promotionFaults } from "../takeover/promotion";
import { readinessFaults } from "../takeover/readiness";
import { regionFaults } from "../takeover/regions";
import { serviceFaults } from "../takeover/services";
import { type Takeover, takeoversOf } from "../takeover/takeover";
import { type Claim, decided, type Finding, notApplicable } from "./claim";

/** Claims about what a takeover names: parameters, clusters, services, alarms, other regions. */
export const TAKEOVER_TARGET_CLAIMS: readonly Claim[] = [
  {
    id: "T9",
    title: "The parameters that the region takeover writes exist, are read by tasks, and are left alone by an apply",
    decide: (graph, stacks) =>
      each(graph, (takeover) => parameterFaults(takeover, stacks), "Each of them exists, and only runbooks change its value."),
  },
  {
    id: "T10",
    title: "The region takeover promotes the cluster of its own region in the global database, and no other",
    decide: (graph, stacks) =>
      each(graph, (takeover) => promotionFaults(takeover, stacks), "Every promotion names this cluster and this global database."),
  },
  {
    id: "T11",
    title: "The region takeover awaits every service of its region, with no fewer tasks than a primary region runs",
    decide: (graph, stacks) => each(graph, (takeover) => serviceFaults(takeover, stacks), "Every service is awaited in its full size."),
  },
  {
    id: "T12",
    title: "What a switchover asks before it begins exists: the lag of this region's cluster, alarms, and services",
    decide: (graph, stacks) =>
      each(graph, (takeover) => readinessFaults(takeover, stacks), "It reads the lag of its own cluster, and alarms that exist."),
  },
  {
    id: "T14",
    title: "The function of the region takeover knows the parameter of every region, and may write it",
    decide: (graph, stacks) =>
      each(graph, (takeover) => regionFaults(takeover, stacks), "It knows every region by names that exist there."),
  },
];

function each(graph: Graph, faultsOf: (takeover: Takeover) => readonly string[], proven: string): Finding {
  const takeovers = takeoversOf(graph);
  if (takeovers.length === 0) return notApplicable("No state machine of this stack promotes a cluster of a global database.");
  return decided(
    takeovers.flatMap(faultsOf),
    takeovers.map(({ machine }) => machine.resource.address),
    proven,
  );
}
