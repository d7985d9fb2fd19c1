import type { Problem } from "./errors";

/**
 * Keys that people look for and that cannot be there: a wish is answered with what comes closest, never dropped.
 * By the key's path as in `terraform.tfvars`.
 */
export const WISHES: Readonly<Record<string, Pick<Problem, "why" | "instead" | "source">>> = {
  "database.backtrack_hours": {
    why: "Aurora PostgreSQL has no backtrack, and no global database can have it: it exists for Aurora MySQL in a single region",
    instead: "backup_retention_days: restore to any second of those days, into a new cluster",
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Backtrack.html",
  },
  "database.manage_master_user_password": {
    why: "who manages the password follows from the regions: RDS for a single one; a global database cannot have it managed, so its password comes from a secret of its own",
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
