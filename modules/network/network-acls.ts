import { NetworkAcl } from "@cdktf/provider-aws/lib/network-acl";
import { NetworkAclRule } from "@cdktf/provider-aws/lib/network-acl-rule";
import { Construct } from "constructs";
import { ANYWHERE, type NetworkPlan, type Tier, TIERS } from "../../config/cidr";
import type { Names } from "../../config/naming";

export interface NetworkAclsProps {
  readonly names: Names;
  readonly vpcId: string;
  readonly plan: NetworkPlan;
  readonly subnetIds: Readonly<Record<Tier, string[]>>;
  /** The first service's port, 1024 or more as of all services: those of others are among `ANSWERS`, which are open between the tiers. */
  readonly servicePort: number;
  /** Ports on which the data tier answers tasks: the database's first. Others may be added at the end. */
  readonly dataPorts: readonly number[];
  /** Whether members of the data tier talk to each other: nodes of a cache, or a proxy and its database. */
  readonly withinDataTier: boolean;
}

interface Rule {
  /** Becomes part of the rule's address in the state. */
  readonly id: string;
  readonly direction: "in" | "out";
  readonly cidr: string;
  readonly ports: readonly [from: number, to: number];
}

/**
 * Ports on which answers come back: network ACLs keep no memory of a connection. They let requests to any service through
 * as well, because no service may listen below them; which of them, the security groups decide.
 */
const ANSWERS = [1024, 65535] as const;
const HTTP = [80, 80] as const;
const HTTPS = [443, 443] as const;

/**
 * The second fence behind the security groups: a tier talks to its neighbour and nobody else. DNS, time and task
 * metadata of AWS need no rule; network ACLs do not see them.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/nacl-basics.html
 */
function aclRules({ plan, servicePort, dataPorts, withinDataTier }: NetworkAclsProps): Readonly<Record<Tier, readonly Rule[]>> {
  const service = [servicePort, servicePort] as const;
  const [database = 0, ...others] = dataPorts;
  return {
    public: [
      { id: "clients-https", direction: "in", cidr: ANYWHERE, ports: HTTPS },
      { id: "clients-http", direction: "in", cidr: ANYWHERE, ports: HTTP },
      { id: "answers-in", direction: "in", cidr: ANYWHERE, ports: ANSWERS },
      { id: "requests-to-tasks", direction: "out", cidr: plan.application.cidr, ports: service },
      { id: "nat-https", direction: "out", cidr: ANYWHERE, ports: HTTPS },
      { id: "answers-out", direction: "out", cidr: ANYWHERE, ports: ANSWERS },
    ],
    application: [
      { id: "requests-from-load-balancer", direction: "in", cidr: plan.public.cidr, ports: service },
      { id: "endpoints-https", direction: "in", cidr: plan.application.cidr, ports: HTTPS },
      { id: "answers-in", direction: "in", cidr: ANYWHERE, ports: ANSWERS },
      { id: "queries-to-database", direction: "out", cidr: plan.data.cidr, ports: [database, database] },
      { id: "apis-https", direction: "out", cidr: ANYWHERE, ports: HTTPS },
      { id: "answers-to-load-balancer", direction: "out", cidr: plan.public.cidr, ports: ANSWERS },
      { id: "answers-from-endpoints", direction: "out", cidr: plan.application.cidr, ports: ANSWERS },
      // At the end, so that no other rule gets another number and is replaced.
      ...others.map((port) => ({ id: `queries-to-${port}`, direction: "out", cidr: plan.data.cidr, ports: [port, port] }) as const),
    ],
    data: [
      { id: "queries-from-tasks", direction: "in", cidr: plan.application.cidr, ports: [database, database] },
      { id: "answers-to-tasks", direction: "out", cidr: plan.application.cidr, ports: ANSWERS },
      ...others.map((port) => ({ id: `queries-on-${port}`, direction: "in", cidr: plan.application.cidr, ports: [port, port] }) as const),
      ...(withinDataTier
        ? ([
            { id: "within-in", direction: "in", cidr: plan.data.cidr, ports: ANSWERS },
            { id: "within-out", direction: "out", cidr: plan.data.cidr, ports: ANSWERS },
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
}
