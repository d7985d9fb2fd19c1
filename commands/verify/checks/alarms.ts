import { type CompositeAlarm, DescribeAlarmsCommand, type MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { type Check, differences } from "../check";
import type { Expected } from "../expected";
import type { Live } from "../live";

/** Maximum number of alarms in one call. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const ALARMS_AT_ONCE = 100;

/** Of any scope. */
export const ALARMS: readonly Check<Live>[] = [
  {
    requirement: "Every alarm exists, is enabled and notifies its topic",
    requirementIds: [
      "S000-5.1",
      "S000-5.2",
      "S000-5.3",
      "S000-T6",
      "S000-D7",
      "S002-5.1",
      "S002-5.2",
      "S002-5.3",
      "S002-T7",
      "S002-C6",
      "S002-D7",
      "S003-7.1",
      "S003-7.3",
      "S003-7.4",
      "S003-7.5",
      "S003-S9",
      "S003-D10",
      "S004-G3",
      "S004-4.4",
      "S004-8.2",
      "S004-8.3",
      "S004-C5",
    ],
    violations: async (live) =>
      (await alarms(live)).flatMap(({ name, desired, actual }) => {
        if (!actual) return [`${name} does not exist`];
        const topics = ((desired.values["alarm_actions"] ?? []) as unknown[]).map((topic) => live.referencedTopic(desired, topic));
        return [
          ...topics.filter((topic) => !actual.AlarmActions?.includes(topic)).map((topic) => `${name} does not notify ${topic}`),
          ...(actual.ActionsEnabled === true ? [] : [`${name} has its actions disabled`]),
        ];
      }),
  },
  {
    requirement: "Every metric alarm has the configured metric, period, evaluation periods, threshold and missing data treatment",
    requirementIds: ["S000-G4", "S000-5.6", "S000-C8", "S000-S2", "S003-7.3"],
    violations: async (live) =>
      (await alarms(live)).flatMap(({ name, desired: { values }, actual }) => {
        if (!actual || !("MetricName" in actual)) return [];
        return differences({
          metric: [actual.MetricName, values["metric_name"]],
          period: [actual.Period, values["period"]],
          "evaluation periods": [actual.EvaluationPeriods, values["evaluation_periods"]],
          threshold: [actual.Threshold, values["threshold"]],
          "missing data treatment": [actual.TreatMissingData, values["treat_missing_data"]],
        }).map((violation) => `${name}: ${violation}`);
      }),
  },
];

interface Alarm {
  readonly name: string;
  readonly desired: Expected;
  readonly actual: MetricAlarm | CompositeAlarm | undefined;
}

/** Every alarm that the stacks declare, with its actual state. */
async function alarms(live: Live): Promise<Alarm[]> {
  const desired = ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"].flatMap((type) => live.resources(type));
  const batches = [...new Set(desired.map(({ region }) => region))].flatMap((region) => {
    const own = desired.filter((alarm) => alarm.region === region);
    const count = Math.ceil(own.length / ALARMS_AT_ONCE);
    return Array.from({ length: count }, (_, index) => own.slice(index * ALARMS_AT_ONCE, (index + 1) * ALARMS_AT_ONCE));
  });
  const found = await Promise.all(
    batches.map(async (batch) => {
      const AlarmNames = batch.map((alarm) => live.text(alarm, "alarm_name"));
      const { MetricAlarms = [], CompositeAlarms = [] } = await live
        .aws(batch[0]?.region ?? "")
        .cloudwatch.send(
          new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: ["MetricAlarm", "CompositeAlarm"], MaxRecords: ALARMS_AT_ONCE }),
        );
      return batch.map((alarm) => {
        const name = live.text(alarm, "alarm_name");
        return { name, desired: alarm, actual: [...MetricAlarms, ...CompositeAlarms].find(({ AlarmName }) => AlarmName === name) };
      });
    }),
  );
  return found.flat();
}
