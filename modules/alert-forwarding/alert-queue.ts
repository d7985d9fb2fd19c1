import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import type { Alerts } from "../monitoring/alerts";
import type { Widget } from "../monitoring/metric";
import { Queue, type QueueProps } from "../queues/queue";

/**
 * A queue with every alert, for consumers of the platform's owner. A message is the JSON of SNS. A consumer needs
 * `sqs:ReceiveMessage` and `kms:Decrypt`.
 */
export class AlertQueue extends Construct {
  readonly url: string;
  readonly widget: Widget;

  constructor(scope: Construct, id: string, { alerts, ...props }: Omit<QueueProps, "purpose" | "senders"> & { readonly alerts: Alerts }) {
    super(scope, id);
    const queue = new Queue(this, "queue", {
      ...props,
      purpose: "alerts",
      senders: [{ service: "sns.amazonaws.com", sourceArn: alerts.topicArn }],
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
