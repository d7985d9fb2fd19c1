import { type Resource, type Synthesized, target } from "./synthesized";

/** The alarms on a metric, e.g. `RunningTaskCount`. */
export function alarmsOn(stack: Synthesized, metric: string): Resource[] {
  return stack.all("aws_cloudwatch_metric_alarm").filter((alarm) => alarm["metric_name"] === metric);
}

/**
 * The metric alarms that report a fault. The heartbeat does not: it changes its state by the clock, for a service outside AWS, and
 * has a test of its own.
 */
export const faultAlarms = (stack: Synthesized): Resource[] =>
  stack.all("aws_cloudwatch_metric_alarm").filter(({ alarm_name: name }) => !String(name).startsWith("alarm-heartbeat-"));

/** Names of the alarms in an alarm rule, each once. */
export const namedIn = (composite: Resource): string[] => [
  ...new Set([...String(composite["alarm_rule"]).matchAll(/ALARM\("([^"]+)"\)/g)].map(([, name = ""]) => name)),
];

/** The state machines that the state change of an alarm starts. */
export function startedBy(stack: Synthesized, alarm: Resource): string[] {
  const rules = stack.all("aws_cloudwatch_event_rule").filter(({ event_pattern: text }) => {
    const pattern = JSON.parse(typeof text === "string" ? text : "{}") as { source?: string[]; detail?: { alarmName?: string[] } };
    return pattern.source?.includes("aws.cloudwatch") && pattern.detail?.alarmName?.includes(String(alarm["alarm_name"]));
  });
  const targets = stack.all("aws_cloudwatch_event_target").filter(({ rule }) => rules.some(({ address }) => address === target(rule)));
  return targets.map(({ arn }) => target(arn)).filter((address) => address.startsWith("aws_sfn_state_machine."));
}

/**
 * What notifies on-call when an alarm goes to ALARM: itself, the composite alarms that go to ALARM because of it, also of several others,
 * or a runbook that its change starts. Without regard to suppressors.
 */
export function notifiersOf(stack: Synthesized, alarm: Resource, topic: string): string[] {
  const isNotifying = JSON.stringify(alarm["alarm_actions"]) === JSON.stringify([topic]);
  const own = [...(isNotifying ? [String(alarm["alarm_name"])] : []), ...startedBy(stack, alarm)];
  const parents = stack.all("aws_cloudwatch_composite_alarm").filter((parent) => namedIn(parent).includes(String(alarm["alarm_name"])));
  return [...own, ...parents.flatMap((parent) => notifiersOf(stack, parent, topic))];
}

/** The alarms on metrics of a service, e.g. `AWS/DynamoDB`. */
export function alarmsIn(stack: Synthesized, namespace: string): Resource[] {
  return stack.all("aws_cloudwatch_metric_alarm").filter((alarm) => alarm["namespace"] === namespace);
}

/** A metric of an alarm's query, or an expression of such metrics. */
interface MetricQuery {
  readonly id: string;
  readonly expression?: string;
  readonly return_data?: boolean;
  readonly metric?: { namespace: string; metric_name: string; dimensions: Record<string, string>; stat: string; period: number };
}

export const queriesOf = (alarm: Resource): readonly MetricQuery[] => (alarm["metric_query"] ?? []) as readonly MetricQuery[];

const partsOf = (alarm: Resource) => queriesOf(alarm).flatMap(({ metric }) => metric ?? []);

/** The alarms on a value that CloudWatch computes from a metric and others. */
export function alarmsComputedFrom(stack: Synthesized, metric: string): Resource[] {
  return stack.all("aws_cloudwatch_metric_alarm").filter((alarm) => partsOf(alarm).some(({ metric_name: name }) => name === metric));
}

/** Seconds of one data point of an alarm. */
export function periodOf(alarm: Resource): number {
  return Number(alarm["period"] ?? partsOf(alarm)[0]?.period);
}
