import { BackupVault } from "@cdktf/provider-aws/lib/backup-vault";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";

export interface VaultProps {
  readonly names: Names;
  /** Customer-managed key, which also encrypts copies of the database of another region. */
  readonly keyArn: string;
  /** Whether deleting the vault also deletes its backups. */
  readonly forceDestroy: boolean;
}

/** Purpose of the key of every vault, as part of its alias. */
export const BACKUP_KEY_PURPOSE = "backup";

/** ARN of the vault of a region. The backup plan of another region refers to it as the destination of copies. */
export function vaultArn(names: Names, region: string, accountId: string): string {
  return `arn:aws:backup:${region}:${accountId}:backup-vault:${names.of("backup_vault")}`;
}

/** The backup vault of a region, with its backups and copies from other regions. */
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
