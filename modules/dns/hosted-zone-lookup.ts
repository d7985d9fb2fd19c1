import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { Construct } from "constructs";

export interface HostedZoneLookupProps {
  /** Name of the zone without a trailing dot. */
  readonly zoneName: string;
  /** ID of the zone. @default - the only public zone with that name */
  readonly zoneId?: string | undefined;
}

/** Looks up an existing public hosted zone. The id of another zone fails the plan and not the apply. */
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
