import { BackupVault } from "@cdktf/provider-aws/lib/backup-vault";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";

export interface VaultProps {
  readonly names: Names;
  /** Customer-managed key: copies of another region's database come under it. */
  readonly keyArn: string;
  /** Whether deleting the vault deletes the backups in it. */
  readonly forceDestroy: boolean;
}

/** What every vault's key protects: part of its alias. */
export const BACKUP_KEY_PURPOSE = "backup";

/** ARN of a region's vault: how another region's plan knows where its copies go. */
export function vaultArn(names: Names, region: string, accountId: string): string {
  return `arn:aws:backup:${region}:${accountId}:backup-vault:${names.of("backup_vault")}`;
}

/** Where a region's backups are, and the copies that other regions send. */
export class Vault extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, { names, keyArn, forceDestroy }: VaultProps) {
    super(scope, id);
    const vault = new BackupVault(this, "vault", { name: names.of("backup_vault"), kmsKeyArn: keyArn, forceDestroy });
    this.name = vault.name;
    this.arn = vault.arn;
  }
}
