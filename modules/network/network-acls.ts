import { NetworkAcl } from "@cdktf/provider-aws/lib/network-acl";
import { NetworkAclRule } from "@cdktf/provider-aws/lib/network-acl-rule";
import { Construct } from "constructs";
import { ANYWHERE, type NetworkPlan, type Tier, TIERS } from "../../config/cidr";
import type { Names } from "../../config/naming";

export interface NetworkAclsProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** ID of the VPC. Changing it replaces the resources in it. */
  readonly vpcId: string;
  /** Ranges of the subnets of each tier, by zone. */
  readonly plan: NetworkPlan;
  /** IDs of the subnets of each tier. */
  readonly subnetIds: Readonly<Record<Tier, string[]>>;
  /** Port of the primary service, 1024 or higher. The ports of additional services are in `EPHEMERAL_PORTS`, which the tiers allow. */
  readonly servicePort: number;
  /** Ports of the data tier: the database first. Append others at the end. */
  readonly dataPorts: readonly number[];
  /** Whether the data tier has internal traffic: between the nodes of a cache, or between a proxy and its database. */
  readonly withinDataTier: boolean;
}

interface Rule {
  /** Part of the rule's address in the state. */
  readonly id: string;
  readonly direction: "in" | "out";
  readonly cidr: string;
  readonly ports: readonly [from: number, to: number];
}

/**
 * Ephemeral ports, for the return traffic: network ACLs are stateless. The range also allows requests to all services,
 * whose ports are 1024 or higher; security groups restrict those.
 */
const EPHEMERAL_PORTS = [1024, 65535] as const;
const HTTP = [80, 80] as const;
const HTTPS = [443, 443] as const;

/**
 * The second layer after the security groups: a tier exchanges traffic with the adjacent tier only. Amazon DNS, the time
 * service and task metadata require no rule, because network ACLs do not apply to them.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/nacl-basics.html
 */
function aclRules({ plan, servicePort, dataPorts, withinDataTier }: NetworkAclsProps): Readonly<Record<Tier, readonly Rule[]>> {
  const service = [servicePort, servicePort] as const;
  const [database = 0, ...others] = dataPorts;
  return {
    public: [
      { id: "clients-https", direction: "in", cidr: ANYWHERE, ports: HTTPS },
      { id: "clients-http", direction: "in", cidr: ANYWHERE, ports: HTTP },
      { id: "return-traffic-in", direction: "in", cidr: ANYWHERE, ports: EPHEMERAL_PORTS },
      { id: "requests-to-tasks", direction: "out", cidr: plan.application.cidr, ports: service },
      { id: "nat-https", direction: "out", cidr: ANYWHERE, ports: HTTPS },
      { id: "return-traffic-out", direction: "out", cidr: ANYWHERE, ports: EPHEMERAL_PORTS },
    ],
    application: [
      { id: "requests-from-load-balancer", direction: "in", cidr: plan.public.cidr, ports: service },
      { id: "endpoints-https", direction: "in", cidr: plan.application.cidr, ports: HTTPS },
      { id: "return-traffic-in", direction: "in", cidr: ANYWHERE, ports: EPHEMERAL_PORTS },
      { id: "queries-to-database", direction: "out", cidr: plan.data.cidr, ports: [database, database] },
      { id: "apis-https", direction: "out", cidr: ANYWHERE, ports: HTTPS },
      { id: "return-traffic-to-load-balancer", direction: "out", cidr: plan.public.cidr, ports: EPHEMERAL_PORTS },
      { id: "return-traffic-from-endpoints", direction: "out", cidr: plan.application.cidr, ports: EPHEMERAL_PORTS },
      // At the end, so that no existing rule gets another number and is replaced.
      ...others.map((port) => ({ id: `queries-to-${port}`, direction: "out", cidr: plan.data.cidr, ports: [port, port] }) as const),
    ],
    data: [
      { id: "queries-from-tasks", direction: "in", cidr: plan.application.cidr, ports: [database, database] },
      { id: "return-traffic-to-tasks", direction: "out", cidr: plan.application.cidr, ports: EPHEMERAL_PORTS },
      ...others.map((port) => ({ id: `queries-on-${port}`, direction: "in", cidr: plan.application.cidr, ports: [port, port] }) as const),
      ...(withinDataTier
        ? ([
            { id: "internal-in", direction: "in", cidr: plan.data.cidr, ports: EPHEMERAL_PORTS },
            { id: "internal-out", direction: "out", cidr: plan.data.cidr, ports: EPHEMERAL_PORTS },
          ] as const)
        : []),
    ],
  };
}

/** One network ACL per tier, with standalone rules in the order of `aclRules`. */
export class NetworkAcls extends Construct {
  constructor(scope: Construct, id: string, props: NetworkAclsProps) {
    super(scope, id);
    const { names, vpcId, subnetIds } = props;
    const rules = aclRules(props);
    for (const tier of TIERS) {
      const tierScope = new Construct(this, tier);
      const acl = new NetworkAcl(tierScope, "acl", { vpcId, subnetIds: subnetIds[tier], tags: { Name: names.of("network_acl", tier) } });
      // The data tier has no route out of the VPC.
      if (tier !== "data") this.allowPathMtuDiscovery(tierScope, acl);
      rules[tier].forEach(({ id, direction, cidr, ports }, index) => {
        new NetworkAclRule(tierScope, id, {
          networkAclId: acl.id,
          egress: direction === "out",
          ruleNumber: 100 + index * 10,
          ruleAction: "allow",
          protocol: "tcp",
          cidrBlock: cidr,
          fromPort: ports[0],
          toPort: ports[1],
        });
      });
    }
  }

  /**
   * Allows the message "fragmentation needed", without which a sender does not learn that its packets are too large.
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html#path_mtu_discovery
   */
  private allowPathMtuDiscovery(scope: Construct, acl: NetworkAcl): void {
    for (const egress of [false, true])
      new NetworkAclRule(scope, `path-mtu-discovery-${egress ? "out" : "in"}`, {
        networkAclId: acl.id,
        egress,
        ruleNumber: 90,
        ruleAction: "allow",
        protocol: "icmp",
        icmpType: 3,
        icmpCode: 4,
        cidrBlock: ANYWHERE,
      });
  }
}
