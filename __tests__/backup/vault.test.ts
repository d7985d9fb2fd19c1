import { describe, expect, it } from "@jest/globals";
import { DATA, ONE_REGION, twoRegions } from "../support/config";
import { allows, type EvaluatedStatement } from "../support/evaluate-policy";
import { list, statements, withSid } from "../support/policies";
import { oneRegion, regionStack, type Synthesized } from "../support/synthesized";

const ACCOUNT = "123456789012";
const VAULT = `arn:aws:backup:us-east-1:${ACCOUNT}:backup-vault:vault-test-1`;
const POINT = `arn:aws:rds:us-east-1:${ACCOUNT}:cluster-snapshot:awsbackup:job-1`;
const OTHER = "210987654321";
const OTHER_VAULTS = ["us-east-1", "us-west-2"].map((region) => `arn:aws:backup:${region}:${OTHER}:backup-vault:payments`);

const plain = oneRegion();
const kept = oneRegion({ protect: true });
const [here, there] = [0, 1].map((index) =>
  regionStack({ ...twoRegions("hot"), ...DATA, backup: { copy_vault_arns: OTHER_VAULTS } }, index),
) as [Synthesized, Synthesized];

describe("a protected vault", () => {
  const denied = statements(kept).filter(({ address }) => address === "aws_backup_vault_policy.vault_policy") as EvaluatedStatement[];
  /** Whether an administrator with all permissions may do it. */
  const may = (action: string, principal: string, context: Readonly<Record<string, string>> = {}): boolean =>
    allows([{ Effect: "Allow", Action: "*", Resource: "*" }, ...denied], {
      action,
      resource: action.includes("RecoveryPoint") ? POINT : VAULT,
      context: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:${principal}`, "aws:PrincipalIsAWSService": "false", ...context },
    });
  const WEAKENING = [
    "backup:DeleteRecoveryPoint",
    "backup:UpdateRecoveryPointLifecycle",
    "backup:DeleteBackupVault",
    "backup:DeleteBackupVaultAccessPolicy",
    "backup:DeleteBackupVaultLockConfiguration",
    "backup:PutBackupVaultAccessPolicy",
  ];

  it.each(WEAKENING)("denies %s to every principal but the administrator of the backups", (action) => {
    for (const principal of [
      "root",
      "role/Administrator",
      "role/deploy",
      "role/role-backup-test-1-us-east-1",
      "user/backup-administrator-test-1",
    ])
      expect({ principal, allowed: may(action, principal) }).toEqual({ principal, allowed: false });
    expect(may(action, "role/backup-administrator-test-1")).toBe(true);
  });

  it("denies AWS Backup nothing: it deletes expired backups", () => {
    expect(may("backup:DeleteRecoveryPoint", "role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup")).toBe(true);
    expect(may("backup:DeleteRecoveryPoint", "any", { "aws:PrincipalIsAWSService": "true" })).toBe(true);
  });

  it("receives backups and copies, and its backups can be restored", () => {
    for (const action of ["backup:CopyIntoBackupVault", "backup:StartBackupJob", "backup:StartRestoreJob", "backup:DescribeBackupVault"])
      expect({ action, allowed: may(action, "role/any") }).toEqual({ action, allowed: true });
  });

  it("has actions without wildcards, which a vault policy does not accept", () => {
    expect(denied.flatMap(({ Action }) => list(Action)).filter((action) => action.includes("*"))).toEqual([]);
  });

  it("keeps its backups at a destroy; without protect, nothing denies their deletion", () => {
    expect(kept.only("aws_backup_vault")["force_destroy"]).toBe(false);
    expect(plain.only("aws_backup_vault")["force_destroy"]).toBe(true);
    expect(plain.all("aws_backup_vault_policy")).toEqual([]);
  });
});

describe("a vault lock", () => {
  const lockOf = (vault_lock: object) =>
    oneRegion({ protect: true, backup: { vault_lock } }).only("aws_backup_vault_lock_configuration") as object;

  it("is in governance mode without a date, and in compliance mode with one", () => {
    expect(lockOf({ mode: "governance", min_retention_days: 7 })).toEqual({
      address: "aws_backup_vault_lock_configuration.vault_lock",
      resourceType: "aws_backup_vault_lock_configuration",
      backup_vault_name: "${aws_backup_vault.vault_vault.name}",
      min_retention_days: 7,
    });
    expect(lockOf({ mode: "compliance", min_retention_days: 7, max_retention_days: 35, changeable_for_days: 3 })).toMatchObject({
      min_retention_days: 7,
      max_retention_days: 35,
      changeable_for_days: 3,
    });
  });

  it("does not exist by default", () => {
    expect(kept.all("aws_backup_vault_lock_configuration")).toEqual([]);
  });
});

describe("copies in another account", () => {
  const copies = (stack: Synthesized) =>
    (stack.only("aws_backup_plan")["rule"] as { copy_action: { destination_vault_arn: string }[] }[]).map(({ copy_action: actions }) =>
      actions.map(({ destination_vault_arn: arn }) => arn),
    );

  it("are created with the daily ones, in the region of the backup", () => {
    const own = (region: string) => `arn:aws:backup:${region}:${ACCOUNT}:backup-vault:vault-test-1`;
    expect(copies(here)).toEqual([[], [own("us-west-2"), OTHER_VAULTS[0]]]);
    expect(copies(there)).toEqual([[], [own("us-east-1"), OTHER_VAULTS[1]]]);
    const single = regionStack({ ...ONE_REGION, backup: { copy_vault_arns: OTHER_VAULTS.slice(0, 1) } });
    expect(copies(single)).toEqual([[], [OTHER_VAULTS[0]]]);
  });

  it("are allowed to the role of AWS Backup, which shares the snapshot", () => {
    const role = (stack: Synthesized) =>
      statements(stack).filter(({ address }) => address === "aws_iam_role_policy.backup_role_permissions");
    expect(list(withSid(role(here), "CopyIntoVaults").Resource)).toEqual(
      [ACCOUNT, OTHER].map((account) => `arn:aws:backup:*:${account}:backup-vault:*`),
    );
    expect(list(withSid(role(here), "SnapshotClusters").Action)).toContain("rds:ModifyDBClusterSnapshotAttribute");
    expect(list(withSid(role(plain), "CopyIntoVaults").Resource)).toEqual([`arn:aws:backup:*:${ACCOUNT}:backup-vault:*`]);
    expect(list(withSid(role(plain), "SnapshotClusters").Action)).not.toContain("rds:ModifyDBClusterSnapshotAttribute");
  });

  it("are decrypted with the key of the database by AWS Backup in that account, and by no other principal of it", () => {
    const key = statements(here).filter(({ address }) => address === "aws_kms_key.database-key_key") as EvaluatedStatement[];
    const may = (action: string, principal: string, context: Readonly<Record<string, string>> = {}): boolean =>
      allows(
        key.filter((statement) => JSON.stringify(statement).includes(OTHER)),
        { action, resource: "*", context: { "aws:PrincipalArn": `arn:aws:iam::${OTHER}:role/${principal}`, ...context } },
      );
    const BACKUP = "aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup";
    for (const action of ["kms:Decrypt", "kms:DescribeKey", "kms:ReEncryptFrom", "kms:GenerateDataKeyWithoutPlaintext"]) {
      expect({ action, allowed: may(action, BACKUP) }).toEqual({ action, allowed: true });
      expect({ action, allowed: may(action, "Administrator") }).toEqual({ action, allowed: false });
    }
    expect(may("kms:CreateGrant", BACKUP, { "kms:GrantIsForAWSResource": "true" })).toBe(true);
    expect(may("kms:CreateGrant", BACKUP, { "kms:GrantIsForAWSResource": "false" })).toBe(false);
    expect(may("kms:ScheduleKeyDeletion", BACKUP)).toBe(false);
    expect(JSON.stringify(statements(plain).filter(({ address }) => address === "aws_kms_key.database-key_key"))).not.toContain("Backup");
  });
});

it("backups have the tags of the environment, by which roles can be restricted", () => {
  const [rule] = plain.only("aws_backup_plan")["rule"] as { recovery_point_tags: object }[];
  expect(rule?.recovery_point_tags).toMatchObject({ EnvironmentSuffix: "test-1" });
});
