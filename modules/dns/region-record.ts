import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";

export interface RegionRecordProps {
  readonly zoneId: string;
  /** Name under which this region alone answers. */
  readonly domainName: string;
  readonly loadBalancer: { readonly dnsName: string; readonly zoneId: string };
}

/** The name of one region's load balancer: what failover records and health checks know it by, without asking the region. */
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
