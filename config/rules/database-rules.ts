import { AURORA_ENGINES, MAX_READERS, standardSupportEnd } from "../aws-limits";
import { instanceWindowsFit, windowsOverlap } from "../maintenance-windows";
import { isReservedDatabase, isReservedUser } from "../reserved-names";
import { isNewer } from "../version-order";
import { problemIf, type Rule } from "./rule";
import { windowRule } from "./window-rule";

const AVAILABILITY = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html";
const MAINTENANCE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Modifying.html";
const CREATE_CLUSTER = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html";

/** Minimum of RDS. */
const LEAST_WINDOW_MINUTES = 30;

/** Aurora: engine, names, readers, windows. */
export const DATABASE_RULES: readonly Rule[] = [
  {
    reads: ["database.engine", "database.engine_version"],
    check: ({ database: { engine, engine_version: given } }) => {
      const { form, versions, source } = AURORA_ENGINES[engine];
      return problemIf(!form.test(given) || (!versions.includes(given) && !isNewer(given, versions)), {
        where: "database.engine_version",
        given,
        why: `is not a version of ${engine}, or no longer one of which AWS creates a cluster`,
        instead: `${versions.join(", ")}, or a newer one`,
        source,
      });
    },
  },
  {
    reads: ["database.engine", "database.engine_version", "database.extended_support"],
    check: ({ database: { engine, engine_version: given, extended_support } }, today) => {
      const end = standardSupportEnd(engine, given);
      return problemIf(end !== undefined && !extended_support && today.getTime() > Date.parse(end), {
        where: "database.engine_version",
        given,
        why: `its standard support ended on ${end}: without Extended Support, AWS creates no new cluster of it and upgrades existing clusters`,
        instead: "a newer major version, or extended_support = true, which is charged by vCPU and hour",
        source: AURORA_ENGINES[engine].source,
      });
    },
  },
  {
    reads: ["database.readers", "regions"],
    check: ({ database: { readers }, regions }) => [
      ...problemIf(readers < 1, {
        where: "database.readers",
        given: readers,
        why: "without a reader, Aurora has no instance to promote when the zone of the writer is lost: recovery takes ten minutes instead of one",
        instead: "readers = 2",
        source: AVAILABILITY,
      }),
      ...problemIf(readers > mostReaders(regions), {
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
      problemIf(given !== undefined && given.length !== readers + 1, {
        where: "database.promotion_tiers",
        given,
        why: `has ${given?.length} tiers for ${readers + 1} instances, the writer and ${readers} readers`,
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
        ...problemIf(given <= readers, {
          where: "database.reader_scaling.max_readers",
          given,
          why: `the cluster already has ${readers} readers, so auto scaling cannot add one`,
          instead: `more than ${readers}, or remove reader_scaling`,
          source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Integrating.AutoScaling.html",
        }),
        ...problemIf(given > mostReaders(regions), {
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
    reads: ["database.master_username", "database.engine"],
    check: ({ database: { master_username: given, engine } }) =>
      problemIf(isReservedUser(engine, given), {
        where: "database.master_username",
        given,
        why: `is reserved by ${engine}; RDS rejects it at apply`,
        instead: '"ledger_admin"',
        source: CREATE_CLUSTER,
      }),
  },
  {
    reads: ["database.name", "database.engine"],
    check: ({ database: { name: given, engine } }) =>
      problemIf(isReservedDatabase(engine, given), {
        where: "database.name",
        given,
        why: `is reserved by ${engine}, or exists in every cluster; RDS rejects it at apply`,
        instead: '"payments"',
        source: CREATE_CLUSTER,
      }),
  },
  {
    reads: ["database.backup_window", "database.maintenance_window"],
    check: ({ database: { backup_window, maintenance_window } }) =>
      problemIf(windowsOverlap(backup_window, maintenance_window), {
        where: "database.maintenance_window",
        given: maintenance_window,
        why: `overlaps the backup window ${backup_window}; RDS rejects this at apply`,
        instead: "a window that starts after the backup window",
        source: CREATE_CLUSTER,
      }),
  },
  ...["database.backup_window", "database.maintenance_window"].map((key): Rule => windowRule(key, LEAST_WINDOW_MINUTES, CREATE_CLUSTER)),
  {
    reads: ["database.backup_window", "database.maintenance_window", "database.readers"],
    check: ({ database: { backup_window, maintenance_window: given, readers } }) =>
      problemIf(!instanceWindowsFit(given, backup_window, readers + 1), {
        where: "database.maintenance_window",
        given,
        why: `the windows of ${readers + 1} instances follow it, 30 minutes each, one after the other and outside the backup window ${backup_window}; they do not end within 24 hours of its start`,
        instead: "a shorter maintenance_window, a shorter backup_window, or fewer readers",
        source: MAINTENANCE,
      }),
  },
];

function tooManyReaders(regions: readonly unknown[]): string {
  const others = regions.length === 1 ? "" : `, minus one for each other region: ${mostReaders(regions)}`;
  return `the maximum of a primary cluster is ${MAX_READERS} readers${others}`;
}

function mostReaders(regions: readonly unknown[]): number {
  return MAX_READERS - (regions.length - 1);
}
