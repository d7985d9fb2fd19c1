import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";
import { aclAllows } from "../network/network-acl";
import { ANYWHERE, EPHEMERAL, type Ports } from "../network/ranges";
import { groupAllows, rulesOf } from "../network/security-groups";
import { exitOf, type Subnet, subnetOf } from "../network/subnets";

export const HTTPS = 443;

export interface End {
  readonly subnets: readonly Subnet[];
  readonly groups: readonly Resource[];
}

/** An end whose subnets are all known. */
export function known({
  subnets,
  groups,
}: {
  readonly subnets: readonly Subnet[] | undefined;
  readonly groups: readonly Resource[];
}): End | undefined {
  return subnets && { subnets, groups };
}

/** Why a flow between two tiers does not pass, between any two of their zones. */
export function flowFaults(graph: Graph, from: End, to: End, port: number, what: string): string[] {
  const pairs = from.groups.flatMap((source) => to.groups.map((target) => [source, target] as const));
  const allowed = (direction: "ingress" | "egress"): boolean =>
    pairs.some(([source, target]) => {
      const [group, peer, places] = direction === "egress" ? [source, target, to.subnets] : [target, source, from.subnets];
      const rules = rulesOf(graph, group);
      return (
        groupAllows(rules, direction, port, { group: peer.address }) ||
        places.every(({ cidr }) => groupAllows(rules, direction, port, { cidr }))
      );
    });
  const ports: Ports = [port, port];
  return [
    ...(allowed("egress") ? [] : [`${what}: no security group of the sender allows port ${port}.`]),
    ...(allowed("ingress") ? [] : [`${what}: no security group of the receiver allows port ${port}.`]),
    ...from.subnets.flatMap((source) =>
      to.subnets.flatMap((target) => [
        ...passes(source, "out", target.cidr, ports, what),
        ...passes(target, "in", source.cidr, ports, what),
        ...passes(target, "out", source.cidr, EPHEMERAL, `answers of ${what}`),
        ...passes(source, "in", target.cidr, EPHEMERAL, `answers of ${what}`),
      ]),
    ),
  ];
}

/** Why a network ACL does not let packets pass. */
export function passes({ address, acl }: Subnet, direction: "in" | "out", cidr: string, ports: Ports, what: string): string[] {
  if (aclAllows(acl, direction, cidr, ports)) return [];
  const range = ports[0] === ports[1] ? `port ${ports[0]}` : `all of the ports ${ports[0]} to ${ports[1]}`;
  return [`The network ACL of ${address} does not allow ${range} ${direction === "in" ? "from" : "to"} ${cidr}: ${what}.`];
}

/** The way of a request through the NAT gateway of a subnet: out of it, and through the subnet of the gateway, and back. */
export function natPathFaults(graph: Graph, subnet: Subnet): string[] {
  const exit = exitOf(subnet);
  const place = exit?.kind === "nat" ? subnetOf(graph, exit.gateway.values["subnet_id"]) : undefined;
  if (!place) return [`The NAT gateway of ${subnet.address} is in a subnet that is not in this JSON.`];
  const ports: Ports = [HTTPS, HTTPS];
  const what = "requests of tasks to the internet";
  return [
    ...passes(subnet, "out", ANYWHERE, ports, what),
    ...passes(place, "in", subnet.cidr, ports, what),
    ...passes(place, "out", ANYWHERE, ports, what),
    ...passes(place, "in", ANYWHERE, EPHEMERAL, `answers to ${what}`),
    ...passes(place, "out", subnet.cidr, EPHEMERAL, `answers to ${what}`),
    ...passes(subnet, "in", ANYWHERE, EPHEMERAL, `answers to ${what}`),
  ];
}
