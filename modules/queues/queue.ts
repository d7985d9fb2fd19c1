import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { Construct } from "constructs";
import type { RegionScope } from "../../config/naming";
import { policy, type Statement } from "../iam/policy";

export interface QueueProps extends RegionScope {
  /** What the queue holds, as part of its name: `event-dead-letters`. Changing it replaces the queue. */
  readonly holds: string;
  /** Its policy must let the senders in (`keyPolicyForQueues`). */
  readonly keyArn: string;
  /** AWS services that send, and the ARN pattern of what they send for. @default - roles only */
  readonly senders?: readonly { readonly service: string; readonly sourceArn: string }[];
}

/** Longest time that SQS keeps a message. */
const RETENTION_DAYS = 14;

/** A private queue: encrypted, over TLS only. */
export class Queue extends Construct {
  readonly arn: string;
  readonly url: string;
  /** Its name as a literal, for metrics. */
  readonly queueName: string;
  /** Exists once those whom the policy lets in may send. */
  readonly ready: SqsQueuePolicy;
  private readonly keyArn: string;

  constructor(scope: Construct, id: string, { names, region, accountId, holds, keyArn, senders = [] }: QueueProps) {
    super(scope, id);
    this.queueName = names.of("sqs_queue", holds);
    this.keyArn = keyArn;
    // As a literal: a policy that waits for the queue's own ARN would be unknown until apply.
    const arn = `arn:aws:sqs:${region}:${accountId}:${this.queueName}`;
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

  /** What a role needs to send. @param sid what it sends, as the beginning of the statements' names */
  grantSend(sid: string): Statement[] {
    return [
      { Sid: `${sid}Send`, Action: "sqs:SendMessage", Resource: this.arn },
      { Sid: `${sid}Encrypt`, Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: this.keyArn },
    ];
  }
}
