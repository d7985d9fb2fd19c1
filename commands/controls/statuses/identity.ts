import { type ControlStatus, decidedByOwner, met, seenLive, unused } from "../status";
import { every } from "../check";
import { is, leadsTo, neverAllows, related } from "../expectation";
import { actions, resources, type Statement, toEverybody } from "../statement";

const administers = (statement: Statement): boolean => actions(statement).includes("*") && resources(statement).includes("*");
/** Every action of a service, as `s3:*`. */
const ofWholeServices = (statement: Statement): boolean => actions(statement).some((action) => /^(\*|[^:]+:\*)$/.test(action));

/** Who may do what, and the keys. */
export const IDENTITY: readonly ControlStatus[] = [
  met(
    ["IAM.1", "iam_policy_no_star_star"],
    [
      every(
        "aws_iam_role_policy",
        neverAllows("policy", "everything on everything", administers, { Effect: "Allow", Action: "*", Resource: "*" }),
      ),
    ],
  ),
  met(
    ["IAM.21"],
    [
      every(
        "aws_iam_role_policy",
        neverAllows("policy", "all actions of a service", ofWholeServices, { Effect: "Allow", Action: "s3:*", Resource: "*" }),
      ),
    ],
    "It is about customer-managed policies, of which there are none; the inline ones meet it.",
  ),
  unused(["IAM.2", "IAM.3", "IAM.5", "IAM.8"], ["aws_iam_user", "aws_iam_access_key"], "There are roles only, no users."),
  decidedByOwner(["IAM.4", "IAM.6", "IAM.7"], "The root user and the rules for passwords belong to the account."),
  unused(["KMS.1", "iam_policy_custom_no_blocked_kms_actions"], ["aws_iam_policy"], "Every policy is inline: see KMS.2."),
  seenLive(
    ["KMS.3", "kms_key_not_pending_deletion"],
    "A key that is deleted by mistake can be had back within 7 days, with `protect = true` within 30.",
  ),
  met(
    ["KMS.5"],
    [
      every(
        "aws_kms_key",
        neverAllows("policy", "anything to everybody", toEverybody, {
          Effect: "Allow",
          Principal: "*",
          Action: "kms:Decrypt",
          Resource: "*",
        }),
      ),
    ],
  ),
  met(["kms_cmk_rotation_enabled"], [every("aws_kms_key", is("enable_key_rotation", true))]),
  met(
    ["secretsmanager_secret_encrypted_with_kms_cmk"],
    [every("aws_secretsmanager_secret", leadsTo("kms_key_id", "aws_kms_key"))],
    "Replicas in other regions have keys there.",
  ),
  unused(["SecretsManager.2"], ["aws_secretsmanager_secret_rotation"], "No secret rotates by itself: see SecretsManager.1."),
  seenLive(
    ["SecretsManager.3", "secretsmanager_secret_unused_90_day"],
    "Tasks read the password when they start; functions read where alerts go with every alert.",
  ),
  met(
    ["EventBridge.3"],
    [every("aws_cloudwatch_event_bus", related("aws_cloudwatch_event_bus_policy", "event_bus_name"))],
    "It refuses every sender but those known.",
  ),
];
