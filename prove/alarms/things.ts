import type { Graph } from "../graph/graph";
import { blocks, type Resource } from "../graph/values";
import { exists, type Fault, UNCHANGED } from "./alarms";
import type { Metric } from "./metric-alarm";
import type { Sample } from "./metric-math";
import { perGraph } from "./per-graph";

/** Something that reports while it lives: a canary, a service, a database instance. */
export interface Thing {
  readonly resource: Resource;
  /** `aws_nat_gateway.a`, or `aws_lb_target_group.web in us-east-1a` */
  readonly what: string;
  readonly zone: string | undefined;
  /** Whether a metric is about it and nothing else. */
  readonly isOn: (metric: Metric) => boolean;
  /** The metrics that it reports every minute, and that no other state than its end silences. */
  readonly lifelines: readonly string[];
  /** Whether zero means dead, as silence does. */
  readonly zeroIsDead: boolean;
}

/** An attribute of a resource, or a reference to it where it is unknown before an apply. */
export const attributeOf = (graph: Graph, { address }: Resource, attribute: string): string =>
  graph.text(`\${${address}.${attribute}}`) ?? "";

/** A fault that takes a thing: its metrics have this value, or none. */
export const lossOf =
  ({ isOn }: Thing, value?: Sample): Fault =>
  (metric) =>
    isOn(metric) ? value : UNCHANGED;

const byDimension =
  (namespace: string, dimension: string, value: string) =>
  (metric: Metric): boolean =>
    metric.namespace === namespace && metric.dimensions[dimension] === value;

export const canaryThings = perGraph((graph): readonly Thing[] => {
  return graph
    .all("aws_synthetics_canary")
    .filter(exists)
    .map((resource) => ({
      resource,
      what: resource.address,
      zone: undefined,
      isOn: byDimension("CloudWatchSynthetics", "CanaryName", attributeOf(graph, resource, "name")),
      lifelines: ["SuccessPercent"],
      zeroIsDead: true,
    }));
});

/** ECS services that run tasks. */
export const serviceThings = perGraph((graph): readonly Thing[] => {
  return runningServices(graph).map((resource) => {
    const cluster = graph.target(resource.values["cluster"]);
    const clusterName = cluster ? attributeOf(graph, cluster, "name") : graph.text(resource.values["cluster"])?.split("/").at(-1);
    const name = attributeOf(graph, resource, "name");
    // Without Container Insights, the number of tasks is no metric.
    const hasInsights = blocks(cluster?.values["setting"]).some(({ value }) => value === "enabled" || value === "enhanced");
    const [namespace, lifelines] = hasInsights
      ? ["ECS/ContainerInsights", ["RunningTaskCount"]]
      : ["AWS/ECS", ["CPUUtilization", "MemoryUtilization"]];
    return {
      resource,
      what: resource.address,
      zone: undefined,
      isOn: ({ namespace: of, dimensions }) =>
        of === namespace && dimensions["ServiceName"] === name && dimensions["ClusterName"] === clusterName,
      lifelines,
      zeroIsDead: hasInsights,
    };
  });
});

function runningServices(graph: Graph): readonly Resource[] {
  return graph.all("aws_ecs_service").filter((service) => exists(service) && Number(graph.text(service.values["desired_count"]) ?? 1) > 0);
}

/** Target groups of services that run tasks: as a whole, and in each zone. */
export function targetThings(graph: Graph, zones: readonly (string | undefined)[]): readonly Thing[] {
  const groups = runningServices(graph).flatMap(({ values }) =>
    blocks(values["load_balancer"]).flatMap(({ target_group_arn: arn }) => graph.target(arn) ?? []),
  );
  return [...new Set(groups)].flatMap((resource) => {
    const group = attributeOf(graph, resource, "arn_suffix");
    return zones.map((zone) => ({
      resource,
      what: zone === undefined ? resource.address : `${resource.address} in ${zone}`,
      zone,
      isOn: ({ namespace, dimensions }: Metric) =>
        namespace === "AWS/ApplicationELB" && dimensions["TargetGroup"] === group && dimensions["AvailabilityZone"] === zone,
      lifelines: ["HealthyHostCount"],
      zeroIsDead: true,
    }));
  });
}

export const instanceThings = perGraph((graph): readonly Thing[] => {
  return [...graph.all("aws_rds_cluster_instance"), ...graph.all("aws_db_instance")].filter(exists).map((resource) => ({
    resource,
    what: resource.address,
    zone: graph.text(resource.values["availability_zone"]),
    isOn: byDimension("AWS/RDS", "DBInstanceIdentifier", attributeOf(graph, resource, "identifier")),
    lifelines: ["EngineUptime", "CPUUtilization", "DatabaseConnections", "FreeableMemory"],
    zeroIsDead: false,
  }));
});

export const natThings = perGraph((graph): readonly Thing[] => {
  return graph
    .all("aws_nat_gateway")
    .filter(exists)
    .map((resource) => ({
      resource,
      what: resource.address,
      zone: graph.text(graph.target(resource.values["subnet_id"])?.values["availability_zone"]),
      isOn: byDimension("AWS/NATGateway", "NatGatewayId", attributeOf(graph, resource, "id")),
      lifelines: ["ActiveConnectionCount"],
      zeroIsDead: false,
    }));
});

/** Nodes of caches, whose names ElastiCache makes of the name of the group, the shard and the number of the node. */
export const cacheThings = perGraph((graph): readonly Thing[] => {
  return graph
    .all("aws_elasticache_replication_group")
    .filter(exists)
    .flatMap((resource) => {
      const { values } = resource;
      const shards = Number(graph.text(values["num_node_groups"]) ?? 1);
      const nodes = Number(graph.text(values["replicas_per_node_group"]) ?? NaN) + 1;
      if (!(shards * nodes > 0)) return [];
      const number = (count: number, digits: number): string => String(count + 1).padStart(digits, "0");
      const id = attributeOf(graph, resource, "replication_group_id");
      return Array.from({ length: shards * nodes }, (_, index) => {
        const node = `${id}-${number(Math.floor(index / nodes), 4)}-${number(index % nodes, 3)}`;
        return {
          resource,
          what: `the node ${node} of ${resource.address}`,
          zone: undefined,
          isOn: byDimension("AWS/ElastiCache", "CacheClusterId", node),
          lifelines: ["EngineCPUUtilization", "CPUUtilization", "DatabaseMemoryUsagePercentage", "CurrConnections"],
          zeroIsDead: false,
        };
      });
    });
});

/** Health checks of endpoints. Of several for one host, one needs an alarm. */
export function healthCheckThings(graph: Graph): readonly (Thing & { readonly host: string })[] {
  return graph
    .all("aws_route53_health_check")
    .filter((check) => exists(check) && check.values["fqdn"] !== undefined)
    .map((resource) => ({
      resource,
      host: graph.text(resource.values["fqdn"]) ?? "",
      what: resource.address,
      zone: undefined,
      isOn: byDimension("AWS/Route53", "HealthCheckId", attributeOf(graph, resource, "id")),
      lifelines: ["HealthCheckStatus"],
      zeroIsDead: true,
    }));
}

/** Zones of a stack: those of its subnets, and those that database instances name. */
export const zonesIn = perGraph((graph): readonly string[] => {
  const balanced = graph.all("aws_lb").flatMap(({ values }) => graph.targets(values["subnets"]));
  const zones = [
    ...balanced.map((subnet) => graph.text(subnet?.values["availability_zone"])),
    ...[...instanceThings(graph), ...natThings(graph)].map(({ zone }) => zone),
  ];
  return [...new Set(zones.filter((zone) => zone !== undefined))].sort();
});

/** The number of tasks that a stack is meant to run, by the target groups that they are registered in. */
export function tasksOf(graph: Graph, group: Resource): number | undefined {
  const service = runningServices(graph).find(({ values }) =>
    blocks(values["load_balancer"]).some(({ target_group_arn: arn }) => graph.target(arn) === group),
  );
  const count = Number(graph.text(service?.values["desired_count"]) ?? NaN);
  return Number.isNaN(count) ? undefined : count;
}
