import { Route53Zone } from "@cdktf/provider-aws/lib/route53-zone";
import { Construct } from "constructs";

export interface HostedZoneProps {
  /** Domain of the zone. Changing it replaces the zone and its name servers. */
  readonly zoneName: string;
  /** Whether deleting the zone also deletes records that Terraform does not manage. */
  readonly forceDestroy: boolean;
}

/** A public hosted zone that Terraform manages. Its names resolve once the parent zone delegates to its name servers. */
export class HostedZone extends Construct {
  readonly nameServers: string[];

  constructor(scope: Construct, id: string, { zoneName, forceDestroy }: HostedZoneProps) {
    super(scope, id);
    this.nameServers = new Route53Zone(this, "zone", { name: zoneName, comment: "Standfast", forceDestroy }).nameServers;
  }
}
