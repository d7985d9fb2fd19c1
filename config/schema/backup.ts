import { z } from "zod";
import { VAULT_ARN } from "../backup-vaults";
import { flag, integer, numberFrom, oneOf } from "./builders";

/** Intervals that divide a day. */
const INTERVALS = [1, 2, 3, 4, 6, 8, 12, 24] as const;

export const backup = z
  .strictObject({
    enabled: flag.meta({
      about: "Backups of the database, the sessions table and the buckets.",
      details: "A change to false DELETES THE VAULT and its backups; with protect, the apply stops while it has backups.",
    }),
    every_hours: numberFrom(INTERVALS, "hours").meta({
      about: "Hours between two backups.",
      details:
        "A backup job starts within the hour after its scheduled time. Every snapshot of Aurora is charged for the whole database: retention_days * 24 / every_hours snapshots, each with the size of the database.",
    }),
    copy_every_hours: numberFrom(INTERVALS, "hours").meta({
      allowed: "a multiple of every_hours, up to 24",
      about: "Hours between two backups that are copied to the vaults of the other regions.",
      details:
        "A copy is a full copy, is charged like the backup and for its transfer, and takes hours for a large database: copy_retention_days * 24 / copy_every_hours copies in each other region.",
      source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_CopySnapshot.html",
    }),
    copy_vault_arns: z.array(z.string().regex(VAULT_ARN)).meta({
      expected: "ARNs of backup vaults in another account",
      about: "Vaults in another account that also receive copies, one in each region.",
      details:
        "The procedure for the other account is in docs/runbooks/backup.md. The key of the database is shared with AWS Backup in that account.",
      example: ["arn:aws:backup:us-east-1:210987654321:backup-vault:payments"],
      source: "https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html",
    }),
    retention_days: integer(1, 36500, "days").meta({
      allowed: "from 7; from 1 in ephemeral environments",
      about: "Retention in days of backups, and of their copies in the vaults of the other regions.",
    }),
    copy_retention_days: integer(1, 36500, "days"),
    vault_lock: z
      .strictObject({
        mode: oneOf(["governance", "compliance"]),
        min_retention_days: integer(1, 36500, "days"),
        max_retention_days: integer(1, 36500, "days").optional(),
        changeable_for_days: integer(3, 36500, "days").optional(),
      })
      .meta({
        expected: '{ mode = "governance" or "compliance", min_retention_days = ... }',
        source: "https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html",
        about: "Lock of the vaults: no backup can be deleted before its retention ends, and no retention can be changed.",
        details:
          'A principal with the permission can remove mode "governance". Mode "compliance" requires changeable_for_days, after which NO PRINCIPAL CAN REMOVE IT: a destroy fails until the last backup has expired. Requires protect = true. Pipeline roles cannot set or remove it.',
        example: { mode: "compliance", min_retention_days: 35, max_retention_days: 365, changeable_for_days: 7 },
      })
      .optional(),
    service_configuration: flag.meta({
      about: "Export of the primary ECS service and its task definition to a versioned bucket, because AWS Backup does not support ECS.",
      details: "Additional services are not exported. A change to false DELETES THE BUCKET of the exports.",
    }),
    restore_testing: flag.meta({
      about: "Weekly test that restores the newest backup of the database.",
      details: "A test costs one to two hours of a database instance.",
    }),
  })
  .meta({ about: "AWS Backup, in addition to the continuous backups of Aurora and DynamoDB." });
