import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import type { Construct } from "constructs";
import type { RegionScope } from "../../config/naming";
import { policy } from "../iam/policy";

export interface AlertTopicProps extends RegionScope {
  /** Distinguishes the topic from other topics of the region: `alerts`. */
  readonly purpose: string;
  /** ARN of the topic's key. Its policy must allow the publishers (`keyPolicyForAlerts`). */
  readonly keyArn: string;
  /** Whether EventBridge may publish to the topic. It passes no condition key, so this is every rule of the account. */
  readonly rulesMayPublish: boolean;
}

/** The ARN as a literal: a policy with a reference to the topic's ARN would be unknown until apply, and other stacks have no reference. */
export function alertTopicArn({ names, region, accountId }: RegionScope, purpose: string): string {
  return `arn:aws:sns:${region}:${accountId}:${names.of("sns_topic", purpose)}`;
}

/**
 * An encrypted topic to which alarms and RDS may publish.
 * @param id start of the ids of its resources in the scope, which are in their addresses
 */
export function alertTopic(
  scope: Construct,
  id: string,
  { names, purpose, region, accountId, keyArn, rulesMayPublish }: AlertTopicProps,
): { readonly arn: string; /** Exists once the publishers may publish. */ readonly ready: SnsTopicPolicy } {
  const { arn } = new SnsTopic(scope, id, { name: names.of("sns_topic", purpose), kmsMasterKeyId: keyArn });
  const Resource = alertTopicArn({ names, region, accountId }, purpose);
  const ready = new SnsTopicPolicy(scope, `${id}-policy`, {
    arn,
    policy: policy(
      {
        Sid: "AlarmsAndServiceEvents",
        Principal: { Service: ["cloudwatch.amazonaws.com", "events.rds.amazonaws.com"] },
        Action: "sns:Publish",
        Resource,
        Condition: { StringEquals: { "aws:SourceAccount": accountId } },
      },
      // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
      ...(rulesMayPublish ? [{ Sid: "EventBridge", Principal: { Service: "events.amazonaws.com" }, Action: "sns:Publish", Resource }] : []),
      {
        Sid: "EncryptedTransportOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "sns:Publish",
        Resource,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ),
  });
  return { arn, ready };
}
