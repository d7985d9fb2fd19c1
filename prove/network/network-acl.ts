import type { Graph } from "../graph/graph";
import { blocks, type Resource, text } from "../graph/values";
import { ANYWHERE, contains, overlap, type Ports, portsContain, portsOverlap } from "./ranges";

interface AclRule {
  readonly number: number;
  readonly egress: boolean;
  readonly allow: boolean;
  /** `tcp`, or `-1` for every protocol. */
  readonly protocol: string;
  readonly cidr: string;
  readonly ports: Ports;
  /** Type and code of an ICMP message, of which -1 is every one. */
  readonly icmp: readonly [type: number, code: number];
  /** The resource that has the rule. */
  readonly by: Resource;
}

/** The rules of a network ACL by number. Undefined for a subnet with the default ACL of its VPC, which allows everything. */
export type NetworkAcl = readonly AclRule[] | undefined;

export function aclOf(graph: Graph, subnet: Resource): NetworkAcl {
  const acl = aclResourceOf(graph, subnet);
  if (!acl) return undefined;
  const own = graph
    .referring("aws_network_acl_rule", "network_acl_id", acl)
    .map((by) => ruleOf(by.values, by.values["egress"] === true, by));
  const inline = (["ingress", "egress"] as const).flatMap((direction) =>
    blocks(acl.values[direction]).map((rule) => ruleOf(rule, direction === "egress", acl)),
  );
  return [...own, ...inline].sort((one, other) => one.number - other.number);
}

export function aclResourceOf(graph: Graph, subnet: Resource): Resource | undefined {
  return [
    ...graph.referring("aws_network_acl", "subnet_ids", subnet),
    ...graph
      .referring("aws_network_acl_association", "subnet_id", subnet)
      .flatMap(({ values }) => graph.target(values["network_acl_id"]) ?? []),
  ][0];
}

const PROTOCOLS: Readonly<Record<string, string>> = { "6": "tcp", "17": "udp", "1": "icmp" };

function ruleOf(values: Readonly<Record<string, unknown>>, egress: boolean, by: Resource): AclRule {
  const protocol = text(values["protocol"]) ?? "-1";
  const every = protocol === "-1" || protocol === "all";
  return {
    by,
    number: Number(values["rule_number"] ?? values["rule_no"]),
    egress,
    allow: text(values["rule_action"] ?? values["action"]) === "allow",
    protocol: every ? "-1" : (PROTOCOLS[protocol] ?? protocol),
    cidr: typeof values["cidr_block"] === "string" ? values["cidr_block"] : ANYWHERE,
    ports: every ? [0, 65535] : [Number(values["from_port"] ?? 0), Number(values["to_port"] ?? 65535)],
    icmp: [Number(values["icmp_type"] ?? -1), Number(values["icmp_code"] ?? -1)],
  };
}

/**
 * Whether an ACL lets all TCP packets of a flow pass: the first rule that matches any of them decides, and must allow all of them.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
 */
export function aclAllows(acl: NetworkAcl, direction: "in" | "out", cidr: string, ports: Ports): boolean {
  if (acl === undefined) return true;
  const first = acl.find(
    (rule) =>
      rule.egress === (direction === "out") &&
      (rule.protocol === "tcp" || rule.protocol === "-1") &&
      overlap(rule.cidr, cidr) &&
      portsOverlap(rule.ports, ports) &&
      (rule.allow ? contains(rule.cidr, cidr) && portsContain(rule.ports, ports) : true),
  );
  return first?.allow === true;
}
