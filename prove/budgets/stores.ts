import type { Graph } from "../graph/graph";
import { type Budget, budget, numberOf, type Phase } from "./budget";
import { PLEDGES } from "./promises";

const AVAILABILITY = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html";
const CACHE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html";
/** What Aurora usually takes to promote a reader, and to make an instance where there is none. */
const PROMOTED = 60;
const CREATED = 600;

/** The writer is lost, with its instance or with its zone. */
export function writerBudgets(graph: Graph): readonly Budget[] {
  return graph.all("aws_rds_cluster").flatMap((cluster) => {
    const instances = graph.referring("aws_rds_cluster_instance", "cluster_identifier", cluster);
    if (instances.length === 0) return [];
    const zones = instances.map(({ values }) => graph.text(values["availability_zone"]));
    // The loss of a zone takes every instance in it. RDS spreads instances whose zone it chooses.
    const alone = instances.length === 1 || (zones.every((zone) => zone !== undefined) && new Set(zones).size === 1);
    const phase: Phase = alone
      ? {
          what: "Aurora makes another instance",
          least: 0,
          most: CREATED,
          formula: `no instance in another zone: usually less than ${CREATED} s`,
          source: AVAILABILITY,
          typical: true,
        }
      : {
          what: "Aurora promotes a reader",
          least: 0,
          most: PROMOTED,
          formula: `${instances.length - 1} other instances: usually less than ${PROMOTED} s`,
          source: AVAILABILITY,
          typical: true,
        };
    return [
      budget(graph, {
        kind: "writer",
        subject: cluster.address,
        failure: `the writer of ${cluster.address}`,
        phases: [phase],
        rto: `usually less than ${phase.most ?? 0} s`,
        rpo: "no committed transaction",
        pledge: PLEDGES.writer,
      }),
    ];
  });
}

/** A primary node of a cache is lost. AWS documents no time. */
export function cacheBudgets(graph: Graph): readonly Budget[] {
  return graph.all("aws_elasticache_replication_group").map((group) => {
    const replicas =
      (numberOf(graph, group.values["replicas_per_node_group"], 0) ?? 0) +
      (numberOf(graph, group.values["num_cache_clusters"], 1) ?? 1) -
      1;
    const takesOver = graph.text(group.values["automatic_failover_enabled"]) === "true" && replicas > 0;
    const phase: Phase = {
      what: "a replica takes over",
      least: 0,
      most: undefined,
      formula: `${replicas} replicas: no upper bound is documented`,
      source: CACHE,
    };
    const faults = takesOver ? [] : [`No replica of ${group.address} takes over.`];
    return budget(graph, {
      kind: "cache",
      subject: group.address,
      failure: `a primary node of ${group.address}`,
      phases: [phase],
      rto: "seconds to minutes",
      rpo: "the writes of the last second",
      faults,
    });
  });
}
