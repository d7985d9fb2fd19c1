import { CloudwatchCompositeAlarm } from "@cdktf/provider-aws/lib/cloudwatch-composite-alarm";
import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { DataResource } from "cdktf";
import type { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { addressOf } from "../state/address";
import type { Severity } from "./alert-props";

interface CompositeAlarmsProps {
  readonly names: Names;
  readonly topicArn: string;
  /** URL of the folder `docs/runbooks`, without the closing slash. */
  readonly runbookBaseUrl: string;
}

/** Maximum number of alarms in one composite alarm. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html */
const MAX_ALARMS = 100;

/** Composite alarms: one for each component and each zone of a region, and one for the whole region. */
export class CompositeAlarms {
  private readonly composites: CloudwatchCompositeAlarm[] = [];

  constructor(private readonly props: CompositeAlarmsProps) {}

  /** A composite alarm that is in ALARM while any critical alarm of the zone is in ALARM. */
  addZone(scope: Construct, zone: string, alarms: readonly CloudwatchMetricAlarm[], runbook: string): void {
    const means = `At least one critical alarm of the zone ${zone} is in ALARM`;
    this.composites.push(this.composite(scope, `composite-alarm-${zone}`, `zone-${zone}`, means, critical(alarms), runbook, true));
  }

  /** A composite alarm that is in ALARM while any composite alarm created before it is in ALARM. */
  addPlatform(scope: Construct, runbook: string): void {
    this.composite(
      scope,
      "composite-alarm-platform",
      "platform",
      "At least one composite alarm of this region is in ALARM",
      this.composites,
      runbook,
      true,
    );
  }

  /** A composite alarm that is in ALARM while all alarms on the loss of another region are in ALARM. */
  addRegionLost(scope: Construct, region: string, alarms: readonly CloudwatchMetricAlarm[], runbook: string): void {
    const means = `${region} is lost, seen from here: its canary fails, and a second signal confirms it`;
    this.composites.push(
      this.composite(scope, `composite-alarm-region-lost-${region}`, `region-lost-${region}`, means, alarms, runbook, true, "AND"),
    );
  }

  /**
   * A composite alarm that is in ALARM while any critical alarm of the component is in ALARM; warnings are not included.
   * More than 100 alarms are first combined in hundreds. Without critical alarms there is no composite alarm.
   */
  addComponent(scope: Construct, component: string, alarms: readonly CloudwatchMetricAlarm[], runbook: string): void {
    const members = critical(alarms);
    const parts = Array.from({ length: Math.ceil(members.length / MAX_ALARMS) }, (_, index) =>
      members.slice(index * MAX_ALARMS, (index + 1) * MAX_ALARMS),
    );
    const [only, ...others] = parts;
    if (!only) return;
    const means = `At least one critical alarm of the component ${component} is in ALARM`;
    const alarmed =
      others.length === 0
        ? only
        : parts.map((part, index) =>
            this.composite(scope, `composite-alarm-${index + 1}`, `${component}-${index + 1}`, means, part, runbook, false),
          );
    this.composites.push(this.composite(scope, "composite-alarm", component, means, alarmed, runbook, true));
  }

  private composite(
    scope: Construct,
    id: string,
    name: string,
    means: string,
    alarms: readonly (CloudwatchMetricAlarm | CloudwatchCompositeAlarm)[],
    runbook: string,
    notifies: boolean,
    operator: "AND" | "OR" = "OR",
  ): CloudwatchCompositeAlarm {
    const actions = notifies ? { alarmActions: [this.props.topicArn], okActions: [this.props.topicArn] } : {};
    const members = new DataResource(scope, `${id}-members`, { input: { alarms: alarms.map((alarm) => alarm.alarmNameInput) } });
    const composites = alarms.filter((alarm) => alarm instanceof CloudwatchCompositeAlarm);
    return new CloudwatchCompositeAlarm(scope, id, {
      alarmName: this.props.names.of("cloudwatch_composite_alarm", name),
      alarmDescription: `CRITICAL: ${means}. Runbook: ${this.props.runbookBaseUrl}/${runbook}`,
      alarmRule: alarms.map((alarm) => `ALARM("${alarm.alarmNameInput}")`).join(` ${operator} `),
      ...actions,
      // The rule contains the names of its alarms as text, so Terraform does not detect the dependency.
      dependsOn: [...alarms],
      // CloudWatch does not delete an alarm that a composite alarm names. Terraform deletes before it updates, but a replacement
      // deletes the composite alarm first: hashicorp/terraform-provider-aws#34807
      lifecycle: { replaceTriggeredBy: [members, ...composites].map(addressOf) },
    });
  }
}

function critical(alarms: readonly CloudwatchMetricAlarm[]): CloudwatchMetricAlarm[] {
  return alarms.filter(({ tagsInput }) => tagsInput?.["Severity"] === ("critical" satisfies Severity));
}
