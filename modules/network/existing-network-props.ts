import type { Tier } from "../../config/cidr";
import type { RegionScope } from "../../config/naming";

export interface ExistingNetworkProps extends RegionScope {
  /** The VPC. Another one would require another database: a plan that changes it fails. */
  readonly vpcId: string;
  /** Zones of the region, in the order of the subnets. */
  readonly zones: readonly string[];
  /** Subnets of each tier, in the order of the zones. Those of data can be appended, with a zone, and not exchanged. */
  readonly subnetIds: Readonly<Record<Tier, readonly string[]>>;
  /** IPv4 CIDR blocks that tasks reach, on routes of the network's owner. Empty: S3 through a gateway endpoint only. */
  readonly outboundCidrs: readonly string[];
  /** Whether clients reach the load balancer from the internet. Otherwise, the public subnets need no route to it. */
  readonly internetClients: boolean;
  /** Whether the platform creates interface endpoints in the VPC. */
  readonly interfaceEndpoints: boolean;
  /** The most tasks that run in the region at once. A deployment runs twice as many, each with an address. */
  readonly tasks: number;
  /** Security group of the tasks that the first apply creates, by its component: `service`. */
  readonly taskGroupRole: string;
}
