import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { policy, type Statement } from "../iam/policy";

export interface KeyProps {
  readonly names: Names;
  readonly accountId: string;
  /** What the key protects, as part of its alias: `database`. */
  readonly purpose: string;
  /** Days from the order to delete the key to the end of everything it encrypted, 7–30. */
  readonly deletionDays: number;
  /** What AWS services may do with the key; account and administrators are there already. */
  readonly statements?: readonly Statement[];
  /** Makes the key in another region than the stack's. @default - the stack's own */
  readonly provider?: TerraformProvider;
}

/** The key's name in every region: how another stack, and the policy of a role, finds it. */
export function keyAlias(names: Names, purpose: string): string {
  return `alias/${names.of("kms_alias", purpose)}`;
}

/** A condition: the key may be used through one service of one region only. */
export function viaService(service: string, region: string): { readonly StringEquals: { readonly "kms:ViaService": string } } {
  return { StringEquals: { "kms:ViaService": `${service}.${region}.amazonaws.com` } };
}

/** Statements of a key policy name `*`, which there means this key alone. */
const THIS_KEY = "*";

/** A customer-managed key that rotates once a year, and its alias. */
export class Key extends Construct {
  readonly arn: string;
  readonly id: string;
  readonly resource: KmsKey;

  constructor(scope: Construct, id: string, { names, accountId, purpose, deletionDays, statements = [], provider }: KeyProps) {
    super(scope, id);
    const place = provider ? { provider } : {};
    const key = new KmsKey(this, "key", {
      ...place,
      description: `Encrypts: ${purpose}`,
      tags: { Name: names.of("kms_alias", purpose) },
      enableKeyRotation: true,
      rotationPeriodInDays: 365,
      deletionWindowInDays: deletionDays,
      policy: policy(
        {
          // Without it, no IAM policy could grant anything on the key, and nobody could change it any more.
          Sid: "AccountDecidesByIam",
          Principal: { AWS: `arn:aws:iam::${accountId}:root` },
          Action: "kms:*",
          Resource: THIS_KEY,
        },
        ...statements,
      ),
    });
    new KmsAlias(this, "alias", { ...place, name: keyAlias(names, purpose), targetKeyId: key.keyId });
    this.resource = key;
    this.arn = key.arn;
    this.id = key.keyId;
  }
}

/**
 * Lets CloudWatch Logs encrypt the log groups under the given name patterns; without it a log group with this key is refused at apply.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function keyPolicyForLogs(region: string, accountId: string, patterns: readonly string[]): Statement {
  return {
    Sid: "CloudWatchLogs",
    Principal: { Service: `logs.${region}.amazonaws.com` },
    Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
    Resource: THIS_KEY,
    Condition: {
      ArnLike: {
        "kms:EncryptionContext:aws:logs:arn": patterns.map((pattern) => `arn:aws:logs:${region}:${accountId}:log-group:${pattern}`),
      },
    },
  };
}

/**
 * Lets alarms and RDS events of this account publish to a topic under the key, and EventBridge, which passes no
 * condition keys on that path.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function keyPolicyForAlerts(accountId: string): readonly Statement[] {
  const Action = ["kms:GenerateDataKey*", "kms:Decrypt"];
  return [
    {
      Sid: "AlarmsAndServiceEvents",
      Principal: { Service: ["cloudwatch.amazonaws.com", "events.rds.amazonaws.com"] },
      Action,
      Resource: THIS_KEY,
      Condition: { StringEquals: { "aws:SourceAccount": accountId } },
    },
    { Sid: "EventBridge", Principal: { Service: "events.amazonaws.com" }, Action, Resource: THIS_KEY },
  ];
}

/**
 * Lets Fargate encrypt the ephemeral storage of one cluster's tasks.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-create-storage-key.html
 */
export function keyPolicyForFargate(accountId: string, clusterName: string): readonly Statement[] {
  const cluster = {
    "kms:EncryptionContext:aws:ecs:clusterAccount": [accountId],
    "kms:EncryptionContext:aws:ecs:clusterName": [clusterName],
  };
  const Principal = { Service: "fargate.amazonaws.com" };
  return [
    {
      Sid: "FargateDataKeys",
      Principal,
      Action: "kms:GenerateDataKeyWithoutPlaintext",
      Resource: THIS_KEY,
      Condition: { StringEquals: cluster },
    },
    {
      Sid: "FargateGrants",
      Principal,
      Action: "kms:CreateGrant",
      Resource: THIS_KEY,
      Condition: { StringEquals: cluster, "ForAllValues:StringEquals": { "kms:GrantOperations": ["Decrypt"] } },
    },
  ];
}

/**
 * Lets the delivery of logs read what state machines under the key write.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
 */
export function keyPolicyForRunbooks(): readonly Statement[] {
  return [{ Sid: "LogDelivery", Principal: { Service: "delivery.logs.amazonaws.com" }, Action: "kms:Decrypt", Resource: THIS_KEY }];
}

/**
 * Lets SNS, for topics of this account, put messages into queues under the key, and EventBridge, which passes no
 * condition keys on to KMS; which rules may send is for the queue's policy to say.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export function keyPolicyForQueues(accountId: string): readonly Statement[] {
  const Action = ["kms:GenerateDataKey", "kms:Decrypt"];
  return [
    {
      Sid: "TopicsToQueues",
      Principal: { Service: "sns.amazonaws.com" },
      Action,
      Resource: THIS_KEY,
      Condition: { StringEquals: { "aws:SourceAccount": accountId } },
    },
    { Sid: "EventBridge", Principal: { Service: "events.amazonaws.com" }, Action, Resource: THIS_KEY },
  ];
}

/**
 * Lets EventBridge encrypt the events of one bus.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html
 */
export function keyPolicyForEventBus(busArn: string): readonly Statement[] {
  const Principal = { Service: "events.amazonaws.com" };
  return [
    { Sid: "BusLooksAtItsKey", Principal, Action: "kms:DescribeKey", Resource: THIS_KEY },
    {
      Sid: "BusEncryptsEvents",
      Principal,
      Action: ["kms:GenerateDataKey", "kms:Decrypt"],
      Resource: THIS_KEY,
      Condition: { StringEquals: { "kms:EncryptionContext:aws:events:event-bus:arn": busArn } },
    },
  ];
}
