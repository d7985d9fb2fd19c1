import type { Config } from "../../config/config";
import { resolve } from "../../config/resolve";

/** The minimal configuration. */
export const MINIMAL = {
  preset: "payment-processing",
  environment_suffix: "test-1",
  account_id: "123456789012",
  dns: { zone_name: "standfast.test", zone_id: "Z0123456789EXAMPLE" },
  alert_emails: ["oncall@bank.test"],
};

/** Regions of three zones, the second and each further one a standby of some kind: `warm`. */
export const regionsOf = (standby: string, ...names: readonly string[]) =>
  names.map((name, index) => ({
    name,
    availability_zones: ["a", "b", "c"].map((letter) => `${name}${letter}`),
    vpc_cidr: `10.${index}.0.0/16`,
    ...(index > 0 && { standby }),
  }));

/** The zones of the first region. */
export const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"];

/** A platform of one region, as a key of `terraform.tfvars`. */
export const ONE_REGION = { regions: regionsOf("hot", "us-east-1") };

/** A platform of two regions, the second of them a standby of some kind: `warm`. */
export const twoRegions = (standby: string) => ({ regions: regionsOf(standby, "us-east-1", "us-west-2") });

const HEX = "0123456789abcdef";

/** The key `vpc` of a region with three zones. @param region its index */
export const existingVpc = (region = 0) => {
  const ids = (tier: number): string[] => [0, 1, 2].map((zone) => `subnet-0${region}${tier}${zone}${HEX.slice(3)}`);
  return {
    id: `vpc-0${region}${HEX.slice(1)}`,
    public_subnet_ids: ids(1),
    application_subnet_ids: ids(2),
    data_subnet_ids: ids(3),
  };
};

/** Regions as `regionsOf`, each in a VPC of another owner. */
export const inExistingVpcs = (regions: ReturnType<typeof regionsOf>) =>
  regions.map((region, index) => ({ ...region, vpc_cidr: undefined, vpc: existingVpc(index) }));

/** Tasks without internet egress, and an image that the interface endpoints serve. */
export const CLOSED_EGRESS = {
  network: { interface_endpoints: true, outbound_cidrs: [] },
  container_image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/payments:1.0.0",
};

/** Every data store in addition to the database. */
export const DATA = {
  sessions: "both",
  storage: { transaction_logs: true, application_data: true },
  backup: { service_configuration: true, restore_testing: true },
};

/** Everything that operates a platform, and additional services. */
export const OPERATING = {
  discovery: "dns",
  services: {
    ledger: { paths: ["/ledger", "/ledger/*"], called_by: ["payments"], access: ["database"], port: 8081, tasks: { min: 6, max: 9 } },
    risk: { called_by: ["ledger"] },
  },
  service_images: { ledger: "registry.bank.test/ledger:1.0.0", risk: "registry.bank.test/risk:1.0.0" },
  validation: { enabled: true, path: "/validations", on_events: true, reserved_concurrency: 20 },
  events: { enabled: true },
  canaries: { enabled: true },
  monitoring: { anomaly_detection: true, chat: true, queue: true },
};

/** What services of a bank need beside the stores: images of three kinds of registry, secrets, permissions, sidecars, traces and sessions. */
export const NEEDS = {
  images: {
    registry_accounts: ["210987654321"],
    registry_secrets: { "registry.bank.test": "registry/bank" },
    pull_through_prefixes: ["docker-hub"],
    repositories: ["payments", "ledger-api"],
  },
  container_image: "210987654321.dkr.ecr.us-east-1.amazonaws.com/payments:1.4.2",
  service: {
    secrets: { PARTNER_TOKEN: { secret: "partner/api", field: "token" }, PARTNER_URL: { parameter: "/bank/partner/url" } },
    statements: [
      { actions: ["sqs:SendMessage"], resources: ["arn:aws:sqs:{region}:{account}:orders"] },
      { actions: ["cloudwatch:PutMetricData"], resources: ["*"], every_resource_because: "PutMetricData has no resource type" },
    ],
    sidecars: {
      agent: {
        image: "registry.bank.test/agent:2.1.0",
        command: ["agent", '--label="a ${b}"'],
        task_environment: { agent_mode: "quiet" },
        memory_mib: 128,
      },
    },
    log_metrics: { declined: { pattern: '{ $.status = "declined" }', alarm_above: 100 }, timeouts: { pattern: '"timed out"' } },
    tracing: { collector_image: "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3" },
    exec: true,
    readonly_root_filesystem: false,
  },
  services: { ledger: { paths: ["/ledger/*"], secrets: { LEDGER_KEY: { secret: "ledger-key" } }, tracing: undefined } },
  service_images: { ledger: "registry.bank.test/ledger:1.0.0" },
};

/** As few resources as possible, without what takes minutes of waiting for AWS. */
export const FEW_RESOURCES = {
  backup: { enabled: false },
  runbooks: { enabled: false },
  canaries: { enabled: false },
  database: { rewind: false, readers: 1 },
};

/** One region with all of it. */
export const OPERATIONS = { ...ONE_REGION, ...OPERATING };

/** One region with every store of data, and what goes with them. */
export const EVERY_STORE = {
  ...ONE_REGION,
  ...DATA,
  network: { interface_endpoints: true },
  load_balancer: {
    waf: {
      enabled: true,
      counted_rules: { AWSManagedRulesCommonRuleSet: ["NoUserAgent_HEADER"] },
      max_body_kib: 1024,
      rate_limit: { requests: 3000, window_seconds: 300 },
    },
  },
  canaries: { enabled: false },
  database: { reader_scaling: { max_readers: 5, cpu_percent: 60 } },
  service: { tasks: { min: 6, max: 12 } },
  feature_flags: { "new-ledger": "on" },
};

/** One region with all options that can be combined. */
export const EVERYTHING = {
  ...EVERY_STORE,
  ...OPERATING,
  service: {
    tasks: { min: 6, max: 12 },
    spot: { on_demand: 6 },
    scaling: { requests_per_task: 1000, schedule: [{ name: "opening", at: "cron(0 7 ? * MON-FRI *)", min: 9, max: 12 }] },
  },
};

/** One region with what goes with the other engine only. */
export const MYSQL = {
  ...ONE_REGION,
  database: { engine: "aurora-mysql", engine_version: "8.0.mysql_aurora.3.10.4", backtrack_hours: 24, proxy: true },
};

/** A database user of the services, with a password. */
export const SERVICE_USER = { database: { service_user: { enabled: true, authentication: "password", schema_changes: false } } };

/** The same with IAM authentication. */
export const IAM_USER = { database: { service_user: { enabled: true, authentication: "iam", schema_changes: true } } };

/** Options of the data tier that no preset has, as keys of `terraform.tfvars`. */
export const DATA_OPTIONS = {
  database: {
    instance_class: "db.serverless",
    serverless: { min_acu: 2, max_acu: 16 },
    promotion_tiers: [0, 0, 1],
    proxy: true,
    rewind: false,
  },
  sessions: "both",
  cache: { engine: "valkey", engine_version: "8.1", node_type: "cache.t4g.small" },
  backup: { restore_testing: true },
};

/** The day of the tests: what is supported must not depend on when they run. */
export const TODAY = new Date("2026-11-21T00:00:00Z");

/** A whole configuration: the minimal one with some keys of `terraform.tfvars` laid over it. */
export function aConfig(overrides: Readonly<Record<string, unknown>> = {}): Config {
  return resolve("test.tfvars", given(overrides), TODAY).config;
}

/** The contents of the file of such a configuration. */
export function given(overrides: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { ...MINIMAL, ...overrides };
}
