import type { Graph } from "../graph/graph";
import { blocks, type Resource, text } from "../graph/values";
import { subnetsOf } from "../network/subnets";
import { type Claim, decided, notApplicable, unknown } from "./claim";
import { OTHER_OWNER, zonesOf } from "./parts";

/**
 * Replicas of a shard that stand for one zone each, beside the primary.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html
 */
export const CACHE_CLAIMS: readonly Claim[] = [
  {
    id: "B9",
    title: "The loss of any zone leaves a node of each shard of the cache, which ElastiCache promotes",
    requirementIds: ["S003-5.2", "S003-5.3", "S003-5.4"],
    decide: (graph) => {
      const groups = graph.all("aws_elasticache_replication_group");
      if (groups.length === 0) return notApplicable("There is no cache.");
      const placed = groups.map((group) => ({ group, zones: possibleZones(graph, group) }));
      if (placed.some(({ zones }) => zones === undefined)) return unknown(OTHER_OWNER);
      return decided(
        placed.flatMap(({ group, zones = [] }) => cacheFaults(graph, group, zones)),
        groups.map((group) => `${group.address}: ${shardsOf(graph, group)} shards of ${nodesOf(graph, group)} nodes`),
        "Each shard has nodes in two zones or more, and its failover is automatic.",
      );
    },
  },
];

function possibleZones(graph: Graph, { values }: Resource): readonly string[] | undefined {
  const subnetGroup = graph.target(values["subnet_group_name"]);
  const subnets = subnetGroup && subnetsOf(graph, subnetGroup.values["subnet_ids"]);
  return subnets && zonesOf(subnets);
}

const number = (graph: Graph, value: unknown): number | undefined => {
  const found = graph.text(value);
  return found === undefined ? undefined : Number(found);
};

const isOn = (value: unknown): boolean => text(value) === "true";

/** Shards of a group in cluster mode. One without cluster mode. */
function shardsOf(graph: Graph, { values }: Resource): number {
  return number(graph, values["num_node_groups"]) ?? 1;
}

/** Nodes of a shard: the primary and its replicas. */
function nodesOf(graph: Graph, { values }: Resource): number {
  const replicas = number(graph, values["replicas_per_node_group"]);
  return replicas === undefined ? (number(graph, values["num_cache_clusters"]) ?? 1) : replicas + 1;
}

function cacheFaults(graph: Graph, group: Resource, zones: readonly string[]): string[] {
  const { address, values } = group;
  const nodes = nodesOf(graph, group);
  const shards = shardsOf(graph, group);
  return [
    ...(nodes >= 2 ? [] : [`The loss of the zone of a node of ${address} takes a shard of the cache: it has no replica.`]),
    ...(shards >= 1 ? [] : [`${address} has no shard.`]),
    ...(zones.length >= 2 ? [] : [`${address} can have nodes in ${zones.join(", ")} only: the loss of the zone takes the cache.`]),
    ...(isOn(values["automatic_failover_enabled"]) ? [] : [`ElastiCache promotes no replica of ${address} when a zone is lost.`]),
    ...(isOn(values["multi_az_enabled"]) ? [] : [`ElastiCache may place all nodes of a shard of ${address} in one zone.`]),
    ...preferredFaults(graph, group),
    ...modeFaults(graph, group, shards),
  ];
}

/** Zones that are written down, of the nodes of a group without cluster mode. */
function preferredFaults(graph: Graph, { address, values }: Resource): string[] {
  const preferred = graph.list(values["preferred_cache_cluster_azs"]).map((zone) => graph.text(zone));
  const confined = [
    ...(preferred.length > 0 ? [preferred] : []),
    ...blocks(values["node_group_configuration"]).map((shard) => [
      graph.text(shard["primary_availability_zone"]),
      ...graph.list(shard["replica_availability_zones"]).map((zone) => graph.text(zone)),
    ]),
  ].find((zones) => new Set(zones).size < 2);
  return confined ? [`The loss of ${String(confined[0])} takes all nodes of a shard of ${address}.`] : [];
}

/** @see https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html */
function modeFaults(graph: Graph, { address, values }: Resource, shards: number): string[] {
  const group = graph.target(values["parameter_group_name"]);
  const name = graph.text(values["parameter_group_name"]) ?? "";
  const mode = graph.text(values["cluster_mode"]) ?? (shards > 1 || values["num_node_groups"] !== undefined ? "enabled" : "disabled");
  const clustered = mode !== "disabled";
  if (!clustered && shards > 1) return [`${address} has ${shards} shards, and its cluster mode is disabled.`];
  if (!group && name.startsWith("${aws_")) return [`${address} has a parameter group that is not in this JSON.`];
  const written = group
    ? blocks(group.values["parameter"]).some((one) => graph.text(one["name"]) === "cluster-enabled" && graph.text(one["value"]) === "yes")
    : name === "" || name.endsWith(".cluster.on") === clustered;
  return (group ? written === clustered : written) ? [] : [`${address} and its parameter group differ in cluster mode, which AWS refuses.`];
}
