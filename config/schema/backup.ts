import { z } from "zod";
import { flag, integer, numberFrom } from "./builders";

export const backup = z
  .strictObject({
    enabled: flag.meta({ about: "AWS Backup of database, sessions and buckets." }),
    every_hours: numberFrom([1, 2, 3, 4, 6, 8, 12, 24], "hours").meta({
      about: "Hours between two backups.",
      details: "A job may start up to an hour later.",
    }),
    retention_days: integer(1, 36500, "days").meta({
      allowed: "7 or more, from 1 in ephemeral environments",
      about: "Days that backups are kept, here and as copies in the other regions' vaults.",
    }),
    copy_retention_days: integer(1, 36500, "days"),
    service_configuration: flag.meta({
      about: "Also write the first ECS service and its task definition to a versioned bucket: AWS Backup does not know ECS.",
      details: "Further services are not written there.",
    }),
    restore_testing: flag.meta({
      about: "Restore the newest backup of the database once a week, to prove that it can be.",
      details: "Costs an hour or two of a database.",
    }),
  })
  .meta({ about: "AWS Backup, beside the continuous backups of Aurora and DynamoDB." });
