import { parseVaultArn } from "../backup-vaults";
import { problemIf, type Rule } from "./rule";

const LOCK_SOURCE = "https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html";
const COPY_SOURCE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_CopySnapshot.html";

/** Locks of the vaults, and vaults in other accounts. */
export const BACKUP_VAULT_RULES: readonly Rule[] = [
  {
    reads: ["backup.vault_lock", "protect"],
    check: ({ backup: { vault_lock }, protect }) =>
      problemIf(vault_lock !== undefined && !protect, {
        where: "backup.vault_lock",
        given: vault_lock,
        why: "a locked vault cannot be deleted before its backups expire, so the environment cannot be destroyed",
        instead: "protect = true, or remove vault_lock",
        source: LOCK_SOURCE,
      }),
  },
  {
    reads: ["backup.vault_lock"],
    check: ({ backup: { vault_lock } }) =>
      problemIf(vault_lock !== undefined && (vault_lock.mode === "compliance") !== (vault_lock.changeable_for_days !== undefined), {
        where: "backup.vault_lock",
        given: vault_lock,
        why: "the lock is in compliance mode if it has changeable_for_days, the days after which it cannot be removed, and otherwise in governance mode",
        instead: 'mode = "compliance" with changeable_for_days = 7, or mode = "governance" without it',
        source: LOCK_SOURCE,
      }),
  },
  ...(["retention_days", "copy_retention_days"] as const).map((key): Rule => ({
    reads: ["backup.vault_lock", `backup.${key}`],
    check: ({ backup: { vault_lock, [key]: days } }) => {
      const { min_retention_days: least = 1, max_retention_days: most = Infinity } = vault_lock ?? {};
      return problemIf(days < least || days > most, {
        where: `backup.${key}`,
        given: days,
        why: `is outside the limits of vault_lock, ${most === Infinity ? `${least} days or more` : `${least} to ${most} days`}: every job would fail`,
        instead: "a value within the limits, or other limits",
        source: LOCK_SOURCE,
      });
    },
  })),
  {
    reads: ["backup", "account_id"],
    check: ({ backup: { copy_vault_arns: arns }, account_id }) =>
      arns.flatMap((given) =>
        problemIf(parseVaultArn(given).account === account_id, {
          where: "backup.copy_vault_arns",
          given,
          why: "is in the account of the platform, in which a stolen role can reach it",
          instead: "a vault of another account; the vaults of the platform's other regions receive copies without this key",
        }),
      ),
  },
  {
    reads: ["backup", "regions"],
    check: ({ backup: { copy_vault_arns: arns }, regions }) =>
      arns.flatMap((given) =>
        problemIf(!regions.some(({ name }) => name === parseVaultArn(given).region), {
          where: "backup.copy_vault_arns",
          given,
          why: "is in a region without the platform, and a snapshot of Aurora cannot be copied to another region and another account in one step",
          instead: `a vault in ${regions.map(({ name }) => name).join(" or ")}; the other account can copy its backups to other regions`,
          source: COPY_SOURCE,
        }),
      ),
  },
  {
    reads: ["backup", "regions"],
    check: ({ backup: { copy_vault_arns: arns }, regions }) => {
      const covered = arns.map((arn) => parseVaultArn(arn).region);
      const missing = regions.map(({ name }) => name).filter((name) => !covered.includes(name));
      return problemIf(arns.length > 0 && missing.length < regions.length && missing.length > 0, {
        where: "backup.copy_vault_arns",
        given: arns,
        why: `has no vault in ${missing.join(" and ")}: after a takeover, no copy would leave the account`,
        instead: "one vault for each region",
      });
    },
  },
];
