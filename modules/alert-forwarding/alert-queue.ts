import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import type { RegionScope } from "../../config/naming";
import type { Alerts } from "../monitoring/alerts";
import type { Widget } from "../monitoring/metric";
import { Queue, queueArn, type QueueProps } from "../queues/queue";

export interface AlertQueueProps extends Omit<QueueProps, "purpose" | "senders"> {
  /** Receives the alarms and the events. */
  readonly alerts: Alerts;
  /** ARN of the topic of the alerts on health checks, whose stack subscribes the queue. @default - the queue receives the alerts of its region */
  readonly failoverTopicArn?: string | undefined;
}

const PURPOSE = "alerts";

/** The ARN of the queue in a region. */
export function alertQueueArn(scope: RegionScope): string {
  return queueArn(scope, PURPOSE);
}

/**
 * A queue with every alert, for consumers of the platform's owner. A message is the JSON of SNS. A consumer needs
 * `sqs:ReceiveMessage` and `kms:Decrypt`.
 */
export class AlertQueue extends Construct {
  readonly url: string;
  readonly widget: Widget;

  constructor(scope: Construct, id: string, { alerts, failoverTopicArn, ...props }: AlertQueueProps) {
    super(scope, id);
    const queue = new Queue(this, "queue", {
      ...props,
      purpose: PURPOSE,
      senders: [alerts.topicArn, ...(failoverTopicArn === undefined ? [] : [failoverTopicArn])].map((sourceArn) => ({
        service: "sns.amazonaws.com",
        sourceArn,
      })),
    });
    new SnsTopicSubscription(this, "subscription", {
      topicArn: alerts.topicArn,
      protocol: "sqs",
      endpoint: queue.arn,
      dependsOn: [queue.ready],
    });
    this.url = queue.url;
    this.widget = { title: "Alerts in the queue for your consumers", metrics: [queue.waiting] };
  }
}
