import type { Graph } from "../graph/graph";
import { blocks, type Resource, text } from "../graph/values";
import { contains, type Ports, portsContain } from "./ranges";

type Direction = "ingress" | "egress";

/** The other side of a rule: a group, a range of addresses, or something else, such as a prefix list. */
type Peer = { readonly group: string } | { readonly cidr: string } | { readonly other: string };

export interface GroupRule {
  readonly direction: Direction;
  /** `tcp`, or `-1` for every protocol. */
  readonly protocol: string;
  readonly ports: Ports;
  readonly peer: Peer;
  /** The resource that has the rule. */
  readonly by: Resource;
}

/** The rules of a security group: those in resources of their own, of both kinds, and those in the group. */
export function rulesOf(graph: Graph, group: Resource): readonly GroupRule[] {
  const separate = (["ingress", "egress"] as const).flatMap((direction) =>
    graph.referring(`aws_vpc_security_group_${direction}_rule`, "security_group_id", group).map((by) => ({
      by,
      direction,
      protocol: protocolOf(by.values["ip_protocol"]),
      ports: portsOf(by.values["ip_protocol"], by.values),
      peer: peerOf(
        graph,
        by.values["referenced_security_group_id"],
        by.values["cidr_ipv4"],
        by.values["prefix_list_id"] ?? by.values["cidr_ipv6"],
      ),
    })),
  );
  const older = graph.referring("aws_security_group_rule", "security_group_id", group).flatMap((by) =>
    peersOf(graph, by.values, "source_security_group_id").map((peer) => ({
      by,
      direction: text(by.values["type"]) as Direction,
      protocol: protocolOf(by.values["protocol"]),
      ports: portsOf(by.values["protocol"], by.values),
      peer: by.values["self"] === true ? { group: group.address } : peer,
    })),
  );
  const inline = (["ingress", "egress"] as const).flatMap((direction) =>
    blocks(group.values[direction]).flatMap((rule) =>
      peersOf(graph, rule, "security_groups").map((peer) => ({
        by: group,
        direction,
        protocol: protocolOf(rule["protocol"]),
        ports: portsOf(rule["protocol"], rule),
        peer: rule["self"] === true ? { group: group.address } : peer,
      })),
    ),
  );
  return [...separate, ...older, ...inline];
}

const PROTOCOLS: Readonly<Record<string, string>> = { "6": "tcp", "17": "udp", "1": "icmp", all: "-1" };

function protocolOf(protocol: unknown): string {
  const name = (text(protocol) ?? "-1").toLowerCase();
  return PROTOCOLS[name] ?? name;
}

function portsOf(protocol: unknown, values: Readonly<Record<string, unknown>>): Ports {
  return text(protocol) === "-1" ? [0, 65535] : [Number(values["from_port"]), Number(values["to_port"])];
}

function peerOf(graph: Graph, group: unknown, cidr: unknown, list: unknown): Peer {
  const referenced = graph.target(group);
  if (referenced) return { group: referenced.address };
  const range = graph.text(cidr);
  if (range !== undefined && !range.includes("${")) return { cidr: range };
  return { other: text(group ?? range ?? list) ?? "unknown" };
}

function peersOf(graph: Graph, values: Readonly<Record<string, unknown>>, groups: string): readonly Peer[] {
  const ranges = blocks(values["cidr_blocks"]).map((cidr) => peerOf(graph, undefined, cidr, undefined));
  const referenced = blocks(values[groups]).map((group) => peerOf(graph, group, undefined, undefined));
  const found = [...ranges, ...referenced];
  return found.length > 0 ? found : [{ other: "unknown" }];
}

/** Whether a group allows TCP to or from a peer on a port. Security groups are stateful: answers need no rule. */
export function groupAllows(rules: readonly GroupRule[], direction: Direction, port: number, peer: Peer): boolean {
  return rules.some(
    (rule) =>
      rule.direction === direction &&
      portsContain(rule.ports, [port, port]) &&
      (("group" in peer && "group" in rule.peer && rule.peer.group === peer.group) ||
        ("cidr" in peer && "cidr" in rule.peer && contains(rule.peer.cidr, peer.cidr))),
  );
}
