/** A rule of the backup plan: when it creates backups, and whether it also copies them. */
export interface BackupSchedule {
  readonly ruleName: string;
  /** Schedule expression in UTC. */
  readonly schedule: string;
  readonly copied: boolean;
}

/** Hours from the scheduled time within which a backup must complete: a job may start an hour late, and has a duration. */
const BACKUP_GRACE_HOURS = 3;

/**
 * The rules of the backup plan. A rule copies all of its backups, so a longer interval of the copies needs a second rule. No
 * hour is in both rules: AWS Backup keeps only one of two backups whose start windows overlap.
 * @param copyEveryHours a multiple of `everyHours`. @default - no copies
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html
 */
export function backupSchedules(everyHours: number, copyEveryHours?: number): readonly BackupSchedule[] {
  const every = { ruleName: `every-${everyHours}-hours`, schedule: cron(interval(everyHours)), copied: copyEveryHours !== undefined };
  if (copyEveryHours === undefined || copyEveryHours === everyHours) return [every];
  const others = Array.from({ length: 24 / everyHours }, (_, index) => index * everyHours).filter((hour) => hour % copyEveryHours !== 0);
  return [
    { ...every, schedule: cron(others.join(",")), copied: false },
    { ruleName: `copied-every-${copyEveryHours}-hours`, schedule: cron(interval(copyEveryHours)), copied: true },
  ];
}

/** Maximum age of the newest backup in hours. */
export function maxBackupAgeHours(everyHours: number): number {
  return everyHours + BACKUP_GRACE_HOURS;
}

/**
 * Maximum age of the newest copy in hours. A copy has the creation time of its backup, and copying a large database takes hours.
 * The limit is met while each copy completes before the next one begins.
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/recov-point-create-a-copy.html
 */
export function maxCopyAgeHours(copyEveryHours: number): number {
  return 2 * copyEveryHours + BACKUP_GRACE_HOURS;
}

function interval(hours: number): string {
  return hours === 24 ? "0" : `0/${hours}`;
}

function cron(hours: string): string {
  return `cron(0 ${hours} * * ? *)`;
}
