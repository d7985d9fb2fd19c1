import type { Problem } from "./errors";

/** Keys that every service had under another name. */
const RENAMED_SERVICE_KEYS = {
  health_command: "health_check_command",
  start_grace_seconds: "health_check_grace_period_seconds",
  read_only_root: "readonly_root_filesystem",
};

/** Former names of keys, as paths, with the names of today: by its letters alone, another key would be nearest. */
const RENAMED_KEYS: Readonly<Record<string, string>> = {
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
    why: "AWS Backup has no cold storage for Aurora and S3, and what goes there must stay for 90 days",
    instead: "retention_days and copy_retention_days",
    source: "https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html",
  },
  "backup.continuous": {
    why: "a continuous rule of AWS Backup takes the cluster's own backups over, and then every change of their retention is refused at apply",
    instead:
      "database.backup_retention_days: Aurora itself backs up continuously; AWS Backup adds a backup every few hours that can be copied",
    source: "https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery-retention-period.html",
  },
  "backup.schedule": {
    why: "a schedule is text that no plan checks",
    instead: "every_hours = 6",
    source: "https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRule.html",
  },
  "backup.vault_lock": {
    why: "a locked vault cannot be deleted before its backups expire, and so neither can the environment",
    instead: "protect = true, and a lock set by the owner of the account",
    source: "https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html",
  },
  "cache.auth_token": {
    why: "a token would stand in the state, and everybody who has it may do everything",
    instead: "remove it: tasks sign in with their IAM role, which needs no secret",
    source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html",
  },
  "cache.availability_zones": {
    why: "with several shards, ElastiCache places the nodes itself, and ignores zones that are named",
    instead: "remove it: nodes of one shard are spread over the zones of the data subnets",
    source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html",
  },
  "cache.global_datastore": {
    why: "its secondary region is read-only until somebody promotes it by hand, so a standby could not sign anybody in",
    instead: 'remove it: each region has a cache of its own, and sessions = "both" or "dynamodb" keeps sessions in every region',
    source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastores-Getting-Started.html",
  },
  "database.global_rpo_seconds": {
    why: "while all standby regions are further behind than this, the primary refuses every commit: a slow line would stop the payments",
    instead: "max_global_lag_milliseconds, which rings an alarm",
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html",
  },
  "database.manage_master_user_password": {
    why: "who manages the password follows from terraform_version: from 1.11 on it comes from a secret of the platform's own, because a global database cannot have it managed, a rewound cluster must know the same one, and running tasks learn of no rotation; before, RDS manages it",
    instead: "remove it",
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-secrets-manager.html",
  },
  "database.multi_az": {
    why: "Aurora keeps six copies of the data in three zones, always; what can be lost with a zone are instances",
    instead: "readers = 2, which stand in the zones that the writer does not",
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html",
  },
  "dns.health_check_ttl": {
    why: "a health check has an interval and a record has a TTL; nothing has both",
    instead: "failover = { ttl_seconds = 30, health_check_interval_seconds = 10 }",
    source: "https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html",
  },
};
