import type { Graph } from "../graph/graph";
import { aclResourceOf, type NetworkAcl } from "./network-acl";
import { callsOutside, isPublic, type Part, partsOf, portsBetween } from "./parts";
import { portNames, shared, without } from "./port-sets";
import { ANYWHERE, contains, EPHEMERAL, overlap, type Ports } from "./ranges";
import { exitOf, type Subnet, subnetOf } from "./subnets";

const HTTPS: Ports = [443, 443];

/** The subnets of one network ACL, with all that is in them. */
interface Tier {
  /** Address of the network ACL. Undefined for the default one of the VPC. */
  readonly acl: string | undefined;
  readonly subnets: readonly Subnet[];
  readonly rules: NetworkAcl;
  readonly parts: readonly Part[];
  /** A NAT gateway sends what others send to the internet. */
  readonly hasNat: boolean;
}

function tiersOf(stacks: readonly Graph[], graph: Graph): readonly Tier[] {
  const parts = partsOf(stacks, graph);
  const gateways = graph.all("aws_nat_gateway").map(({ values }) => graph.target(values["subnet_id"])?.address);
  const placed = graph.all("aws_subnet").flatMap((resource) => {
    const subnet = subnetOf(graph, `\${${resource.address}.id}`);
    return subnet ? [{ acl: aclResourceOf(graph, resource)?.address, subnet }] : [];
  });
  return [...new Set(placed.map(({ acl }) => acl))].map((acl) => {
    const subnets = placed.filter((one) => one.acl === acl).map(({ subnet }) => subnet);
    const names = subnets.map(({ address }) => address);
    return {
      acl,
      subnets,
      rules: subnets[0]?.acl,
      parts: parts.filter((part) => part.subnets?.some(({ address }) => names.includes(address))),
      hasNat: gateways.some((address) => address !== undefined && names.includes(address)),
    };
  });
}

/** TCP ports that an ACL lets pass for any address of a range, or for any address outside of some ranges. */
function passing(
  acl: NetworkAcl,
  direction: "in" | "out",
  concerns: (cidr: string) => boolean,
  covers: (cidr: string) => boolean,
): readonly Ports[] {
  if (acl === undefined) return [[0, 65535]];
  const rules = acl.filter((rule) => rule.egress === (direction === "out") && (rule.protocol === "tcp" || rule.protocol === "-1"));
  let left: readonly Ports[] = [[0, 65535]];
  let open: readonly Ports[] = [];
  for (const { allow, cidr, ports } of rules) {
    if (!concerns(cidr)) continue;
    if (allow) open = [...open, ...shared(left, [ports])];
    if (!allow && covers(cidr)) left = without(left, [ports]);
  }
  return open;
}

/** What network ACLs let pass that no part needs: between two tiers, and between a tier and the internet. */
export function aclFaults(stacks: readonly Graph[], graph: Graph): readonly string[] {
  const tiers = tiersOf(stacks, graph);
  const own = graph.all("aws_vpc").flatMap(({ values }) => graph.text(values["cidr_block"]) ?? []);
  const controlled = tiers.filter(({ acl }) => acl !== undefined);
  if (controlled.length === 0) return [];
  const outside = {
    concerns: (cidr: string) => !own.some((vpc) => contains(vpc, cidr)),
    covers: (cidr: string) => contains(cidr, ANYWHERE),
  };
  const of = ({ subnets }: Tier) => ({
    concerns: (cidr: string) => subnets.some((subnet) => overlap(cidr, subnet.cidr)),
    covers: (cidr: string) => subnets.every((subnet) => contains(cidr, subnet.cidr)),
  });
  const gateways = graph.all("aws_vpc_endpoint").some(({ values }) => (values["vpc_endpoint_type"] ?? "Gateway") === "Gateway");
  const pairs = controlled.flatMap((from) => controlled.map((to) => [from, to] as const));
  return [
    ...tiers
      .filter(({ acl }) => acl === undefined)
      .flatMap(({ subnets }) => subnets.map(({ address }) => `${address} has no network ACL of this JSON: everything passes.`)),
    ...controlled.flatMap(protocolFaults),
    ...controlled.flatMap((tier) =>
      (["in", "out"] as const).flatMap((direction) => {
        const open = passing(tier.rules, direction, outside.concerns, outside.covers);
        const odd = without(open, withOutside(tier, direction, gateways));
        const side = direction === "in" ? "from" : "to";
        return odd.length === 0 ? [] : [`${tier.acl ?? ""} lets TCP ${portNames(odd)} ${side} the internet pass, which nothing needs.`];
      }),
    ),
    ...pairs.flatMap(([tier, peer]) =>
      (["in", "out"] as const).flatMap((direction) => {
        const { concerns, covers } = of(peer);
        const needed = direction === "in" ? between(peer, tier) : between(tier, peer);
        // A rule for the whole internet is one for every tier as well.
        const odd = without(passing(tier.rules, direction, concerns, covers), [...needed, ...withOutside(tier, direction, gateways)]);
        const side = direction === "in" ? "from" : "to";
        return odd.length === 0
          ? []
          : [`${tier.acl ?? ""} lets TCP ${portNames(odd)} ${side} ${peer.acl ?? ""} pass, which nothing needs.`];
      }),
    ),
  ];
}

/** Ports of requests and answers between a tier and the internet. */
function withOutside({ subnets, parts, hasNat }: Tier, direction: "in" | "out", gateways: boolean): readonly Ports[] {
  const serves = parts.filter(isPublic).flatMap((part) => part.serves.map((port): Ports => [port, port]));
  const calls = hasNat || (parts.some(callsOutside) && (gateways || subnets.some((subnet) => exitOf(subnet) !== undefined)));
  return direction === "in"
    ? [...serves, ...(calls ? [EPHEMERAL] : [])]
    : [...(serves.length > 0 ? [EPHEMERAL] : []), ...(calls ? [HTTPS] : [])];
}

/** Ports of requests from one tier to another, and of the answers to requests of the other. */
function between(from: Tier, to: Tier): readonly Ports[] {
  const requests = (one: Tier, other: Tier): readonly Ports[] => [
    ...one.parts.flatMap((part) => other.parts.flatMap((peer) => portsBetween(part, peer))),
    ...(other.hasNat && one.parts.some(callsOutside) && one.subnets.some((subnet) => exitOf(subnet)?.kind === "nat") ? [HTTPS] : []),
    // Interface endpoints are beside the tasks. Their owner may be another one than that of the ACL.
    ...(one === other && one.parts.some(callsOutside) ? [HTTPS] : []),
  ];
  return [...requests(from, to), ...(requests(to, from).length > 0 ? [EPHEMERAL] : [])];
}

/** Rules for other protocols than TCP, apart from the message that a packet is too large. */
function protocolFaults({ acl = "", rules = [] }: Tier): readonly string[] {
  return rules
    .filter(({ allow, protocol }) => allow && protocol !== "tcp")
    .filter(({ protocol, icmp: [type, code] }) => !(protocol === "icmp" && type === 3 && code === 4))
    .map(({ by, protocol }) => `${acl} lets ${protocol === "-1" ? "every protocol" : protocol.toUpperCase()} pass, by ${by.address}.`);
}

/**
 * Whether an ACL lets the message pass that a packet is too large for the path: ICMP type 3, code 4. Without it, large answers get lost.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html#path_mtu_discovery
 */
export function passesTooBig(acl: NetworkAcl, direction: "in" | "out"): boolean {
  if (acl === undefined) return true;
  const first = acl.find(
    ({ egress, protocol, icmp: [type, code], cidr, allow }) =>
      egress === (direction === "out") &&
      (protocol === "-1" || (protocol === "icmp" && [3, -1].includes(type) && [4, -1].includes(code))) &&
      (!allow || contains(cidr, ANYWHERE)),
  );
  return first?.allow === true;
}

/** Subnets whose packets go to the internet, or come from there: those of load balancers, NAT gateways and tasks behind them. */
export function facingOutside(stacks: readonly Graph[], graph: Graph): readonly Subnet[] {
  return tiersOf(stacks, graph)
    .filter(
      ({ subnets, parts, hasNat }) =>
        hasNat || parts.some(isPublic) || (parts.some(callsOutside) && subnets.some((one) => exitOf(one) !== undefined)),
    )
    .flatMap(({ subnets }) => subnets);
}
