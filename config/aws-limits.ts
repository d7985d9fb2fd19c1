/** What AWS takes where no provider, plan or validate checks it: the values behind `rules.ts`. */

/**
 * Memory in MiB that Fargate offers for each number of CPU units.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
 */
export const FARGATE_MEMORY_MIB: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, 1024, 2048]],
  [512, steps(1, 4, 1)],
  [1024, steps(2, 8, 1)],
  [2048, steps(4, 16, 1)],
  [4096, steps(8, 30, 1)],
  [8192, steps(16, 60, 4)],
  [16384, steps(32, 120, 8)],
]);

function steps(fromGib: number, toGib: number, byGib: number): number[] {
  return Array.from({ length: (toGib - fromGib) / byGib + 1 }, (_, index) => (fromGib + index * byGib) * 1024);
}

/**
 * Aurora PostgreSQL versions that can be created, August 2026.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraPostgreSQLReleaseNotes/aurorapostgresql-release-calendar.html
 */
export const AURORA_POSTGRESQL_VERSIONS: readonly string[] = [
  "16.4",
  "16.6",
  "16.8",
  "16.9",
  "16.10",
  "16.11",
  "16.13",
  "17.4",
  "17.5",
  "17.6",
  "17.7",
  "17.9",
];

/** Classes that a member of a global database may have. @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.configuration.requirements.html */
export const GLOBAL_DATABASE_CLASS = /^db\.[rx]\d/;

/** Tag keys that the platform sets itself. */
export const OWN_TAGS: readonly string[] = ["Environment", "DisasterRecovery", "EnvironmentSuffix", "ManagedBy"];
