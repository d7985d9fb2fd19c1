import { firstTwice, ref, removed, replaced, type Sabotage, to, withoutAction } from "./sabotage";

const REGIONS = /^us-/;
const STANDBY = /^us-west-2$/;
const FAILOVER = /^failover$/;
const DATA = "two-regions-data";

const PARAMETERS = { type: "aws_rds_cluster_parameter_group", id: /cluster-parameters/ } as const;
const CACHE = { type: "aws_elasticache_replication_group", id: /cache/ } as const;
const TABLE = { type: "aws_dynamodb_table", id: /sessions/ } as const;
const REPLICA = { type: "aws_dynamodb_table_replica", id: /sessions/ } as const;
const REPLICATION = {
  claim: "B11",
  configuration: DATA,
  stack: FAILOVER,
  type: "aws_s3_bucket_replication_configuration",
  id: /transaction-logs/,
} as const;
const REPLICATION_POLICY = {
  claim: "B11",
  configuration: DATA,
  stack: FAILOVER,
  type: "aws_iam_role_policy",
  id: /objects-us-east-1/,
} as const;
const SELECTION = { type: "aws_backup_selection", id: /backup_selection$/ } as const;
const VERSIONING = { type: "aws_s3_bucket_versioning", id: /transaction-logs/ } as const;

export const STORE_SABOTAGES: readonly Sabotage[] = [
  { claim: "B8", stack: REGIONS, ...PARAMETERS, path: "parameter.0.value", becomes: (now) => (now === "ON" ? "OFF" : "0") },
  { claim: "B8", stack: REGIONS, ...PARAMETERS, path: "parameter.0.name", becomes: to("ssl") },
  { claim: "B8", stack: REGIONS, ...PARAMETERS, path: "parameter", becomes: to([]) },
  { claim: "B8", stack: REGIONS, ...PARAMETERS, path: "family", becomes: to("aurora-postgresql13") },
  { claim: "B8", stack: REGIONS, type: "aws_rds_cluster", id: /aurora/, path: "db_cluster_parameter_group_name", becomes: removed },
  {
    claim: "B8",
    stack: REGIONS,
    type: "aws_rds_cluster",
    id: /aurora/,
    path: "db_cluster_parameter_group_name",
    becomes: ref("aws_db_parameter_group", /./, "name"),
  },
  { claim: "B8", stack: REGIONS, ...CACHE, path: "transit_encryption_enabled", becomes: to(false) },
  { claim: "B8", stack: REGIONS, ...CACHE, path: "transit_encryption_mode", becomes: to("preferred") },
  {
    claim: "B8",
    configuration: "aurora-mysql",
    stack: REGIONS,
    type: "aws_db_proxy",
    id: /proxy/,
    path: "require_tls",
    becomes: to(false),
  },

  { claim: "B9", stack: REGIONS, ...CACHE, path: "automatic_failover_enabled", becomes: to(false) },
  { claim: "B9", stack: REGIONS, ...CACHE, path: "multi_az_enabled", becomes: removed },
  { claim: "B9", stack: REGIONS, ...CACHE, path: "replicas_per_node_group", becomes: to(0) },
  { claim: "B9", stack: REGIONS, ...CACHE, path: "cluster_mode", becomes: to("disabled") },
  { claim: "B9", stack: REGIONS, ...CACHE, path: "parameter_group_name", becomes: to("default.redis7") },
  { claim: "B9", stack: REGIONS, type: "aws_elasticache_parameter_group", id: /cache/, path: "parameter.0.value", becomes: to("no") },
  {
    claim: "B9",
    stack: REGIONS,
    type: "aws_elasticache_subnet_group",
    id: /cache/,
    path: "subnet_ids",
    becomes: (now) => firstTwice((now as unknown[]).slice(0, 1)),
  },

  { claim: "B10", stack: REGIONS, type: "aws_dynamodb_table", id: /./, path: "point_in_time_recovery.enabled", becomes: to(false) },
  { claim: "B10", stack: REGIONS, type: "aws_dynamodb_table", id: /./, path: "point_in_time_recovery", becomes: removed },
  { claim: "B10", configuration: DATA, stack: REGIONS, ...TABLE, path: "name", becomes: to("table-other") },
  { claim: "B10", configuration: DATA, stack: REGIONS, ...TABLE, path: "lifecycle", becomes: removed },
  { claim: "B10", configuration: DATA, stack: REGIONS, ...TABLE, path: "stream_view_type", becomes: to("KEYS_ONLY") },
  { claim: "B10", configuration: DATA, stack: FAILOVER, ...REPLICA, path: "provider", becomes: to("aws") },
  { claim: "B10", configuration: DATA, stack: FAILOVER, ...REPLICA, path: "global_table_arn", becomes: replaced("us-east-1", "us-west-2") },
  { claim: "B10", configuration: DATA, stack: FAILOVER, ...REPLICA, path: "point_in_time_recovery", becomes: to(false) },
  { claim: "B10", configuration: DATA, stack: FAILOVER, ...REPLICA, path: "kms_key_arn", becomes: removed },
  {
    claim: "B10",
    configuration: DATA,
    stack: FAILOVER,
    ...REPLICA,
    path: "kms_key_arn",
    becomes: () => "${data.aws_kms_alias.objects-us-east-1_key-us-east-1.target_key_arn}",
  },
  {
    claim: "B10",
    configuration: DATA,
    stack: FAILOVER,
    type: "stack",
    id: /./,
    path: "resource.aws_dynamodb_table_replica",
    becomes: removed,
  },
  {
    claim: "B10",
    configuration: "hot-standby",
    stack: STANDBY,
    type: "aws_dynamodb_table",
    id: /./,
    path: "name",
    becomes: to("table-other"),
  },

  { claim: "B10", configuration: DATA, stack: REGIONS, ...TABLE, path: "server_side_encryption", becomes: removed },
  { claim: "B10", stack: REGIONS, ...TABLE, path: "point_in_time_recovery.recovery_period_in_days", becomes: to(1) },

  { ...REPLICATION, path: "rule.0.status", becomes: to("Disabled") },
  { ...REPLICATION, path: "rule.0.filter.prefix", becomes: to("2026/") },
  { ...REPLICATION, path: "rule", becomes: to([]) },
  { ...REPLICATION, path: "rule.0.source_selection_criteria", becomes: removed },
  { ...REPLICATION, path: "rule.0.destination.bucket", becomes: replaced("transaction-logs", "application-data") },
  { ...REPLICATION, path: "rule.0.destination.bucket", becomes: replaced("us-west-2", "us-east-1") },
  { ...REPLICATION, path: "rule.0.destination.encryption_configuration", becomes: removed },
  {
    ...REPLICATION,
    path: "rule.0.destination.encryption_configuration.replica_kms_key_id",
    becomes: replaced("key-us-west-2", "key-us-east-1"),
  },
  { ...REPLICATION, path: "bucket", becomes: replaced("us-east-1", "us-west-2") },
  { ...REPLICATION, path: "provider", becomes: to("aws.us-west-2") },
  { ...REPLICATION, path: "role", becomes: ref("aws_iam_role", /objects-us-west-2/, "arn") },
  {
    ...REPLICATION,
    type: "aws_iam_role",
    id: /objects-us-east-1/,
    path: "assume_role_policy",
    becomes: replaced("s3.amazonaws.com", "ec2.amazonaws.com"),
  },
  { ...REPLICATION_POLICY, path: "policy", becomes: withoutAction("s3:ReplicateObject") },
  { ...REPLICATION_POLICY, path: "policy", becomes: withoutAction("s3:GetObjectVersionForReplication") },
  { ...REPLICATION_POLICY, path: "policy", becomes: withoutAction("kms:Encrypt") },
  {
    ...REPLICATION,
    stack: STANDBY,
    type: "aws_s3_bucket_policy",
    id: /transaction-logs/,
    path: "policy",
    becomes: replaced('"Bool":{"aws:SecureTransport":"false"}', '"Bool":{"aws:SecureTransport":"true"}'),
  },
  { ...REPLICATION_POLICY, path: "policy", becomes: replaced("s3.us-west-2.amazonaws.com", "s3.us-east-1.amazonaws.com") },
  { claim: "B11", configuration: DATA, stack: REGIONS, ...VERSIONING, path: "versioning_configuration.status", becomes: to("Suspended") },
  { claim: "B11", configuration: DATA, stack: REGIONS, ...VERSIONING, path: "bucket", becomes: to("other") },

  { claim: "B13", ...SELECTION, path: "resources", becomes: (now) => (now as unknown[]).slice(0, -1) },
  { claim: "B13", ...SELECTION, path: "resources.1", becomes: replaced(/$/, "x") },
  { claim: "B13", ...SELECTION, path: "plan_id", becomes: to("other") },
  { claim: "B13", ...SELECTION, path: "iam_role_arn", becomes: to("arn:aws:iam::123456789012:role/other") },
  { claim: "B13", type: "aws_backup_plan", id: /plan/, path: "rule.0.schedule", becomes: to("cron(0 5 ? * * *)") },
  { claim: "B13", type: "aws_backup_plan", id: /plan/, path: "rule.0.lifecycle.delete_after", becomes: to(1) },
  { claim: "B13", type: "aws_iam_role_policy", id: /^backup_role/, path: "policy", becomes: withoutAction("s3:ListBucketVersions") },
];
