import { problemIf, type Rule } from "./rule";

export const LEAST_BACKUP_DAYS = 7;

/** AWS Backup. */
export const BACKUP_RULES: readonly Rule[] = [
  {
    reads: ["backup.retention_days", "backup.enabled", "ephemeral"],
    check: ({ backup: { retention_days: given, enabled }, ephemeral }) =>
      problemIf(enabled && !ephemeral && given < LEAST_BACKUP_DAYS, {
        where: "backup.retention_days",
        given,
        why: `is below the minimum of ${LEAST_BACKUP_DAYS} days for a payment platform`,
        instead: `retention_days = ${LEAST_BACKUP_DAYS}, or ephemeral = true for an environment that exists for hours`,
      }),
  },
  {
    reads: ["backup.every_hours", "backup.copy_every_hours"],
    check: ({ backup: { every_hours: every, copy_every_hours: given } }) =>
      problemIf(given % every !== 0, {
        where: "backup.copy_every_hours",
        given,
        why: `is not a multiple of every_hours = ${every}, and only an existing backup can be copied`,
        instead: `copy_every_hours = ${every} or 24`,
      }),
  },
  {
    reads: ["backup"],
    check: ({ backup }) =>
      (["service_configuration", "restore_testing"] as const).flatMap((key) =>
        problemIf(backup[key] && !backup.enabled, {
          where: `backup.${key}`,
          given: true,
          why: "requires backups, which backup.enabled = false disables",
          instead: `enabled = true, or ${key} = false`,
        }),
      ),
  },
  {
    reads: ["backup"],
    check: ({ backup: { enabled, vault_lock, copy_vault_arns } }) =>
      problemIf(!enabled && (vault_lock !== undefined || copy_vault_arns.length > 0), {
        where: "backup.enabled",
        given: enabled,
        why: "disables the backups that vault_lock or copy_vault_arns refer to",
        instead: "enabled = true, or remove vault_lock and copy_vault_arns",
      }),
  },
];
