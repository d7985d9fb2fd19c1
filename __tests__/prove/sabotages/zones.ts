import { firstTwice, firstTwo, otherZone, ref, type Sabotage, to } from "./sabotage";

const SERVICE = /^service_service$/;
const DATA_TABLE = /data-routes_table$/;

export const ZONE_SABOTAGES: readonly Sabotage[] = [
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
];
