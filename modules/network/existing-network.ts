import { DataAwsPrefixList } from "@cdktf/provider-aws/lib/data-aws-prefix-list";
import { DataResource, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { TIERS } from "../../config/cidr";
import type { SecurityGroup } from "../security/security-group";
import { firstValue } from "../state/first-value";
import { allowEgress, type Egress, type EgressRoutes } from "./egress";
import { lookUpNetwork } from "./existing-network-lookup";
import type { ExistingNetworkProps } from "./existing-network-props";
import { networkRequirements } from "./existing-network-requirements";
import type { Network } from "./network";

/**
 * A VPC with subnets, routes and egress of another owner. The platform reads them and creates nothing of them: no network ACL,
 * gateway endpoint, flow log or route. A plan fails, with a sentence for each, while the VPC lacks what the platform requires.
 *
 * IDs are literals, so that a plan of the other resources needs no look-up. Look-ups of the plan are lists, which are empty
 * where a resource is missing: a destroy works after the owner has changed the network.
 */
export class ExistingNetwork extends Construct implements Network {
  readonly vpcId: string;
  readonly publicSubnetIds: string[];
  readonly applicationSubnetIds: string[];
  readonly dataSubnetIds: string[];
  readonly zoneIds: ReadonlyMap<string, string>;
  readonly outboundReady: readonly ITerraformDependable[];
  readonly internetReady: ITerraformDependable;
  readonly zoneAlarms = new Map<string, never>();
  readonly widgets = [];
  readonly flowLogEvents = undefined;
  private readonly egressRoutes: EgressRoutes;

  constructor(scope: Construct, id: string, props: ExistingNetworkProps) {
    super(scope, id);
    const { names, region, vpcId, zones, subnetIds } = props;
    this.vpcId = vpcId;
    this.publicSubnetIds = [...subnetIds.public];
    this.applicationSubnetIds = [...subnetIds.application];
    this.dataSubnetIds = [...subnetIds.data];

    const prefixList = (service: string): string => new DataAwsPrefixList(this, service, { name: `com.amazonaws.${region}.${service}` }).id;
    const prefixLists = { s3: prefixList("s3"), dynamodb: prefixList("dynamodb") };
    this.egressRoutes = { prefixLists, toPrefixLists: "through the existing VPC", toCidrs: "through the existing VPC" };

    const found = lookUpNetwork(this, {
      vpcId,
      subnetIds: TIERS.flatMap((tier) => subnetIds[tier]),
      s3PrefixListId: prefixLists.s3,
      taskGroup: names.of("security_group", props.taskGroupRole),
    });
    this.zoneIds = new Map(zones.map((zone, index) => [zone, found.zoneIdOf(subnetIds.public[index] ?? "")]));
    const requirements = new DataResource(this, "requirements", {
      lifecycle: {
        precondition: networkRequirements({
          ...props,
          found,
          first: {
            // The address under which a network of the platform keeps its range: neither kind can become the other.
            network: firstValue(this, "first-range", `of the existing VPC ${vpcId}`),
            zones: firstValue(this, "first-zones", zones.join(",")),
            dataSubnets: firstValue(this, "first-data-subnets", subnetIds.data.join(",")),
          },
        }),
      },
    });
    this.outboundReady = [requirements];
    this.internetReady = requirements;
  }

  allowEgress(group: SecurityGroup, egress: Egress): void {
    allowEgress(group, egress, this.egressRoutes);
  }
}
