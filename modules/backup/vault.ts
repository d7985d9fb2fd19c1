import { BackupVault } from "@cdktf/provider-aws/lib/backup-vault";
import { BackupVaultLockConfiguration } from "@cdktf/provider-aws/lib/backup-vault-lock-configuration";
import { BackupVaultPolicy } from "@cdktf/provider-aws/lib/backup-vault-policy";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";

export interface VaultProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** Customer-managed key, which also encrypts copies of the database of another region. */
  readonly keyArn: string;
  /** Whether deleting the vault also deletes its backups. */
  readonly forceDestroy: boolean;
  /** Policy that denies the deletion of backups. @default - none: a destroy deletes the backups */
  readonly policy?: string | undefined;
  /** Retention that AWS enforces. In the mode compliance, it cannot be removed after some days. @default - the vault is not locked */
  readonly lock?: VaultLock | undefined;
}

/**
 * A lock rejects the deletion of backups and changes of their retention, for every principal.
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
 */
export interface VaultLock {
  /** Shortest retention of a backup or copy. A job with a shorter one fails. */
  readonly minRetentionDays: number;
  /** @default - no limit */
  readonly maxRetentionDays?: number;
  /** Days until no principal can remove the lock, 3 or more: compliance mode. @default - governance mode: removable with a permission */
  readonly changeableForDays?: number;
}

/** Purpose of the key of every vault, as part of its alias. */
export const BACKUP_KEY_PURPOSE = "backup";

/** The backup vault of a region, with its backups and copies from other regions. */
export class Vault extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, { names, keyArn, forceDestroy, policy, lock }: VaultProps) {
    super(scope, id);
    const vault = new BackupVault(this, "vault", { name: names.of("backup_vault"), kmsKeyArn: keyArn, forceDestroy });
    if (policy !== undefined) new BackupVaultPolicy(this, "policy", { backupVaultName: vault.name, policy });
    if (lock) new BackupVaultLockConfiguration(this, "lock", { backupVaultName: vault.name, ...lock });
    this.name = vault.name;
    this.arn = vault.arn;
  }
}
