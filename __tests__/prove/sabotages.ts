import type { TerraformJson } from "../../prove/graph/graph";

type Values = Record<string, unknown>;

/** One attribute of one resource, which refutes a claim. */
export interface Sabotage {
  readonly claim: string;
  readonly type: string;
  /** Which resource of the type: the first whose id matches. */
  readonly id: RegExp;
  /** Path of the attribute: `network_configuration.subnets`. */
  readonly path: string;
  readonly becomes: (now: unknown, others: Others) => unknown;
}

interface Others {
  /** A reference to a resource of a type, by its id. */
  readonly ref: (type: string, id: RegExp, attribute?: string) => string;
}

const to = (value: unknown) => () => value;
const ref =
  (type: string, id: RegExp, attribute = "id") =>
  (_: unknown, others: Others) =>
    others.ref(type, id, attribute);
const firstTwo = (now: unknown) => (now as unknown[]).slice(0, 2);
const firstTwice = (now: unknown) => [(now as unknown[])[0], ...(now as unknown[]).slice(0, -1)];
const otherZone = (now: unknown) => String(now).replace(/.$/, "b");

const SERVICE = /^service_service$/;
const DATA_TABLE = /data-routes_table$/;

export const SABOTAGES: readonly Sabotage[] = [
  ...["data", "application", "public"].map((tier) => ({
    claim: "Z1",
    type: "aws_subnet",
    id: new RegExp(`_${tier}_.*c$`),
    path: "availability_zone",
    becomes: otherZone,
  })),
  { claim: "Z1", type: "aws_ecs_service", id: SERVICE, path: "network_configuration.subnets", becomes: firstTwo },
  { claim: "Z1", type: "aws_lb", id: /alb$/, path: "subnets", becomes: firstTwo },
  { claim: "Z1", type: "aws_db_subnet_group", id: /database/, path: "subnet_ids", becomes: firstTwo },
  { claim: "Z1", type: "aws_ecs_service", id: SERVICE, path: "network_configuration.subnets", becomes: firstTwice },
  {
    claim: "Z2",
    type: "aws_route",
    id: /application-routes_.*c-internet$/,
    path: "nat_gateway_id",
    becomes: ref("aws_nat_gateway", /a_gateway$/),
  },
  { claim: "Z2", type: "aws_nat_gateway", id: /b_gateway$/, path: "subnet_id", becomes: ref("aws_subnet", /application_.*b$/) },
  { claim: "Z2", type: "aws_nat_gateway", id: /b_gateway$/, path: "subnet_id", becomes: ref("aws_subnet", /public_.*a$/) },
  {
    claim: "Z2",
    type: "aws_route_table_association",
    id: /application-routes_.*a-subnet$/,
    path: "route_table_id",
    becomes: ref("aws_route_table", DATA_TABLE),
  },
  {
    claim: "Z2",
    type: "aws_route_table_association",
    id: /application-routes_.*a-subnet$/,
    path: "route_table_id",
    becomes: ref("aws_route_table", /public-routes_table$/),
  },
  { claim: "Z2", type: "aws_route", id: /public-routes_internet$/, path: "destination_cidr_block", becomes: to("10.0.0.0/8") },
  { claim: "Z3", type: "aws_route", id: /public-routes_internet$/, path: "route_table_id", becomes: ref("aws_route_table", DATA_TABLE) },
  {
    claim: "Z3",
    type: "aws_route_table_association",
    id: /data-routes_.*b-subnet$/,
    path: "route_table_id",
    becomes: ref("aws_route_table", /application-routes_.*b$/),
  },
  { claim: "Z4", type: "aws_rds_cluster_instance", id: /c$/, path: "instance_class", becomes: to("db.r6g.24xlarge") },
  { claim: "Z4", type: "aws_rds_cluster_instance", id: /a$/, path: "instance_class", becomes: to("db.r6g.24xlarge") },
  { claim: "Z5", type: "aws_ecs_service", id: SERVICE, path: "desired_count", becomes: to(5) },
  { claim: "Z5", type: "aws_ecs_service", id: SERVICE, path: "availability_zone_rebalancing", becomes: to("DISABLED") },
  { claim: "Z8", type: "aws_lb", id: /alb$/, path: "enable_zonal_shift", becomes: to(false) },
  { claim: "Z8", type: "aws_lb", id: /alb$/, path: "internal", becomes: to(true) },
  { claim: "Z8", type: "aws_lb", id: /alb$/, path: "subnets", becomes: firstTwo },
  { claim: "Z8", type: "aws_lb_target_group", id: /group-/, path: "load_balancing_cross_zone_enabled", becomes: to("false") },
  { claim: "R1", type: "aws_network_acl_rule", id: /public_return-traffic-out$/, path: "to_port", becomes: to(32767) },
  { claim: "R1", type: "aws_network_acl_rule", id: /public_clients-https$/, path: "rule_action", becomes: to("deny") },
  { claim: "R1", type: "aws_network_acl_rule", id: /public_clients-https$/, path: "cidr_block", becomes: to("10.0.0.0/8") },
  {
    claim: "R1",
    type: "aws_vpc_security_group_ingress_rule",
    id: /load-balancer_security-group_from-clients-[\d-]+$/,
    path: "cidr_ipv4",
    becomes: to("10.0.0.0/8"),
  },
  {
    claim: "R1",
    type: "aws_vpc_security_group_ingress_rule",
    id: /load-balancer_security-group_from-clients-[\d-]+$/,
    path: "from_port",
    becomes: to(444),
  },
  {
    claim: "R1",
    type: "aws_lb",
    id: /alb$/,
    path: "security_groups",
    becomes: (_, others) => [others.ref("aws_security_group", /^service_security-group/)],
  },
  {
    claim: "R2",
    type: "aws_vpc_security_group_egress_rule",
    id: /load-balancer_security-group_to-service-\d+$/,
    path: "to_port",
    becomes: to(8079),
  },
  {
    claim: "R2",
    type: "aws_vpc_security_group_ingress_rule",
    id: /^service_security-group_from-load-balancer/,
    path: "referenced_security_group_id",
    becomes: ref("aws_security_group", /^database_security-group/),
  },
  { claim: "R2", type: "aws_lb_target_group", id: /targets_group-\d+$/, path: "port", becomes: to(8081) },
  { claim: "R2", type: "aws_network_acl_rule", id: /application_return-traffic-to-load-balancer$/, path: "from_port", becomes: to(32768) },
  {
    claim: "R2",
    type: "aws_ecs_task_definition",
    id: /^service_task_definition$/,
    path: "container_definitions",
    becomes: (now) => String(now).replace(/"containerPort" = \d+/, '"containerPort" = 9999'),
  },
  {
    claim: "R2",
    type: "aws_lb_listener",
    id: /https$/,
    path: "default_action",
    becomes: to([{ type: "fixed-response", fixed_response: { content_type: "text/plain", status_code: "200" } }]),
  },
  { claim: "R3", type: "aws_rds_cluster", id: /aurora/, path: "port", becomes: to(5433) },
  { claim: "R3", type: "aws_ssm_parameter", id: /database-port$/, path: "value", becomes: to("1234") },
  {
    claim: "R3",
    type: "aws_vpc_security_group_egress_rule",
    id: /^service_security-group_to-database/,
    path: "referenced_security_group_id",
    becomes: ref("aws_security_group", /load-balancer_security-group/),
  },
  { claim: "R3", type: "aws_network_acl_rule", id: /data_return-traffic-to-tasks$/, path: "egress", becomes: to(false) },
  { claim: "R3", type: "aws_network_acl_rule", id: /data_queries-from-tasks$/, path: "to_port", becomes: to(1) },
  {
    claim: "R4",
    type: "aws_vpc_security_group_egress_rule",
    id: /^service_security-group_to-outbound/,
    path: "cidr_ipv4",
    becomes: to("10.0.0.0/8"),
  },
  { claim: "R4", type: "aws_network_acl_rule", id: /public_nat-https$/, path: "to_port", becomes: to(80) },
  { claim: "R4", type: "aws_network_acl_rule", id: /application_return-traffic-in$/, path: "cidr_block", becomes: to("10.0.0.0/8") },
  {
    claim: "R5",
    type: "aws_vpc_security_group_ingress_rule",
    id: /^database_security-group_from-service/,
    path: "referenced_security_group_id",
    becomes: ref("aws_security_group", /load-balancer_security-group/),
  },
  {
    claim: "R5",
    type: "aws_vpc_security_group_ingress_rule",
    id: /^database_security-group_from-service/,
    path: "referenced_security_group_id",
    becomes: to("sg-0123456789abcdef0"),
  },
];

/** The JSON of a stack with one attribute changed. Undefined if the stack has no such resource. */
export function sabotaged(json: TerraformJson, { type, id, path, becomes }: Sabotage): TerraformJson | undefined {
  const copy = structuredClone(json) as { resource?: Record<string, Record<string, Values>> };
  const idOf = (of: string, pattern: RegExp): string | undefined =>
    Object.keys(copy.resource?.[of] ?? {}).find((name) => pattern.test(name));
  const found = idOf(type, id);
  if (found === undefined) return undefined;
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const table = keys.reduce<Values>((values, key) => values[key] as Values, copy.resource?.[type]?.[found] ?? {});
  table[last] = becomes(table[last], {
    ref: (of, pattern, attribute = "id") => {
      const other = idOf(of, pattern);
      if (other === undefined) throw new Error(`no ${of} matches ${String(pattern)}`);
      return `\${${of}.${other}.${attribute}}`;
    },
  });
  return copy;
}
