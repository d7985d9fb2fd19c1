import type { Preset } from "./preset";

/** Container that answers 200 on every path without writing a file: the platform runs before the first release does. */
const DEMO_IMAGE = "public.ecr.aws/docker/library/caddy:2.10.2-alpine";
const PORT = 8080;

/**
 * Time-sensitive payment authorizations that must survive the loss of a zone and of a region: Aurora PostgreSQL with one
 * writer and two readers in a global database, exactly six Fargate tasks over three zones, a hot standby region.
 */
export const paymentProcessing: Preset = {
  ephemeral: false,
  terraform_version: "1.11",
  protect: false,
  tags: {},
  state_bucket_prefix: "standfast-state",
  regions: [
    {
      name: "us-east-1",
      availability_zones: ["us-east-1a", "us-east-1b", "us-east-1c"],
      vpc_cidr: "10.0.0.0/16",
    },
    {
      name: "us-west-2",
      availability_zones: ["us-west-2a", "us-west-2b", "us-west-2c"],
      vpc_cidr: "10.1.0.0/16",
      standby: "hot",
    },
  ],
  network: { nat: "per-az", interface_endpoints: false, outbound_cidrs: ["0.0.0.0/0"], reserved_cidrs: [] },
  dns: { create_zone: false, service_name: "pay", apex: false },
  failover: { ttl_seconds: 30, health_check_interval_seconds: 10, health_check_failures: 2, max_failover_seconds: 60 },
  front_door: {
    allowed_cidrs: ["0.0.0.0/0"],
    ssl_policy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    health_check: { path: "/health", interval_seconds: 5, timeout_seconds: 3, healthy_threshold: 2, unhealthy_threshold: 2 },
    deregistration_delay_seconds: 30,
    idle_timeout_seconds: 60,
    client_keep_alive_seconds: 180,
    access_log_retention_days: 90,
    waf: false,
    max_latency_seconds: 1,
  },
  database: {
    engine_version: "16.8",
    instance_class: "db.r6g.large",
    readers: 2,
    name: "payments",
    master_username: "ledger_admin",
    backup_retention_days: 7,
    backup_window: "03:00-04:00",
    maintenance_window: "sun:05:00-sun:06:00",
    performance_insights_retention_days: 7,
    monitoring_interval_seconds: 15,
    slow_query_milliseconds: 500,
    max_replica_lag_milliseconds: 1000,
    max_global_lag_milliseconds: 300000,
  },
  service: {
    tasks: 6,
    cpu: 512,
    memory_mib: 1024,
    architecture: "X86_64",
    port: PORT,
    health_command: ["CMD-SHELL", `wget -q -O /dev/null http://127.0.0.1:${PORT}/health || exit 1`],
    user: "1000:1000",
    read_only_root: true,
    stop_timeout_seconds: 60,
    start_grace_seconds: 60,
  },
  monitoring: { log_retention_days: 90, runbook_base_url: "docs/runbooks" },
  container_image: DEMO_IMAGE,
  container_command: ["caddy", "respond", "--listen", `:${PORT}`, "--body", "ok"],
  task_environment: {},
  alert_emails: [],
};
