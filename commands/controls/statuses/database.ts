import { type ControlStatus, met, unused } from "../status";
import { every, everyWhere } from "../check";
import { atLeast, includes, is, isNot, references, names, related, relatedDiffer } from "../expectation";

const ENCRYPTED = [is("storage_encrypted", true), references("kms_key_id", "aws_kms_key")] as const;

/** Aurora. For controls on instances, the setting of the cluster applies to all of its instances. */
export const DATABASE: readonly ControlStatus[] = [
  unused(
    ["RDS.1", "rds_db_snapshot_prohibit_public_access"],
    ["aws_db_snapshot", "aws_db_cluster_snapshot", "aws_rds_cluster_snapshot_copy"],
    "The platform creates no manual snapshots; automated snapshots are private.",
  ),
  met(["RDS.2", "rds_db_instance_prohibit_public_access"], [every("aws_rds_cluster_instance", is("publicly_accessible", false))]),
  met(["RDS.3", "RDS.27", "rds_db_instance_encryption_at_rest_enabled"], [every("aws_rds_cluster", ...ENCRYPTED)]),
  met(
    ["RDS.4", "rds_db_snapshot_encrypted_at_rest"],
    [every("aws_rds_cluster", ...ENCRYPTED)],
    "Snapshots have the encryption of their cluster.",
  ),
  met(
    ["RDS.5", "RDS.15"],
    [every("aws_rds_cluster", relatedDiffer("aws_rds_cluster_instance", "cluster_identifier", "availability_zone", 2))],
    "Three Availability Zones. A `pilot-light` standby has no instances before a takeover.",
  ),
  met(["RDS.6"], [every("aws_rds_cluster_instance", atLeast("monitoring_interval", 1), references("monitoring_role_arn", "aws_iam_role"))]),
  unused(["RDS.8"], ["aws_db_instance"], "It applies to instances without a cluster; for clusters, see RDS.7."),
  met(
    ["RDS.10", "RDS.12", "rds_db_cluster_iam_authentication_enabled", "rds_db_instance_iam_authentication_enabled"],
    [every("aws_rds_cluster", is("iam_database_authentication_enabled", true))],
  ),
  met(
    ["RDS.11", "rds_db_instance_backup_enabled"],
    [every("aws_rds_cluster", atLeast("backup_retention_period", 7))],
    "At least one day in `ephemeral` environments.",
  ),
  met(
    ["RDS.14"],
    [everyWhere("aws_rds_cluster", { engine: "aurora-mysql" }, atLeast("backtrack_window", 1))],
    "Applies with `database.backtrack_hours`. AWS supports backtrack for Aurora MySQL in one region; for Aurora PostgreSQL, a [runbook](runbooks/database.md#rewind) restores to a point in time.",
  ),
  met(
    ["RDS.16", "RDS.17", "RDS.47", "RDS.48"],
    [every("aws_rds_cluster", is("copy_tags_to_snapshot", true)), every("aws_rds_cluster_instance", is("copy_tags_to_snapshot", true))],
  ),
  met(["RDS.18"], [every("aws_rds_cluster", references("db_subnet_group_name", "aws_db_subnet_group"))]),
  met(
    ["RDS.19", "rds_db_cluster_events_subscription"],
    [every("aws_rds_cluster", related("aws_db_event_subscription", "source_ids", includes("event_categories", "maintenance", "failure")))],
  ),
  met(
    ["RDS.20", "rds_db_instance_events_subscription"],
    [
      every(
        "aws_rds_cluster_instance",
        related("aws_db_event_subscription", "source_ids", includes("event_categories", "maintenance", "configuration change", "failure")),
      ),
    ],
  ),
  met(
    ["RDS.21", "rds_db_parameter_group_events_subscription"],
    [
      every(
        "aws_db_parameter_group",
        related("aws_db_event_subscription", "source_ids", includes("event_categories", "configuration change")),
      ),
    ],
  ),
  unused(
    ["RDS.22", "rds_db_security_group_events_subscription"],
    ["aws_db_security_group"],
    "DB security groups existed on EC2-Classic only, which AWS has retired. The platform uses VPC security groups.",
  ),
  met(
    ["RDS.24", "RDS.25"],
    [every("aws_rds_cluster", isNot("master_username", "admin", "postgres"))],
    "`ledger_admin`, unless `database.master_username` has another value.",
  ),
  met(
    ["RDS.34", "RDS.45", "rds_db_cluster_aurora_mysql_audit_logging_enabled"],
    [
      everyWhere("aws_rds_cluster", { engine: "aurora-mysql" }, includes("enabled_cloudwatch_logs_exports", "audit")),
      everyWhere("aws_rds_cluster_parameter_group", { family: "aurora-mysql8.0" }, names("parameter", "server_audit_logging", "1")),
    ],
  ),
  met(
    ["RDS.37"],
    [everyWhere("aws_rds_cluster", { engine: "aurora-postgresql" }, includes("enabled_cloudwatch_logs_exports", "postgresql"))],
  ),
  unused(
    ["RDS.36", "RDS.40", "RDS.41", "RDS.42", "RDS.44"],
    ["aws_db_instance"],
    "They apply to RDS for PostgreSQL, SQL Server and MariaDB; the platform uses Aurora.",
  ),
  met(["RDS.43"], [every("aws_db_proxy", is("require_tls", true))]),
];
