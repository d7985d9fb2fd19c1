import { type Resource, type Synthesized, target } from "./synthesized";

/** The rules of security groups as sentences: `database from service:5432`. */
export function securityGroupRules(stack: Synthesized, direction: "ingress" | "egress"): string[] {
  const roleOf = (reference: unknown): string => target(reference).split(".")[1]?.split("_")[0] ?? "";
  return stack
    .all(`aws_vpc_security_group_${direction}_rule`)
    .map((rule) => {
      const peer =
        typeof rule["cidr_ipv4"] === "string" ? rule["cidr_ipv4"] : roleOf(rule["referenced_security_group_id"] ?? rule["prefix_list_id"]);
      return `${roleOf(rule["security_group_id"])} ${direction === "ingress" ? "from" : "to"} ${peer}:${Number(rule["from_port"])}`;
    })
    .sort();
}

/** The address of the target of a subnet's default route; undefined if there is no default route. */
export function defaultRoute(stack: Synthesized, subnet: Resource): string | undefined {
  const association = stack.all("aws_route_table_association").find((candidate) => target(candidate["subnet_id"]) === subnet.address);
  const way = stack.all("aws_route").find((route) => route["route_table_id"] === association?.["route_table_id"]);
  return way && target(way["nat_gateway_id"] ?? way["gateway_id"]);
}

/** The zone of the NAT gateway that is the target of a subnet's default route; undefined if it is not a NAT gateway. */
export function natGatewayZone(stack: Synthesized, subnet: Resource): unknown {
  const way = defaultRoute(stack, subnet);
  return way?.startsWith("aws_nat_gateway.") ? stack.resource(target(stack.resource(way)["subnet_id"]))["availability_zone"] : undefined;
}

/** The security groups that may connect to a security group, by their addresses. */
export function clientsOf(stack: Synthesized, group: string): string[] {
  return stack
    .all("aws_vpc_security_group_ingress_rule")
    .filter((rule) => target(rule["security_group_id"]) === group && rule["referenced_security_group_id"])
    .map((rule) => target(rule["referenced_security_group_id"]))
    .sort();
}

/** The subnets of a tier: `public`, `application` or `data`. */
export function subnetsOf(stack: Synthesized, tier: string): Resource[] {
  return stack.all("aws_subnet").filter(({ tags }) => (tags as { readonly Tier: string }).Tier === tier);
}

/** The zones of subnets, in their order. */
export function zonesOf(stack: Synthesized, subnets: unknown): unknown[] {
  return (subnets as readonly string[]).map((subnet) => stack.resource(target(subnet))["availability_zone"]);
}

/** Where the service's tasks are. */
export function taskNetwork(stack: Synthesized): { readonly subnets: readonly string[]; readonly assign_public_ip: boolean } {
  return stack.only("aws_ecs_service")["network_configuration"] as ReturnType<typeof taskNetwork>;
}
