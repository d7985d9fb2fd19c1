import { REGIONS_WITHOUT_BACKTRACK } from "../aws-limits";
import { rewindsByRestore } from "../rewind";
import { minorVersion, WRITE_ONLY_MINOR } from "../terraform-version";
import { LEAST_BACKUP_DAYS } from "./backup-rules";
import { problemIf, type Rule } from "./rule";

const BACKTRACK = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Backtrack.html";

/** With fewer days, the continuous backups do not always include the last 24 hours. */
const LEAST_REWIND_DAYS = 2;

/** Aurora: backtrack, rewind and backups. */
export const DATABASE_RECOVERY_RULES: readonly Rule[] = [
  {
    reads: ["database.backtrack_hours", "database.engine", "regions"],
    check: ({ database: { backtrack_hours: given, engine }, regions }) => [
      ...problemIf(given !== undefined && engine !== "aurora-mysql", {
        where: "database.backtrack_hours",
        given,
        why: `backtrack is available for Aurora MySQL only; with ${engine}, the plan succeeds and the apply fails`,
        instead:
          'rewind = true, which restores to a second cluster, to any second of backup_retention_days; or engine = "aurora-mysql" in a single region',
        source: BACKTRACK,
      }),
      ...problemIf(given !== undefined && regions.length > 1, {
        where: "database.backtrack_hours",
        given,
        why: "several regions share a global database, which does not support backtrack",
        instead: "a single region, or rewind = true without backtrack_hours",
        source: BACKTRACK,
      }),
      ...regions
        .filter(({ name }) => given !== undefined && REGIONS_WITHOUT_BACKTRACK.includes(name))
        .map(({ name }) => ({
          where: "database.backtrack_hours",
          given,
          why: `backtrack is not available in ${name}`,
          instead: "another region, or rewind = true without backtrack_hours",
          source: BACKTRACK,
        })),
    ],
  },
  {
    reads: ["database.rewind", "database.backtrack_hours", "database.backup_retention_days", "ephemeral"],
    // Without `ephemeral`, another rule rejects this retention.
    check: ({ database, database: { backup_retention_days: given }, ephemeral }) =>
      problemIf(ephemeral && rewindsByRestore(database.rewind, database.backtrack_hours) && given < LEAST_REWIND_DAYS, {
        where: "database.backup_retention_days",
        given,
        why: "is too short for a rewind to any second of the last 24 hours: a single day of backups does not always include all of them",
        instead: `backup_retention_days = ${LEAST_REWIND_DAYS} or more, or rewind = false`,
        source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Backups.html",
      }),
  },
  {
    reads: ["database.rewind", "database.backtrack_hours", "terraform_version"],
    check: ({ database, terraform_version: given }) =>
      problemIf(rewindsByRestore(database.rewind, database.backtrack_hours) && minorVersion(given) < WRITE_ONLY_MINOR, {
        where: "database.rewind",
        given: true,
        why: `a restored cluster needs the password of the live cluster, so the password is in a secret of the platform and is passed as a write-only argument, which requires Terraform 1.${WRITE_ONLY_MINOR}; terraform_version is "${given}"`,
        instead: `terraform_version = "1.${WRITE_ONLY_MINOR}", or rewind = false`,
        source: "https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only",
      }),
  },
  {
    reads: ["database.rewind", "database.backtrack_hours", "database.proxy"],
    check: ({ database }) =>
      problemIf(rewindsByRestore(database.rewind, database.backtrack_hours) && database.proxy, {
        where: "database.proxy",
        given: true,
        why: "a rewind switches the tasks to the host name of the restored cluster; a proxy continues to connect to the old cluster",
        instead: "proxy = false, or rewind = false",
        source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.html",
      }),
  },
  {
    reads: ["database.proxy", "regions"],
    check: ({ database: { proxy: given }, regions }) =>
      problemIf(given && regions.length > 1, {
        where: "database.proxy",
        given,
        why: "the proxy of a standby region has no writer, and a takeover switches the tasks to the host name of the cluster, past the proxy",
        instead: "proxy = false, or a single region",
        source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-gdb.html",
      }),
  },
  {
    reads: ["database.global_rpo_seconds", "database.engine", "regions"],
    check: ({ database: { global_rpo_seconds: given, engine }, regions }) =>
      problemIf(given !== undefined && (engine !== "aurora-postgresql" || regions.length === 1), {
        where: "database.global_rpo_seconds",
        given,
        why: "the limit exists for a global database of Aurora PostgreSQL only",
        instead: 'engine = "aurora-postgresql" and a second region, or remove the key',
        source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html",
      }),
  },
  {
    reads: ["database.backup_retention_days", "ephemeral"],
    check: ({ database: { backup_retention_days: given }, ephemeral }) =>
      problemIf(!ephemeral && given < LEAST_BACKUP_DAYS, {
        where: "database.backup_retention_days",
        given,
        why: `is below the minimum of ${LEAST_BACKUP_DAYS} days for a payment platform`,
        instead: `backup_retention_days = ${LEAST_BACKUP_DAYS}, or ephemeral = true for an environment that exists for hours`,
      }),
  },
];
