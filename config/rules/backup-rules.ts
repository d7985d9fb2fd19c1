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
];
