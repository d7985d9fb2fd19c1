import type { Graph } from "../graph/graph";
import { oncePerStack } from "../graph/memo";
import { block, blocks, type Resource, text, type Values } from "../graph/values";
import type { Ports } from "./ranges";
import { type Subnet, subnetsOf } from "./subnets";

export type Kind = "load balancer" | "tasks" | "function" | "database" | "cache" | "proxy" | "endpoint";

/** Something with addresses in the VPC, and the ports on which it listens. */
export interface Part {
  readonly resource: Resource;
  readonly kind: Kind;
  readonly groups: readonly string[];
  /** Undefined when a subnet is of another owner. */
  readonly subnets: readonly Subnet[] | undefined;
  /** Ports for clients: of a load balancer those of its listeners, of tasks those of their containers. */
  readonly serves: readonly number[];
  /** Ports on which it receives what a load balancer forwards. */
  readonly targets: readonly number[];
}

/** Who calls whom, apart from the internet. What is not here, no part does. */
const CALLS: Readonly<Record<Kind, readonly Kind[]>> = {
  "load balancer": ["tasks"],
  tasks: ["tasks", "database", "cache", "proxy", "endpoint"],
  function: ["tasks", "database", "cache", "proxy", "endpoint"],
  proxy: ["database"],
  database: [],
  cache: [],
  endpoint: [],
};

/** Ports on which one part calls another. */
export function portsBetween(from: Part, to: Part): readonly Ports[] {
  // Nodes of a cache replicate, and agree on who is the primary, on ports that ElastiCache chooses; a proxy has nodes as well.
  if (from.kind === to.kind && ["cache", "proxy"].includes(from.kind)) return [[1024, 65535]];
  if (!CALLS[from.kind].includes(to.kind)) return [];
  return (from.kind === "load balancer" ? to.targets : to.serves).map((port) => [port, port]);
}

/** Parts that call the internet: on 443, by TCP. */
export const callsOutside = ({ kind }: Part): boolean => kind === "tasks" || kind === "function";

export const isPublic = ({ kind, resource }: Part): boolean => kind === "load balancer" && resource.values["internal"] !== true;

const ENGINE_PORTS: readonly (readonly [engine: string, port: number])[] = [
  ["postgres", 5432],
  ["oracle", 1521],
  ["sqlserver", 1433],
];

function databasePort({ values }: Resource): number {
  if (values["port"] !== undefined) return Number(values["port"]);
  return ENGINE_PORTS.find(([engine]) => text(values["engine"])?.includes(engine))?.[1] ?? 3306;
}

/** Every part of a stack that has a security group. */
export const partsOf = oncePerStack((_, graph): readonly Part[] => {
  const make = (
    kind: Kind,
    resource: Resource,
    groups: unknown,
    subnets: unknown,
    serves: readonly number[],
    targets: readonly number[] = [],
  ): Part => ({
    resource,
    kind,
    groups: graph.targets(groups).flatMap((group) => group?.address ?? []),
    subnets: subnetsOf(graph, subnets),
    serves,
    targets,
  });
  const stored = (resource: Resource, argument: string): unknown => graph.target(resource.values[argument])?.values["subnet_ids"];
  const ports = graph.all("aws_rds_cluster").map(databasePort);
  return [
    ...graph
      .all("aws_lb")
      .map((one) => make("load balancer", one, one.values["security_groups"], one.values["subnets"], listenerPorts(graph, one))),
    ...graph.all("aws_ecs_service").map((one) => {
      const network = block(one.values["network_configuration"]);
      const targets = targetPorts(graph, one);
      return make("tasks", one, network["security_groups"], network["subnets"], [...containerPorts(graph, one), ...targets], targets);
    }),
    ...graph.all("aws_lambda_function").flatMap((one) => {
      const network = block(one.values["vpc_config"]);
      return network["subnet_ids"] === undefined ? [] : [make("function", one, network["security_group_ids"], network["subnet_ids"], [])];
    }),
    ...["aws_rds_cluster", "aws_db_instance"].flatMap((type) =>
      graph
        .all(type)
        .map((one) =>
          make("database", one, one.values["vpc_security_group_ids"], stored(one, "db_subnet_group_name"), [databasePort(one)]),
        ),
    ),
    ...graph
      .all("aws_elasticache_replication_group")
      .map((one) =>
        make("cache", one, one.values["security_group_ids"], stored(one, "subnet_group_name"), [Number(one.values["port"] ?? 6379)]),
      ),
    ...["aws_db_proxy", "aws_db_proxy_endpoint"].flatMap((type) =>
      graph.all(type).map((one) => make("proxy", one, one.values["vpc_security_group_ids"], one.values["vpc_subnet_ids"], ports)),
    ),
    ...graph
      .all("aws_vpc_endpoint")
      .filter(({ values }) => values["vpc_endpoint_type"] === "Interface")
      .map((one) => make("endpoint", one, one.values["security_group_ids"], one.values["subnet_ids"], [443])),
  ];
});

function listenerPorts(graph: Graph, balancer: Resource): readonly number[] {
  return graph.referring("aws_lb_listener", "load_balancer_arn", balancer).map(({ values }) => Number(values["port"]));
}

/** Ports of the service to which target groups send, and on which they check. */
function targetPorts(graph: Graph, service: Resource): readonly number[] {
  return blocks(service.values["load_balancer"]).flatMap((target) => {
    const check = Number(block(graph.target(target["target_group_arn"])?.values["health_check"])["port"]);
    return [Number(target["container_port"]), ...(Number.isNaN(check) ? [] : [check])];
  });
}

function containerPorts(graph: Graph, service: Resource): readonly number[] {
  const definition = graph.target(service.values["task_definition"]);
  const containers = definition && graph.document(definition.values["container_definitions"]);
  if (!Array.isArray(containers)) return [];
  return (containers as readonly Values[]).flatMap((container) =>
    blocks(block(container)["portMappings"]).map((mapping) => Number(mapping["containerPort"])),
  );
}
