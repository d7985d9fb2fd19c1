import { REGIONS_WITHOUT_BACKTRACK } from "../aws-limits";
import { rewindsByRestore } from "../rewind";
import { minorVersion, WRITE_ONLY_MINOR } from "../terraform-version";
import { LEAST_BACKUP_DAYS } from "./backup-rules";
import { problemIf, type Rule } from "./rule";

const BACKTRACK = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Backtrack.html";

/** With fewer days, "24 hours ago" is at times already outside. */
const LEAST_REWIND_DAYS = 2;

/** Aurora: backtrack, rewind and backups. */
export const DATABASE_RECOVERY_RULES: readonly Rule[] = [
  {
    reads: ["database.backtrack_hours", "database.engine", "regions"],
    check: ({ database: { backtrack_hours: given, engine }, regions }) => [
      ...problemIf(given !== undefined && engine !== "aurora-mysql", {
        where: "database.backtrack_hours",
        given,
        why: `backtrack exists for Aurora MySQL only; ${engine} with it passes every plan and fails at apply`,
        instead:
          'rewind = true, which restores to any second of backup_retention_days beside the live cluster, or engine = "aurora-mysql" in a single region',
        source: BACKTRACK,
      }),
      ...problemIf(given !== undefined && regions.length > 1, {
        where: "database.backtrack_hours",
        given,
        why: "several regions make a global database, and no member of one can have backtrack",
        instead: "a single region, or rewind = true without backtrack_hours",
        source: BACKTRACK,
      }),
      ...regions
        .filter(({ name }) => given !== undefined && REGIONS_WITHOUT_BACKTRACK.includes(name))
        .map(({ name }) => ({
          where: "database.backtrack_hours",
          given,
          why: `AWS has no backtrack in ${name}`,
          instead: "another region, or rewind = true without backtrack_hours",
          source: BACKTRACK,
        })),
    ],
  },
  {
    reads: ["database.rewind", "database.backtrack_hours", "database.backup_retention_days", "ephemeral"],
    // Without `ephemeral`, so few days are refused anyway.
    check: ({ database, database: { backup_retention_days: given }, ephemeral }) =>
      problemIf(ephemeral && rewindsByRestore(database.rewind, database.backtrack_hours) && given < LEAST_REWIND_DAYS, {
        where: "database.backup_retention_days",
        given,
        why: "keeps too little for a rewind: the promise is any second of the last 24 hours, and a single day of backups at times begins later",
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
        why: `a restored cluster must know the same password as the live one, so it comes from a secret of its own, as a write-only argument that Terraform has since 1.${WRITE_ONLY_MINOR}; terraform_version is "${given}"`,
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
        why: "a rewind leads the tasks to a restored cluster by its host name; a proxy would go on leading them to the old one",
        instead: "proxy = false, or rewind = false",
        source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.html",
      }),
  },
  {
    reads: ["database.backup_retention_days", "ephemeral"],
    check: ({ database: { backup_retention_days: given }, ephemeral }) =>
      problemIf(!ephemeral && given < LEAST_BACKUP_DAYS, {
        where: "database.backup_retention_days",
        given,
        why: `a payment platform keeps at least ${LEAST_BACKUP_DAYS} days of backups`,
        instead: `backup_retention_days = ${LEAST_BACKUP_DAYS}, or ephemeral = true for an environment that lives for hours`,
      }),
  },
];
