import { z } from "zod";
import { LIFECYCLE_SOURCE } from "../aws-limits";
import { flag, integer, oneOf } from "./builders";

export const storage = z.strictObject({
  transaction_logs: flag.meta({
    about: "Buckets to make.",
    details: "Tasks add to the first, and read and write the second. Copied to the other regions.",
  }),
  application_data: flag,
  infrequent_access_after_days: integer(30, 3650, "days", LIFECYCLE_SOURCE).meta({
    about: "Days until objects move to infrequent access, and to the archive.",
    details: "The archive is 30 days after that at least (Glacier Instant Retrieval: cheap to keep, dear to read).",
  }),
  archive_after_days: integer(60, 3650, "days", LIFECYCLE_SOURCE),
  transaction_log_retention_days: integer(1, 36500, "days").meta({
    about: "Days until transaction logs are deleted.",
    details: "The default is seven years.",
  }),
  noncurrent_version_retention_days: integer(1, 3650, "days").meta({
    about: "Days until versions that were overwritten or deleted are gone for good.",
  }),
  object_lock: z
    .strictObject({ mode: oneOf(["GOVERNANCE", "COMPLIANCE"]), days: integer(1, 36500, "days") })
    .meta({
      expected: '{ mode = "GOVERNANCE" or "COMPLIANCE", days = ... }',
      source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html",
      about: "Keeps every version from being changed or deleted for so long.",
      details: 'Mode "GOVERNANCE" can be shortened with a permission. Only with protect = true. Changing it replaces the buckets.',
      example: { mode: "COMPLIANCE", days: 365 },
    })
    .optional(),
});
