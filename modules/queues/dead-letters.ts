import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import type { Alerts } from "../monitoring/alerts";
import type { Widget } from "../monitoring/metric";
import { Queue, type QueueProps, RETENTION_DAYS } from "./queue";

export interface DeadLettersProps extends QueueProps {
  /** Receives the alarm on messages in the queue. */
  readonly alerts: Alerts;
  /** What clients notice of a message in the queue. */
  readonly clients: string;
  /** File and section in `docs/runbooks` for messages in the queue. */
  readonly runbook: string;
}

/** A dead-letter queue: messages that could not be delivered or processed, retained for 14 days, with an alarm while it contains any. */
export class DeadLetters extends Queue {
  readonly alarm: CloudwatchMetricAlarm;
  readonly widget: Widget;

  constructor(scope: Construct, id: string, props: DeadLettersProps) {
    super(scope, id, props);
    this.alarm = props.alerts.alarm(this, `${props.purpose}-waiting`, {
      severity: "critical",
      means: `The queue ${this.queueName} contains messages that were not delivered or processed. SQS deletes them after ${RETENTION_DAYS} days.`,
      metric: this.waiting,
      when: { above: 0 },
      // SQS publishes no metric of a queue that has not been used for six hours.
      missingData: "notBreaching",
      clients: props.clients,
      runbook: props.runbook,
    });
    this.widget = { title: `Messages in ${props.purpose}`, metrics: [this.waiting] };
  }
}
