import type { Graph } from "../graph/graph";
import { block, type Resource } from "../graph/values";
import { type Subnet, subnetsOf } from "../network/subnets";
import { type Finding, notApplicable, unknown } from "./claim";

/** Something that is placed in subnets: the load balancer, a service, a database. */
export interface Placed {
  readonly resource: Resource;
  /** Undefined when a subnet is of another owner. */
  readonly subnets: readonly Subnet[] | undefined;
}

const placed = (graph: Graph, resource: Resource, subnets: unknown): Placed => ({ resource, subnets: subnetsOf(graph, subnets) });

/** Application load balancers. */
export function loadBalancers(graph: Graph): readonly Placed[] {
  return graph
    .all("aws_lb")
    .filter(({ values }) => (values["load_balancer_type"] ?? "application") === "application")
    .map((balancer) => placed(graph, balancer, balancer.values["subnets"]));
}

export interface Service extends Placed {
  /** Number of tasks, if it is a number and not an expression. */
  readonly tasks: number | undefined;
  readonly groups: readonly (Resource | undefined)[];
}

/** ECS services. */
export function services(graph: Graph): readonly Service[] {
  return graph.all("aws_ecs_service").map((service) => {
    const network = block(service.values["network_configuration"]);
    const { desired_count: tasks } = service.values;
    return {
      ...placed(graph, service, network["subnets"]),
      tasks: typeof tasks === "number" ? tasks : undefined,
      groups: graph.targets(network["security_groups"]),
    };
  });
}

/** Subnet groups of databases and caches. */
export function dataStores(graph: Graph): readonly Placed[] {
  return [...graph.all("aws_db_subnet_group"), ...graph.all("aws_elasticache_subnet_group")].map((group) =>
    placed(graph, group, group.values["subnet_ids"]),
  );
}

/** Zones of subnets, each once. */
export function zonesOf(subnets: readonly Subnet[]): readonly string[] {
  return [...new Set(subnets.map(({ zone }) => zone))].sort();
}

/**
 * Whether a health check of Route 53 asks a load balancer, by a record of its stack. Its checkers are in the internet.
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-router-firewall-rules.html
 */
export function isChecked(graph: Graph, all: readonly Graph[], balancer: Resource): boolean {
  const names = graph
    .all("aws_route53_record")
    .filter(({ values }) => graph.target(block(values["alias"])["name"])?.address === balancer.address)
    .map(({ values }) => String(values["name"]));
  const checked = all.flatMap((other) => other.all("aws_route53_health_check")).map(({ values }) => String(values["fqdn"]));
  return names.some((name) => checked.includes(name));
}

/** The items of a list that are known. */
export const present = <Item>(items: readonly (Item | undefined)[]): readonly Item[] => items.filter((item) => item !== undefined);

/** Why a claim about subnets cannot be decided. */
export const OTHER_OWNER =
  "A subnet is not in this JSON, or its zone is an expression: what is elsewhere decides about its zone, its routes and its network ACL.";

/**
 * Decides about parts whose subnets are all known.
 * @param none the finding without any part, or why the claim is then not applicable
 */
export function withSubnets<Part extends Placed>(
  parts: readonly Part[],
  none: string | Finding,
  decide: (parts: readonly (Part & { readonly subnets: readonly Subnet[] })[]) => Finding,
): Finding {
  if (parts.length === 0) return typeof none === "string" ? notApplicable(none) : none;
  const known = parts.filter((part): part is Part & { readonly subnets: readonly Subnet[] } => part.subnets !== undefined);
  return known.length < parts.length ? unknown(OTHER_OWNER) : decide(known);
}
