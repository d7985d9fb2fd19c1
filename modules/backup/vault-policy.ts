import { policy } from "../iam/policy";

/**
 * Name of the role that may delete backups and change this policy. It belongs to the owner of the account, who creates it when
 * it is needed: no pipeline role may create a role with this name.
 */
function backupAdministrator(suffix: string): string {
  return `backup-administrator-${suffix}`;
}

/** Actions that delete backups, or allow it. */
export const DENIED_ACTIONS = [
  "backup:DeleteBackupVault",
  "backup:DeleteBackupVaultAccessPolicy",
  "backup:DeleteBackupVaultLockConfiguration",
  "backup:DeleteRecoveryPoint",
  "backup:PutBackupVaultAccessPolicy",
  "backup:UpdateRecoveryPointLifecycle",
] as const;

/**
 * Policy of a protected vault: it denies what deletes backups or allows it, whatever the caller's own policies allow. A vault
 * policy accepts no wildcards in actions, and controls only the API of AWS Backup.
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
 */
export function protectedVaultPolicy(accountId: string, suffix: string): string {
  return policy({
    Sid: "KeepBackups",
    Effect: "Deny",
    Principal: "*",
    Action: DENIED_ACTIONS,
    Resource: "*",
    Condition: {
      ArnNotLike: {
        "aws:PrincipalArn": [
          `arn:aws:iam::${accountId}:role/${backupAdministrator(suffix)}`,
          // AWS Backup deletes expired recovery points.
          `arn:aws:iam::${accountId}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup`,
        ],
      },
      BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
    },
  });
}
