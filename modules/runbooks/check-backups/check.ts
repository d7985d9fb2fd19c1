/** What must be backed up, and how young its newest backup must be. */
export interface Promised {
  readonly resourceArn: string;
  readonly maxAgeHours: number;
}

/** A recovery point, as far as it is read. */
export interface Point {
  readonly arn: string;
  readonly status: string;
  readonly created: Date;
  readonly encrypted: boolean;
}

/** What AWS Backup knows. */
export interface Backups {
  /** When there was a vault for the first time: before that, nothing could be backed up. */
  begun(): Promise<Date>;
  /** Recovery points of one resource, not older than a moment. */
  points(resourceArn: string, since: Date): Promise<readonly Point[]>;
  /** What AWS Backup would restore with: nothing where it cannot. */
  restoreMetadata(pointArn: string): Promise<Readonly<Record<string, string>>>;
  /** Restore tests that ended well, not before a moment; undefined where there are none to run. */
  restoreTests(since: Date): Promise<number | undefined>;
}

const HOUR = 3_600_000;
/** Restore tests run once a week; a day of grace. */
const RESTORE_TEST_DAYS = 8;
/** A snapshot that is done, and a continuous backup that goes on. */
const USABLE = ["COMPLETED", "AVAILABLE"];

/** Everything that is not as promised, in sentences. Empty when all is well. */
export async function check(promises: readonly Promised[], backups: Backups, now: Date): Promise<string[]> {
  const hours = (now.getTime() - (await backups.begun()).getTime()) / HOUR;
  const problems = await Promise.all(promises.map((promised) => checkResource(promised, backups, now, hours)));
  const tests =
    hours < RESTORE_TEST_DAYS * 24 ? undefined : await backups.restoreTests(new Date(now.getTime() - RESTORE_TEST_DAYS * 24 * HOUR));
  return [...problems.flat(), ...(tests === 0 ? [`No restore test has ended well for ${RESTORE_TEST_DAYS} days.`] : [])];
}

/** @param vaultHours age of the vault: while it is younger than a backup may be old, there need not be one */
async function checkResource({ resourceArn, maxAgeHours }: Promised, backups: Backups, now: Date, vaultHours: number): Promise<string[]> {
  const points = await backups.points(resourceArn, new Date(now.getTime() - maxAgeHours * HOUR));
  const [newest] = points
    .filter(({ status }) => USABLE.includes(status))
    .sort((one, other) => other.created.getTime() - one.created.getTime());
  if (!newest) return vaultHours < maxAgeHours ? [] : [`${resourceArn} has no backup younger than ${maxAgeHours} h.`];
  if (!newest.encrypted) return [`${newest.arn} is not encrypted.`];
  const metadata = await backups.restoreMetadata(newest.arn);
  return Object.keys(metadata).length > 0 ? [] : [`${newest.arn} cannot be restored: AWS Backup knows not how.`];
}
