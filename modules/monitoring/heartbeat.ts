import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { RunbookPages } from "../runbook-pages/runbook-pages";
import { alertTopic, type AlertTopicProps } from "./alert-topic";
import type { Metric } from "./metric";

export interface HeartbeatProps extends Omit<AlertTopicProps, "purpose" | "rulesMayPublish"> {
  /** A metric that the region always has, by the minute. Without its data, the heartbeat stops. */
  readonly alive: Metric;
  /** The runbook pages, to which the messages link. */
  readonly pages: RunbookPages;
}

/** The alarm is in ALARM for the data of the first minutes of every hour. */
const ALARM_MINUTES = 10;
/** A data point may arrive some minutes late: one of the last five is sufficient. */
const LATE_MINUTES = 5;

/**
 * An alarm that changes its state by the clock, once an hour, and a topic for it with the key and the policy of alerts. A
 * service outside AWS that expects each change detects that alerts do not arrive. On-call is not a subscriber.
 *
 * `MINUTE` has a value for every minute of the time range, with data or without. `IF` has none where its condition has none,
 * so that the computed value exists only with the data of the metric.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 * @see https://docs.aws.amazon.com/IDR/latest/userguide/suppress-alarms-tutorial-suppress.html, an alarm on the time of the day
 */
export class Heartbeat extends Construct {
  readonly topicArn: string;

  constructor(scope: Construct, id: string, { alive, pages, ...topic }: HeartbeatProps) {
    super(scope, id);
    const { arn, ready } = alertTopic(this, "topic", { ...topic, purpose: "heartbeat", rulesMayPublish: false });
    this.topicArn = arn;
    const { namespace, name: metricName, dimensions, statistic: stat } = alive;
    new CloudwatchMetricAlarm(this, "alarm", {
      alarmName: topic.names.of("cloudwatch_metric_alarm", "heartbeat"),
      alarmDescription: `INFO: This alarm is no fault. It is in ALARM once an hour, so that a service outside AWS detects when alerts do not arrive. Runbook: ${pages.link("alerts.md#heartbeat")}`,
      metricQuery: [
        { id: "minute", expression: "IF(alive, MINUTE(alive), 60)", label: "minute of the hour", returnData: true },
        { id: "alive", metric: { namespace, metricName, dimensions: { ...dimensions }, stat, period: 60 }, returnData: false },
      ],
      comparisonOperator: "LessThanThreshold",
      threshold: ALARM_MINUTES,
      evaluationPeriods: LATE_MINUTES,
      datapointsToAlarm: 1,
      treatMissingData: "notBreaching",
      // The return to OK is no heartbeat.
      alarmActions: [arn],
      tags: { Severity: "info" },
      dependsOn: [ready],
    });
  }
}
