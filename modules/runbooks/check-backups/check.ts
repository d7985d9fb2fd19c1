/** A resource, and the maximum age of its newest backup in the vault. */
interface BackupSource {
  readonly resourceArn: string;
  readonly maxAgeHours: number;
}

/**
 * Data that must be backed up: the resources that have them, of which one must have a recent backup. Each of the clusters of a
 * global database has the same data, and the vault contains backups of one of them and copies of those of the others.
 */
export type BackupObjective = readonly BackupSource[];

/** A recovery point, as far as the check reads it. */
export interface RecoveryPoint {
  readonly arn: string;
  readonly status: string;
  readonly createdAt: Date;
  readonly encrypted: boolean;
}

/** What AWS Backup reports of one vault. */
export interface Backups {
  /** Creation time of the vault. No backup can be older. */
  vaultCreatedAt(): Promise<Date>;
  /** Recovery points of one resource that were created since a given time. */
  recoveryPoints(resourceArn: string, since: Date): Promise<readonly RecoveryPoint[]>;
  /** Metadata with which AWS Backup would restore. Empty when it cannot. */
  restoreMetadata(recoveryPointArn: string): Promise<Readonly<Record<string, string>>>;
  /** Number of completed restore tests since a given time. Undefined when there is no restore testing plan. */
  completedRestoreTests(since: Date): Promise<number | undefined>;
}

const HOUR = 3_600_000;
/** Restore tests run once a week. One day is added for delays. */
const RESTORE_TEST_DAYS = 8;
/** A completed snapshot, and a continuous backup in progress. */
const USABLE = ["COMPLETED", "AVAILABLE"];

/** Every objective that is not met, as sentences. Empty when all are met. */
export async function check(objectives: readonly BackupObjective[], backups: Backups, now: Date): Promise<string[]> {
  const vaultHours = (now.getTime() - (await backups.vaultCreatedAt()).getTime()) / HOUR;
  const problems = await Promise.all(objectives.map((objective) => checkObjective(objective, backups, now, vaultHours)));
  const testsSince = new Date(now.getTime() - RESTORE_TEST_DAYS * 24 * HOUR);
  const tests = vaultHours < RESTORE_TEST_DAYS * 24 ? undefined : await backups.completedRestoreTests(testsSince);
  return [...problems.flat(), ...(tests === 0 ? [`No restore test has succeeded in the last ${RESTORE_TEST_DAYS} days.`] : [])];
}

/** @param vaultHours age of the vault. A missing backup is accepted while the vault is younger than the maximum age of a backup. */
async function checkObjective(sources: BackupObjective, backups: Backups, now: Date, vaultHours: number): Promise<string[]> {
  const recoveryPoints = await Promise.all(
    sources.map(({ resourceArn, maxAgeHours }) => backups.recoveryPoints(resourceArn, new Date(now.getTime() - maxAgeHours * HOUR))),
  );
  const [newest] = recoveryPoints
    .flat()
    .filter(({ status }) => USABLE.includes(status))
    .sort((one, other) => other.createdAt.getTime() - one.createdAt.getTime());
  if (!newest) {
    const missing = sources.map(({ resourceArn, maxAgeHours }) => `${resourceArn} has no backup younger than ${maxAgeHours} h`);
    return sources.some(({ maxAgeHours }) => vaultHours < maxAgeHours) ? [] : [`${missing.join(", and ")}.`];
  }
  if (!newest.encrypted) return [`${newest.arn} is not encrypted.`];
  const metadata = await backups.restoreMetadata(newest.arn);
  return Object.keys(metadata).length > 0 ? [] : [`${newest.arn} cannot be restored: AWS Backup returned no restore metadata.`];
}
