import { LIFECYCLE_SOURCE } from "../aws-limits";
import { problemIf, type Rule } from "./rule";

/** Minimum days in Standard-IA before the transition to Glacier Instant Retrieval. */
const LEAST_INFREQUENT_DAYS = 30;

/** Buckets: lifecycle and Object Lock. */
export const STORAGE_RULES: readonly Rule[] = [
  {
    reads: ["storage.infrequent_access_after_days", "storage.archive_after_days"],
    check: ({ storage: { infrequent_access_after_days: infrequent, archive_after_days: given } }) =>
      problemIf(given < infrequent + LEAST_INFREQUENT_DAYS, {
        where: "storage.archive_after_days",
        given,
        why: `objects must stay at least ${LEAST_INFREQUENT_DAYS} days in infrequent access, which starts after ${infrequent} days; S3 rejects less at apply`,
        instead: `archive_after_days = ${infrequent + LEAST_INFREQUENT_DAYS}`,
        source: LIFECYCLE_SOURCE,
      }),
  },
  {
    reads: ["storage.archive_after_days", "storage.transaction_log_retention_days"],
    check: ({ storage: { archive_after_days: archive, transaction_log_retention_days: given } }) =>
      problemIf(given <= archive, {
        where: "storage.transaction_log_retention_days",
        given,
        why: `logs would be deleted before they are archived, after ${archive} days; S3 rejects this lifecycle at apply`,
        instead: `more than ${archive}, or an earlier archive_after_days`,
        source: LIFECYCLE_SOURCE,
      }),
  },
  {
    reads: ["storage.object_lock", "protect"],
    check: ({ storage: { object_lock }, protect }) =>
      problemIf(object_lock !== undefined && !protect, {
        where: "storage.object_lock",
        given: object_lock,
        why: "locked objects and their bucket cannot be deleted, so the environment cannot be destroyed",
        instead: "protect = true, or remove object_lock",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html",
      }),
  },
  {
    reads: ["storage.object_lock", "storage.transaction_log_retention_days"],
    check: ({ storage: { object_lock, transaction_log_retention_days: retention } }) =>
      problemIf(object_lock !== undefined && object_lock.days > retention, {
        where: "storage.object_lock.days",
        given: object_lock?.days,
        why: `objects would be locked for longer than their retention (${retention} days)`,
        instead: `days = ${retention} or fewer`,
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html",
      }),
  },
];
