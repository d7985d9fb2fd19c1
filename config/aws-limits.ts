/**
 * Values that AWS accepts and that neither the provider nor plan nor validate checks. `rules/` uses them. AWS extends the
 * lists of versions and classes: `dated-lists.ts` decides about values that they do not contain.
 */

/**
 * Memory in MiB that Fargate supports for each number of CPU units.
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

interface AuroraEngine {
  /** The form of a version. */
  readonly form: RegExp;
  /** Versions that can be created, as of August 2026. */
  readonly versions: readonly string[];
  /** Last day of standard support, by the prefix of the version. */
  readonly standardSupportEnds: Readonly<Record<string, string>>;
  readonly source: string;
}

const POSTGRESQL_CALENDAR =
  "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraPostgreSQLReleaseNotes/aurorapostgresql-release-calendar.html";
const MYSQL_CALENDAR = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraMySQLReleaseNotes/AuroraMySQL.release-calendars.html";

export const AURORA_ENGINES: Readonly<Record<"aurora-postgresql" | "aurora-mysql", AuroraEngine>> = {
  "aurora-postgresql": {
    form: /^\d+\.\d+$/,
    versions: [
      // Only with Extended Support.
      ...minors("13", [9, 23]),
      ...minors("14", [6, 13, 15, 17, 18, 19, 20, 22]),
      ...minors("15", [8, 10, 12, 13, 14, 15, 17]),
      ...minors("16", [4, 6, 8, 9, 10, 11, 13]),
      ...minors("17", [4, 5, 6, 7, 9]),
    ],
    standardSupportEnds: {
      "13.": "2026-02-28",
      "14.": "2027-02-28",
      "15.": "2028-02-29",
      "16.": "2029-02-28",
      "17.": "2030-02-28",
      "18.": "2031-02-28",
    },
    source: POSTGRESQL_CALENDAR,
  },
  "aurora-mysql": {
    form: /^\d+\.\d+\.mysql_aurora\.\d+\.\d+\.\d+$/,
    versions: [
      ...minors("8.0.mysql_aurora.3.08", [0, 1, 2]),
      ...minors("8.0.mysql_aurora.3.09", [0]),
      ...minors("8.0.mysql_aurora.3.10", [0, 1, 2, 3, 4]),
      ...minors("8.0.mysql_aurora.3.11", [1]),
      ...minors("8.0.mysql_aurora.3.12", [0]),
    ],
    standardSupportEnds: { "8.0.": "2028-04-30" },
    source: MYSQL_CALENDAR,
  },
};

function minors(major: string, numbers: readonly number[]): string[] {
  return numbers.map((number) => `${major}.${number}`);
}

/** The day on which AWS ends the standard support of the version, `2027-02-28`. Undefined for an unknown version. */
export function standardSupportEnd(engine: keyof typeof AURORA_ENGINES, version: string): string | undefined {
  return Object.entries(AURORA_ENGINES[engine].standardSupportEnds).find(([start]) => version.startsWith(start))?.[1];
}

/** Available sizes, by family. */
type Offer = Readonly<Record<string, readonly string[]>>;

/** Whether `db.r6g.large`, or `cache.r7g.large`, is available. */
export function isOffered(offer: Offer, name: string): boolean {
  const [, family = "", size = ""] = name.split(".");
  return offer[family]?.includes(size) ?? false;
}

/** Each family with its smallest and its largest size: `db.r6g.large to 16xlarge`. @param prefix `db` or `cache` */
export function ranges(prefix: string, offer: Offer): string[] {
  return Object.entries(offer).map(([family, sizes]) => `${prefix}.${family}.${sizes[0]} to ${sizes.at(-1)}`);
}

const SIZES_TO_16 = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"];
const SIZES_TO_24 = [...SIZES_TO_16, "24xlarge"];

/**
 * Instance classes of Aurora, by family.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.DBInstanceClass.SupportAurora.html
 */
export const AURORA_CLASSES: Offer = {
  t3: ["medium", "large"],
  t4g: ["medium", "large"],
  r5: SIZES_TO_24,
  r6g: SIZES_TO_16,
  r6i: [...SIZES_TO_24, "32xlarge"],
  r7g: SIZES_TO_16,
  r7i: [...SIZES_TO_24, "48xlarge"],
  r8g: [...SIZES_TO_24, "48xlarge"],
  x2g: SIZES_TO_16,
  r6gd: SIZES_TO_16.slice(1),
  r6id: ["24xlarge", "32xlarge"],
  r8gd: [...SIZES_TO_24.slice(1), "48xlarge"],
};

/**
 * The first minor version of a major version of Aurora PostgreSQL that supports a family, where the lists contain an older
 * one. Infinity: none.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.DBInstanceClass.SupportAurora.html
 */
export const LEAST_MINORS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  r7g: { "13": 10, "14": 7 },
  r7i: { "13": 15, "14": 12 },
  r8g: { "13": 15, "14": 12 },
  r6gd: { "13": Infinity, "14": 9 },
  r6id: { "13": Infinity, "14": 9 },
  r8gd: { "13": Infinity, "14": 12 },
};

/**
 * Regions in which Aurora MySQL has no backtrack.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Backtrack.html
 */
export const REGIONS_WITHOUT_BACKTRACK: readonly string[] = [
  ...["af-south-1", "ap-east-1", "ap-east-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7"],
  ...["ca-west-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "il-central-1", "me-central-1", "me-south-1"],
  ...["mx-central-1", "sa-east-1"],
];

/** The class of Aurora Serverless v2 instances. */
export const SERVERLESS_CLASS = "db.serverless";

export const SERVERLESS_SOURCE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html";

/** Minimum capacity that AWS recommends for a global database: `SERVERLESS_SOURCE`. */
export const GLOBAL_MIN_ACU = 8;
/** The same with Performance Insights. */
export const INSIGHTS_MIN_ACU = 2;

/** Maximum number of readers of one cluster, including one for each other region of a global database. @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.html */
export const MAX_READERS = 15;

const SMALL_NODES = ["micro", "small", "medium"];
/** Sizes of the fifth generation, which has no 8xlarge and no 16xlarge. */
const FIFTH_GENERATION_NODES = ["large", "xlarge", "2xlarge", "4xlarge", "12xlarge", "24xlarge"];

/**
 * Node types of ElastiCache, by family.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html
 */
export const CACHE_NODE_TYPES: Offer = {
  t3: SMALL_NODES,
  t4g: SMALL_NODES,
  c7gn: SIZES_TO_16,
  m5: FIFTH_GENERATION_NODES,
  r5: FIFTH_GENERATION_NODES,
  m6g: SIZES_TO_16,
  r6g: SIZES_TO_16,
  m7g: SIZES_TO_16,
  r7g: SIZES_TO_16,
};

/**
 * Versions of each cache engine that support IAM authentication and are in standard support.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html
 */
export const CACHE_VERSIONS: Readonly<Record<"redis" | "valkey", readonly string[]>> = {
  redis: ["7.0", "7.1"],
  valkey: ["7.2", "8.0", "8.1", "8.2"],
};

/** Nodes of one cluster: the default quota, and the maximum after a quota increase. @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html */
export const CACHE_NODES = { default: 90, most: 500 } as const;

/** Most days that DynamoDB can restore a table to any second of, at no extra price. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html */
export const MAX_POINT_IN_TIME_RECOVERY_DAYS = 35;

/** Instance classes that a global database supports. @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.configuration.requirements.html */
export const GLOBAL_DATABASE_CLASS = /^db\.([rx]\d|serverless$)/;

/** Names of the security policies of Application Load Balancers. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
export const SSL_POLICY =
  /^ELBSecurityPolicy-(TLS13-1-[0-3](-Res|-Ext[0-2])?(-FIPS)?(-PQ)?-(2021-06|2023-04|2025-09)|(FS-|TLS-)?(1-[0-2]-)?(Res-|Ext-)?20\d\d-\d\d)$/;

/** Constraints of S3 on lifecycle transitions. */
export const LIFECYCLE_SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html";

/** Tag keys that the platform sets itself. */
export const OWN_TAGS: readonly string[] = ["Environment", "DisasterRecovery", "EnvironmentSuffix", "ManagedBy"];

export const CANARY_RUNTIMES_SOURCE =
  "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Runtime_Support_Policy.html";

/**
 * Families of canary runtimes, with the newest version and the last deprecated one. The family with a browser is first,
 * because its name begins with the name of the other.
 */
export const CANARY_RUNTIMES = [
  { start: "syn-nodejs-puppeteer-", newest: "17.0", deprecated: 7 },
  { start: "syn-nodejs-", newest: "5.2", deprecated: 2.2 },
] as const;
