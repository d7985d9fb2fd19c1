import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import type { Alerts } from "../monitoring/alerts";
import { Queue, type QueueProps } from "./queue";

export interface DeadLettersProps extends QueueProps {
  readonly alerts: Alerts;
  /** Section of the runbooks for what lies there. */
  readonly runbook: string;
}

/** What could not be delivered or worked off, kept for 14 days, with an alarm while anything lies there. */
export class DeadLetters extends Queue {
  readonly alarm: CloudwatchMetricAlarm;

  constructor(scope: Construct, id: string, props: DeadLettersProps) {
    super(scope, id, props);
    this.alarm = props.alerts.alarm(this, `${props.holds}-waiting`, {
      severity: "critical",
      means: `Messages lie in ${this.queueName}: nobody works them off, and SQS deletes them after 14 days.`,
      metric: {
        namespace: "AWS/SQS",
        name: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: this.queueName },
        statistic: "Maximum",
        label: "messages",
      },
      when: { above: 0 },
      // SQS reports nothing of a queue that nobody has used for six hours.
      missingData: "notBreaching",
      runbook: props.runbook,
    });
  }
}
