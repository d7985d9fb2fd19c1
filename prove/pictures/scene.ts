import { present } from "../claims/parts";
import { Dns } from "../dns/dns";
import { leavesOfGroup } from "../dns/health-checks";
import { hostsIn } from "../dns/hosts";
import { timingOf, ttlOf } from "../dns/times";
import type { Graph } from "../graph/graph";
import { block, blocks, type Resource, text } from "../graph/values";
import { may } from "../iam/role-permissions";
import { type Region, topologyOf } from "../report/topology";

/** A name that clients use. */
export interface PublicName {
  readonly name: string;
  /** Seconds between two requests of a health check. Undefined without one. */
  readonly interval: number | undefined;
  readonly ttl: number;
  readonly answers: readonly { readonly region: string; readonly role: string }[];
}

interface Canary {
  readonly id: string;
  /** The host that it requests. */
  readonly host: string;
  /** The other regions to which it sends its requests, by their own names. */
  readonly regions: readonly string[];
  readonly schedule: string;
}

/** A region with what operates it. */
export interface Site {
  readonly graph: Graph;
  readonly region: Region;
  readonly canaries: readonly Canary[];
  readonly alarms: { readonly metric: number; readonly composite: number };
  /** Topics with a subscription. */
  readonly topics: readonly Resource[];
  /** `email`, `https` */
  readonly protocols: readonly string[];
  /** `Aurora PostgreSQL 16.8`. Undefined without a cluster. */
  readonly database: { readonly name: string; readonly global: string | undefined; readonly isWriter: boolean } | undefined;
  /** `Redis 7.1: 3 shards, 3 nodes each` */
  readonly caches: readonly string[];
  /** What is in no subnet. */
  readonly services: readonly string[];
}

export interface Scene {
  readonly names: readonly PublicName[];
  readonly sites: readonly Site[];
}

/** What the pictures of a platform show. */
export function sceneOf(stacks: readonly Graph[]): Scene {
  const { regions } = topologyOf(stacks);
  const sites = regions.flatMap((region) => {
    const graph = stacks.find(({ name }) => name === region.stack);
    return graph ? [siteOf(stacks, graph, region)] : [];
  });
  return { names: namesOf(stacks, regions), sites };
}

function namesOf(stacks: readonly Graph[], regions: readonly Region[]): readonly PublicName[] {
  const dns = Dns.of(stacks);
  return dns.roots.map((group) => ({
    name: group.name,
    interval: leavesOfGroup(group).map(({ graph, check }) => timingOf(graph, check).interval)[0],
    ttl: Math.max(...group.records.map((record) => ttlOf(dns, record))),
    answers: group.records.flatMap((record) => {
      const host = dns.hostOf(record) ?? "";
      const region = regions.find(({ name }) => hostsIn(stacks, name).includes(host));
      return region ? [{ region: region.name, role: record.role ?? "" }] : [];
    }),
  }));
}

function siteOf(stacks: readonly Graph[], graph: Graph, region: Region): Site {
  const subscriptions = graph.all("aws_sns_topic_subscription");
  return {
    graph,
    region,
    canaries: graph.all("aws_synthetics_canary").map((canary) => canaryOf(stacks, graph, region, canary)),
    alarms: { metric: graph.all("aws_cloudwatch_metric_alarm").length, composite: graph.all("aws_cloudwatch_composite_alarm").length },
    topics: graph
      .all("aws_sns_topic")
      .filter((topic) => subscriptions.some(({ values }) => graph.target(values["topic_arn"])?.address === topic.address)),
    protocols: [...new Set(subscriptions.map(({ values }) => graph.text(values["protocol"]) ?? ""))].sort(),
    database: databaseOf(graph),
    caches: graph.all("aws_elasticache_replication_group").map((cache) => cacheName(graph, cache)),
    services: servicesOf(graph),
  };
}

function canaryOf(stacks: readonly Graph[], graph: Graph, region: Region, canary: Resource): Canary {
  const variables = Object.values(block(block(canary.values["run_config"])["environment_variables"]));
  const hosts = variables.flatMap((value) => /^https?:\/\/([\w.-]+)/.exec(graph.text(value) ?? "")?.[1] ?? []);
  const others = stacks.map((stack) => stack.region ?? "").filter((name) => name !== region.name);
  return {
    id: canary.address,
    host: hosts[0] ?? "",
    regions: [...new Set(others)].filter((name) => hostsIn(stacks, name).some((host) => hosts.includes(host))),
    schedule: graph.text(block(canary.values["schedule"])["expression"]) ?? "",
  };
}

const ENGINES: Readonly<Record<string, string>> = { "aurora-postgresql": "Aurora PostgreSQL", "aurora-mysql": "Aurora MySQL" };

function databaseOf(graph: Graph): Site["database"] {
  const [cluster] = graph.all("aws_rds_cluster");
  if (!cluster) return undefined;
  const { values } = cluster;
  const engine = graph.text(values["engine"]) ?? "";
  // Aurora MySQL has its own version behind that of MySQL: 8.0.mysql_aurora.3.10.3
  const version = (graph.text(values["engine_version"]) ?? "").replace(/^.*aurora\./, "");
  return {
    name: `${ENGINES[engine] ?? engine} ${version}`.trim(),
    global: graph.text(values["global_cluster_identifier"]),
    isWriter: values["replication_source_identifier"] === undefined && values["master_username"] !== undefined,
  };
}

function cacheName(graph: Graph, { values }: Resource): string {
  const engine = graph.text(values["engine"]) ?? "redis";
  const name = `${engine[0]?.toUpperCase() ?? ""}${engine.slice(1)} ${graph.text(values["engine_version"]) ?? ""}`.trim();
  const shards = Number(graph.text(values["num_node_groups"]) ?? 1);
  const replicas = Number(graph.text(values["replicas_per_node_group"]) ?? 0);
  return `${name}: ${counted(shards, "shard")} of ${counted(replicas + 1, "node")}`;
}

/** Stores without a subnet, functions behind the load balancer, runbooks, backups. */
function servicesOf(graph: Graph): readonly string[] {
  const machines = graph.all("aws_sfn_state_machine").length;
  const [plan] = graph.all("aws_backup_plan");
  const functions = graph.all("aws_lambda_function").filter((one) => isTarget(graph, one));
  return [
    ...graph.all("aws_dynamodb_table").map((table) => `DynamoDB ${labelOf(table)}`),
    ...graph
      .all("aws_s3_bucket")
      .filter((bucket) => !isForLogs(graph, bucket))
      .map((bucket) => `S3 ${labelOf(bucket)}`),
    ...functions.map((one) => `Lambda ${labelOf(one)}`),
    ...graph.all("aws_cloudwatch_event_bus").map(() => "event bus"),
    ...graph.all("aws_appautoscaling_target").flatMap(({ values }) => scaling(values["min_capacity"], values["max_capacity"])),
    ...(machines > 0 ? [counted(machines, "runbook")] : []),
    ...(plan ? ["AWS Backup"] : []),
  ];
}

/** `application data` of `aws_s3_bucket.application-data_bucket`. */
const labelOf = ({ address }: Resource): string => (address.split(".").at(-1) ?? "").split("_")[0]?.replaceAll("-", " ") ?? "";

/** Whether requests reach a function, by itself or by an alias: from the load balancer, or from the tasks. */
function isTarget(graph: Graph, one: Resource): boolean {
  const roles = present(graph.all("aws_ecs_task_definition").map(({ values }) => graph.target(values["task_role_arn"])));
  const addresses = [one, ...graph.referring("aws_lambda_alias", "function_name", one)].map(({ address }) => address);
  const arns = present(addresses.map((address) => graph.text(`\${${address}.arn}`)));
  return (
    graph
      .all("aws_lb_target_group_attachment")
      .some(({ values }) => addresses.includes(graph.target(values["target_id"])?.address ?? "")) ||
    roles.some((role) => arns.some((resource) => may(graph, role, { action: "lambda:InvokeFunction", resource })))
  );
}

function scaling(min: unknown, max: unknown): readonly string[] {
  return typeof min === "number" && typeof max === "number" && min < max ? [`${min} to ${max} tasks`] : [];
}

/** Buckets for access logs and for the results of canaries. */
function isForLogs(graph: Graph, bucket: Resource): boolean {
  const names = [
    ...graph.all("aws_lb").flatMap(({ values }) => blocks(values["access_logs"]).map((logs) => logs["bucket"])),
    ...graph.all("aws_s3_bucket_logging").map(({ values }) => values["target_bucket"]),
    ...graph.all("aws_synthetics_canary").map(({ values }) => values["artifact_s3_location"]),
  ];
  return present(names.map(text)).some((name) => name.includes(`${bucket.address}.`));
}

export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
