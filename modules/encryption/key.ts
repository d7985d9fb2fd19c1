import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { policy, type Statement } from "../iam/policy";

export interface KeyProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** ID of the AWS account, as in ARNs and in the conditions of policies. */
  readonly accountId: string;
  /** What the key protects, as part of its alias: `database`. */
  readonly purpose: string;
  /** Waiting period of the key deletion, 7–30. After it, nothing that the key encrypted can be decrypted. */
  readonly deletionDays: number;
  /** Statements for AWS services. The statement for the account is always included. */
  readonly statements?: readonly Statement[];
  /** Provider of another region for the key. @default - the provider of the stack */
  readonly provider?: TerraformProvider;
}

/** Alias of the key in every region. Other stacks and the policies of roles refer to the key by it. */
export function keyAlias(names: Names, purpose: string): string {
  return `alias/${names.of("kms_alias", purpose)}`;
}

/** Condition: the key may be used only through one AWS service in one region. */
export function viaService(service: string, region: string): { readonly StringEquals: { readonly "kms:ViaService": string } } {
  return { StringEquals: { "kms:ViaService": `${service}.${region}.amazonaws.com` } };
}

/** In a key policy, `*` means this key only. */
export const THIS_KEY = "*";

/** A customer-managed key with yearly rotation, and its alias. */
export class Key extends Construct {
  readonly alias: string;
  readonly arn: string;
  readonly id: string;
  readonly resource: KmsKey;

  constructor(scope: Construct, id: string, { names, accountId, purpose, deletionDays, statements = [], provider }: KeyProps) {
    super(scope, id);
    const inRegion = provider ? { provider } : {};
    const key = new KmsKey(this, "key", {
      ...inRegion,
      description: `Standfast key for ${purpose}`,
      tags: { Name: names.of("kms_alias", purpose) },
      enableKeyRotation: true,
      rotationPeriodInDays: 365,
      deletionWindowInDays: deletionDays,
      policy: policy(
        {
          // Without it, IAM policies could grant nothing on the key, and the key could not be managed.
          Sid: "EnableIamPolicies",
          Principal: { AWS: `arn:aws:iam::${accountId}:root` },
          Action: "kms:*",
          Resource: THIS_KEY,
        },
        ...statements,
      ),
    });
    this.alias = keyAlias(names, purpose);
    new KmsAlias(this, "alias", { ...inRegion, name: this.alias, targetKeyId: key.keyId });
    this.resource = key;
    this.arn = key.arn;
    this.id = key.keyId;
  }
}

/**
 * Allows CloudWatch Logs to encrypt the log groups that match the patterns. Without it, the apply of a log group with this key
 * fails.
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
 * Allows alarms and RDS events of this account to publish to a topic with this key, and EventBridge, which provides no
 * condition keys to KMS.
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
 * Allows Fargate to encrypt the ephemeral storage of the tasks of one cluster.
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
 * Allows log delivery to decrypt the logs of state machines with this key.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
 */
export function keyPolicyForRunbooks(): readonly Statement[] {
  return [{ Sid: "LogDelivery", Principal: { Service: "delivery.logs.amazonaws.com" }, Action: "kms:Decrypt", Resource: THIS_KEY }];
}

/**
 * Allows SNS topics of this account to send messages to queues with this key, and EventBridge, which provides no condition
 * keys to KMS. The policy of the queue restricts the rules that may send.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export function keyPolicyForQueues(accountId: string): readonly Statement[] {
  const Action = ["kms:GenerateDataKey", "kms:Decrypt"];
  return [
    {
      Sid: "SnsTopics",
      Principal: { Service: "sns.amazonaws.com" },
      Action,
      Resource: THIS_KEY,
      Condition: { StringEquals: { "aws:SourceAccount": accountId } },
    },
    { Sid: "EventBridge", Principal: { Service: "events.amazonaws.com" }, Action, Resource: THIS_KEY },
  ];
}

/**
 * Allows EventBridge to encrypt the events of one event bus.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html
 */
export function keyPolicyForEventBus(busArn: string): readonly Statement[] {
  const Principal = { Service: "events.amazonaws.com" };
  return [
    { Sid: "EventBusKeyAccess", Principal, Action: "kms:DescribeKey", Resource: THIS_KEY },
    {
      Sid: "EventBusEncryption",
      Principal,
      Action: ["kms:GenerateDataKey", "kms:Decrypt"],
      Resource: THIS_KEY,
      Condition: { StringEquals: { "kms:EncryptionContext:aws:events:event-bus:arn": busArn } },
    },
  ];
}
