import type { Graph } from "../graph/graph";
import { callsOutside, isPublic, type Part, partsOf, portsBetween } from "./parts";
import { portNames, without } from "./port-sets";
import type { Ports } from "./ranges";
import { type GroupRule, rulesOf } from "./security-groups";

/** HTTPS, and DNS in VPCs that have resolvers of their own. */
const OUTSIDE: Readonly<Record<string, readonly Ports[]>> = {
  tcp: [
    [443, 443],
    [53, 53],
  ],
  udp: [[53, 53]],
};

/** What security groups let pass that no listener, container, store or endpoint explains. */
export function groupFaults(stacks: readonly Graph[], graph: Graph): readonly string[] {
  const parts = partsOf(stacks, graph);
  const groups = graph.all("aws_security_group");
  return [
    ...groups.flatMap((group) => {
      const own = parts.filter((part) => part.groups.includes(group.address));
      return rulesOf(graph, group).flatMap((rule) => ruleFaults(graph, group.address, own, parts, rule));
    }),
    ...graph
      .all("aws_default_security_group")
      .filter(({ values }) => values["ingress"] !== undefined || values["egress"] !== undefined)
      .map(({ address }) => `${address} has a rule: what is made without a security group gets it.`),
  ];
}

function ruleFaults(graph: Graph, group: string, own: readonly Part[], parts: readonly Part[], rule: GroupRule): readonly string[] {
  const { direction, protocol, ports, peer, by } = rule;
  const name = by.address === group ? group : `${by.address} of ${group}`;
  const side = direction === "ingress" ? "from" : "to";
  if (protocol === "icmp" || protocol === "icmpv6") return isTooBig(ports) ? [] : [`${name} lets ICMP ${side} ${peerName(rule)} pass.`];
  if (protocol !== "tcp" && protocol !== "udp") return [`${name} lets every protocol ${side} ${peerName(rule)} pass.`];
  if ("group" in peer) {
    const others = parts.filter((part) => part.groups.includes(peer.group));
    if (own.length > 0 && others.length === 0) return [`${name} is for ${peer.group}, which belongs to no part.`];
    const explained = own.flatMap((one) =>
      others.flatMap((other) => (direction === "ingress" ? portsBetween(other, one) : portsBetween(one, other))),
    );
    return excess(name, protocol, without([ports], protocol === "tcp" ? explained : []), `${side} ${peer.group}`);
  }
  if (own.length === 0) return [];
  if (direction === "ingress") {
    const explained = own.filter(({ kind }) => kind === "load balancer").flatMap(({ serves }) => serves.map((port): Ports => [port, port]));
    const odd = own.find(({ kind }) => kind !== "load balancer");
    if (odd) return [`${name} lets ${peerName(rule)} reach ${odd.resource.address}.`];
    return excess(name, protocol, without([ports], protocol === "tcp" ? explained : []), `from ${peerName(rule)}`);
  }
  const odd = own.find((part) => !callsOutside(part));
  if (odd) return [`${name} lets ${odd.resource.address} reach ${peerName(rule)}, which it never calls.`];
  if ("other" in peer && !isPrefixList(graph, rule)) return [`${name} is for ${peer.other}, which is nothing in this JSON.`];
  return excess(name, protocol, without([ports], OUTSIDE[protocol] ?? []), `to ${peerName(rule)}`);
}

function excess(name: string, protocol: string, ports: readonly Ports[], where: string): readonly string[] {
  return ports.length === 0 ? [] : [`${name} lets ${protocol.toUpperCase()} ${portNames(ports)} ${where} pass, which nothing needs.`];
}

/** Destination unreachable, fragmentation needed. */
const isTooBig = ([type, code]: Ports): boolean => type === 3 && code === 4;

function isPrefixList(graph: Graph, { by }: GroupRule): boolean {
  const list = by.values["prefix_list_id"];
  return (graph.text(list) ?? "").startsWith("pl-") || /prefix_list|vpc_endpoint/.test(graph.target(list)?.type ?? "");
}

function peerName({ peer }: GroupRule): string {
  return "group" in peer ? peer.group : "cidr" in peer ? peer.cidr : peer.other;
}

/** The flows that are meant, as sentences. */
export function intendedFlows(stacks: readonly Graph[], graph: Graph): readonly string[] {
  const parts = partsOf(stacks, graph);
  const between = parts.flatMap((from) =>
    parts.flatMap((to) => {
      const ports = from === to ? [] : portsBetween(from, to);
      return ports.length === 0 ? [] : [`${from.resource.address} to ${to.resource.address}: ${portNames(ports)}`];
    }),
  );
  return [
    ...parts.filter(isPublic).map(({ resource, serves }) => `the internet to ${resource.address}: ${serves.join(", ")}`),
    ...between,
    ...parts.filter(callsOutside).map(({ resource }) => `${resource.address} to the internet: 443`),
  ];
}
