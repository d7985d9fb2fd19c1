import { CloudwatchCompositeAlarm } from "@cdktf/provider-aws/lib/cloudwatch-composite-alarm";
import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { DataResource } from "cdktf";
import type { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { addressOf } from "../state/address";
import type { RunbookPages } from "../runbook-pages/runbook-pages";
import type { Variables } from "../runbook-pages/page";
import type { Severity } from "./alert-props";
import { messageText, withSentence } from "./message";

export interface CompositeAlarmsProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** Topic that notifies on-call. */
  readonly topicArn: string;
  /** Topic of the alarms in a composite alarm. */
  readonly detailsTopicArn: () => string;
  /** The runbook pages, to which the messages link. */
  readonly pages: RunbookPages;
}

export type Alarm = CloudwatchMetricAlarm | CloudwatchCompositeAlarm;

export interface CompositeProps {
  /** Scope of the alarm. */
  readonly scope: Construct;
  /** Id of the alarm in the scope, which is in its address. */
  readonly id: string;
  /** Part of the alarm's name: `zone-us-east-1a`. */
  readonly name: string;
  /** `critical` or `warning`: the first word of the message. */
  readonly severity: Severity;
  /** What the state ALARM means, in a sentence without its period. */
  readonly means: string;
  /** What clients notice. @default - the alarm does not notify */
  readonly clients?: string | undefined;
  /** Values of further variables in the first command of the section. */
  readonly variables?: Variables | undefined;
  /** The alarm rule. */
  readonly rule: string;
  /** The alarms in the rule. */
  readonly alarms: readonly Alarm[];
  /** File and section in `docs/runbooks`. */
  readonly runbook: string;
  /** Whether the alarm publishes to the topic that notifies on-call. */
  readonly notifies: boolean;
}

/**
 * The wider alarms that suppress the notifications of a component: those of a zone, those on the loss of another region, or also the one
 * on what clients see.
 */
export type Within = "zone" | "region" | "clients";

export interface ComponentProps {
  /** File and section in `docs/runbooks`. */
  readonly runbook: string;
  /** What clients notice while a critical alarm is in ALARM. @default - the component has only warnings */
  readonly clients?: string;
  /** What clients notice while a warning is in ALARM. @default no effect yet */
  readonly warning?: string;
  /** The wider alarms that suppress the notifications. @default - none */
  readonly within?: Within;
  /** Values of further variables in the first command of the section. */
  readonly variables?: Variables;
}

/**
 * The alarms of one incident fire within two evaluations of each other. For as long, a composite alarm waits for the wider one before
 * it notifies, and after the end of the wider one before it notifies of what remains.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm_Suppression.html
 */
const SUPPRESSION = { waitPeriod: 120, extensionPeriod: 120 };

/** Creates a composite alarm. Its metric alarms no longer notify on-call: it does. */
export function compositeAlarm(
  { names, topicArn, detailsTopicArn, pages }: CompositeAlarmsProps,
  { scope, id, name, severity, means, clients, variables, rule, alarms, runbook, notifies }: CompositeProps,
): CloudwatchCompositeAlarm {
  const details = [detailsTopicArn()];
  for (const alarm of alarms) {
    if (alarm instanceof CloudwatchCompositeAlarm) continue;
    alarm.alarmActions = details;
    alarm.okActions = details;
  }
  const actions = notifies ? [topicArn] : details;
  const members = new DataResource(scope, `${id}-members`, { input: { alarms: alarms.map((alarm) => alarm.alarmNameInput) } });
  const composites = alarms.filter((alarm) => alarm instanceof CloudwatchCompositeAlarm);
  return new CloudwatchCompositeAlarm(scope, id, {
    alarmName: names.of("cloudwatch_composite_alarm", name),
    alarmDescription: messageText({ severity, means: `${means}.`, clients, pages, runbook, variables }),
    alarmRule: rule,
    alarmActions: actions,
    okActions: actions,
    // The rule contains the names of its alarms as text, so Terraform does not detect the dependency.
    dependsOn: [...alarms],
    // CloudWatch does not delete an alarm that a composite alarm names. Terraform deletes before it updates, but a replacement
    // deletes the composite alarm first: hashicorp/terraform-provider-aws#34807
    lifecycle: { replaceTriggeredBy: [members, ...composites].map(addressOf) },
  });
}

/** While the suppressor is in ALARM, the composite alarm changes its state and does not notify. */
export function suppress(composite: CloudwatchCompositeAlarm, suppressor: CloudwatchCompositeAlarm): void {
  composite.alarmDescription = withSentence(
    composite.alarmDescriptionInput ?? "",
    `Waits up to ${SUPPRESSION.waitPeriod} s for ${suppressor.alarmNameInput}, which notifies instead.`,
  );
  composite.putActionsSuppressor({ alarm: suppressor.alarmNameInput ?? "", ...SUPPRESSION });
  composite.dependsOn = [...(composite.dependsOn ?? []), addressOf(suppressor)];
  // Whether CloudWatch deletes an alarm that is a suppressor is not documented: it is treated like one in a rule.
  composite.lifecycle = { replaceTriggeredBy: [...(composite.lifecycle?.replaceTriggeredBy ?? []), addressOf(suppressor)] };
}

export const inAlarm = (alarm: Alarm): string => `ALARM("${alarm.alarmNameInput}")`;
/** The rule of any of the alarms. */
export const anyOf = (alarms: readonly Alarm[]): string => alarms.map(inAlarm).join(" OR ");
