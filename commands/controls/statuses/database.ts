import { type ControlStatus, met, unused } from "../status";
import { every, everyWhere } from "../check";
import { atLeast, includes, is, isNot, leadsTo, names, related, relatedDiffer } from "../expectation";

const ENCRYPTED = [is("storage_encrypted", true), leadsTo("kms_key_id", "aws_kms_key")] as const;

/** Aurora. Where a control is about instances, the cluster decides for all of its own. */
export const DATABASE: readonly ControlStatus[] = [
  unused(
    ["RDS.1", "rds_db_snapshot_prohibit_public_access"],
    ["aws_db_snapshot", "aws_db_cluster_snapshot", "aws_rds_cluster_snapshot_copy"],
    "Nothing here makes a snapshot to share; AWS makes its own private.",
  ),
  met(["RDS.2", "rds_db_instance_prohibit_public_access"], [every("aws_rds_cluster_instance", is("publicly_accessible", false))]),
  met(["RDS.3", "RDS.27", "rds_db_instance_encryption_at_rest_enabled"], [every("aws_rds_cluster", ...ENCRYPTED)]),
  met(
    ["RDS.4", "rds_db_snapshot_encrypted_at_rest"],
    [every("aws_rds_cluster", ...ENCRYPTED)],
    "Snapshots are encrypted as their cluster is.",
  ),
  met(
    ["RDS.5", "RDS.15"],
    [every("aws_rds_cluster", relatedDiffer("aws_rds_cluster_instance", "cluster_identifier", "availability_zone", 2))],
    "Three zones. A `pilot-light` has no instances until it is called upon.",
  ),
  met(["RDS.6"], [every("aws_rds_cluster_instance", atLeast("monitoring_interval", 1), leadsTo("monitoring_role_arn", "aws_iam_role"))]),
  unused(["RDS.8"], ["aws_db_instance"], "It is about instances without a cluster; of a cluster, see RDS.7."),
  met(
    ["RDS.10", "RDS.12", "rds_db_cluster_iam_authentication_enabled", "rds_db_instance_iam_authentication_enabled"],
    [every("aws_rds_cluster", is("iam_database_authentication_enabled", true))],
  ),
  met(
    ["RDS.11", "rds_db_instance_backup_enabled"],
    [every("aws_rds_cluster", atLeast("backup_retention_period", 7))],
    "From one day on in `ephemeral` environments.",
  ),
  met(
    ["RDS.14"],
    [everyWhere("aws_rds_cluster", { engine: "aurora-mysql" }, atLeast("backtrack_window", 1))],
    "With `database.backtrack_hours`. AWS offers it for Aurora MySQL in one region; Aurora PostgreSQL has a [runbook](runbooks/database.md#rewind) instead.",
  ),
  met(
    ["RDS.16", "RDS.17", "RDS.47", "RDS.48"],
    [every("aws_rds_cluster", is("copy_tags_to_snapshot", true)), every("aws_rds_cluster_instance", is("copy_tags_to_snapshot", true))],
  ),
  met(["RDS.18"], [every("aws_rds_cluster", leadsTo("db_subnet_group_name", "aws_db_subnet_group"))]),
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
    "AWS has had no such groups since EC2-Classic ended; security groups are the VPC's.",
  ),
  met(
    ["RDS.24", "RDS.25"],
    [every("aws_rds_cluster", isNot("master_username", "admin", "postgres"))],
    "`ledger_admin`, unless `database.master_username` says otherwise.",
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
    "They are about RDS for PostgreSQL, SQL Server and MariaDB; the platform has Aurora.",
  ),
  met(["RDS.43"], [every("aws_db_proxy", is("require_tls", true))]),
];
