import { AURORA_CLASSES, GLOBAL_DATABASE_CLASS, isOffered, LEAST_MINORS, ranges, SERVERLESS_CLASS, SERVERLESS_SOURCE } from "../aws-limits";
import { problemIf, type Rule } from "./rule";

const GLOBAL_REQUIREMENTS =
  "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.configuration.requirements.html";
const SUPPORTED_CLASSES = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.DBInstanceClass.SupportAurora.html";
const SERVERLESS_CAPACITY = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.how-it-works.html";

/** General-purpose classes, burstable classes of other sizes, and generations that the supported versions do not run on. */
const NEVER_AURORA = /^db\.(m\d|t2|t3|t4g|r3|r4)/;
/** Versions whose instances of class `db.serverless` have at most 128 units: `SERVERLESS_CAPACITY`. */
const SMALL_SERVERLESS = { versions: ["13.9", "14.6"], maxAcu: 128 } as const;

/** Aurora: instance classes, with the engines, versions and features that support them. */
export const DATABASE_CLASS_RULES: readonly Rule[] = [
  {
    reads: ["database.instance_class"],
    check: ({ database: { instance_class: given } }) =>
      problemIf(NEVER_AURORA.test(given) && !isOffered(AURORA_CLASSES, given), {
        where: "database.instance_class",
        given,
        why: "is not an instance class of Aurora; a plan does not check it",
        instead: [...ranges("db", AURORA_CLASSES), SERVERLESS_CLASS].join(", "),
        source: SUPPORTED_CLASSES,
      }),
  },
  {
    reads: ["database.instance_class", "database.engine"],
    check: ({ database: { instance_class: given, engine } }) =>
      problemIf(engine === "aurora-mysql" && /^db\.(r6gd|r6id|r8gd)\./.test(given), {
        where: "database.instance_class",
        given,
        why: "is a class with Optimized Reads, which Aurora PostgreSQL only supports",
        instead: `"${given.replace(/d\./, ".")}", the class without Optimized Reads`,
        source: SUPPORTED_CLASSES,
      }),
  },
  {
    reads: ["database.instance_class", "database.engine", "database.engine_version"],
    check: ({ database: { instance_class: given, engine, engine_version } }) => {
      const [major = "", minor = ""] = engine_version.split(".");
      const least = engine === "aurora-postgresql" ? LEAST_MINORS[given.split(".")[1] ?? ""]?.[major] : undefined;
      return problemIf(least !== undefined && Number(minor) < least, {
        where: "database.instance_class",
        given,
        why: `Aurora PostgreSQL ${engine_version} does not support it`,
        instead:
          least === Infinity
            ? '"db.r6g.large", or a newer major version'
            : `engine_version = "${major}.${least}" or newer, or "db.r6g.large"`,
        source: SUPPORTED_CLASSES,
      });
    },
  },
  {
    reads: ["database.instance_class", "database.engine"],
    check: ({ database: { instance_class: given, engine } }) =>
      problemIf(engine === "aurora-mysql" && isOffered(AURORA_CLASSES, given) && given.startsWith("db.t3."), {
        where: "database.instance_class",
        given,
        why: "Performance Insights, which is always enabled, does not support it with Aurora MySQL: RDS rejects the instance at apply",
        instead: `"${given.replace("t3", "t4g")}"`,
        source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DatabaseInsights.Engines.html",
      }),
  },
  {
    reads: ["database.instance_class", "regions"],
    check: ({ database: { instance_class: given }, regions }) =>
      problemIf(regions.length > 1 && !GLOBAL_DATABASE_CLASS.test(given), {
        where: "database.instance_class",
        given,
        why: "several regions share a global database, which supports memory-optimised classes only",
        instead: '"db.r6g.large", or a single region',
        source: GLOBAL_REQUIREMENTS,
      }),
  },
  {
    reads: ["database.instance_class", "database.serverless"],
    check: ({ database: { instance_class, serverless } }) => {
      if (instance_class === SERVERLESS_CLASS)
        return problemIf(serverless === undefined, {
          where: "database.serverless",
          why: `is missing: instances of class ${SERVERLESS_CLASS} require a capacity range, or RDS rejects them at apply`,
          instead: "serverless = { min_acu = 2, max_acu = 32 }",
          source: SERVERLESS_SOURCE,
        });
      return problemIf(serverless !== undefined, {
        where: "database.serverless",
        given: serverless,
        why: `has no effect on instances of class ${instance_class}`,
        instead: `instance_class = "${SERVERLESS_CLASS}", or remove serverless`,
        source: SERVERLESS_SOURCE,
      });
    },
  },
  {
    reads: ["database.serverless", "database.engine_version"],
    check: ({ database: { serverless, engine_version } }) => {
      if (!serverless) return [];
      const isSmall = SMALL_SERVERLESS.versions.some((version) => version === engine_version);
      return [
        ...problemIf(serverless.max_acu < Math.max(serverless.min_acu, 1), {
          where: "database.serverless.max_acu",
          given: serverless.max_acu,
          why: "is below the minimum, or below 1, the lowest value of a maximum",
          instead: `max_acu = ${Math.max(serverless.min_acu, 1)} or more`,
          source: SERVERLESS_SOURCE,
        }),
        ...problemIf(isSmall && serverless.max_acu > SMALL_SERVERLESS.maxAcu, {
          where: "database.serverless.max_acu",
          given: serverless.max_acu,
          why: `Aurora PostgreSQL ${engine_version} supports at most ${SMALL_SERVERLESS.maxAcu} capacity units`,
          instead: `max_acu = ${SMALL_SERVERLESS.maxAcu}, or a newer engine_version`,
          source: SERVERLESS_CAPACITY,
        }),
      ];
    },
  },
  {
    reads: ["database.instance_class", "database.reader_scaling"],
    check: ({ database: { instance_class, reader_scaling: given } }) =>
      problemIf(given !== undefined && instance_class === SERVERLESS_CLASS, {
        where: "database.reader_scaling",
        given,
        why: `Aurora Auto Scaling does not support instances of class ${SERVERLESS_CLASS}, which scale themselves`,
        instead: "remove reader_scaling, and set readers to the number that the highest load needs: idle ones cost min_acu",
        source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.requirements.html",
      }),
  },
];
