import { hostsIn, regionsWithHosts } from "../dns/hosts";
import { services } from "../claims/parts";
import type { Graph } from "../graph/graph";
import { blocks } from "../graph/values";
import type { Item } from "./fixed";
import type { UsageItem } from "./usage-item";

export interface SafetyFeature {
  readonly feature: string;
  readonly monthly: number;
  /** What there is, and what would be without it. */
  readonly because: string;
}

type Priced = Pick<Item, "stack" | "address" | "monthly">;

/** What safety costs. A feature that the platform does not have is not in the list, except where the text says so. */
export function safetyOf(stacks: readonly Graph[], items: readonly Item[], usage: readonly UsageItem[]): readonly SafetyFeature[] {
  const of = (type: string, also: (item: Item) => boolean = () => true): readonly Item[] =>
    items.filter((item) => item.address.startsWith(`${type}.`) && also(item));
  const features: (SafetyFeature | undefined)[] = [
    beyondFirst("a NAT gateway in each further zone", [of("aws_nat_gateway"), of("aws_eip")], "one of each region would stay"),
    beyondFirst("database readers", [of("aws_rds_cluster_instance")], "one instance of each region would stay"),
    replicas(stacks, of("aws_elasticache_replication_group")),
    standby(stacks, items),
    feature("DNS failover", of("aws_route53_health_check"), "health checks with their options"),
    staticStability(stacks, of("aws_ecs_service")),
    copies(stacks, usage),
    feature("canaries", of("aws_synthetics_canary"), "runs; their alarms are among the alarms"),
    feature(
      "alarms",
      [...of("aws_cloudwatch_metric_alarm"), ...of("aws_cloudwatch_composite_alarm")],
      perAlarm(of("aws_cloudwatch_metric_alarm"), of("aws_cloudwatch_composite_alarm")),
    ),
    feature("customer-managed keys", of("aws_kms_key"), "keys that AWS owns cost nothing"),
    feature("interface endpoints", of("aws_vpc_endpoint"), "traffic would take the NAT gateways"),
    feature("a database proxy", [...of("aws_db_proxy"), ...of("aws_db_proxy_endpoint")], "tasks would connect to the database"),
    feature("a web ACL", of("aws_wafv2_web_acl"), "the load balancer would take every request"),
  ];
  return features.filter((one) => one !== undefined);
}

function feature(name: string, items: readonly Priced[], because: string): SafetyFeature | undefined {
  return items.length === 0 ? undefined : { feature: name, monthly: total(items), because: `${distinct(items)} resources: ${because}` };
}

/** Everything but the cheapest resource of each stack. */
function beyondFirst(name: string, groups: readonly (readonly Priced[])[], because: string): SafetyFeature | undefined {
  const further = groups.flatMap((items) => {
    const byStack = new Map<string, Priced[]>();
    for (const item of items) byStack.set(item.stack, [...(byStack.get(item.stack) ?? []), item]);
    return [...byStack.values()].flatMap((all) => [...all].sort((one, other) => one.monthly - other.monthly).slice(1));
  });
  return feature(name, further, because);
}

function replicas(stacks: readonly Graph[], items: readonly Item[]): SafetyFeature | undefined {
  const parts = items.flatMap((item) => {
    const values = stacks
      .find(({ name }) => name === item.stack)
      ?.all("aws_elasticache_replication_group")
      .find(({ address }) => address === item.address)?.values;
    const each = Number(values?.["replicas_per_node_group"] ?? 0);
    return each > 0 ? [{ ...item, monthly: (item.monthly * each) / (each + 1) }] : [];
  });
  return feature("replicas of the cache", parts, "one node of each shard would stay");
}

/** Every stack in another region than the one to which DNS resolves first. */
function standby(stacks: readonly Graph[], items: readonly Item[]): SafetyFeature | undefined {
  const regions = regionsWithHosts(stacks);
  const first = stacks
    .flatMap((graph) => graph.all("aws_route53_record").map(({ values }) => ({ graph, values })))
    .filter(({ values }) => blocks(values["failover_routing_policy"])[0]?.["type"] === "PRIMARY")
    .flatMap(({ graph, values }) => graph.list(values["records"]).map((host) => graph.text(host) ?? ""))
    .map((host) => regions.find((region) => hostsIn(stacks, region).includes(host)))
    .find((region) => region !== undefined);
  if (first === undefined || regions.length < 2) return undefined;
  const others = items.filter(({ region }) => region !== undefined && region !== first && regions.includes(region));
  return feature(`standby regions beside ${first}`, others, regions.filter((region) => region !== first).join(", "));
}

/** What it would cost to have as many tasks after the loss of a zone as before. */
function staticStability(stacks: readonly Graph[], items: readonly Item[]): SafetyFeature | undefined {
  const added = stacks.flatMap((graph) =>
    services(graph).flatMap(({ resource, tasks, subnets }) => {
      const zones = new Set(subnets?.map(({ zone }) => zone)).size;
      if (tasks === undefined || tasks === 0 || zones < 2) return [];
      const more = Math.ceil(tasks / (zones - 1)) * zones - tasks;
      const own = items.filter(({ stack, address }) => stack === graph.name && address === resource.address);
      return [{ stack: graph.name, address: resource.address, monthly: (total(own) / tasks) * more, more }];
    }),
  );
  const tasks = added.reduce((sum, { more }) => sum + more, 0);
  return added.length === 0
    ? undefined
    : {
        feature: "static stability, in addition",
        monthly: total(added),
        because: `${tasks} more tasks would leave as many after the loss of a zone as there are now`,
      };
}

/** The second copy of each backup: its storage and its transfer, with the assumed size. */
function copies(stacks: readonly Graph[], usage: readonly UsageItem[]): SafetyFeature | undefined {
  const copying = stacks.flatMap((graph) =>
    graph
      .all("aws_backup_plan")
      .filter(({ values }) => blocks(values["rule"]).some((rule) => blocks(rule["copy_action"]).length > 0))
      .map(({ address }) => ({ stack: graph.name, address })),
  );
  const moved = usage.filter((item) => copying.some(({ stack, address }) => stack === item.stack && address === item.address));
  const stored = usage.filter(
    ({ stack, address }) => address.startsWith("aws_backup_vault.") && copying.some((one) => one.stack === stack),
  );
  return copying.length === 0
    ? undefined
    : {
        feature: "copies of backups in another region",
        monthly: total(moved) + total(stored),
        because: `${copying.length} plans copy; with the assumed gigabytes of usage.ts`,
      };
}

function perAlarm(metric: readonly Priced[], composite: readonly Priced[]): string {
  const each = (items: readonly Priced[]): string => (items.length === 0 ? "0" : (total(items) / items.length).toFixed(2));
  return `${metric.length} on metrics at ${each(metric)} each, ${composite.length} composite at ${each(composite)}`;
}

const total = (items: readonly Pick<Priced, "monthly">[]): number => items.reduce((sum, { monthly }) => sum + monthly, 0);
const distinct = (items: readonly Priced[]): number => new Set(items.map(({ stack, address }) => `${stack} ${address}`)).size;
