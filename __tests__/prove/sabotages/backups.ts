import { ref, removed, replaced, type Sabotage, to, withoutAction } from "./sabotage";

const REGIONS = /^us-/;
const GLOBAL = /^global$/;

const PLAN = { type: "aws_backup_plan", id: /plan/ } as const;
const SELECTION = { type: "aws_backup_selection", id: /selection/ } as const;
const VAULT = { type: "aws_backup_vault", id: /vault/ } as const;
const CLUSTER = { type: "aws_rds_cluster", id: /aurora/ } as const;
const ROLE = { type: "aws_iam_role", id: /^backup_role/ } as const;
const POLICY = { type: "aws_iam_role_policy", id: /^backup_role/ } as const;
const LOCK = { type: "aws_backup_vault_lock_configuration", id: /lock/ } as const;
const VAULT_POLICY = { type: "aws_backup_vault_policy", id: /policy/ } as const;
const PROTECTED = { claim: "B7", configuration: "protected", stack: REGIONS } as const;

const everyRule = (change: (rule: Record<string, unknown>) => Record<string, unknown>) => (now: unknown) =>
  (now as Record<string, unknown>[]).map(change);

export const BACKUP_SABOTAGES: readonly Sabotage[] = [
  { claim: "B6", stack: REGIONS, ...PLAN, path: "rule.1.copy_action", becomes: to([]) },
  { claim: "B6", stack: REGIONS, ...PLAN, path: "rule.0.schedule", becomes: to("cron(0 0/12 * * ? *)") },
  { claim: "B6", stack: REGIONS, ...PLAN, path: "rule.0.schedule", becomes: to("cron(0 0,6,12,18 ? * MON-SAT *)") },
  { claim: "B6", stack: REGIONS, ...PLAN, path: "rule.0.schedule", becomes: to("every 6 hours") },
  { claim: "B6", stack: REGIONS, ...PLAN, path: "rule.0.schedule", becomes: removed },
  { claim: "B6", stack: REGIONS, ...PLAN, path: "rule.0.enable_continuous_backup", becomes: to(true) },
  { claim: "B6", stack: REGIONS, ...PLAN, path: "rule.0.start_window", becomes: to(30) },
  { claim: "B6", stack: REGIONS, ...PLAN, path: "rule.0.lifecycle.cold_storage_after", becomes: to(30) },
  {
    claim: "B6",
    configuration: "hot-standby",
    stack: REGIONS,
    ...PLAN,
    path: "rule.1.schedule_expression_timezone",
    becomes: to("America/New_York"),
  },
  { claim: "B6", stack: REGIONS, ...PLAN, path: "rule.0.lifecycle.delete_after", becomes: to(3) },
  { claim: "B6", stack: REGIONS, ...PLAN, path: "rule.0.target_vault_name", becomes: to("Default") },
  { claim: "B6", stack: REGIONS, ...PLAN, path: "rule", becomes: (now) => (now as unknown[]).slice(0, -1) },
  { claim: "B6", stack: REGIONS, ...PLAN, path: "rule.1.schedule", becomes: to("cron(30 18 * * ? *)") },
  { claim: "B6", stack: REGIONS, ...PLAN, path: "rule.1.copy_action.0.lifecycle.delete_after", becomes: to(1) },
  {
    claim: "B6",
    stack: REGIONS,
    ...PLAN,
    path: "rule.1.copy_action.0.destination_vault_arn",
    becomes: replaced("backup-vault:", "backup-vault:x"),
  },
  {
    claim: "B6",
    stack: REGIONS,
    ...PLAN,
    path: "rule.1.copy_action.0.destination_vault_arn",
    becomes: ref("aws_backup_vault", /vault/, "arn"),
  },
  { claim: "B6", stack: REGIONS, ...SELECTION, path: "resources", becomes: to(["arn:aws:rds:*:*:cluster:other"]) },
  { claim: "B6", stack: REGIONS, ...SELECTION, path: "not_resources", becomes: to(["arn:aws:rds:*:*:cluster:*"]) },
  { claim: "B6", stack: REGIONS, ...SELECTION, path: "plan_id", becomes: to("another-plan") },
  { claim: "B6", stack: REGIONS, ...SELECTION, path: "iam_role_arn", becomes: ref("aws_iam_role", /^network_flow-logs/, "arn") },
  { claim: "B6", stack: REGIONS, ...SELECTION, path: "condition.0.string_equals.0.value", becomes: to("yes") },
  { claim: "B6", stack: REGIONS, ...SELECTION, path: "condition.0.string_equals.0.key", becomes: to("aws:ResourceTag/standfast:reader") },
  { claim: "B6", stack: REGIONS, type: "stack", id: /./, path: "provider.aws.0.ignore_tags.0.keys", becomes: to([]) },
  {
    claim: "B6",
    stack: REGIONS,
    type: "aws_iam_role_policy",
    id: /^region-fence/,
    path: "policy",
    becomes: withoutAction("rds:AddTagsToResource"),
  },
  { claim: "B6", stack: REGIONS, type: "aws_cloudwatch_event_rule", id: /region-fence/, path: "state", becomes: to("DISABLED") },
  { claim: "B6", stack: REGIONS, ...ROLE, path: "assume_role_policy", becomes: replaced("backup.amazonaws.com", "rds.amazonaws.com") },
  { claim: "B6", stack: REGIONS, ...POLICY, path: "policy", becomes: withoutAction("rds:CreateDBClusterSnapshot") },
  { claim: "B6", stack: REGIONS, ...POLICY, path: "policy", becomes: replaced(/:cluster:aurora-/, ":cluster:other-") },
  { claim: "B6", stack: /^us-(?!east-1$)/, ...POLICY, path: "policy", becomes: withoutAction("backup:CopyIntoBackupVault") },
  { claim: "B6", stack: REGIONS, ...POLICY, path: "policy", becomes: withoutAction("kms:CreateGrant") },
  { claim: "B6", stack: REGIONS, configuration: "hot-standby", ...POLICY, path: "policy", becomes: withoutAction("tag:GetResources") },
  { claim: "B6", stack: REGIONS, ...CLUSTER, path: "backup_retention_period", becomes: to(1) },
  { claim: "B6", stack: REGIONS, configuration: "hot-standby", ...VAULT, path: "kms_key_arn", becomes: removed },
  { claim: "B6", configuration: "protected", stack: REGIONS, ...LOCK, path: "min_retention_days", becomes: to(36) },
  { claim: "B6", configuration: "protected", stack: REGIONS, ...LOCK, path: "max_retention_days", becomes: to(34) },
  {
    claim: "B6",
    configuration: "protected",
    stack: REGIONS,
    ...VAULT_POLICY,
    path: "policy",
    becomes: to(
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Deny", Principal: "*", Action: "backup:CopyIntoBackupVault", Resource: "*" }],
      }),
    ),
  },
  {
    claim: "B6",
    configuration: "hot-standby",
    stack: REGIONS,
    ...PLAN,
    path: "rule",
    becomes: everyRule((rule) => ({ ...rule, schedule: "cron(0 0/6 * * ? *)" })),
  },

  { ...PROTECTED, ...LOCK, path: "changeable_for_days", becomes: removed },
  { ...PROTECTED, ...LOCK, path: "min_retention_days", becomes: removed },
  { ...PROTECTED, ...LOCK, path: "backup_vault_name", becomes: to("other") },
  { ...PROTECTED, ...VAULT_POLICY, path: "policy", becomes: withoutAction("backup:DeleteRecoveryPoint") },
  { ...PROTECTED, ...VAULT_POLICY, path: "policy", becomes: withoutAction("backup:PutBackupVaultAccessPolicy") },
  { ...PROTECTED, ...VAULT_POLICY, path: "policy", becomes: replaced("role/backup-administrator", "role/*") },
  { ...PROTECTED, ...VAULT_POLICY, path: "policy", becomes: replaced('"Effect":"Deny"', '"Effect":"Allow"') },
  { ...PROTECTED, ...VAULT_POLICY, path: "backup_vault_name", becomes: to("other") },
  { ...PROTECTED, ...VAULT, path: "force_destroy", becomes: to(true) },
  { ...PROTECTED, ...VAULT, path: "lifecycle.prevent_destroy", becomes: to(false) },
  { ...PROTECTED, ...CLUSTER, path: "deletion_protection", becomes: to(false) },
  { ...PROTECTED, ...CLUSTER, path: "deletion_protection", becomes: removed },
  { ...PROTECTED, ...CLUSTER, path: "lifecycle.prevent_destroy", becomes: removed },
  { ...PROTECTED, type: "aws_kms_key", id: /^backup-key/, path: "lifecycle", becomes: removed },
  { ...PROTECTED, type: "aws_s3_bucket", id: /transaction-logs/, path: "force_destroy", becomes: to(true) },
  { ...PROTECTED, type: "aws_s3_bucket_object_lock_configuration", id: /transaction-logs/, path: "bucket", becomes: to("other") },
  { ...PROTECTED, type: "aws_dynamodb_table", id: /sessions/, path: "deletion_protection_enabled", becomes: to(false) },
  { ...PROTECTED, stack: GLOBAL, type: "aws_rds_global_cluster", id: /./, path: "deletion_protection", becomes: to(false) },
  { ...PROTECTED, stack: GLOBAL, type: "aws_rds_global_cluster", id: /./, path: "force_destroy", becomes: to(true) },
];
