import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { Construct } from "constructs";
import type { Statement } from "../../iam/policy";
import { Runbook, type RunbookSettings } from "../runbook";
import type { ZonalShiftProps } from "./common";
import { zonalShiftDefinition } from "./definition";

export interface ZonalShiftRunbookProps
  extends RunbookSettings, Pick<ZonalShiftProps, "loadBalancerArn" | "zones" | "targetGroups" | "hours" | "maxHours"> {}

const PURPOSE = "zonal-shift";

/** The runbook that shifts traffic away from an impaired zone, started by the alarms of the zones. */
export class ZonalShift extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: ZonalShiftRunbookProps) {
    super(scope, id);
    const { names, zones } = props;
    const runbook = new Runbook(this, "runbook", {
      ...props,
      purpose: PURPOSE,
      section: "zone.md#zonal-shift",
      define: (context) => zonalShiftDefinition({ ...props, ...context }),
      statements: permissions(props),
    });
    this.arn = runbook.arn;
    const rule = new CloudwatchEventRule(this, "impaired", {
      name: names.of("cloudwatch_event_rule", "zone-impaired"),
      description: "A zone alone is worse than the others",
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
      eventPattern: JSON.stringify({
        source: ["aws.cloudwatch"],
        "detail-type": ["CloudWatch Alarm State Change"],
        detail: { alarmName: zones.map(({ alarm }) => alarm), state: { value: ["ALARM"] } },
      }),
    });
    new CloudwatchEventTarget(this, "impaired-to-runbook", {
      rule: rule.name,
      targetId: PURPOSE,
      ...runbook.eventTarget(),
      inputPath: "$.detail",
      deadLetterConfig: { arn: props.ruleDeadLetters.arn },
      dependsOn: [props.ruleDeadLetters.ready],
    });
  }
}

function permissions({ names, region, accountId, loadBalancerArn }: ZonalShiftRunbookProps): Statement[] {
  return [
    {
      Sid: "ReadAlarms",
      Action: "cloudwatch:DescribeAlarms",
      everyResourceBecause: "DescribeAlarms returns composite alarms only with a permission for all alarms",
    },
    {
      Sid: "FindExecutions",
      Action: "states:ListExecutions",
      Resource: `arn:aws:states:${region}:${accountId}:stateMachine:${names.of("sfn_state_machine", PURPOSE)}`,
    },
    {
      Sid: "DescribeTargetHealth",
      Action: "elasticloadbalancing:DescribeTargetHealth",
      everyResourceBecause: "DescribeTargetHealth has no resource type",
    },
    {
      Sid: "ShiftTraffic",
      Action: ["GetManagedResource", "StartZonalShift", "UpdateZonalShift", "CancelZonalShift"].map(
        (action) => `arc-zonal-shift:${action}`,
      ),
      Resource: loadBalancerArn,
    },
  ];
}
