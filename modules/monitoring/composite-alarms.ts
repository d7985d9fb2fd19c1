import { CloudwatchCompositeAlarm } from "@cdktf/provider-aws/lib/cloudwatch-composite-alarm";
import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import type { Names } from "../../config/naming";
import type { Severity } from "./alert-props";

interface CompositeAlarmsProps {
  readonly names: Names;
  readonly topicArn: string;
  /** Where the runbooks are published, without the closing slash. */
  readonly runbookBaseUrl: string;
}

/** Alarms that one composite may name. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html */
const MOST_ALARMS = 100;

/** Alarms over alarms: one for each tier and zone of a region, and one for the whole of it. */
export class CompositeAlarms {
  private readonly composites: CloudwatchCompositeAlarm[] = [];

  constructor(private readonly props: CompositeAlarmsProps) {}

  /** One alarm for a whole zone: rings while anything critical that stands in this zone does. */
  zone(scope: Construct, zone: string, alarms: readonly CloudwatchMetricAlarm[], runbook: string): void {
    const means = `at least one critical alarm of the zone ${zone} rings`;
    this.keep(this.composite(scope, `alarm-${zone}`, `zone-${zone}`, means, critical(alarms), runbook, true));
  }

  /** One alarm for the whole region: rings while any tier or zone does that was told of before. */
  platform(scope: Construct, runbook: string): void {
    this.composite(
      scope,
      "alarm-platform",
      "platform",
      "at least one tier or zone of this region is not well",
      this.composites,
      runbook,
      true,
    );
  }

  /**
   * One alarm for a whole tier: rings while any of its critical alarms does; a warning wakes nobody by this way. Of many
   * alarms it takes one for each hundred first, of none there is none.
   */
  tier(scope: Construct, tier: string, alarms: readonly CloudwatchMetricAlarm[], runbook: string): void {
    const members = critical(alarms);
    const parts = Array.from({ length: Math.ceil(members.length / MOST_ALARMS) }, (_, index) =>
      members.slice(index * MOST_ALARMS, (index + 1) * MOST_ALARMS),
    );
    const [only, ...others] = parts;
    if (!only) return;
    const means = `at least one critical alarm of the ${tier} tier rings`;
    const whole = (members: readonly (CloudwatchMetricAlarm | CloudwatchCompositeAlarm)[]): void => {
      this.keep(this.composite(scope, "alarm-tier", tier, means, members, runbook, true));
    };
    if (others.length === 0) whole(only);
    else
      whole(
        parts.map((part, index) => this.composite(scope, `alarm-tier-${index + 1}`, `${tier}-${index + 1}`, means, part, runbook, false)),
      );
  }

  private keep(composite: CloudwatchCompositeAlarm): void {
    this.composites.push(composite);
  }

  private composite(
    scope: Construct,
    id: string,
    name: string,
    means: string,
    alarms: readonly (CloudwatchMetricAlarm | CloudwatchCompositeAlarm)[],
    runbook: string,
    tells: boolean,
  ): CloudwatchCompositeAlarm {
    const actions = tells ? { alarmActions: [this.props.topicArn], okActions: [this.props.topicArn] } : {};
    return new CloudwatchCompositeAlarm(scope, id, {
      alarmName: this.props.names.of("cloudwatch_composite_alarm", name),
      alarmDescription: `CRITICAL: ${means}. Runbook: ${this.props.runbookBaseUrl}/${runbook}`,
      alarmRule: alarms.map((alarm) => `ALARM("${alarm.alarmNameInput}")`).join(" OR "),
      ...actions,
      // The rule names its alarms as text, which Terraform cannot see.
      dependsOn: [...alarms],
    });
  }
}

function critical(alarms: readonly CloudwatchMetricAlarm[]): CloudwatchMetricAlarm[] {
  return alarms.filter(({ tagsInput }) => tagsInput?.["Severity"] === ("critical" satisfies Severity));
}
