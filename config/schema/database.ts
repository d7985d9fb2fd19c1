import { z } from "zod";
import { SERVERLESS_SOURCE } from "../aws-limits";
import { serviceUser } from "./service-user";
import { dailyWindow, flag, integer, numberFrom, oneOf, text, weeklyWindow } from "./builders";

const CREATE_INSTANCE = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html";

const acu = z.number().min(0.5).max(256).multipleOf(0.5).meta({
  expected: "Aurora capacity units, 0.5 to 256 in steps of 0.5",
  source: SERVERLESS_SOURCE,
});

export const database = z.strictObject({
  engine: oneOf(["aurora-postgresql", "aurora-mysql"]).meta({
    about: "Engine of the cluster.",
    details: "A change REPLACES THE CLUSTER and deletes its data; with protect, the plan fails.",
  }),
  engine_version: text(
    /^\d+\.\d+(\.mysql_aurora\.\d+\.\d+\.\d+)?$/,
    'an Aurora PostgreSQL version such as "16.8", or an Aurora MySQL version such as "8.0.mysql_aurora.3.10.4"',
    "16.8",
  ).meta({
    about: "Engine version. A new minor version restarts the instances; a new major version interrupts the service.",
    details:
      'A change starts during the apply. With several regions, see docs/runbooks/database.md#engine-upgrade first. A version of Aurora MySQL is, for example, "8.0.mysql_aurora.3.10.4". A version that is newer than the list of the synth is a warning.',
  }),
  extended_support: flag.meta({
    about:
      "Whether to pay for Extended Support after the end of the version's standard support. With false, the synth then rejects the version.",
    details: "AWS accepts it only when a cluster is created: a later change has no effect on an existing cluster.",
  }),
  instance_class: text(
    /^db\.([a-z]+\d+[a-z]*\.(micro|small|medium|large|\d*xlarge)|serverless)$/,
    'an Aurora instance class, or "db.serverless"',
    "db.r6g.large",
    "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.DBInstanceClass.html",
  ).meta({
    about: "Instance class. RDS restarts one instance after the other. apply_immediately decides when.",
    details:
      'A global database supports memory-optimised classes only (db.r, db.x). "db.serverless" scales with the load, within serverless = { min_acu = 2, max_acu = 32 }.',
  }),
  apply_immediately: flag.meta({
    about: "Whether a change restarts the instances during the apply. With false, each instance waits for its maintenance window.",
    details:
      "Until then, every plan shows the change. With true, the order is that of promotion, the first to be promoted last. Set it for the deploy of a change only: a first deployment with true creates one instance after the other, and the last to be promoted becomes the writer. The engine version and the password always change during the apply.",
  }),
  serverless: z
    .strictObject({ min_acu: acu, max_acu: acu })
    .meta({
      expected: '{ min_acu = ..., max_acu = ... }, with instance_class = "db.serverless"',
      about: 'Capacity range of instances of class "db.serverless", in Aurora capacity units.',
      example: { min_acu: 2, max_acu: 32 },
    })
    .optional(),
  readers: integer(0, 15, "reader instances").meta({
    allowed: "1 to 15",
    about: "Number of readers, in addition to the writer.",
    details: "Instances are distributed over the zones.",
  }),
  promotion_tiers: z
    .array(integer(0, 15, "the tier of an instance"))
    .meta({
      expected: "one tier of 0 to 15 for each instance in the order of the zones; Aurora promotes the lowest first",
      source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html",
      about: "Promotion tier of each instance in the order of the zones, 0 to 15. Aurora promotes the lowest tier first.",
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
      about: "Auto scaling of the readers.",
      details:
        "Readers that auto scaling adds are not in the state. Before a destroy, remove this key and delete them (docs/runbooks/database.md#readers).",
      example: { max_readers: 5, cpu_percent: 60 },
    })
    .optional(),
  password_version: integer(1, 1000000, "a version; a higher one changes the password").meta({
    allowed: undefined,
    about: "Version of the password. To change the password, raise it and apply global, then the regions, which replace their tasks.",
    details:
      "Between the two applies, running tasks keep their connections and cannot open new ones. Requires Terraform 1.11. With older versions, RDS manages the password and rotates it every seven days.",
  }),
  service_user: serviceUser,
  proxy: flag.meta({
    about: "RDS Proxy between tasks and database. Client connections stay open during a failover.",
    details: "RDS charges by the vCPU. Not supported with several regions, nor together with a rewind by restore.",
  }),
  backtrack_hours: integer(
    1,
    72,
    "hours",
    "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Backtrack.html",
  )
    .meta({
      about: "Backtrack window in hours, 1 to 72. Aurora MySQL in a single region only.",
      details:
        "AWS enables backtrack only when a cluster is created. A plan that adds this key later stops: create a second environment and move the data. Removing it cannot be reverted.",
      example: 24,
    })
    .optional(),
  rewind: flag.meta({
    about: "Runbook that rewinds the data to any second of the last 24 hours, or of backtrack_hours.",
    details:
      'Input: { "to": "2026-11-21T07:30:00Z" }. With backtrack_hours, it backtracks the cluster. Otherwise it restores to a second cluster and switches the tasks to it, which requires Terraform 1.11. A pilot light has no rewind, because it serves no clients. A change to false DELETES THE LOGS of its executions.',
  }),
  name: text(/^[a-z][a-z0-9_]{0,62}$/, "a database name of lower-case letters, digits and underscores", "payments").meta({
    about: "Name of the first database, and its owner.",
    details: "A change of either REPLACES THE CLUSTER and deletes its data; with protect, the plan fails.",
  }),
  master_username: text(/^[a-z][a-z0-9_]{0,15}$/, "a user name of up to 16 lower-case letters, digits and underscores", "ledger_admin"),
  backup_retention_days: integer(
    1,
    35,
    "days",
    "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Backups.html",
  ).meta({
    allowed: "7 to 35; from 1 in ephemeral environments",
    about: "Retention of the continuous backups in days. The cluster can be restored to any second of them.",
  }),
  final_snapshot: flag.meta({
    about: "Whether a destroy creates a final snapshot of the cluster of each region, final-aurora-<suffix>-<region>-<time>.",
    details:
      "Set it before protect is set to false, or with it. The snapshot and its key remain and are charged until you delete them. See docs/runbooks/database.md#final-snapshots.",
  }),
  backup_window: dailyWindow("03:00-04:00").meta({
    about: "Daily backup window and weekly maintenance window in UTC. They must not overlap.",
    details:
      "The maintenance window is that of the primary region. Each further region is maintained a day earlier than the one in front of it. The windows of the instances follow the window of their cluster, 30 minutes each, the readers first.",
  }),
  maintenance_window: weeklyWindow("sun:05:00-sun:06:00"),
  performance_insights_retention_days: z.union([z.literal(7), z.literal(731), z.int().min(31).max(713).multipleOf(31)]).meta({
    expected: "days: 7, a multiple of 31 up to 713, or 731",
    allowed: "7 (free), a multiple of 31 up to 713, or 731",
    source: CREATE_INSTANCE,
    about: "Retention of Performance Insights in days.",
  }),
  monitoring_interval_seconds: numberFrom([1, 5, 10, 15, 30, 60], "seconds", CREATE_INSTANCE).meta({
    about: "Interval of Enhanced Monitoring in seconds.",
  }),
  slow_query_milliseconds: integer(1, 3600000, "milliseconds").meta({
    about: "Threshold of the slow query log in milliseconds.",
    details:
      "Values in the text of a statement are logged, which can be card data. Aurora PostgreSQL does not log values that the program passes as parameters. Aurora MySQL has no such setting: tokenize or encrypt card data in the program, or set 3600000, which logs next to nothing.",
  }),
  statement_timeout_seconds: integer(1, 86400, "seconds")
    .meta({
      about: "Time after which the server cancels a statement, in seconds. Without it, a statement can run without end.",
      details:
        "Applies to every session: a migration that takes longer sets its own value (SET statement_timeout). Aurora MySQL cancels SELECT statements only.",
      example: 30,
    })
    .optional(),
  idle_in_transaction_seconds: integer(1, 86400, "seconds", "https://www.postgresql.org/docs/current/runtime-config-client.html").meta({
    about: "Time without a statement after which Aurora PostgreSQL ends a session that has an open transaction, in seconds.",
    details: "The locks of such a transaction block other payments. Aurora MySQL has no such setting.",
  }),
  max_replica_lag_milliseconds: integer(1, 3600000, "milliseconds").meta({
    about: "Alarm threshold for the lag of a reader behind the writer, in milliseconds.",
  }),
  global_rpo_seconds: integer(
    20,
    86400,
    "seconds",
    "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html",
  )
    .meta({
      about: "Limit of the data that the loss of the primary region can lose, in seconds. Aurora PostgreSQL in several regions only.",
      details:
        "While the lag of all standby regions exceeds it, the primary BLOCKS EVERY COMMIT. Sets rds.global_db_rpo in the first region only, so a standby that has taken over does not block.",
      example: 60,
    })
    .optional(),
  max_global_lag_milliseconds: integer(1, 86400000, "milliseconds").meta({
    about: "Alarm threshold for the lag of a standby region behind the primary region, in milliseconds.",
    details: "The loss of the primary region loses the data of this time.",
  }),
});
