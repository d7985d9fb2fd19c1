import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { ITerraformDependable } from "cdktf";
import type { Metric, Widget } from "../monitoring/metric";
import type { SecurityGroup } from "../security/security-group";
import type { Egress } from "./egress";

/** A VPC with a public, an application and a data subnet in each zone: one that the platform creates, or one that exists. */
export interface Network {
  readonly vpcId: string;
  /** Subnets of the load balancer, one per zone as in the other tiers. */
  readonly publicSubnetIds: string[];
  readonly applicationSubnetIds: string[];
  readonly dataSubnetIds: string[];
  /** IDs of the zones by their names, which differ between accounts: `use1-az1` (known after apply). */
  readonly zoneIds: ReadonlyMap<string, string>;
  /** Exists once application subnets have outbound access. */
  readonly outboundReady: readonly ITerraformDependable[];
  /** Exists once a load balancer for clients in the internet can be created. */
  readonly internetReady: ITerraformDependable;
  /** Alarms of the network by zone. */
  readonly zoneAlarms: ReadonlyMap<string, readonly CloudwatchMetricAlarm[]>;
  readonly widgets: readonly Widget[];
  /**
   * Flow log records. The VPC has some from its creation on: a network interface reports also without traffic. Undefined where
   * another owner has the flow logs.
   */
  readonly flowLogEvents: Metric | undefined;

  /** Allows HTTPS from a security group to destinations outside the VPC. */
  allowEgress(group: SecurityGroup, egress: Egress): void;
}
