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
        why: `a payment platform keeps at least ${LEAST_BACKUP_DAYS} days of backups`,
        instead: `retention_days = ${LEAST_BACKUP_DAYS}, or ephemeral = true for an environment that lives for hours`,
      }),
  },
  {
    reads: ["backup"],
    check: ({ backup }) =>
      (["service_configuration", "restore_testing"] as const).flatMap((key) =>
        problemIf(backup[key] && !backup.enabled, {
          where: `backup.${key}`,
          given: true,
          why: "is a part of the backups, which backup.enabled = false leaves out",
          instead: `enabled = true, or ${key} = false`,
        }),
      ),
  },
];
