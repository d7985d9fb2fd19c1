import { type ControlStatus, decidedByOwner, met } from "../status";
import { every } from "../check";
import { is, isNot, isSet, leadsTo, neverAllows, related } from "../expectation";
import { toEverybody } from "../statement";

const ACTING = [isSet("alarm_actions"), isNot("actions_enabled", false)] as const;

/** Alarms, logs, messages and runbooks. */
export const OPERATIONS: readonly ControlStatus[] = [
  met(
    ["cloudwatch_alarm_action_enabled"],
    [every("aws_cloudwatch_metric_alarm", ...ACTING), every("aws_cloudwatch_composite_alarm", ...ACTING)],
  ),
  met(["log_group_encryption_at_rest_enabled"], [every("aws_cloudwatch_log_group", leadsTo("kms_key_id", "aws_kms_key"))]),
  decidedByOwner(
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
    "They are filters on the log of the account's trail, with alarms that belong to those who watch the account.",
  ),
  met(["SNS.1", "sns_topic_encrypted_at_rest"], [every("aws_sns_topic", leadsTo("kms_master_key_id", "aws_kms_key"))]),
  met(
    ["SNS.4"],
    [
      every(
        "aws_sns_topic",
        related(
          "aws_sns_topic_policy",
          "arn",
          neverAllows("policy", "anything to everybody", toEverybody, { Effect: "Allow", Principal: "*", Action: "sns:Publish" }),
        ),
      ),
    ],
  ),
  met(["SQS.1"], [every("aws_sqs_queue", leadsTo("kms_master_key_id", "aws_kms_key"))]),
  met(
    ["SQS.3"],
    [
      every(
        "aws_sqs_queue",
        related(
          "aws_sqs_queue_policy",
          "queue_url",
          neverAllows("policy", "anything to everybody", toEverybody, { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage" }),
        ),
      ),
    ],
  ),
  met(
    ["StepFunctions.1", "sfn_state_machine_logging_enabled"],
    [every("aws_sfn_state_machine", is("logging_configuration.level", "ALL"), isSet("logging_configuration.log_destination"))],
  ),
];
