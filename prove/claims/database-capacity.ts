import type { Graph } from "../graph/graph";
import { block, blocks, text, type Values } from "../graph/values";
import { type Cluster, placeName } from "./clusters";

/** What a cluster lacks, or has otherwise, when it is to carry the load of another one. */
export function capacityFaults(cluster: Cluster, other: Cluster): string[] {
  const after = `After the promotion of ${placeName(cluster)}, its database`;
  const [own, theirs] = [instancesOf(cluster), instancesOf(other)];
  const there = `the one in ${placeName(other)}`;
  if (own.length < theirs.length) return [`${after} has ${own.length} instances, and ${there} has ${theirs.length}.`];
  const [ownClasses, theirClasses] = [own.slice(0, theirs.length), theirs].map((instances) =>
    instances.map(({ instanceClass }) => instanceClass).join(", "),
  );
  return [
    ...(ownClasses === theirClasses ? [] : [`${after} promotes the classes ${String(ownClasses)}, and ${there} ${String(theirClasses)}.`]),
    ...foreignEngines(cluster),
    ...cacheFaults(cluster, other),
    ...[...SETTINGS].flatMap(([name, read]) => {
      const [here, wanted] = [read(cluster), read(other)];
      return here === wanted || wanted === NONE ? [] : [`${after} has ${name} ${here}, and ${there} has ${wanted}.`];
    }),
  ];
}

/** What a cluster does without, so that another one needs not have it. */
const NONE = "none";

interface Instance {
  readonly instanceClass: string;
  readonly tier: number;
}

/** The instances in the order in which Aurora promotes them: the lowest tier, and in a tier the largest. */
function instancesOf({ graph, instances }: Cluster): readonly Instance[] {
  return instances
    .flatMap(({ values }) => {
      const instance = {
        instanceClass: graph.text(values["instance_class"]) ?? "?",
        tier: Number(graph.text(values["promotion_tier"]) ?? 0),
      };
      return Array.from({ length: typeof values["count"] === "number" ? values["count"] : 1 }, () => instance);
    })
    .sort((one, two) => one.tier - two.tier || one.instanceClass.localeCompare(two.instanceClass));
}

/** AWS refuses an instance of another engine than its cluster's. */
function foreignEngines({ graph, resource, instances }: Cluster): string[] {
  return ["engine", "engine_version"].flatMap((argument) => {
    const own = graph.text(resource.values[argument]);
    return instances
      .filter(({ values }) => values[argument] !== undefined && graph.text(values[argument]) !== own)
      .map(
        ({ address, values }) =>
          `${address} has the ${argument} ${String(graph.text(values[argument]))}, and its cluster has ${String(own)}.`,
      );
  });
}

type Setting = (cluster: Cluster) => string;

const argument =
  (name: string, otherwise: string): Setting =>
  ({ graph, resource }) =>
    graph.text(resource.values[name]) ?? otherwise;

/** What makes a database slower, smaller or different for its clients. */
const SETTINGS: ReadonlyMap<string, Setting> = new Map<string, Setting>([
  ["the engine", argument("engine", "?")],
  ["the engine version", argument("engine_version", "of the engine")],
  ["the port", argument("port", "of the engine")],
  ["the storage type", argument("storage_type", "aurora")],
  ["IAM authentication", argument("iam_database_authentication_enabled", "false")],
  ["the serverless capacity", ({ resource }) => flat(block(resource.values["serverlessv2_scaling_configuration"]))],
  ["the cluster parameters", ({ graph, resource }) => parametersOf(graph, resource.values["db_cluster_parameter_group_name"])],
  [
    "the instance parameters",
    ({ graph, instances }) => distinct(instances.map(({ values }) => parametersOf(graph, values["db_parameter_group_name"]))),
  ],
  ["the scaling of readers", scalingOf],
  ["the proxies", ({ graph }) => proxiesOf(graph)],
]);

const flat = (values: Values): string =>
  Object.keys(values).length === 0
    ? NONE
    : Object.entries(values)
        .map(([name, value]) => `${name} ${String(value)}`)
        .sort()
        .join(", ");

const distinct = (texts: readonly string[]): string => (texts.length === 0 ? NONE : [...new Set(texts)].sort().join(" and "));

/** The parameters of a group, or the name of one that is not in the JSON. */
function parametersOf(graph: Graph, group: unknown): string {
  const target = graph.target(group);
  if (!target) return graph.text(group) ?? "the default";
  const parameters = blocks(target.values["parameter"]).map(({ name, value }) => `${String(name)}=${String(value)}`);
  return `${String(graph.text(target.values["family"]))}: ${parameters.sort().join(", ")}`;
}

function scalingOf({ graph }: Cluster): string {
  const targets = graph.all("aws_appautoscaling_target").filter(({ values }) => text(values["service_namespace"]) === "rds");
  return distinct(targets.map(({ values }) => `${String(values["min_capacity"])} to ${String(values["max_capacity"])}`));
}

function proxiesOf(graph: Graph): string {
  return distinct(graph.all("aws_db_proxy").map(({ values }) => String(values["engine_family"])));
}

const CACHE_KINDS = ["engine", "engine_version", "node_type"];
const CACHE_COUNTS = ["num_node_groups", "replicas_per_node_group", "num_cache_clusters"];

/** Caches that are smaller than those of another region: the database gets the requests that they would answer. */
function cacheFaults(cluster: Cluster, other: Cluster): string[] {
  const own = cluster.graph.all("aws_elasticache_replication_group");
  const theirs = other.graph.all("aws_elasticache_replication_group");
  if (own.length < theirs.length)
    return [`After the promotion of ${placeName(cluster)}, it has ${own.length} caches, and ${placeName(other)} has ${theirs.length}.`];
  return theirs.flatMap(({ values }, index) => {
    const cache = own[index];
    if (!cache) return [];
    const read = (graph: Graph, from: Values, name: string): string => graph.text(from[name]) ?? NONE;
    const kind = CACHE_KINDS.find((name) => read(cluster.graph, cache.values, name) !== read(other.graph, values, name));
    const count = CACHE_COUNTS.find((name) => Number(read(cluster.graph, cache.values, name)) < Number(read(other.graph, values, name)));
    const name = kind ?? count;
    return name === undefined
      ? []
      : [
          `${cache.address} in ${placeName(cluster)} has the ${name} ${read(cluster.graph, cache.values, name)}, and ${placeName(other)} has ${read(other.graph, values, name)}.`,
        ];
  });
}
