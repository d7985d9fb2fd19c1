import { z } from "zod";
import { flag, integer, numberFrom } from "./builders";

export const backup = z
  .strictObject({
    enabled: flag.meta({
      about: "Backups of the database, the sessions table and the buckets.",
      details: "A change to false DELETES THE VAULT and its backups.",
    }),
    every_hours: numberFrom([1, 2, 3, 4, 6, 8, 12, 24], "hours").meta({
      about: "Hours between two backups.",
      details: "A backup job starts within the hour after its scheduled time.",
    }),
    retention_days: integer(1, 36500, "days").meta({
      allowed: "from 7; from 1 in ephemeral environments",
      about: "Retention in days of backups, and of their copies in the vaults of the other regions.",
    }),
    copy_retention_days: integer(1, 36500, "days"),
    service_configuration: flag.meta({
      about: "Export of the primary ECS service and its task definition to a versioned bucket, because AWS Backup does not support ECS.",
      details: "Additional services are not exported.",
    }),
    restore_testing: flag.meta({
      about: "Weekly test that restores the newest backup of the database.",
      details: "A test costs one to two hours of a database instance.",
    }),
  })
  .meta({ about: "AWS Backup, in addition to the continuous backups of Aurora and DynamoDB." });
