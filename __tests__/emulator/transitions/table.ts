import { ONE_REGION } from "../../support/config";

/** Where every change starts: one region with a store of each kind, an additional service, and what operates them. */
export const BASE = {
  ...ONE_REGION,
  sessions: "both",
  cache: { engine: "redis", engine_version: "7.1" },
  storage: { application_data: true, transaction_logs: true },
  discovery: "dns",
  services: { ledger: { paths: ["/ledger"], access: ["database"], port: 8081 } },
  service_images: { ledger: "registry.bank.test/ledger:1.0.0" },
  canaries: { enabled: true },
};

/** A change of one key, as a user makes it in `terraform.tfvars`. */
export interface Change {
  /** Path of the key, as in the example file. */
  readonly key: string;
  readonly to: Readonly<Record<string, unknown>>;
  /** Types of resources of the region that a plan removes or replaces, in addition to alarms, roles and rules. */
  readonly gone?: readonly string[];
  /** Whether only the opposite change deletes data. */
  readonly deletesBackwards?: boolean;
}

/** Changes that are planned together, because they do not affect each other. */
export const TOGETHER: Readonly<Record<string, readonly Change[]>> = {
  "of sizes, windows and versions": [
    { key: "database.instance_class", to: { database: { instance_class: "db.r6g.xlarge" } } },
    { key: "database.engine_version", to: { database: { engine_version: "16.13" } } },
    { key: "database.extended_support", to: { database: { extended_support: true } } },
    { key: "database.backup_window", to: { database: { backup_window: "02:00-03:00" } } },
    { key: "database.maintenance_window", to: { database: { maintenance_window: "sat:05:00-sat:06:00" } } },
    { key: "database.backup_retention_days", to: { database: { backup_retention_days: 14 } } },
    { key: "database.reader_scaling", to: { database: { reader_scaling: { max_readers: 5, cpu_percent: 60 } } } },
    { key: "database.promotion_tiers", to: { database: { promotion_tiers: [0, 0, 1] } } },
    { key: "database.slow_query_milliseconds", to: { database: { slow_query_milliseconds: 250 } } },
    { key: "database.monitoring_interval_seconds", to: { database: { monitoring_interval_seconds: 30 } } },
    { key: "cache.node_type", to: { cache: { node_type: "cache.r7g.xlarge" } } },
    { key: "cache.replicas", to: { cache: { replicas: 3 } } },
    { key: "cache.shards", to: { cache: { shards: 4 } } },
    { key: "cache.max_memory_policy", to: { cache: { max_memory_policy: "volatile-lfu" } } },
    { key: "cache.snapshot_retention_days", to: { cache: { snapshot_retention_days: 14 } } },
    { key: "cache.snapshot_window", to: { cache: { snapshot_window: "00:00-01:00" } } },
    { key: "service.tasks", to: { service: { tasks: { min: 9, max: 12 } } } },
    { key: "load_balancer.waf", to: { load_balancer: { waf: true } } },
    { key: "network.interface_endpoints", to: { network: { interface_endpoints: true } } },
    { key: "backup.restore_testing", to: { backup: { restore_testing: true } } },
    { key: "backup.service_configuration", to: { backup: { service_configuration: true } } },
    { key: "events.enabled", to: { events: { enabled: true } }, gone: ["aws_ecs_task_definition"] },
    { key: "monitoring.anomaly_detection", to: { monitoring: { anomaly_detection: true } } },
    { key: "monitoring.queue", to: { monitoring: { queue: true } } },
    { key: "environment", to: { environment: "acceptance" } },
    { key: "tags", to: { tags: { CostCenter: "4711" } } },
    { key: "protect", to: { protect: true } },
  ],
  "of the release": [
    { key: "container_image", to: { container_image: "registry.bank.test/payments:2.0.0" }, gone: ["aws_ecs_task_definition"] },
    { key: "container_command", to: { container_command: ["serve"] }, gone: ["aws_ecs_task_definition"] },
    { key: "task_environment", to: { task_environment: { LOG_LEVEL: "info" } }, gone: ["aws_ecs_task_definition"] },
    { key: "database.password_version", to: { database: { password_version: 2 } }, gone: ["aws_ecs_task_definition"] },
    { key: "service.port", to: { service: { port: 9090 } }, gone: ["aws_lb_target_group", "aws_ecs_task_definition"] },
    { key: "service.cpu", to: { service: { cpu: 2048, memory_mib: 4096 } }, gone: ["aws_ecs_task_definition"] },
    { key: "alert_emails", to: { alert_emails: ["oncall@bank.test", "second@bank.test"] } },
  ],
  "that remove something": [
    {
      key: "services",
      to: { services: {}, service_images: {} },
      gone: [
        "aws_appautoscaling_target",
        "aws_cloudwatch_log_group",
        "aws_ecs_service",
        "aws_ecs_task_definition",
        "aws_lb_listener_rule",
        "aws_lb_target_group",
      ],
    },
    {
      key: "canaries.enabled",
      to: { canaries: { enabled: false } },
      gone: ["aws_cloudwatch_log_group", "aws_kms_key", "aws_s3_bucket", "aws_synthetics_canary"],
    },
    {
      key: "discovery",
      to: { discovery: "none" },
      gone: ["aws_service_discovery_private_dns_namespace", "aws_service_discovery_service"],
    },
    { key: "database.readers", to: { database: { readers: 1 } }, gone: ["aws_rds_cluster_instance"] },
    {
      key: "cache.engine",
      to: { cache: { engine: "valkey", engine_version: "8.1" } },
      gone: ["aws_elasticache_parameter_group"],
      deletesBackwards: true,
    },
    {
      key: "backup.enabled",
      to: { backup: { enabled: false } },
      gone: ["aws_backup_plan", "aws_backup_selection", "aws_backup_vault", "aws_kms_key"],
    },
    { key: "runbooks.enabled", to: { runbooks: { enabled: false } }, gone: ["aws_cloudwatch_log_group", "aws_sfn_state_machine"] },
  ],
  "that delete data, and say so": [
    {
      key: "sessions",
      to: { sessions: "none" },
      gone: [
        "aws_backup_selection",
        "aws_cloudwatch_log_group",
        "aws_dynamodb_table",
        "aws_ecs_task_definition",
        "aws_elasticache_parameter_group",
        "aws_elasticache_replication_group",
        "aws_kms_key",
      ],
    },
    { key: "storage.transaction_logs", to: { storage: { transaction_logs: false } }, gone: ["aws_s3_bucket"] },
    { key: "database.name", to: { database: { name: "other" } }, gone: ["aws_rds_cluster", "aws_rds_cluster_instance"] },
  ],
};

/** Configurations that are applied one after the other. Each removes what others refer to, or brings it back. */
export const APPLIED: readonly { readonly title: string; readonly values: Readonly<Record<string, unknown>> }[] = [
  {
    title: "without the additional service, canaries and discovery, on another port, after a major upgrade and with Valkey",
    values: {
      services: {},
      service_images: {},
      canaries: { enabled: false },
      discovery: "none",
      service: { port: 9090 },
      database: { engine_version: "17.7", readers: 1, apply_immediately: true },
      cache: { engine: "valkey", engine_version: "8.1" },
    },
  },
  {
    title: "with them again, on the former port, and with Service Connect",
    values: {
      discovery: "service-connect",
      database: { engine_version: "17.7", instance_class: "db.r6g.xlarge" },
      cache: { engine: "valkey", engine_version: "8.1" },
    },
  },
  {
    title: "with Service Connect, and without Redis",
    values: {
      discovery: "service-connect",
      sessions: "dynamodb",
      database: { engine_version: "17.7" },
      cache: { engine: "valkey", engine_version: "8.1" },
    },
  },
];
