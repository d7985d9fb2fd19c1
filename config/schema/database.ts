import { z } from "zod";
import { SERVERLESS_SOURCE } from "../aws-limits";
import { dailyWindow, flag, integer, numberFrom, oneOf, text, weeklyWindow } from "./builders";

const CREATE_INSTANCE = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html";

const acu = z.number().min(0.5).max(256).multipleOf(0.5).meta({
  expected: "Aurora capacity units, 0.5 to 256 in steps of 0.5",
  source: SERVERLESS_SOURCE,
});

export const database = z.strictObject({
  engine: oneOf(["aurora-postgresql", "aurora-mysql"]).meta({
    about: "The engine.",
    details: "Changing it REPLACES THE CLUSTER and all data in it.",
  }),
  engine_version: text(
    /^(\d+\.\d+|8\.0\.mysql_aurora\.3\.\d{2}\.\d+)$/,
    'an Aurora PostgreSQL version such as "16.8", or an Aurora MySQL version such as "8.0.mysql_aurora.3.10.4"',
    "16.8",
  ).meta({
    about: "A new minor version restarts the instances, a new major version interrupts the service.",
    details: 'Aurora MySQL has versions such as "8.0.mysql_aurora.3.10.4".',
  }),
  extended_support: flag.meta({
    about: "Pay for Extended Support once the engine's standard support has ended; false refuses to build on it then.",
  }),
  instance_class: text(
    /^db\.([a-z0-9]+\.[a-z0-9]+|serverless)$/,
    'an Aurora instance class, or "db.serverless"',
    "db.r6g.large",
    "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.DBInstanceClass.html",
  ).meta({
    about: "Changing it restarts the instances one by one.",
    details:
      'A global database takes memory-optimised classes (db.r, db.x) only. "db.serverless" with serverless = { min_acu = 2, max_acu = 32 } follows the load.',
  }),
  serverless: z
    .strictObject({ min_acu: acu, max_acu: acu })
    .meta({
      expected: '{ min_acu = ..., max_acu = ... }, with instance_class = "db.serverless"',
      about: 'Bounds of instances of class "db.serverless", in Aurora capacity units.',
      example: { min_acu: 2, max_acu: 32 },
    })
    .optional(),
  readers: integer(0, 15, "reader instances").meta({
    allowed: "1 to 15",
    about: "Readers beside the one writer.",
    details: "Instances take the zones in turn.",
  }),
  promotion_tiers: z
    .array(integer(0, 15, "the tier of an instance"))
    .meta({
      expected: "one tier of 0 to 15 for each instance in the order of the zones; the lowest is promoted first",
      source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html",
      about: "One tier for each instance in the order of the zones, 0 to 15; the lowest is promoted first.",
      example: [0, 1, 1],
    })
    .optional(),
  reader_scaling: z
    .strictObject({
      max_readers: integer(1, 15, "reader instances"),
      cpu_percent: integer(10, 90, "percent of the readers' processor time"),
    })
    .meta({
      expected: "{ max_readers = ..., cpu_percent = ... }",
      about: "More readers while their load is high.",
      details:
        "They are not in the state: before a destroy, take it away and delete the readers it made (docs/runbooks/database.md#readers).",
      example: { max_readers: 5, cpu_percent: 60 },
    })
    .optional(),
  password_version: integer(1, 1000000, "a version: a higher one gives the database a new password").meta({
    allowed: undefined,
    about: "Raise it to give the database a new password: apply global, then the regions, which replace their tasks.",
    details:
      "In between, running tasks keep their connections and get no new ones. Needs Terraform 1.11; with an older one RDS manages the password, and changes it every seven days.",
  }),
  proxy: flag.meta({
    about: "RDS Proxy between tasks and database: connections outlive a failover.",
    details: "Costs by the vCPU. Not together with a rewind that restores.",
  }),
  backtrack_hours: integer(
    1,
    72,
    "hours",
    "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Backtrack.html",
  )
    .meta({
      about: "Hours that the database can go back in place, 1 to 72; Aurora MySQL in a single region only.",
      details: "Decided when the cluster is made: adding it later REPLACES THE CLUSTER.",
      example: 24,
    })
    .optional(),
  rewind: flag.meta({
    about: "A runbook that takes the data back to any second of the last 24 hours (or of backtrack_hours).",
    details:
      'Input: { "to": "2026-11-21T07:30:00Z" }. With backtrack_hours it goes back in place; else it restores beside the live cluster and then leads the tasks there. Needs Terraform 1.11 then. Not in a pilot light, which serves nobody.',
  }),
  name: text(/^[a-z][a-z0-9_]{0,62}$/, "a database name of lower-case letters, digits and underscores", "payments").meta({
    about: "First database and its owner.",
    details: "Changing either REPLACES THE CLUSTER and all data in it.",
  }),
  master_username: text(/^[a-z][a-z0-9_]{0,15}$/, "a user name of up to 16 lower-case letters, digits and underscores", "ledger_admin"),
  backup_retention_days: integer(
    1,
    35,
    "days",
    "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Backups.html",
  ).meta({
    allowed: "7 to 35, from 1 in ephemeral environments",
    about: "Days back to any second of which the cluster can be restored.",
  }),
  backup_window: dailyWindow("03:00-04:00").meta({ about: "Daily and weekly windows in UTC, apart from each other." }),
  maintenance_window: weeklyWindow("sun:05:00-sun:06:00"),
  performance_insights_retention_days: z.union([z.literal(7), z.literal(731), z.int().min(31).max(713).multipleOf(31)]).meta({
    expected: "days: 7, a multiple of 31 up to 713, or 731",
    allowed: "7 (free), a multiple of 31 up to 713, or 731",
    source: CREATE_INSTANCE,
    about: "Days of Performance Insights.",
  }),
  monitoring_interval_seconds: numberFrom([1, 5, 10, 15, 30, 60], "seconds", CREATE_INSTANCE).meta({
    about: "Seconds between samples of the operating system.",
  }),
  slow_query_milliseconds: integer(1, 3600000, "milliseconds").meta({ about: "Statements that take longer are logged." }),
  max_replica_lag_milliseconds: integer(1, 3600000, "milliseconds").meta({
    about: "An alarm rings when a reader is further behind the writer.",
  }),
  max_global_lag_milliseconds: integer(1, 86400000, "milliseconds").meta({
    about: "An alarm rings when a standby region is further behind the primary: what would be lost with it.",
  }),
});
