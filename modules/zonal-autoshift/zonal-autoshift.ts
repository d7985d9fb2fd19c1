import { CloudformationStack } from "@cdktf/provider-aws/lib/cloudformation-stack";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";

export interface ZonalAutoshiftProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** ARN of the load balancer whose traffic AWS shifts. */
  readonly loadBalancerArn: string;
  /** ARN of the alarm that ends a practice run. */
  readonly outcomeAlarmArn: string;
  /** Windows in UTC in which no practice run starts: `Mon:08:00-Mon:18:00`. */
  readonly blockedWindows: readonly string[];
  /** Exists some time after the load balancer, which ARC registers in the meantime. */
  readonly after: ITerraformDependable;
}

/**
 * Zonal autoshift: AWS shifts the traffic of a load balancer away from a zone that it takes for impaired. It requires a practice run
 * configuration with an outcome alarm. A stack of CloudFormation, because version 5.100 of the provider has no resource for it.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-arczonalshift-zonalautoshiftconfiguration.html
 */
export class ZonalAutoshift extends Construct {
  constructor(scope: Construct, id: string, { names, loadBalancerArn, outcomeAlarmArn, blockedWindows, after }: ZonalAutoshiftProps) {
    super(scope, id);
    new CloudformationStack(this, "stack", {
      name: names.of("cloudformation_stack", "zonal-autoshift"),
      templateBody: JSON.stringify({
        Resources: {
          ZonalAutoshift: {
            Type: "AWS::ARCZonalShift::ZonalAutoshiftConfiguration",
            Properties: {
              ResourceIdentifier: loadBalancerArn,
              ZonalAutoshiftStatus: "ENABLED",
              PracticeRunConfiguration: {
                OutcomeAlarms: [{ Type: "CLOUDWATCH", AlarmIdentifier: outcomeAlarmArn }],
                ...(blockedWindows.length > 0 && { BlockedWindows: [...blockedWindows] }),
              },
            },
          },
        },
      }),
      dependsOn: [after],
    });
  }
}
