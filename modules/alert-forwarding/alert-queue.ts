import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import type { Alerts } from "../monitoring/alerts";
import { Queue, type QueueProps } from "../queues/queue";

/** Every alert in a queue, for programs of the platform's owner. They get SNS's own JSON, and need `sqs:ReceiveMessage` and the key. */
export class AlertQueue extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, { alerts, ...props }: Omit<QueueProps, "holds" | "senders"> & { readonly alerts: Alerts }) {
    super(scope, id);
    const queue = new Queue(this, "queue", {
      ...props,
      holds: "alerts",
      senders: [{ service: "sns.amazonaws.com", sourceArn: alerts.topicArn }],
    });
    new SnsTopicSubscription(this, "subscription", {
      topicArn: alerts.topicArn,
      protocol: "sqs",
      endpoint: queue.arn,
      dependsOn: [queue.ready],
    });
    this.url = queue.url;
  }
}
