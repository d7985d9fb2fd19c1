import { type ControlStatus, ownedByAccount, met, runtimeOnly, unused } from "../status";
import { every } from "../check";
import { is, references, neverAllows, related } from "../expectation";
import { actions, resources, type Statement, isPublic } from "../statement";

const administers = (statement: Statement): boolean => actions(statement).includes("*") && resources(statement).includes("*");
/** Every action of a service, as `s3:*`. */
const ofWholeServices = (statement: Statement): boolean => actions(statement).some((action) => /^(\*|[^:]+:\*)$/.test(action));

/** IAM, KMS, Secrets Manager and the event bus policy. */
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
    "It applies to customer managed policies, of which there are none; the inline policies meet it, too.",
  ),
  unused(["IAM.2", "IAM.3", "IAM.5", "IAM.8"], ["aws_iam_user", "aws_iam_access_key"], "The platform has roles and no users."),
  ownedByAccount(["IAM.4", "IAM.6", "IAM.7"], "The root user and the password policy are properties of the account."),
  unused(["KMS.1", "iam_policy_custom_no_blocked_kms_actions"], ["aws_iam_policy"], "Every policy is inline, see KMS.2."),
  runtimeOnly(
    ["KMS.3", "kms_key_not_pending_deletion"],
    "The deletion of a key can be cancelled within 7 days, with `protect = true` within 30 days; `composite-keys-<suffix>` reports it.",
  ),
  met(
    ["KMS.5"],
    [
      every(
        "aws_kms_key",
        neverAllows("policy", "anything to the public", isPublic, {
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
    [every("aws_secretsmanager_secret", references("kms_key_id", "aws_kms_key"))],
    "Replicas in other regions are encrypted with keys of those regions.",
  ),
  unused(["SecretsManager.2"], ["aws_secretsmanager_secret_rotation"], "No secret has automatic rotation, see SecretsManager.1."),
  runtimeOnly(
    ["SecretsManager.3", "secretsmanager_secret_unused_90_day"],
    "Tasks read the password when they start; the alert forwarding function reads the endpoints with every alert.",
  ),
  met(
    ["EventBridge.3"],
    [every("aws_cloudwatch_event_bus", related("aws_cloudwatch_event_bus_policy", "event_bus_name"))],
    "The policy denies all senders except the known ones.",
  ),
];
