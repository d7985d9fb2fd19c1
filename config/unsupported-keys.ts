import type { Problem } from "./errors";

/** Former names of keys of every service. */
const RENAMED_SERVICE_KEYS = {
  health_command: "health_check_command",
  start_grace_seconds: "health_check_grace_period_seconds",
  read_only_root: "readonly_root_filesystem",
};

/** Former names of keys, as paths, with the present names. By spelling, another key would be suggested for some of them. */
export const RENAMED_KEYS: Readonly<Record<string, string>> = {
  front_door: "load_balancer",
  "runbooks.rehearse": "schedule",
  "services.*.stores": "access",
  ...Object.fromEntries(
    Object.entries(RENAMED_SERVICE_KEYS).flatMap(([before, now]) => ["service", "services.*"].map((table) => [`${table}.${before}`, now])),
  ),
};

/** The present name of a renamed key. @param path as in `terraform.tfvars` */
export function presentName(path: string): string | undefined {
  return RENAMED_KEYS[path.replace(/^services\.[^.]+/, "services.*")];
}

/** Keys that are often expected and cannot exist, as paths in `terraform.tfvars`. The report names the nearest setting. */
export const UNSUPPORTED_KEYS: Readonly<Record<string, Pick<Problem, "why" | "instead" | "source">>> = {
  "backup.cold_storage_after_days": {
    why: "AWS Backup has no cold storage for Aurora and S3, and backups in cold storage must stay for 90 days",
    instead: "retention_days and copy_retention_days",
    source: "https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html",
  },
  "backup.continuous": {
    why: "a continuous rule of AWS Backup takes over the continuous backups of the cluster, and every later change of their retention fails at apply",
    instead:
      "database.backup_retention_days: Aurora itself backs up continuously; AWS Backup adds a backup every few hours that can be copied to other regions",
    source: "https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery-retention-period.html",
  },
  "backup.schedule": {
    why: "a schedule is a cron expression that no plan checks",
    instead: "every_hours = 6",
    source: "https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRule.html",
  },
  "cache.auth_token": {
    why: "the token would be stored in the state, and it grants full access",
    instead: "remove the key: tasks authenticate with their IAM role, which needs no secret",
    source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html",
  },
  "cache.availability_zones": {
    why: "with several shards, ElastiCache places the nodes itself and ignores the given zones",
    instead: "remove the key: the nodes of a shard are distributed over the zones of the data subnets",
    source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html",
  },
  "cache.global_datastore": {
    why: "its secondary region is read-only until an operator promotes it manually, so a standby region could not create sessions",
    instead: 'remove the key: each region has its own cache, and sessions = "both" or "dynamodb" replicates sessions to every region',
    source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastores-Getting-Started.html",
  },
  "database.manage_master_user_password": {
    why: "terraform_version determines it. From 1.11 on, the password is in a secret of the platform, because RDS cannot manage the password of a global database, a restored cluster needs the same password, and running tasks do not receive a rotated one. With older versions, RDS manages it",
    instead: "remove the key",
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-secrets-manager.html",
  },
  "database.multi_az": {
    why: "Aurora always stores six copies of the data in three zones; the loss of a zone affects only instances",
    instead: "readers = 2, which are in the zones without the writer",
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html",
  },
  "dns.health_check_ttl": {
    why: "a health check has an interval and a record has a TTL; no resource has both",
    instead: "failover = { ttl_seconds = 30, health_check_interval_seconds = 10 }",
    source: "https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html",
  },
};
