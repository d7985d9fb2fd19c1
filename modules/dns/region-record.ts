import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";

export interface RegionRecordProps {
  /** ID of the public hosted zone. */
  readonly zoneId: string;
  /** DNS name of this region. */
  readonly domainName: string;
  /** DNS name and hosted zone of the load balancer to which the record resolves. */
  readonly loadBalancer: { readonly dnsName: string; readonly zoneId: string };
}

/** The DNS name of the load balancer of one region. Failover records and health checks refer to this name and not to the stack of the region. */
export class RegionRecord extends Construct {
  constructor(scope: Construct, id: string, { zoneId, domainName, loadBalancer }: RegionRecordProps) {
    super(scope, id);
    new Route53Record(this, "record", {
      zoneId,
      name: domainName,
      type: "A",
      alias: { name: loadBalancer.dnsName, zoneId: loadBalancer.zoneId, evaluateTargetHealth: true },
    });
  }
}
