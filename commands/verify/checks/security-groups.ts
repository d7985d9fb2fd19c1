import { type Check, compareSets } from "../check";
import type { LiveRegion } from "../live-region";

export const SECURITY_GROUPS: readonly Check<LiveRegion>[] = [
  {
    requirement: "Only the load balancer's security group allows traffic from IP address ranges",
    requirementIds: ["S002-6.3", "S003-9.3", "S003-9.4", "S003-9.5", "S003-9.6", "S004-T10", "S004-C7"],
    violations: async (live) => {
      const loadBalancer = live.ownNames.of("security_group", "load-balancer");
      return (await live.securityGroups()).flatMap(({ GroupName = "", GroupId, IpPermissions = [] }) => {
        const ranges = IpPermissions.flatMap(({ IpRanges = [], Ipv6Ranges = [] }) => [
          ...IpRanges.map(({ CidrIp = "" }) => CidrIp),
          ...Ipv6Ranges.map(({ CidrIpv6 = "" }) => CidrIpv6),
        ]);
        return GroupName === loadBalancer ? [] : ranges.map((range) => `${GroupName} (${GroupId}) allows ${range}`);
      });
    },
  },
  {
    requirement: "Security groups allow exactly the configured inbound traffic",
    requirementIds: [
      "S000-2.4",
      "S002-6.3",
      "S002-S4",
      "S003-5.5",
      "S003-9.1",
      "S003-9.2",
      "S003-9.3",
      "S003-9.4",
      "S003-9.5",
      "S003-C9",
      "S003-S5",
      "S003-D13",
      "S004-T10",
    ],
    violations: async (live) => {
      const groups = await live.securityGroups();
      const nameOfGroup = new Map(groups.map(({ GroupId, GroupName = "" }) => [GroupId, GroupName]));
      const actual = groups.flatMap(({ GroupName, IpPermissions = [] }) =>
        IpPermissions.flatMap(
          ({ IpProtocol, FromPort, ToPort, UserIdGroupPairs = [], IpRanges = [], Ipv6Ranges = [], PrefixListIds = [] }) =>
            [
              ...UserIdGroupPairs.map(({ GroupId }) => nameOfGroup.get(GroupId) ?? GroupId),
              ...IpRanges.map(({ CidrIp }) => CidrIp),
              ...Ipv6Ranges.map(({ CidrIpv6 }) => CidrIpv6),
              ...PrefixListIds.map(({ PrefixListId }) => PrefixListId),
            ].map((from) => ingressText(from, GroupName, IpProtocol, FromPort, ToPort)),
        ),
      );
      return compareSets(actual, desiredIngress(live), { missing: "is not allowed", extra: "is allowed and not configured" });
    },
  },
];

function ingressText(from: unknown, to: unknown, protocol: unknown, fromPort: unknown, toPort: unknown): string {
  return `${String(from)} to ${String(to)} on ${String(protocol)} ${String(fromPort)}-${String(toPort)}`;
}

/** Inbound traffic that the stack's rules allow. */
function desiredIngress(live: LiveRegion): string[] {
  const { expected } = live.environment;
  const groupNamed = (stack: string, reference: unknown): string => {
    const group = expected.referenced(stack, reference);
    return group ? live.text(group, "name") : String(reference);
  };
  return live.resources("aws_vpc_security_group_ingress_rule").map(({ stack, values }) => {
    const peer = values["cidr_ipv4"] ?? groupNamed(stack, values["referenced_security_group_id"]);
    return ingressText(peer, groupNamed(stack, values["security_group_id"]), values["ip_protocol"], values["from_port"], values["to_port"]);
  });
}
