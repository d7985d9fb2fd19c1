import { type ControlStatus, ownedByAccount, met } from "../status";
import { every } from "../check";
import { is, isNot, isSet, references, neverAllows, related } from "../expectation";
import { isPublic } from "../statement";

const ACTING = [isSet("alarm_actions"), isNot("actions_enabled", false)] as const;

/** Alarms, logs, messages and runbooks. */
export const OPERATIONS: readonly ControlStatus[] = [
  met(
    ["cloudwatch_alarm_action_enabled"],
    [every("aws_cloudwatch_metric_alarm", ...ACTING), every("aws_cloudwatch_composite_alarm", ...ACTING)],
  ),
  met(["log_group_encryption_at_rest_enabled"], [every("aws_cloudwatch_log_group", references("kms_key_id", "aws_kms_key"))]),
  ownedByAccount(
    [
      "bucket_policy",
      "cloudtrail_configuration",
      "config_configuration",
      "console_authentication_failure",
      "console_login_mfa",
      "disable_or_delete_cmk",
      "iam_policy",
      "network_acl",
      "network_gateway",
      "root_login",
      "route_table",
      "security_group",
      "unauthorized_api",
      "vpc",
    ].map((subject) => `log_metric_filter_${subject}`),
    "They are metric filters on the log group of the account's trail, with alarms for the account's security team.",
  ),
  met(["SNS.1", "sns_topic_encrypted_at_rest"], [every("aws_sns_topic", references("kms_master_key_id", "aws_kms_key"))]),
  met(
    ["SNS.4"],
    [
      every(
        "aws_sns_topic",
        related(
          "aws_sns_topic_policy",
          "arn",
          neverAllows("policy", "anything to the public", isPublic, { Effect: "Allow", Principal: "*", Action: "sns:Publish" }),
        ),
      ),
    ],
  ),
  met(["SQS.1"], [every("aws_sqs_queue", references("kms_master_key_id", "aws_kms_key"))]),
  met(
    ["SQS.3"],
    [
      every(
        "aws_sqs_queue",
        related(
          "aws_sqs_queue_policy",
          "queue_url",
          neverAllows("policy", "anything to the public", isPublic, { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage" }),
        ),
      ),
    ],
  ),
  met(
    ["StepFunctions.1", "sfn_state_machine_logging_enabled"],
    [every("aws_sfn_state_machine", is("logging_configuration.level", "ALL"), isSet("logging_configuration.log_destination"))],
  ),
];
