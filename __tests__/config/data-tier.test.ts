import { describe, expect, it } from "@jest/globals";
import { AURORA_CLASSES, AURORA_ENGINES, CACHE_NODE_TYPES, CACHE_VERSIONS } from "../../config/aws-limits";
import { resolve } from "../../config/resolve";
import { PRESETS } from "../../config/presets";
import { aConfig, given, ONE_REGION, TODAY } from "../support/config";
import { describeInvalidConfigs, problemsOf } from "../support/invalid-configs";

const MYSQL = { engine: "aurora-mysql", engine_version: "8.0.mysql_aurora.3.10.4" };
const database = (values: object) => ({ ...ONE_REGION, database: values });
const mysql = (values: object = {}) => database({ ...MYSQL, ...values });
const serverless = (min_acu: number, max_acu: number) => ({ instance_class: "db.serverless", serverless: { min_acu, max_acu } });
const serviceUser = (authentication: string) => ({ enabled: true, authentication, schema_changes: false });
const regionOf = (name: string) => ({
  regions: [{ name, availability_zones: ["a", "b", "c"].map((letter) => name + letter), vpc_cidr: "10.0.0.0/16" }],
});

describeInvalidConfigs([
  {
    title: "backtrack on PostgreSQL",
    bad: database({ backtrack_hours: 24 }),
    where: "database.backtrack_hours",
    says: /Aurora MySQL only.*the plan succeeds and the apply fails.*rewind = true.*engine = "aurora-mysql" in a single region/s,
    good: mysql({ backtrack_hours: 24 }),
  },
  {
    title: "backtrack in a global database",
    bad: { database: { ...MYSQL, backtrack_hours: 24 } },
    where: "database.backtrack_hours",
    says: /global database, which does not support backtrack.*a single region, or rewind = true/s,
    good: { database: MYSQL },
  },
  {
    title: "backtrack in a region that does not support it",
    bad: { ...regionOf("sa-east-1"), database: { ...MYSQL, backtrack_hours: 24 } },
    where: "database.backtrack_hours",
    says: /not available in sa-east-1/,
    good: { ...regionOf("eu-west-1"), database: { ...MYSQL, backtrack_hours: 24 } },
  },
  {
    title: "backtrack in a region that this project does not list, and that does not support it",
    bad: { ...regionOf("eu-south-2"), database: { ...MYSQL, backtrack_hours: 24 } },
    where: "database.backtrack_hours",
    says: /not available in eu-south-2/,
    good: { ...regionOf("eu-south-2"), database: MYSQL },
  },
  {
    title: "a backtrack window above the maximum",
    bad: mysql({ backtrack_hours: 73 }),
    where: "database.backtrack_hours",
    says: /1 to 72/,
    good: mysql({ backtrack_hours: 72 }),
  },
  {
    title: "an unknown engine",
    bad: database({ engine: "postgres" }),
    where: "database.engine",
    says: /"aurora-postgresql" or "aurora-mysql"/,
    good: database({ engine: "aurora-postgresql" }),
  },
  {
    title: "a version of the other engine",
    bad: database({ engine: "aurora-mysql" }),
    where: "database.engine_version",
    says: /not a version of aurora-mysql.*3\.10\.4/s,
    good: mysql(),
  },
  {
    title: "a version that Aurora does not have",
    bad: database({ engine_version: "15.4" }),
    where: "database.engine_version",
    says: /not a version of aurora-postgresql.*16\.8/s,
    good: database({ engine_version: "15.17" }),
  },
  {
    title: "an instance class that Aurora does not support",
    bad: database({ instance_class: "db.m5.large" }),
    where: "database.instance_class",
    says: /not an instance class of Aurora; a plan does not check it.*db\.r6g\.large to 16xlarge/s,
    good: database({ instance_class: "db.r7g.2xlarge" }),
  },
  {
    title: "a burstable class in a global database",
    bad: { database: { instance_class: "db.t4g.medium" } },
    where: "database.instance_class",
    says: /memory-optimised classes only/,
    good: database({ instance_class: "db.t4g.medium" }),
  },
  {
    title: "serverless instances without a capacity range",
    bad: database({ instance_class: "db.serverless" }),
    where: "database.serverless",
    says: /require a capacity range.*min_acu = 2/s,
    good: database(serverless(0.5, 16)),
  },
  {
    title: "a capacity range for instances with a fixed size",
    bad: database({ serverless: { min_acu: 1, max_acu: 4 } }),
    where: "database.serverless",
    says: /no effect on instances of class db\.r6g\.large/,
    good: database(serverless(1, 4)),
  },
  {
    title: "a maximum below the minimum",
    bad: database(serverless(8, 4)),
    where: "database.serverless.max_acu",
    says: /below the minimum.*max_acu = 8 or more/s,
    good: database(serverless(8, 8)),
  },
  {
    title: "a capacity between two steps",
    bad: database(serverless(0.7, 4)),
    where: "database.serverless.min_acu",
    says: /steps of 0\.5/,
    good: database(serverless(1.5, 4)),
  },
  {
    title: "more readers than a primary cluster supports with another region",
    bad: { database: { readers: 15 } },
    where: "database.readers",
    says: /minus one for each other region: 14.*readers = 14/s,
    good: { database: { readers: 14 } },
  },
  {
    title: "fewer promotion tiers than instances",
    bad: database({ promotion_tiers: [0, 1] }),
    where: "database.promotion_tiers",
    says: /has 2 tiers for 3 instances.*3 tiers, e\.g\. \[0,1,2\]/s,
    good: database({ promotion_tiers: [0, 0, 15] }),
  },
  {
    title: "a promotion tier out of range",
    bad: database({ promotion_tiers: [0, 1, 16] }),
    where: "database.promotion_tiers[2]",
    says: /0 to 15/,
    good: database({ promotion_tiers: [2, 1, 0] }),
  },
  {
    title: "reader scaling that cannot add a reader",
    bad: database({ reader_scaling: { max_readers: 2, cpu_percent: 60 } }),
    where: "database.reader_scaling.max_readers",
    says: /already has 2 readers/,
    good: database({ reader_scaling: { max_readers: 3, cpu_percent: 60 } }),
  },
  {
    title: "reader scaling above the maximum of a primary cluster",
    bad: { database: { reader_scaling: { max_readers: 15, cpu_percent: 60 } } },
    where: "database.reader_scaling.max_readers",
    says: /max_readers = 14/,
    good: { database: { reader_scaling: { max_readers: 14, cpu_percent: 60 } } },
  },
  {
    title: "a rewind with one day of backups",
    bad: { ...database({ backup_retention_days: 1, rewind: true }), ephemeral: true },
    where: "database.backup_retention_days",
    says: /any second of the last 24 hours.*or rewind = false/s,
    good: { ...database({ backup_retention_days: 2, rewind: true }), ephemeral: true },
  },
  {
    title: "a rewind whose password would be in the state",
    bad: { ...ONE_REGION, terraform_version: "1.10" },
    where: "database.rewind",
    says: /write-only argument.*1\.11.*or rewind = false/s,
    good: { ...mysql({ backtrack_hours: 24 }), terraform_version: "1.10" },
  },
  {
    title: "a proxy that a rewind does not switch",
    bad: database({ proxy: true }),
    where: "database.proxy",
    says: /continues to connect to the old cluster.*proxy = false, or rewind = false/s,
    good: mysql({ backtrack_hours: 24, proxy: true }),
  },
  {
    title: "a proxy in several regions",
    bad: { database: { proxy: true, rewind: false } },
    where: "database.proxy",
    says: /the proxy of a standby region has no writer.*past the proxy.*proxy = false, or a single region/s,
    good: database({ proxy: true, rewind: false }),
  },
  {
    title: "a user with IAM authentication behind a proxy",
    bad: database({ proxy: true, rewind: false, service_user: serviceUser("iam") }),
    where: "database.service_user.authentication",
    says: /a password of the user, which the user does not have.*authentication = "password", or proxy = false/s,
    good: database({ proxy: true, rewind: false, service_user: serviceUser("password") }),
  },
  {
    title: "a password of a user that would be in the state",
    bad: { ...database({ rewind: false, service_user: serviceUser("password") }), terraform_version: "1.10" },
    where: "database.service_user.authentication",
    says: /require Terraform 1\.11; terraform_version is "1\.10".*terraform_version = "1\.11", or authentication = "iam"/s,
    good: { ...database({ rewind: false, service_user: serviceUser("iam") }), terraform_version: "1.10" },
  },
  {
    title: "an authentication that does not exist",
    bad: database({ service_user: serviceUser("kerberos") }),
    where: "database.service_user.authentication",
    says: /"password" or "iam"/,
    good: database({ service_user: serviceUser("iam") }),
  },
  {
    title: "a user name that PostgreSQL reserves",
    bad: database({ master_username: "postgres" }),
    where: "database.master_username",
    says: /reserved by aurora-postgresql; RDS rejects it at apply/,
    good: mysql({ master_username: "postgres" }),
  },
  {
    title: "a user name that is a reserved word of PostgreSQL",
    bad: database({ master_username: "order" }),
    where: "database.master_username",
    says: /reserved by aurora-postgresql/,
    good: database({ master_username: "orders" }),
  },
  {
    title: "a user name with the prefix of the roles of PostgreSQL",
    bad: database({ master_username: "pg_admin" }),
    where: "database.master_username",
    says: /reserved by aurora-postgresql/,
    good: mysql({ master_username: "pg_admin" }),
  },
  {
    title: "a user name that is a reserved word of MySQL",
    bad: mysql({ master_username: "system" }),
    where: "database.master_username",
    says: /reserved by aurora-mysql/,
    good: database({ master_username: "system" }),
  },
  {
    title: "a user of every Aurora MySQL",
    bad: mysql({ master_username: "rdsadmin" }),
    where: "database.master_username",
    says: /reserved by aurora-mysql/,
    good: mysql({ master_username: "admin" }),
  },
  {
    title: "a database that every Aurora PostgreSQL has",
    bad: database({ name: "postgres" }),
    where: "database.name",
    says: /reserved by aurora-postgresql, or exists in every cluster; RDS rejects it at apply/,
    good: mysql({ name: "postgres" }),
  },
  {
    title: "a database name that is a reserved word of PostgreSQL",
    bad: database({ name: "user" }),
    where: "database.name",
    says: /reserved by aurora-postgresql/,
    good: database({ name: "users" }),
  },
  {
    title: "a database that every Aurora MySQL has",
    bad: mysql({ name: "performance_schema" }),
    where: "database.name",
    says: /reserved by aurora-mysql/,
    good: database({ name: "performance_schema" }),
  },
  {
    title: "a database name that is a reserved word of MySQL",
    bad: mysql({ name: "ssl" }),
    where: "database.name",
    says: /reserved by aurora-mysql/,
    good: database({ name: "ssl" }),
  },
  {
    title: "a limit of the replication in a single region",
    bad: database({ global_rpo_seconds: 60 }),
    where: "database.global_rpo_seconds",
    says: /exists for a global database of Aurora PostgreSQL only.*a second region, or remove the key/s,
    good: { database: { global_rpo_seconds: 60 } },
  },
  {
    title: "an unknown session store",
    bad: { sessions: "memcached" },
    where: "sessions",
    says: /"redis" or "dynamodb" or "both" or "none"/,
    good: { sessions: "both" },
  },
  {
    title: "a Redis without IAM authentication",
    bad: { cache: { engine_version: "6.2" } },
    where: "cache.engine_version",
    says: /IAM authentication and standard support.*7\.0, 7\.1/s,
    good: { cache: { engine_version: "7.0" } },
  },
  {
    title: "a cache version with three numbers",
    bad: { cache: { engine_version: "7.1.0" } },
    where: "cache.engine_version",
    says: /two numbers/,
    good: { cache: { engine_version: "7.1" } },
  },
  {
    title: "a Redis version of Valkey",
    bad: { cache: { engine: "valkey" } },
    where: "cache.engine_version",
    says: /version of valkey.*8\.1/s,
    good: { cache: { engine: "valkey", engine_version: "8.1" } },
  },
  {
    title: "a node type with data tiering",
    bad: { cache: { node_type: "cache.r6gd.xlarge" } },
    where: "cache.node_type",
    says: /requires data tiering.*cache\.r7g\.large to 16xlarge/s,
    good: { cache: { node_type: "cache.t4g.small" } },
  },
  {
    title: "a shard without a replica",
    bad: { cache: { replicas: 0 } },
    where: "cache.replicas",
    says: /1 to 5/,
    good: { cache: { replicas: 1 } },
  },
  {
    title: "more nodes than a cluster supports",
    bad: { cache: { shards: 200 } },
    where: "cache.shards",
    says: /600 nodes; the maximum of a cluster is 500.*shards = 166/s,
    good: { cache: { shards: 166 } },
  },
  {
    title: "cache windows that overlap",
    bad: { cache: { snapshot_window: "06:00-07:00" } },
    where: "cache.maintenance_window",
    says: /overlaps the snapshot window 06:00-07:00/,
    good: { cache: { snapshot_window: "05:30-06:30" } },
  },
  {
    title: "a Redis password",
    bad: { cache: { auth_token: "x" } },
    where: "cache.auth_token",
    says: /stored in the state.*IAM role, which needs no secret/s,
    good: { cache: {} },
  },
  {
    title: "zones for Redis nodes",
    bad: { cache: { availability_zones: ["us-east-1a"] } },
    where: "cache.availability_zones",
    says: /ignores the given zones/,
    good: { cache: {} },
  },
  {
    title: "a Redis in two regions",
    bad: { cache: { global_datastore: true } },
    where: "cache.global_datastore",
    says: /read-only until an operator promotes it manually/,
    good: { sessions: "both" },
  },
  {
    title: "an archive directly after infrequent access",
    bad: { storage: { archive_after_days: 59, infrequent_access_after_days: 30 } },
    where: "storage.archive_after_days",
    says: /60 to/,
    good: { storage: { archive_after_days: 60 } },
  },
  {
    title: "an archive too soon after infrequent access",
    bad: { storage: { archive_after_days: 60, infrequent_access_after_days: 45 } },
    where: "storage.archive_after_days",
    says: /at least 30 days in infrequent access.*archive_after_days = 75/s,
    good: { storage: { archive_after_days: 75, infrequent_access_after_days: 45 } },
  },
  {
    title: "infrequent access before 30 days",
    bad: { storage: { infrequent_access_after_days: 29 } },
    where: "storage.infrequent_access_after_days",
    says: /30 to/,
    good: { storage: { infrequent_access_after_days: 30 } },
  },
  {
    title: "logs that are deleted before they are archived",
    bad: { storage: { transaction_log_retention_days: 90 } },
    where: "storage.transaction_log_retention_days",
    says: /deleted before they are archived, after 90 days/,
    good: { storage: { transaction_log_retention_days: 91 } },
  },
  {
    title: "Object Lock in an environment without protect",
    bad: { storage: { object_lock: { mode: "COMPLIANCE", days: 365 } } },
    where: "storage.object_lock",
    says: /cannot be destroyed.*protect = true/s,
    good: { protect: true, storage: { object_lock: { mode: "COMPLIANCE", days: 365 } } },
  },
  {
    title: "an Object Lock longer than the retention of the logs",
    bad: { protect: true, storage: { object_lock: { mode: "GOVERNANCE", days: 400 }, transaction_log_retention_days: 365 } },
    where: "storage.object_lock.days",
    says: /locked for longer than their retention \(365 days\)/,
    good: { protect: true, storage: { object_lock: { mode: "GOVERNANCE", days: 365 }, transaction_log_retention_days: 365 } },
  },
  {
    title: "less than seven days of backups",
    bad: { backup: { retention_days: 6 } },
    where: "backup.retention_days",
    says: /minimum of 7 days/,
    good: { backup: { retention_days: 6 }, ephemeral: true },
  },
  {
    title: "an option of disabled backups",
    bad: { backup: { enabled: false, restore_testing: true } },
    where: "backup.restore_testing",
    says: /enabled = true, or restore_testing = false/,
    good: { backup: { enabled: false } },
  },
  {
    title: "a backup interval that does not divide a day",
    bad: { backup: { every_hours: 5 } },
    where: "backup.every_hours",
    says: /1, 2, 3, 4, 6, 8, 12 or 24/,
    good: { backup: { every_hours: 4 } },
  },
  {
    title: "copies of backups that do not exist",
    bad: { backup: { every_hours: 8, copy_every_hours: 12 } },
    where: "backup.copy_every_hours",
    says: /not a multiple of every_hours = 8.*copy_every_hours = 8 or 24/s,
    good: { backup: { every_hours: 4, copy_every_hours: 12 } },
  },
  ...[
    ["continuous", /takes over the continuous backups of the cluster.*backup_retention_days/s],
    ["cold_storage_after_days", /no cold storage for Aurora and S3/],
    ["schedule", /every_hours = 6/],
  ].map(([key, says]) => ({
    title: `backup.${key as string}, which is not supported`,
    bad: { backup: { [key as string]: true } },
    where: `backup.${key as string}`,
    says: says as RegExp,
    good: { backup: {} },
  })),
  {
    title: "a minimum below two tasks for each zone",
    bad: { service: { tasks: { min: 5, max: 10 } } },
    where: "service.tasks.min",
    says: /2 tasks each require 6.*min = 6/s,
    good: { service: { tasks: { min: 6, max: 10 } } },
  },
  {
    title: "a range of tasks without a range",
    bad: { service: { tasks: { min: 10, max: 10 } } },
    where: "service.tasks.max",
    says: /auto scaling has no range.*tasks = 10/s,
    good: { service: { tasks: { min: 10, max: 11 } } },
  },
  {
    title: "tasks that are neither a number nor a range",
    bad: { service: { tasks: "6" } },
    where: "service.tasks",
    says: /a whole number of tasks.*\{ min = \.\.\., max = \.\.\. \}/s,
    good: { service: { tasks: 9 } },
  },
  {
    title: "a feature flag with an invalid name",
    bad: { feature_flags: { "new ledger": "on" } },
    where: "feature_flags.new ledger",
    says: /letters, digits and hyphens/,
    good: { feature_flags: { "new-ledger": "on" } },
  },
]);

describe("a configuration is accepted", () => {
  it("with every version of every engine, in a single region", () => {
    for (const [engine, { versions }] of Object.entries(AURORA_ENGINES))
      for (const engine_version of versions)
        expect(problemsOf(database({ engine, engine_version, extended_support: engine_version.startsWith("13.") }))).toEqual([]);
    for (const [engine, versions] of Object.entries(CACHE_VERSIONS))
      for (const engine_version of versions) expect(problemsOf({ cache: { engine, engine_version } })).toEqual([]);
  });

  it("with every instance class and every node type", () => {
    for (const [family, sizes] of Object.entries(AURORA_CLASSES))
      for (const size of sizes) expect(problemsOf(database({ instance_class: `db.${family}.${size}` }))).toEqual([]);
    for (const [family, sizes] of Object.entries(CACHE_NODE_TYPES))
      for (const size of sizes) expect(problemsOf({ cache: { node_type: `cache.${family}.${size}` } })).toEqual([]);
  });

  it.each(Object.keys(PRESETS))("as the preset %s, and as an ephemeral environment of it", (preset) => {
    expect(problemsOf({ preset })).toEqual([]);
    expect(problemsOf({ preset, ephemeral: true })).toEqual([]);
  });
});

describe("the end of an engine's support", () => {
  const noticesOn = (day: string, values: object = {}) => {
    const file = given(database({ engine_version: "14.22", ...values }));
    return () => resolve("test.tfvars", file, new Date(day)).notices;
  };

  it("is a warning one year before, with the date", () => {
    expect(noticesOn("2026-02-01")()).toEqual([]);
    expect(noticesOn("2026-11-21")()).toEqual([expect.stringMatching(/14\.22: its standard support ends on 2027-02-28.*Plan the upgrade/)]);
  });

  it("makes the synth fail, unless Extended Support is enabled", () => {
    expect(noticesOn("2027-03-01")).toThrow(/standard support ended on 2027-02-28.*extended_support = true/s);
    expect(noticesOn("2027-03-01", { extended_support: true })).not.toThrow();
    expect(noticesOn("2027-03-01", { engine_version: "16.8" })()).toEqual([]);
  });
});

describe("warnings", () => {
  const noticesOf = (overrides: object) => resolve("test.tfvars", given({ ...ONE_REGION, ...overrides }), TODAY).notices;

  it("name shards that are not in every zone, and clusters above the default quota, only with a cache", () => {
    expect(noticesOf({ sessions: "redis", cache: { replicas: 1 } })).toEqual([expect.stringContaining("no second copy")]);
    expect(noticesOf({ sessions: "redis", cache: { shards: 31 } })).toEqual([expect.stringContaining("93 nodes: more than 90")]);
    expect(noticesOf({ cache: { replicas: 1, shards: 31 } })).toEqual([]);
    expect(noticesOf({ sessions: "redis" })).toEqual([]);
  });

  it("name a global database whose standby can be too small at a failover", () => {
    const notices = (min: number) => resolve("test.tfvars", given({ database: serverless(min, 16) }), TODAY).notices;
    expect(notices(2)).toEqual(expect.arrayContaining([expect.stringContaining("AWS recommends at least 8")]));
    expect(notices(8).filter((notice) => notice.includes("AWS recommends"))).toEqual([]);
  });
});

describe("the presets", () => {
  it("are the systems of their documents", () => {
    const presetConfig = (preset: string) => aConfig({ preset });
    expect(presetConfig("payment-processing")).toMatchObject({
      regions: [{ name: "us-east-1" }, { name: "us-west-2" }],
      services: [{ tasks: 6 }],
    });
    expect(presetConfig("payment-elastic")).toMatchObject({
      services: [{ tasks: { min: 10, max: 50 } }],
      storage: { transactionLogs: true },
    });
    expect(presetConfig("transaction-processing")).toMatchObject({
      environment: "production",
      database: { engine: "aurora-mysql", backtrackHours: 24 },
      sessions: "redis",
      cache: { shards: 3, replicas: 2 },
      backup: { everyHours: 6 },
    });
    expect(presetConfig("trading")).toMatchObject({
      database: { engine: "aurora-postgresql", engineVersion: "14.22", instanceClass: "db.t4g.medium" },
      sessions: "dynamodb",
      backup: { enabled: true, serviceConfiguration: true },
    });
  });
});
