import { DescribeNetworkAclsCommand, type NetworkAclEntry } from "@aws-sdk/client-ec2";
import { TIERS } from "../../../config/cidr";
import { type Check, checkEach, compareSets } from "../check";
import { type LiveRegion, subnetName } from "../live-region";

/** Numbers of the rules that AWS adds at the end of every network ACL, one for IPv4 and one for IPv6. */
const LAST_RULES = [32767, 32768];

/** Protocols by their numbers. */
const PROTOCOLS: Readonly<Record<string, string>> = { "1": "icmp", "6": "tcp" };

export const NETWORK_ACLS: readonly Check<LiveRegion>[] = [
  {
    requirement: "Each subnet tier has its own network ACL with exactly the configured rules",
    requirementIds: ["S002-6.3", "S002-S4", "S003-1.5", "S003-S5"],
    appliesTo: ({ existingVpc }) => !existingVpc,
    violations: async (live) => {
      const { NetworkAcls = [] } = await live.own.ec2.send(new DescribeNetworkAclsCommand({ Filters: await live.inVpc() }));
      return checkEach(TIERS, async (tier) => {
        const name = live.ownNames.of("network_acl", tier);
        const acl = NetworkAcls.find(({ Tags = [] }) => Tags.some(({ Key, Value }) => Key === "Name" && Value === name));
        if (!acl) return [`${name} does not exist`];
        const behind = new Set(acl.Associations?.map(({ SubnetId }) => SubnetId));
        const outside = (await live.subnetsOf(tier)).filter(({ SubnetId }) => !behind.has(SubnetId));
        const entries = (acl.Entries ?? []).filter(({ RuleNumber }) => !LAST_RULES.includes(RuleNumber ?? 0));
        const rules = compareSets(entries.map(actualRule), desiredRules(live, name), {
          missing: "is missing",
          extra: "is not configured",
        });
        return [
          ...outside.map((subnet) => `${subnetName(subnet)} is not associated with ${name}`),
          ...rules.map((rule) => `${name}: ${rule}`),
        ];
      });
    },
  },
];

/** A rule of AWS, in the words of `ruleText`. */
function actualRule(entry: NetworkAclEntry): string {
  const { Egress, RuleAction, Protocol, CidrBlock, Ipv6CidrBlock, PortRange, IcmpTypeCode, RuleNumber } = entry;
  const protocol = PROTOCOLS[Protocol ?? ""] ?? Protocol;
  // The type and the code of ICMP are in the place of the ports.
  const [from, to] = protocol === "icmp" ? [IcmpTypeCode?.Type, IcmpTypeCode?.Code] : [PortRange?.From, PortRange?.To];
  return ruleText(RuleNumber, RuleAction, Egress, protocol, CidrBlock ?? Ipv6CidrBlock, from, to);
}

/** The rules that the stack declares for an ACL, in the words of `ruleText`. */
function desiredRules(live: LiveRegion, acl: string): string[] {
  const { expected } = live.environment;
  return live.resources("aws_network_acl_rule").flatMap(({ stack, values }) => {
    const { tags } = (expected.referenced(stack, values["network_acl_id"])?.values ?? {}) as { tags?: { Name?: string } };
    if (tags?.Name !== acl) return [];
    const { rule_number: number, rule_action: action, egress, protocol, cidr_block: block } = values;
    const [from, to] = protocol === "icmp" ? [values["icmp_type"], values["icmp_code"]] : [values["from_port"], values["to_port"]];
    return [ruleText(number, action, egress, protocol, block, from, to)];
  });
}

function ruleText(
  number: unknown,
  action: unknown,
  egress: unknown,
  protocol: unknown,
  block: unknown,
  from: unknown,
  to: unknown,
): string {
  const direction = egress === true ? "out to" : "in from";
  return `rule ${String(number)} (${String(action)} ${direction} ${String(block)} on ${String(protocol)} ${String(from)}-${String(to)})`;
}
