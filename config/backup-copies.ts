import { parseVaultArn } from "./backup-vaults";
import type { Config } from "./config";
import type { Names } from "./naming";

/** ARN of the vault of a region. The backup plan of another region refers to it as the destination of copies. */
function vaultArn(names: Names, region: string, accountId: string): string {
  return `arn:aws:backup:${region}:${accountId}:backup-vault:${names.of("backup_vault")}`;
}

/**
 * ARNs of the vaults that receive copies of the backups of a region: those of the other regions, and those of other accounts in
 * the same region, because a snapshot of Aurora cannot be copied to another region and another account in one step.
 * @param names those of any region
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_CopySnapshot.html
 */
export function copyVaultArns(
  { regions, accountId, backup }: Pick<Config, "regions" | "accountId" | "backup">,
  names: Names,
  region: string,
): readonly string[] {
  return [
    ...regions.filter(({ name }) => name !== region).map(({ name }) => vaultArn(names.in(name), name, accountId)),
    ...backup.copyVaultArns.filter((arn) => parseVaultArn(arn).region === region),
  ];
}
