import {
  AURORA_CLASSES,
  AURORA_ENGINES,
  GLOBAL_DATABASE_CLASS,
  isOffered,
  MAX_READERS,
  ranges,
  REGIONS_WITHOUT_BACKTRACK,
  RESERVED_USERNAMES,
  SERVERLESS_CLASS,
  SERVERLESS_SOURCE,
  standardSupportEnd,
} from "../aws-limits";
import { rewindsByRestore } from "../rewind";
import { minor, WRITE_ONLY_MINOR } from "../terraform-version";
import { windowsOverlap } from "../maintenance-windows";
import { LEAST_BACKUP_DAYS } from "./backup-rules";
import { type Rule, when } from "./rule";

const GLOBAL_REQUIREMENTS =
  "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.configuration.requirements.html";
const AVAILABILITY = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html";
const BACKTRACK = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Backtrack.html";
const CREATE_CLUSTER = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html";

/** With fewer days, "24 hours ago" is at times already outside. */
const LEAST_REWIND_DAYS = 2;

/** Aurora. */
export const DATABASE_RULES: readonly Rule[] = [
  {
    reads: ["database.engine", "database.engine_version"],
    check: ({ database: { engine, engine_version: given } }) =>
      when(!AURORA_ENGINES[engine].versions.includes(given), {
        where: "database.engine_version",
        given,
        why: `is not a version that ${engine} offers`,
        instead: AURORA_ENGINES[engine].versions.join(", "),
        source: AURORA_ENGINES[engine].source,
      }),
  },
  {
    reads: ["database.engine", "database.engine_version", "database.extended_support"],
    check: ({ database: { engine, engine_version: given, extended_support } }, today) => {
      const end = standardSupportEnd(engine, given);
      return when(end !== undefined && !extended_support && today.getTime() > Date.parse(end), {
        where: "database.engine_version",
        given,
        why: `left standard support on ${end}: AWS makes no new cluster of it without Extended Support, and upgrades those that exist`,
        instead: "a newer major version, or extended_support = true, which is charged by the vCPU and hour",
        source: AURORA_ENGINES[engine].source,
      });
    },
  },
  {
    reads: ["database.instance_class"],
    check: ({ database: { instance_class: given } }) =>
      when(given !== SERVERLESS_CLASS && !isOffered(AURORA_CLASSES, given), {
        where: "database.instance_class",
        given,
        why: "is not a class that Aurora offers; a plan would not notice",
        instead: [...ranges("db", AURORA_CLASSES), SERVERLESS_CLASS].join(", "),
        source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.DBInstanceClass.SupportAurora.html",
      }),
  },
  {
    reads: ["database.instance_class", "regions"],
    check: ({ database: { instance_class: given }, regions }) =>
      when(regions.length > 1 && !GLOBAL_DATABASE_CLASS.test(given), {
        where: "database.instance_class",
        given,
        why: "several regions make a global database, and that takes memory-optimised classes only",
        instead: '"db.r6g.large", or a single region',
        source: GLOBAL_REQUIREMENTS,
      }),
  },
  {
    reads: ["database.instance_class", "database.serverless"],
    check: ({ database: { instance_class, serverless } }) => {
      if (instance_class === SERVERLESS_CLASS)
        return when(serverless === undefined, {
          where: "database.serverless",
          why: `is missing: instances of class ${SERVERLESS_CLASS} need the bounds of their capacity, or RDS refuses them at apply`,
          instead: "serverless = { min_acu = 2, max_acu = 32 }",
          source: SERVERLESS_SOURCE,
        });
      return when(serverless !== undefined, {
        where: "database.serverless",
        given: serverless,
        why: `has no effect on instances of class ${instance_class}`,
        instead: `instance_class = "${SERVERLESS_CLASS}", or no serverless`,
        source: SERVERLESS_SOURCE,
      });
    },
  },
  {
    reads: ["database.serverless"],
    check: ({ database: { serverless } }) => {
      if (!serverless) return [];
      return when(serverless.max_acu < Math.max(serverless.min_acu, 1), {
        where: "database.serverless.max_acu",
        given: serverless.max_acu,
        why: "is below the minimum, or below 1, the least that a maximum may be",
        instead: `max_acu = ${Math.max(serverless.min_acu, 1)} or more`,
        source: SERVERLESS_SOURCE,
      });
    },
  },
  {
    reads: ["database.readers", "regions"],
    check: ({ database: { readers }, regions }) => [
      ...when(readers < 1, {
        where: "database.readers",
        given: readers,
        why: "without a reader nothing can be promoted when the writer's zone is lost: recovery takes ten minutes instead of one",
        instead: "readers = 2",
        source: AVAILABILITY,
      }),
      ...when(readers > mostReaders(regions), {
        where: "database.readers",
        given: readers,
        why: tooManyReaders(regions),
        instead: `readers = ${mostReaders(regions)}`,
        source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.html",
      }),
    ],
  },
  {
    reads: ["database.readers", "database.promotion_tiers"],
    check: ({ database: { readers, promotion_tiers: given } }) =>
      when(given !== undefined && given.length !== readers + 1, {
        where: "database.promotion_tiers",
        given,
        why: `names ${given?.length} tiers for ${readers + 1} instances, the writer and ${readers} readers`,
        instead: `${readers + 1} tiers, e.g. ${JSON.stringify(Array.from({ length: readers + 1 }, (_, tier) => Math.min(tier, 15)))}`,
        source: AVAILABILITY,
      }),
  },
  {
    reads: ["database.readers", "database.reader_scaling", "regions"],
    check: ({ database: { readers, reader_scaling }, regions }) => {
      if (!reader_scaling) return [];
      const { max_readers: given } = reader_scaling;
      return [
        ...when(given <= readers, {
          where: "database.reader_scaling.max_readers",
          given,
          why: `there are ${readers} readers already, so nothing could ever be added`,
          instead: `more than ${readers}, or no reader_scaling`,
          source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Integrating.AutoScaling.html",
        }),
        ...when(given > mostReaders(regions), {
          where: "database.reader_scaling.max_readers",
          given,
          why: tooManyReaders(regions),
          instead: `max_readers = ${mostReaders(regions)}`,
          source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.html",
        }),
      ];
    },
  },
  {
    reads: ["database.backtrack_hours", "database.engine", "regions"],
    check: ({ database: { backtrack_hours: given, engine }, regions }) => [
      ...when(given !== undefined && engine !== "aurora-mysql", {
        where: "database.backtrack_hours",
        given,
        why: `backtrack exists for Aurora MySQL only; ${engine} with it passes every plan and fails at apply`,
        instead:
          'rewind = true, which restores to any second of backup_retention_days beside the live cluster, or engine = "aurora-mysql" in a single region',
        source: BACKTRACK,
      }),
      ...when(given !== undefined && regions.length > 1, {
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
      when(ephemeral && rewindsByRestore(database.rewind, database.backtrack_hours) && given < LEAST_REWIND_DAYS, {
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
      when(rewindsByRestore(database.rewind, database.backtrack_hours) && minor(given) < WRITE_ONLY_MINOR, {
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
      when(rewindsByRestore(database.rewind, database.backtrack_hours) && database.proxy, {
        where: "database.proxy",
        given: true,
        why: "a rewind leads the tasks to a restored cluster by its host name; a proxy would go on leading them to the old one",
        instead: "proxy = false, or rewind = false",
        source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.html",
      }),
  },
  {
    reads: ["database.master_username", "database.engine"],
    check: ({ database: { master_username: given, engine } }) =>
      when(RESERVED_USERNAMES[engine].includes(given), {
        where: "database.master_username",
        given,
        why: `is a name that ${engine} keeps for itself; RDS refuses it at apply`,
        instead: '"ledger_admin"',
        source: CREATE_CLUSTER,
      }),
  },
  {
    reads: ["database.backup_retention_days", "ephemeral"],
    check: ({ database: { backup_retention_days: given }, ephemeral }) =>
      when(!ephemeral && given < LEAST_BACKUP_DAYS, {
        where: "database.backup_retention_days",
        given,
        why: `a payment platform keeps at least ${LEAST_BACKUP_DAYS} days of backups`,
        instead: `backup_retention_days = ${LEAST_BACKUP_DAYS}, or ephemeral = true for an environment that lives for hours`,
      }),
  },
  {
    reads: ["database.backup_window", "database.maintenance_window"],
    check: ({ database: { backup_window, maintenance_window } }) =>
      when(windowsOverlap(backup_window, maintenance_window), {
        where: "database.maintenance_window",
        given: maintenance_window,
        why: `overlaps the backup window ${backup_window}; RDS refuses that at apply`,
        instead: "a window that starts after the backup has ended",
        source: CREATE_CLUSTER,
      }),
  },
];

function tooManyReaders(regions: readonly unknown[]): string {
  const others = regions.length === 1 ? "" : `, less one for each region beside it: ${mostReaders(regions)}`;
  return `a primary has ${MAX_READERS} readers at most${others}`;
}

function mostReaders(regions: readonly unknown[]): number {
  return MAX_READERS - (regions.length - 1);
}
