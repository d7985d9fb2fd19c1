import { EVERYTHING, ZONES } from "../../support/config";
import type { Change, Values } from "../../support/transitions";

const RANGE = "10.0.0.0/16";
const LEDGER = { ...EVERYTHING.services.ledger, tasks: { min: 8, max: 9 } };

/** Where the changes start: one region with all options that can be combined, and tasks for a fourth zone. */
export const BASE: Values = {
  ...EVERYTHING,
  cache: { engine: "redis", engine_version: "7.1" },
  images: { repositories: ["payments"] },
  service: {
    tasks: { min: 8, max: 12 },
    spot: { on_demand: 8 },
    scaling: { requests_per_task: 1000, schedule: [{ name: "opening", at: "cron(0 7 ? * MON-FRI *)", min: 12, max: 12 }] },
  },
  services: { ...EVERYTHING.services, ledger: LEDGER },
};

/** A change of one key: `of("database.readers", 3)`. */
const of = (key: string, value: unknown): Change => ({ key, to: nested(key.split("."), value) });

function nested([first = "", ...rest]: readonly string[], value: unknown): Values {
  return { [first]: rest.length === 0 ? value : nested(rest, value) };
}

const region = (changed: Values): Values => ({ regions: [{ name: "us-east-1", availability_zones: ZONES, vpc_cidr: RANGE, ...changed }] });

/** Changes of sizes, times and releases: they are planned together, applied together, and planned back. */
export const SETTINGS: readonly Change[] = [
  of("alert_emails", ["oncall@bank.test", "second@bank.test"]),
  of("feature_flags", { "new-ledger": "off", "fast-lane": "on" }),
  of("failover.ttl_seconds", 20),
  of("failover.health_check_failures", 1),
  of("failover.max_failover_seconds", 90),
  of("network.outbound_cidrs", ["10.0.0.0/8", "198.51.100.0/24"]),
  of("network.endpoint_policies", true),
  of("network.reserved_cidrs", ["10.8.0.0/16"]),
  of("load_balancer.allowed_cidrs", ["0.0.0.0/1", "128.0.0.0/1"]),
  of("load_balancer.ssl_policy", "ELBSecurityPolicy-TLS13-1-2-2021-06"),
  of("load_balancer.health_check.path", "/ready"),
  of("load_balancer.health_check.interval_seconds", 6),
  of("load_balancer.health_check.timeout_seconds", 4),
  of("load_balancer.health_check.healthy_threshold", 3),
  of("load_balancer.health_check.unhealthy_threshold", 3),
  of("load_balancer.deregistration_delay_seconds", 40),
  of("load_balancer.idle_timeout_seconds", 90),
  of("load_balancer.client_keep_alive_seconds", 300),
  of("load_balancer.access_log_retention_days", 30),
  of("load_balancer.waf.mode", "count"),
  of("load_balancer.waf.counted_rules", { AWSManagedRulesCommonRuleSet: ["NoUserAgent_HEADER", "CrossSiteScripting_BODY"] }),
  of("load_balancer.waf.max_body_kib", 2048),
  of("load_balancer.max_latency_seconds", 2),
  of("zonal_shift.hours", 2),
  of("zonal_shift.max_hours", 24),
  of("zonal_shift.blocked_windows", ["Mon:08:00-Mon:18:00"]),
  of("database.engine_version", "16.13"),
  of("database.instance_class", "db.r6g.xlarge"),
  of("database.apply_immediately", true),
  of("database.readers", 3),
  of("database.reader_scaling", { max_readers: 6, cpu_percent: 50 }),
  of("database.password_version", 2),
  of("database.service_user", { enabled: true, authentication: "password", schema_changes: false }),
  of("database.final_snapshot", true),
  of("cache.final_snapshot", true),
  of("unprotected_because", "a test of changes"),
  of("required_tags", { Environment: [] }),
  of("database.backup_retention_days", 14),
  of("database.backup_window", "02:00-03:00"),
  of("database.maintenance_window", "sat:05:00-sat:06:00"),
  of("database.performance_insights_retention_days", 31),
  of("database.monitoring_interval_seconds", 30),
  of("database.slow_query_milliseconds", 250),
  of("database.statement_timeout_seconds", 30),
  of("database.idle_in_transaction_seconds", 120),
  of("database.max_replica_lag_milliseconds", 500),
  of("cache.node_type", "cache.r7g.xlarge"),
  of("cache.shards", 4),
  of("cache.max_memory_policy", "volatile-lfu"),
  of("cache.snapshot_retention_days", 14),
  of("cache.snapshot_window", "00:00-01:00"),
  of("cache.maintenance_window", "sat:06:30-sat:07:30"),
  of("cache.max_replica_lag_seconds", 2),
  of("storage.infrequent_access_after_days", 60),
  of("storage.archive_after_days", 120),
  of("storage.transaction_log_retention_days", 3000),
  of("storage.noncurrent_version_retention_days", 30),
  of("backup.every_hours", 12),
  of("backup.retention_days", 40),
  of("service.static_stability", true),
  of("service.scaling", { cpu_percent: 50, memory_percent: 60, scale_out_seconds: 30, scale_in_seconds: 600, schedule: [] }),
  // Another strategy of capacity providers starts a deployment of the same task definition.
  { key: "service.spot", to: { service: { spot: { on_demand: 9 } } }, shows: "in place" },
  of("service.health_check_grace_period_seconds", 90),
  of("validation.limits", { EUR: { min: "1.00", max: "500.00" } }),
  of("validation.window_seconds", 600),
  of("validation.idempotency_hours", 48),
  of("validation.reserved_concurrency", 30),
  of("validation.path", "/checks"),
  of("events.archive_days", 60),
  of("canaries.runtime", "syn-nodejs-5.1"),
  of("canaries.path", "/deep"),
  of("canaries.every_minutes", 5),
  of("canaries.max_latency_seconds", 3),
  of("runbooks.schedule", false),
  of("monitoring.log_retention_days", 30),
  of("monitoring.runbook_base_url", "https://runbooks.bank.test"),
  of("monitoring.availability_percent", 99.9),
  of("container_image", "registry.bank.test/payments:2.0.0"),
  of("container_command", ["serve"]),
  of("task_environment", { LOG_LEVEL: "info" }),
  { key: "service_images", to: { service_images: { ledger: "registry.bank.test/ledger:2.0.0", risk: "registry.bank.test/risk:1.0.0" } } },
  { key: "service.cpu", to: { service: { cpu: 2048, memory_mib: 4096 } } },
  of("service.architecture", "ARM64"),
  of("service.health_check_command", ["CMD", "true"]),
  of("service.user", "2000:2000"),
  of("service.readonly_root_filesystem", false),
  of("images.pull_through_prefixes", ["docker-hub"]),
  of("service.secrets", { PARTNER_TOKEN: { secret: "partner/api", field: "token" }, PARTNER_URL: { parameter: "/bank/partner/url" } }),
  of("service.statements", [{ actions: ["sqs:SendMessage"], resources: ["arn:aws:sqs:{region}:{account}:orders"] }]),
  of("service.sidecars", { agent: { image: "registry.bank.test/agent:2.1.0", memory_mib: 128 } }),
  // A filter and an alarm come and go with the log that they observe.
  {
    key: "service.log_metrics",
    to: { service: { log_metrics: { declined: { pattern: "declined", alarm_above: 10 } } } },
    shows: "in place",
  },
  of("service.stop_timeout_seconds", 90),
];

/** Changes that are planned, and not applied. Those of one list do not affect each other. */
export const PLANNED: Readonly<Record<string, readonly Change[]>> = {
  "of options": [
    of("network.interface_endpoints", false),
    of("database.extended_support", true),
    of("network.nat", "single"),
    of("canaries.write_path", "/health/payments"),
    of("load_balancer.waf.enabled", false),
    of("zonal_shift.automatic", false),
    of("zonal_shift.autoshift", false),
    of("backup.restore_testing", false),
    of("monitoring.anomaly_detection", false),
    of("monitoring.queue", false),
    of("monitoring.chat", false),
    of("service.memory_mib", 2048),
    of("images.registry_secrets", { "registry.bank.test": "registry/bank" }),
    of("images.repositories", []),
    of("service.tasks", { min: 9, max: 12 }),
    of("validation.on_events", false),
    of("failover.fallback_host", "sorry.bank.test"),
    of("dns.apex", true),
    of("permissions_boundary_arn", "arn:aws:iam::123456789012:policy/standfast-boundary-prod"),
    { key: "regions.availability_zones", to: region({ availability_zones: [...ZONES, "us-east-1d"] }) },
  ],
  "of tags, and that replace something": [
    of("environment", "acceptance"),
    of("tags", { CostCenter: "4711" }),
    of("service.port", 9090),
    of("dns.service_name", "pay2"),
    of("failover.health_check_interval_seconds", 30),
    of("validation.in_vpc", true),
    of("cache.engine_version", "7.0"),
  ],
  "that delete something": [
    of("sessions", "none"),
    of("storage.transaction_logs", false),
    of("backup.service_configuration", false),
    of("database.name", "other"),
    of("canaries.enabled", false),
    // The canaries are on the internet.
    { key: "load_balancer.internal", given: { canaries: { enabled: false } }, to: { load_balancer: { internal: true } } },
    of("runbooks.enabled", false),
  ],
  "of services and what they use": [
    of("database.master_username", "other_admin"),
    { key: "events.enabled", to: { events: { enabled: false }, validation: { on_events: false } } },
    { key: "backup.enabled", to: { backup: { enabled: false, service_configuration: false, restore_testing: false } } },
    { key: "services", to: { services: {}, service_images: {} } },
    { key: "service.protocol", to: { service: { protocol: "HTTPS", health_check_command: ["CMD", "true"] } } },
    of("validation.enabled", false),
  ],
  "of the engine": [
    { key: "database.engine", to: { database: { engine: "aurora-mysql", engine_version: "8.0.mysql_aurora.3.10.4" } } },
    // Only the way back deletes data.
    { key: "cache.engine", to: { cache: { engine: "valkey", engine_version: "8.1" } }, shows: "replacement" },
    of("discovery", "service-connect"),
  ],
  "of what operators use": [
    // Only the way back deletes data.
    { key: "release_in_steps", to: { release_in_steps: true }, shows: "creation or deletion" },
    // With interface endpoints, X-Ray gets one.
    {
      key: "service.tracing",
      to: { service: { tracing: { collector_image: "registry.bank.test/collector:1.0.0" } } },
      shows: "creation or deletion",
    },
    // Only the way back deletes data.
    {
      key: "service.exec",
      given: { service: { readonly_root_filesystem: false } },
      to: { service: { exec: true, readonly_root_filesystem: false } },
      shows: "creation or deletion",
    },
    of("service.readonly_root_filesystem", false),
  ],
  "of the size of the environment": [of("ephemeral", true)],
  "of the protection": [
    of("protect", true),
    of("load_balancer.waf.rate_limit", undefined),
    of("cache.replicas", 3),
    of("images.registry_accounts", ["210987654321"]),
    { key: "backup.vault_lock", to: { protect: true, backup: { vault_lock: { mode: "governance", min_retention_days: 7 } } } },
  ],
  "of the instances": [
    of("database.promotion_tiers", [0, 0, 1]),
    {
      key: "database.serverless",
      to: { database: { instance_class: "db.serverless", serverless: { min_acu: 2, max_acu: 16 }, reader_scaling: undefined } },
    },
    of("storage.application_data", false),
  ],
  "of the proxy and the certificate": [
    of("database.rewind", false),
    { key: "database.proxy", given: { database: { rewind: false } }, to: { database: { proxy: true } } },
    {
      key: "regions.certificate_arn",
      to: region({ certificate_arn: "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012" }),
    },
  ],
};

/** Changes that a plan rejects, with a part of the message. */
export const REJECTED: readonly (Change & { readonly message: string })[] = [
  { key: "regions.vpc_cidr", to: region({ vpc_cidr: "10.9.0.0/16" }), message: "has the range 10.0.0.0/16, which cannot change" },
  { key: "iam_role_path", to: { iam_role_path: "/payments/" }, message: "have the path /, which cannot change" },
  {
    key: "regions.availability_zones, another order",
    to: region({ availability_zones: [...ZONES].reverse() }),
    message: "was created with the Availability Zones us-east-1a,us-east-1b,us-east-1c",
  },
  {
    key: "regions.availability_zones, another zone",
    to: region({ availability_zones: ["us-east-1a", "us-east-1b", "us-east-1d"] }),
    message: "Zones can be appended",
  },
  {
    key: "storage.object_lock",
    to: { protect: true, storage: { object_lock: { mode: "GOVERNANCE", days: 30 } } },
    message: "Instance cannot be destroyed",
  },
];

/** Without what others refer to: additional services, canaries and discovery, on another port, after a major upgrade, with Valkey. */
export const WITHOUT = {
  services: {},
  service_images: {},
  canaries: { enabled: false },
  discovery: "none",
  service: { port: 9090 },
  database: { engine_version: "17.7", readers: 1, apply_immediately: true },
  cache: { engine: "valkey", engine_version: "8.1" },
};

/** The change of the cache in it, which is planned back. */
export const TO_VALKEY: Change = { key: "cache.engine", to: { cache: WITHOUT.cache } };

const AFTERWARDS = { discovery: "service-connect", cache: WITHOUT.cache };

/** Configurations that are applied one after the other after it. */
export const THEN: readonly { readonly title: string; readonly values: Values }[] = [
  {
    title: "with them again, on the former port, and with Service Connect",
    values: { ...AFTERWARDS, database: { engine_version: "17.7", instance_class: "db.r6g.xlarge" } },
  },
  {
    title: "without Redis",
    values: { ...AFTERWARDS, sessions: "dynamodb", database: { engine_version: "17.7" } },
  },
];

const VAULTS = ["us-east-1", "us-west-2"].map((name) => `arn:aws:backup:${name}:210987654321:backup-vault:payments`);

/** Changes of presets, planned against their environments. */
export const OF_PRESETS = {
  "payment-elastic": [
    of("service.tasks", { min: 12, max: 60 }),
    of("container_image", "registry.bank.test/payments:2.0.0"),
    of("database.readers", 3),
    of("database.instance_class", "db.r6g.2xlarge"),
    of("storage.transaction_log_retention_days", 3650),
  ],
  "transaction-processing": [
    of("database.engine_version", "8.0.mysql_aurora.3.11.1"),
    of("database.slow_query_milliseconds", 250),
    of("database.readers", 3),
    of("cache.shards", 4),
    of("service.tasks", 9),
    of("protect", true),
  ],
  trading: [
    of("database.instance_class", "db.r6g.large"),
    of("events.archive_days", 60),
    of("canaries.every_minutes", 5),
    { ...of("load_balancer.waf.enabled", true), shows: "creation or deletion" },
    of("sessions", "none"),
    of("service.static_stability", true),
  ],
  "payment-processing": [
    of("database.global_rpo_seconds", 60),
    of("database.max_global_lag_milliseconds", 120_000),
    of("backup.copy_retention_days", 14),
    of("backup.copy_every_hours", 12),
    of("backup.copy_vault_arns", VAULTS),
    of("database.readers", 3),
    of("service.tasks", 9),
  ],
} satisfies Readonly<Record<string, readonly Change[]>>;

/** Keys that no plan of a deployed environment shows, with the reason. */
export const NOT_PLANNED: Readonly<Record<string, string>> = {
  preset: "another preset is another set of defaults: a change of each key with another default",
  environment_suffix: "other names and another state: there is no plan of the former environment",
  account_id: "another state",
  "dns.zone_name": "another zone must exist",
  "dns.zone_id": "another zone must exist",
  "dns.create_zone": "another zone must exist",
  terraform_version: "a number in the configuration",
  state_bucket_prefix: "another state",
  "regions.name": "regions are added and removed in second-region.test.ts",
  "regions.standby": "the size of a standby is compared in two-regions.test.ts",
  removed_regions: "a region is removed in second-region.test.ts",
  primary_region: "the procedure has steps between two applies",
  "regions.vpc_cidr": "the plan rejects it",
  "candidate_release.image": "needs release_in_steps: released, shared and taken back in release-in-steps.test.ts",
  "candidate_release.percent": "needs release_in_steps: released, shared and taken back in release-in-steps.test.ts",
  iam_role_path: "the plan rejects it",
  "regions.client_prefix_list_ids": "a prefix list must exist",
  "regions.vpc.id": "the plan rejects it, in existing-vpc.test.ts",
  "regions.vpc.public_subnet_ids": "other subnets of the network's owner must exist",
  "regions.vpc.application_subnet_ids": "other subnets of the network's owner must exist",
  "regions.vpc.data_subnet_ids": "the plan rejects it, in existing-vpc.test.ts",
  "storage.object_lock": "the plan rejects it",
  "database.backtrack_hours": "AWS enables it at the creation only, and Aurora MySQL has its tests with the preset transaction-processing",
  "validation_release.version": "the first version is the newest: a release is tested in payment-elastic.test.ts",
  "validation_release.newest_percent": "needs a published version: the variable is tested in payment-elastic.test.ts",
};
