import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { Construct } from "constructs";

export interface HostedZoneLookupProps {
  /** Name of the zone without a closing dot. */
  readonly zoneName: string;
  /** @default - the public zone of that name, which must be the only one */
  readonly zoneId?: string | undefined;
}

/** A public hosted zone that exists: looked up, so that an id of another zone stops the plan and not the apply. */
export class HostedZoneLookup extends Construct {
  readonly zoneId: string;

  constructor(scope: Construct, id: string, { zoneName, zoneId }: HostedZoneLookupProps) {
    super(scope, id);
    const zone = new DataAwsRoute53Zone(this, "zone", {
      ...(zoneId === undefined ? { name: zoneName } : { zoneId }),
      privateZone: false,
      lifecycle: {
        postcondition: [
          {
            condition: `\${trimsuffix(self.name, ".") == "${zoneName}"}`,
            errorMessage: `dns.zone_id ${zoneId ?? ""} is not the id of the zone ${zoneName}. Edit terraform.tfvars and run cdktf synth again.`,
          },
        ],
      },
    });
    this.zoneId = zone.zoneId;
  }
}
