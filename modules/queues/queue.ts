import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { Construct } from "constructs";
import type { RegionScope } from "../../config/naming";
import { policy, type Statement } from "../iam/policy";
import type { Metric } from "../monitoring/metric";

export interface QueueProps extends RegionScope {
  /** Purpose of the queue, as part of its name: `event-dead-letters`. Changing it replaces the queue. */
  readonly purpose: string;
  /** The key's policy must allow the senders (`keyPolicyForQueues`). */
  readonly keyArn: string;
  /** AWS services that may send messages, and the ARN pattern of the source resource. @default - roles only */
  readonly senders?: readonly { readonly service: string; readonly sourceArn: string }[];
}

/** Maximum message retention of SQS. */
export const RETENTION_DAYS = 14;

/** The ARN as a literal: a policy with a reference to the queue's ARN would be unknown until apply, and other stacks have no reference. */
export function queueArn({ names, region, accountId }: RegionScope, purpose: string): string {
  return `arn:aws:sqs:${region}:${accountId}:${names.of("sqs_queue", purpose)}`;
}

/** A private queue: encrypted, and TLS only. */
export class Queue extends Construct {
  readonly arn: string;
  readonly url: string;
  /** The name as a literal, for metrics. */
  readonly queueName: string;
  /** Messages that a consumer can receive. SQS publishes no metric of a queue that has not been used for six hours. */
  readonly waiting: Metric;
  /** Exists once the allowed senders may send. */
  readonly ready: SqsQueuePolicy;
  private readonly keyArn: string;

  constructor(scope: Construct, id: string, { names, region, accountId, purpose, keyArn, senders = [] }: QueueProps) {
    super(scope, id);
    this.queueName = names.of("sqs_queue", purpose);
    this.waiting = {
      namespace: "AWS/SQS",
      name: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: this.queueName },
      statistic: "Maximum",
      label: "messages",
    };
    this.keyArn = keyArn;
    const arn = queueArn({ names, region, accountId }, purpose);
    const queue = new SqsQueue(this, "queue", {
      name: this.queueName,
      kmsMasterKeyId: keyArn,
      kmsDataKeyReusePeriodSeconds: 300,
      messageRetentionSeconds: RETENTION_DAYS * 24 * 3600,
    });
    this.arn = queue.arn;
    this.url = queue.url;
    this.ready = new SqsQueuePolicy(this, "policy", {
      queueUrl: queue.url,
      policy: policy(
        {
          Sid: "EncryptedTransportOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "sqs:*",
          Resource: arn,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        ...senders.map(({ service, sourceArn }, index) => ({
          Sid: `Sender${index}`,
          Principal: { Service: service },
          Action: "sqs:SendMessage",
          Resource: arn,
          Condition: { ArnLike: { "aws:SourceArn": sourceArn } },
        })),
      ),
    });
  }

  /** Permissions of a role that sends messages. @param sid prefix of the Sids */
  grantSend(sid: string): Statement[] {
    return [
      { Sid: `${sid}Send`, Action: "sqs:SendMessage", Resource: this.arn },
      { Sid: `${sid}Encrypt`, Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: this.keyArn },
    ];
  }
}
