import { z } from "zod";
import { LIFECYCLE_SOURCE } from "../aws-limits";
import { flag, integer, oneOf } from "./builders";

export const storage = z.strictObject({
  transaction_logs: flag.meta({
    about: "Buckets for transaction logs and application data.",
    details:
      "Tasks can only add transaction logs; they can read and write application data. S3 replicates both to the other regions. A change to false DELETES THE BUCKET and its objects; with protect, the apply stops while it has objects.",
  }),
  application_data: flag,
  infrequent_access_after_days: integer(30, 3650, "days", LIFECYCLE_SOURCE).meta({
    about: "Days until objects transition to Standard-IA, and to Glacier Instant Retrieval.",
    details:
      "The second transition is at least 30 days after the first. Glacier Instant Retrieval has low storage cost and higher retrieval cost. Objects smaller than 128 KB stay in S3 Standard, because both classes charge for each object as for 128 KB: write many log records to one object.",
  }),
  archive_after_days: integer(60, 3650, "days", LIFECYCLE_SOURCE),
  transaction_log_retention_days: integer(1, 36500, "days").meta({
    about: "Retention of the transaction logs in days.",
    details: "The default is seven years.",
  }),
  noncurrent_version_retention_days: integer(1, 3650, "days").meta({
    about: "Retention of noncurrent versions in days.",
  }),
  object_lock: z
    .strictObject({ mode: oneOf(["GOVERNANCE", "COMPLIANCE"]), days: integer(1, 36500, "days") })
    .meta({
      expected: '{ mode = "GOVERNANCE" or "COMPLIANCE", days = ... }',
      source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html",
      about: "Object Lock: no version can be changed or deleted for this number of days.",
      details:
        'A principal with the permission can shorten mode "GOVERNANCE". Requires protect = true. Adding or removing it REPLACES THE BUCKETS, so the plan fails while they exist: set it with the first deployment, or delete the empty buckets first with transaction_logs and application_data = false.',
      example: { mode: "COMPLIANCE", days: 365 },
    })
    .optional(),
});
