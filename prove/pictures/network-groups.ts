import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";
import { partsOf } from "../network/parts";
import { portNames } from "../network/port-sets";
import { type GroupRule, rulesOf } from "../network/security-groups";
import type { Kind } from "./canvas";

/** A security group that a part of the platform has, and what it allows. */
export interface Group {
  readonly id: string;
  readonly name: string;
  readonly kind: Kind;
  /** `from load balancer: 8080` */
  readonly lines: readonly string[];
  /** Groups from which it accepts connections. */
  readonly from: readonly string[];
}

type PartKind = ReturnType<typeof partsOf>[number]["kind"];

/** From the entry to the stores. */
const ORDER: Readonly<Record<PartKind, readonly [rank: number, kind: Kind]>> = {
  "load balancer": [0, "entry"],
  tasks: [1, "compute"],
  function: [2, "compute"],
  proxy: [3, "data"],
  database: [4, "data"],
  cache: [5, "data"],
  endpoint: [6, "network"],
};

/** The security groups of a region that have a part, in the order in which requests pass them. */
export function groupsOf(stacks: readonly Graph[], graph: Graph): readonly Group[] {
  const parts = partsOf(stacks, graph);
  const owners = new Map(parts.flatMap(({ groups, kind }) => groups.map((group) => [group, kind] as const)));
  return graph
    .all("aws_security_group")
    .flatMap((group) => {
      const owner = owners.get(group.address);
      return owner ? [{ group, owner }] : [];
    })
    .sort((one, other) => ORDER[one.owner][0] - ORDER[other.owner][0])
    .map(({ group, owner }) => {
      const rules = rulesOf(graph, group);
      return {
        id: group.address,
        name: nameOf(group),
        kind: ORDER[owner][1],
        lines: ruleTexts(graph, rules),
        from: rules.flatMap(({ direction, peer }) => (direction === "ingress" && "group" in peer ? [peer.group] : [])),
      };
    });
}

/** `load balancer`, of `aws_security_group.load-balancer_security-group_group`. */
function nameOf({ address }: Pick<Resource, "address">): string {
  return (address.split(".").at(-1) ?? "").split("_")[0]?.replaceAll("-", " ") ?? "";
}

/** What connects: peers with their ports. What another group says from its side is said once, by the group that accepts. */
function ruleTexts(graph: Graph, rules: readonly GroupRule[]): readonly string[] {
  const texts = new Map<string, GroupRule["ports"][]>();
  for (const { direction, ports, peer, by } of rules) {
    if (direction === "egress" && "group" in peer) continue;
    const other = "group" in peer ? nameOf({ address: peer.group }) : "cidr" in peer ? peer.cidr : listName(graph, by);
    const key = `${direction === "ingress" ? "from" : "to"} ${other}`;
    texts.set(key, [...(texts.get(key) ?? []), ports]);
  }
  return [...texts].map(([key, ports]) => `${key}: ${portNames([...ports].sort(([one], [two]) => one - two))}`);
}

/** The service of a prefix list, by the gateway endpoint that has it. */
function listName(graph: Graph, by: Resource): string {
  const target = graph.target(by.values["prefix_list_id"]);
  return (graph.text(target?.values["service_name"] ?? target?.values["name"]) ?? "a prefix list").split(".").at(-1) ?? "";
}
