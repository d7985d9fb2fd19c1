import { numberOf } from "../budgets/budget";
import type { Graph } from "../graph/graph";
import { block, blocks, type Resource } from "../graph/values";
import { HOURS, INSTANCES, NODES, type Price, PRICES, quote, VALKEY_SHARE } from "./prices";

/** Capacity that is paid whether it is used or not. */
export interface Item {
  readonly stack: string;
  readonly region: string | undefined;
  readonly address: string;
  readonly what: string;
  readonly quantity: number;
  readonly unit: string;
  readonly price: number;
  readonly monthly: number;
  readonly source: string;
  readonly verified: boolean;
}

/** What a resource consists of, and how many of it. A price that is unknown makes the resource unpriced. */
interface Part {
  readonly what: string;
  readonly price: Price | undefined;
  readonly quantity: number | undefined;
  /** @default 1 */
  readonly share?: number;
}

/** The fixed items of a resource. Undefined if a part of it has no price. */
export function fixedItems(graph: Graph, resource: Resource): readonly Item[] | undefined {
  const region = regionOf(graph, resource);
  const items = (PARTS[resource.type]?.(graph, resource) ?? []).map(({ what, price, quantity, share = 1 }): Item | undefined => {
    const found = quote(price, region);
    if (!found || quantity === undefined) return undefined;
    const units = found.unit === "hour" ? quantity * HOURS : quantity;
    const each = found.price * share;
    return {
      stack: graph.name,
      region,
      address: resource.address,
      what,
      quantity: units,
      unit: found.unit,
      price: each,
      monthly: units * each,
      source: found.source,
      verified: found.isVerified,
    };
  });
  return items.includes(undefined) ? undefined : items.filter((item) => item !== undefined);
}

/** The region of a resource: that of its provider, by the alias. */
function regionOf(graph: Graph, { values }: Resource): string | undefined {
  const alias = /^aws\.(.+)$/.exec(graph.text(values["provider"]) ?? "")?.[1];
  const provider = blocks(graph.json.provider?.["aws"]).find((one) => one["alias"] === alias);
  return graph.text(provider?.["region"]) ?? graph.region;
}

const one = (what: string, price: string): Part => many(what, price, 1);
/** @param quantity undefined makes the resource unpriced */
const many = (what: string, price: string, quantity: number | undefined): Part => ({ what, price: PRICES[price], quantity });

const PARTS: Readonly<Record<string, (graph: Graph, resource: Resource) => readonly Part[]>> = {
  aws_nat_gateway: () => [one("NAT gateway", "nat gateway")],
  aws_eip: () => [one("public IPv4 address", "public ipv4")],
  aws_vpc_endpoint: (graph, { values }) =>
    values["vpc_endpoint_type"] === "Interface"
      ? [many("interface endpoint, one for each zone", "interface endpoint", graph.list(values["subnet_ids"]).length)]
      : [],
  aws_lb: (graph, { values }) => [
    one("load balancer", "load balancer"),
    ...(values["internal"] === true
      ? []
      : [many("public IPv4 addresses, one for each zone", "public ipv4", graph.list(values["subnets"]).length)]),
  ],
  aws_ecs_service: taskParts,
  aws_service_discovery_private_dns_namespace: () => [one("hosted zone", "hosted zone")],
  aws_rds_cluster_instance: (graph, { values }) => {
    const name = graph.text(values["instance_class"]) ?? "";
    if (name !== "db.serverless") return [{ what: `instance ${name}`, price: INSTANCES[name], quantity: 1 }];
    const scaling = block(graph.target(values["cluster_identifier"])?.values["serverlessv2_scaling_configuration"]);
    return [many("capacity units, the minimum", "aurora capacity unit", numberOf(graph, scaling["min_capacity"], 0.5))];
  },
  aws_db_proxy: (graph, proxy) => [many("proxy, for each vCPU of the instances", "database proxy vcpu", vcpusBehind(graph, proxy))],
  aws_db_proxy_endpoint: (graph, { values }) => [
    many("interface endpoint, one for each zone", "interface endpoint", graph.list(values["vpc_subnet_ids"]).length),
  ],
  aws_elasticache_replication_group: (graph, { values }) => {
    const shards = numberOf(graph, values["num_node_groups"], 1) ?? 1;
    const nodes =
      shards * ((numberOf(graph, values["replicas_per_node_group"], (numberOf(graph, values["num_cache_clusters"], 1) ?? 1) - 1) ?? 0) + 1);
    const name = graph.text(values["node_type"]) ?? "";
    const share = graph.text(values["engine"]) === "valkey" ? VALKEY_SHARE : 1;
    return [{ what: `nodes ${name}`, price: NODES[name], quantity: nodes, share }];
  },
  aws_cloudwatch_metric_alarm: (graph, { values }) => {
    const queries = blocks(values["metric_query"]);
    const metrics = [...(values["metric_name"] === undefined ? [] : [values]), ...queries.flatMap(({ metric }) => blocks(metric))];
    const isAnomaly = values["threshold_metric_id"] !== undefined;
    const isFast = metrics.some(({ period }) => (numberOf(graph, period, 60) ?? 60) < 60);
    // An alarm on a band of usual values evaluates the metric and the two bounds.
    return [
      many(
        "metrics of an alarm",
        isFast ? "high-resolution alarm metric" : "alarm metric",
        Math.max(1, metrics.length) * (isAnomaly ? 3 : 1),
      ),
    ];
  },
  aws_cloudwatch_composite_alarm: () => [one("composite alarm", "composite alarm")],
  aws_cloudwatch_dashboard: () => [one("dashboard", "dashboard")],
  aws_cloudwatch_log_metric_filter: () => [one("custom metric", "custom metric")],
  aws_synthetics_canary: (graph, { values }) => [
    many("runs", "canary run", runsAMonth(graph.text(block(values["schedule"])["expression"]))),
  ],
  aws_kms_key: () => [one("key", "kms key")],
  aws_secretsmanager_secret: (_, { values }) => [many("secret, in each region", "secret", 1 + blocks(values["replica"]).length)],
  aws_wafv2_web_acl: (_, { values }) => [one("web ACL", "web acl"), many("rules", "web acl rule", blocks(values["rule"]).length)],
  aws_route53_zone: () => [one("hosted zone", "hosted zone")],
  aws_route53_health_check: (graph, { values }) => {
    const type = graph.text(values["type"]) ?? "";
    const options = [
      type.startsWith("HTTPS"),
      type.endsWith("STR_MATCH"),
      type !== "CALCULATED" && numberOf(graph, values["request_interval"], 30) === 10,
      graph.text(values["measure_latency"]) === "true",
    ].filter(Boolean).length;
    return [
      one("health check of an endpoint in AWS", "health check"),
      ...(options > 0 ? [many("options: HTTPS, 10 s, text, latency", "health check option", options)] : []),
    ];
  },
  aws_ssm_parameter: (graph, { values }) =>
    graph.text(values["tier"]) === "Advanced" ? [one("advanced parameter", "advanced parameter")] : [],
};

/** Tasks of a service on Fargate: the least number that scaling allows. */
function taskParts(graph: Graph, service: Resource): readonly Part[] {
  const task = graph.target(service.values["task_definition"])?.values ?? {};
  const cluster = graph
    .text(graph.target(service.values["cluster"])?.values["name"] ?? service.values["cluster"])
    ?.split("/")
    .at(-1);
  const name = graph.text(service.values["name"]);
  const scaled = graph
    .all("aws_appautoscaling_target")
    .find(({ values }) => graph.text(values["resource_id"]) === `service/${cluster ?? ""}/${name ?? ""}`);
  const tasks = numberOf(graph, scaled?.values["min_capacity"] ?? service.values["desired_count"], 1);
  const [cpu, memory] = [numberOf(graph, task["cpu"], 256), numberOf(graph, task["memory"], 512)];
  const arm = graph.text(block(task["runtime_platform"])["cpu_architecture"]) === "ARM64" ? "arm " : "";
  const more = Math.max(0, (numberOf(graph, block(task["ephemeral_storage"])["size_in_gib"], 20) ?? 20) - 20);
  const providers = blocks(service.values["capacity_provider_strategy"]).map((strategy) => graph.text(strategy["capacity_provider"]));
  // Spot has no list price: its tasks are counted on demand, which is more. Instances of EC2 have prices of their own.
  const isFargate =
    providers.every((provider) => provider === "FARGATE" || provider === "FARGATE_SPOT") &&
    graph.text(service.values["launch_type"] ?? "FARGATE") === "FARGATE";
  const times = (amount: number | undefined): number | undefined =>
    !isFargate || tasks === undefined || amount === undefined ? undefined : tasks * amount;
  return [
    many(`${tasks ?? "?"} tasks: vCPU`, `fargate ${arm}vcpu`, times(cpu === undefined ? undefined : cpu / 1024)),
    many(`${tasks ?? "?"} tasks: GB`, `fargate ${arm}gb`, times(memory === undefined ? undefined : memory / 1024)),
    ...(more > 0 ? [many(`${tasks ?? "?"} tasks: storage beyond 20 GB`, "fargate storage gb", times(more))] : []),
  ];
}

/** The classes of instances here have two vCPUs for `large` and `medium`, and a proxy counts at least two. */
function vcpusBehind(graph: Graph, proxy: Resource): number {
  const clusters = graph
    .referring("aws_db_proxy_target", "db_proxy_name", proxy)
    .flatMap(({ values }) => graph.target(values["db_cluster_identifier"]) ?? []);
  const [cluster = graph.all("aws_rds_cluster")[0]] = clusters;
  const classes = cluster
    ? graph
        .referring("aws_rds_cluster_instance", "cluster_identifier", cluster)
        .map(({ values }) => graph.text(values["instance_class"]) ?? "")
    : [];
  // Serverless instances count with 8 capacity units at least.
  const vcpus = classes.map((name) =>
    name === "db.serverless" ? 8 : Number(/\.(\d+)xlarge$/.exec(name)?.[1] ?? (name.endsWith(".xlarge") ? 1 : 0.5)) * 4,
  );
  return Math.max(
    2,
    vcpus.reduce((sum, number) => sum + number, 0),
  );
}

/** Runs of a canary in 730 hours. Undefined for a schedule that is not a rate. */
function runsAMonth(expression: string | undefined): number | undefined {
  const [, count, unit] = /^rate\((\d+) (minute|hour)s?\)$/.exec(expression ?? "") ?? [];
  return count === undefined ? undefined : (HOURS * (unit === "hour" ? 1 : 60)) / Number(count);
}
