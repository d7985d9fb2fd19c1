import { ref, removed, replaced, type Sabotage, to } from "./sabotage";

const REGIONS = /^us-/;
const STANDBY = /^us-west-2$/;
const PRIMARY = /^us-east-1$/;
const GLOBAL = /^global$/;

const CLUSTER = { type: "aws_rds_cluster", id: /aurora/ } as const;
const INSTANCE = { type: "aws_rds_cluster_instance", id: /a$/ } as const;
const GLOBAL_CLUSTER = { type: "aws_rds_global_cluster", id: /aurora/ } as const;
const PARAMETERS = { type: "aws_rds_cluster_parameter_group", id: /cluster-parameters/ } as const;
const SECRET = { type: "aws_secretsmanager_secret", id: /database-secret/ } as const;
const LAG = { type: "aws_cloudwatch_metric_alarm", id: /alarm-global-lag-high$/ } as const;
const COMPOSITE = { type: "aws_cloudwatch_composite_alarm", id: /^database_composite-alarm$/ };
const SILENCE = { type: "aws_cloudwatch_metric_alarm", id: /alarm-replication-silent$/ } as const;
const HEARTBEAT = { type: "aws_cloudwatch_metric_alarm", id: /alarm-clients-without-writer$/ } as const;
const FENCE_POLICY = { type: "aws_iam_role_policy", id: /region-fence/ } as const;

const without = (removedItem: string) => (now: unknown) => (now as string[]).filter((item) => item !== removedItem);

export const GLOBAL_DATABASE_SABOTAGES: readonly Sabotage[] = [
  { claim: "B1", stack: STANDBY, ...CLUSTER, path: "global_cluster_identifier", becomes: to("global-database-try-002") },
  { claim: "B1", stack: REGIONS, ...CLUSTER, path: "global_cluster_identifier", becomes: removed },
  { claim: "B1", stack: REGIONS, ...CLUSTER, path: "lifecycle.ignore_changes", becomes: without("replication_source_identifier") },
  { claim: "B1", stack: REGIONS, ...CLUSTER, path: "lifecycle.ignore_changes", becomes: without("global_cluster_identifier") },
  { claim: "B1", stack: STANDBY, ...CLUSTER, path: "source_region", becomes: to("us-west-2") },
  { claim: "B1", stack: STANDBY, ...CLUSTER, path: "master_username", becomes: to("ledger_admin") },
  { claim: "B1", stack: STANDBY, type: "stack", id: /./, path: "provider.aws.0.region", becomes: to("us-east-1") },
  { claim: "B1", stack: STANDBY, type: "stack", id: /./, path: "resource.aws_rds_cluster", becomes: removed },
  { claim: "B1", stack: GLOBAL, ...GLOBAL_CLUSTER, path: "global_cluster_identifier", becomes: to("global-database-try-002") },
  { claim: "B1", stack: GLOBAL, ...GLOBAL_CLUSTER, path: "lifecycle.ignore_changes", becomes: without("source_db_cluster_identifier") },

  { claim: "B1", stack: GLOBAL, ...GLOBAL_CLUSTER, path: "storage_encrypted", becomes: removed },
  { claim: "B1", stack: GLOBAL, type: "stack", id: /./, path: "resource.aws_rds_global_cluster", becomes: removed },
  { claim: "B1", stack: GLOBAL, ...GLOBAL_CLUSTER, path: "storage_encrypted", becomes: to(false) },

  { claim: "B2", stack: GLOBAL, ...GLOBAL_CLUSTER, path: "engine_version", becomes: removed },
  { claim: "B2", stack: REGIONS, ...INSTANCE, path: "instance_class", becomes: to("db.r6g.xlarge") },
  { claim: "B2", stack: REGIONS, ...INSTANCE, path: "instance_class", becomes: to("db.t4g.medium") },
  { claim: "B2", stack: REGIONS, ...INSTANCE, path: "cluster_identifier", becomes: to("another-cluster") },
  { claim: "B2", stack: REGIONS, type: "stack", id: /./, path: "resource.aws_rds_cluster_instance.aurora_us-west-2c", becomes: removed },
  { claim: "B2", stack: GLOBAL, ...GLOBAL_CLUSTER, path: "engine_version", becomes: to("16.9") },
  { claim: "B2", stack: GLOBAL, ...GLOBAL_CLUSTER, path: "engine_version", becomes: replaced(/"16\.8"\}$/, '"16.9"}') },
  { claim: "B2", stack: REGIONS, ...CLUSTER, path: "engine_version", becomes: to("16.6") },
  { claim: "B2", stack: REGIONS, ...CLUSTER, path: "port", becomes: to(5433) },
  { claim: "B2", stack: REGIONS, ...CLUSTER, path: "storage_type", becomes: to("aurora-iopt1") },
  { claim: "B2", stack: REGIONS, ...CLUSTER, path: "iam_database_authentication_enabled", becomes: to(false) },
  { claim: "B2", stack: REGIONS, ...CLUSTER, path: "db_cluster_parameter_group_name", becomes: to("default.aurora-postgresql16") },
  { claim: "B2", stack: REGIONS, ...PARAMETERS, path: "parameter.6.value", becomes: to("1000") },
  {
    claim: "B2",
    stack: STANDBY,
    configuration: "hot-standby",
    type: "aws_elasticache_replication_group",
    id: /cache/,
    path: "node_type",
    becomes: to("cache.t4g.micro"),
  },

  { claim: "B3", stack: GLOBAL, ...SECRET, path: "replica", becomes: to([]) },
  { claim: "B3", stack: GLOBAL, ...SECRET, path: "replica.0.region", becomes: to("eu-west-1") },
  { claim: "B12", stack: GLOBAL, type: "stack", id: /./, path: "resource.aws_secretsmanager_secret", becomes: removed },
  { claim: "B12", stack: GLOBAL, ...SECRET, path: "name", becomes: to("secret-database-try-002") },
  { claim: "B3", stack: GLOBAL, type: "aws_kms_alias", id: /us-west-2/, path: "name", becomes: to("alias/key-database-secret-try-002") },
  {
    claim: "B3",
    stack: GLOBAL,
    type: "aws_kms_alias",
    id: /us-west-2/,
    path: "target_key_id",
    becomes: ref("aws_kms_key", /us-east-1/, "key_id"),
  },
  { claim: "B3", stack: STANDBY, ...CLUSTER, path: "kms_key_id", becomes: removed },
  {
    claim: "B3",
    stack: REGIONS,
    ...CLUSTER,
    path: "kms_key_id",
    becomes: to("arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012"),
  },
  { claim: "B3", stack: REGIONS, ...CLUSTER, path: "kms_key_id", becomes: ref("aws_sns_topic", /./, "arn") },
  {
    claim: "B3",
    stack: STANDBY,
    type: "aws_ecs_task_definition",
    id: /^service_task/,
    path: "container_definitions",
    becomes: replaced("arn:aws:ssm:us-west-2:", "arn:aws:ssm:us-east-1:"),
  },
  {
    claim: "B3",
    stack: STANDBY,
    configuration: "needs",
    type: "aws_ecs_task_definition",
    id: /^service_task/,
    path: "container_definitions",
    becomes: replaced("$1.us-west-2.", "$1.us-east-1."),
  },

  { claim: "B4", stack: STANDBY, ...CLUSTER, path: "preferred_maintenance_window", becomes: to("sun:05:30-sun:06:30") },
  { claim: "B4", stack: STANDBY, ...INSTANCE, path: "preferred_maintenance_window", becomes: to("sat:23:30-sun:05:01") },
  { claim: "B4", stack: REGIONS, ...INSTANCE, path: "preferred_maintenance_window", becomes: removed },
  { claim: "B4", stack: REGIONS, ...CLUSTER, path: "preferred_maintenance_window", becomes: to("sun:05:00-sun:25:00") },
  {
    claim: "B4",
    stack: STANDBY,
    configuration: "hot-standby",
    type: "aws_elasticache_replication_group",
    id: /cache/,
    path: "maintenance_window",
    becomes: to("sun:06:30-sun:07:30"),
  },

  { claim: "B5", stack: REGIONS, ...LAG, path: "threshold", becomes: to(300_000) },
  { claim: "B5", stack: REGIONS, ...LAG, path: "threshold", becomes: to(60) },
  { claim: "B5", stack: REGIONS, ...LAG, path: "comparison_operator", becomes: to("LessThanThreshold") },
  { claim: "B5", stack: REGIONS, ...LAG, path: "metric_name", becomes: to("AuroraReplicaLag") },
  { claim: "B5", stack: REGIONS, ...LAG, path: "namespace", becomes: to("AWS/Aurora") },
  { claim: "B5", stack: REGIONS, ...LAG, path: "statistic", becomes: to("SampleCount") },
  { claim: "B5", stack: REGIONS, ...LAG, path: "unit", becomes: to("Seconds") },
  { claim: "B5", stack: REGIONS, ...LAG, path: "period", becomes: to(3600) },
  { claim: "B5", stack: REGIONS, ...LAG, path: "period", becomes: to(10) },
  { claim: "B5", stack: REGIONS, ...LAG, path: "datapoints_to_alarm", becomes: to(3) },
  // The alarm notifies by a composite alarm.
  { claim: "B5", stack: REGIONS, ...COMPOSITE, path: "alarm_rule", becomes: replaced("global-lag-high", "global-lag-higher") },
  { claim: "B5", stack: REGIONS, ...COMPOSITE, path: "alarm_actions", becomes: to([]) },
  { claim: "B5", stack: REGIONS, ...COMPOSITE, path: "actions_enabled", becomes: to(false) },
  { claim: "B5", stack: STANDBY, ...LAG, path: "dimensions.DBClusterIdentifier", becomes: to("aurora-try-001-us-east-1") },

  { claim: "B5b", stack: REGIONS, ...SILENCE, path: "threshold", becomes: to(1) },
  { claim: "B5b", stack: REGIONS, ...SILENCE, path: "metric_name", becomes: to("ReplicationSilence") },
  { claim: "B5b", stack: REGIONS, ...SILENCE, path: "namespace", becomes: to("Standfest") },
  { claim: "B5b", stack: REGIONS, ...SILENCE, path: "dimensions.EnvironmentSuffix", becomes: to("another") },
  { claim: "B5b", stack: REGIONS, ...SILENCE, path: "dimensions", becomes: removed },
  { claim: "B5b", stack: REGIONS, ...SILENCE, path: "datapoints_to_alarm", becomes: to(5) },
  { claim: "B5b", stack: REGIONS, ...HEARTBEAT, path: "metric_name", becomes: to("ClientsWithoutWriters") },
  {
    claim: "B5b",
    stack: REGIONS,
    type: "aws_lambda_function",
    id: /region-fence/,
    path: "environment.variables.OWN_CLUSTER",
    becomes: removed,
  },
  { claim: "B5b", stack: REGIONS, ...HEARTBEAT, path: "treat_missing_data", becomes: to("notBreaching") },
  { claim: "B5b", stack: REGIONS, type: "aws_cloudwatch_event_rule", id: /region-fence/, path: "state", becomes: to("DISABLED") },
  {
    claim: "B5b",
    stack: REGIONS,
    type: "aws_cloudwatch_event_rule",
    id: /region-fence/,
    path: "schedule_expression",
    becomes: to("rate(1 hour)"),
  },
  {
    claim: "B5b",
    stack: REGIONS,
    ...FENCE_POLICY,
    path: "policy",
    becomes: replaced("cloudwatch:PutMetricData", "cloudwatch:PutDashboard"),
  },
  {
    claim: "B5b",
    stack: REGIONS,
    ...FENCE_POLICY,
    path: "policy",
    becomes: replaced("cloudwatch:GetMetricStatistics", "cloudwatch:ListMetrics"),
  },
  {
    claim: "B5b",
    stack: STANDBY,
    type: "aws_lambda_function",
    id: /region-fence/,
    path: "environment.variables",
    becomes: (now) => JSON.parse(JSON.stringify(now).replaceAll(/aurora-([\w-]+)-us-west-2/g, "aurora-$1-us-east-1")) as unknown,
  },

  { claim: "B12", stack: GLOBAL, ...SECRET, path: "replica", becomes: to([]) },
  { claim: "B12", stack: GLOBAL, ...SECRET, path: "replica.0.kms_key_id", becomes: removed },
  { claim: "B12", stack: GLOBAL, ...SECRET, path: "replica.0.kms_key_id", becomes: ref("aws_kms_key", /us-east-1/, "arn") },
  { claim: "B12", stack: GLOBAL, ...SECRET, path: "kms_key_id", becomes: removed },
  { claim: "B12", stack: GLOBAL, type: "aws_kms_key", id: /us-west-2/, path: "provider", becomes: to("aws") },
  {
    claim: "B12",
    stack: PRIMARY,
    configuration: "hot-standby",
    type: "stack",
    id: /./,
    path: "data.aws_secretsmanager_secret.database_master-secret.name",
    becomes: to("secret-database-try-002"),
  },
  {
    claim: "B12",
    stack: STANDBY,
    type: "aws_ecs_task_definition",
    id: /^service_task/,
    path: "container_definitions",
    becomes: (now) =>
      String(now).replaceAll(
        /\$\{data\.aws_secretsmanager_secret\.[\w-]+\.arn\}/g,
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:other",
      ),
  },
];
