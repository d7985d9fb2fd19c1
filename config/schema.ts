import { z } from "zod";
import { CANARY_RUNTIMES_SOURCE, LIFECYCLE_SOURCE, SERVERLESS_SOURCE } from "./aws-limits";
import { MAX_SUFFIX_LENGTH, SUFFIX_PATTERN } from "./naming";
import { REGIONS } from "./regions";
import { STORES } from "./stores";

/**
 * The shape of `terraform.tfvars` once the preset has filled what it leaves out. Each key says what it takes
 * (`expected`) and where the rule comes from (`source`); the report of a bad input and the
 * test of `terraform.tfvars.example` read the same words. What depends on more than one key is in `rules/`.
 */
declare module "zod" {
  interface GlobalMeta {
    expected?: string | undefined;
    source?: string | undefined;
  }
}

const flag = (expected: string) => z.boolean().meta({ expected: `true or false: ${expected}` });
const integer = (least: number, most: number, unit: string, source?: string) =>
  z
    .int()
    .min(least)
    .max(most)
    .meta({ expected: `a whole number of ${unit}, ${least} to ${most}`, source });
const text = (pattern: RegExp, expected: string, source?: string) => z.string().regex(pattern).meta({ expected, source });
const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values, meaning: string, source?: string) =>
  z.enum(values).meta({ expected: `${meaning}: ${values.map((value) => `"${value}"`).join(" or ")}`, source });

/** @see https://github.com/distribution/reference/blob/main/regexp.go */
export const IMAGE_PATTERN =
  "^[a-z0-9][a-z0-9._-]*(:[0-9]+)?(/[a-z0-9][a-z0-9._-]*)+(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?$";
export const EMAIL_PATTERN = "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+$";

/** Days that CloudWatch Logs can keep events for. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const LOG_RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

const region = z.strictObject({
  name: z.enum(REGIONS as [string, ...string[]]).meta({
    expected: `one of the supported regions (${REGIONS.join(", ")})`,
    source: "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html",
  }),
  availability_zones: z
    .array(z.string())
    .meta({ expected: 'three or four zones of the region, e.g. ["us-east-1a", "us-east-1b", "us-east-1c"]' }),
  vpc_cidr: z.string().meta({ expected: 'a private IPv4 range of /16 to /22, e.g. "10.0.0.0/16"' }),
  certificate_arn: text(
    /^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]+$/,
    "the ARN of an issued ACM certificate in this region, or nothing to have one made and validated",
  ).optional(),
  standby: oneOf(["hot", "warm", "pilot-light"], "what a region that is not the first keeps running").optional(),
});

const network = z.strictObject({
  nat: oneOf(["per-az", "single"], "NAT gateways"),
  interface_endpoints: flag(
    "private endpoints for ECR, CloudWatch Logs, Secrets Manager, SSM and KMS, and for EventBridge and Lambda where tasks call them",
  ),
  outbound_cidrs: z
    .array(z.string())
    .meta({ expected: 'IPv4 ranges that tasks may reach over HTTPS, e.g. ["0.0.0.0/0"]; an empty list closes the way out' }),
  reserved_cidrs: z
    .array(z.string())
    .meta({ expected: 'IPv4 ranges that the VPCs must leave free (offices, peers), e.g. ["10.8.0.0/16"]' }),
});

const dns = z.strictObject({
  zone_name: text(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, 'the name of a public hosted zone, e.g. "payments.bank.net"'),
  zone_id: text(
    /^[A-Z0-9]{1,32}$/,
    'the id of that zone, e.g. "Z0123456789ABCDEFGHIJ"',
    "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/GetInfoAboutHostedZone.html",
  ).optional(),
  create_zone: flag("make the hosted zone, instead of using one that exists"),
  service_name: text(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)?$/, 'one label below the zone under which the service answers, e.g. "pay"'),
  apex: flag("let the zone's own name lead to the service too"),
});

const failover = z.strictObject({
  ttl_seconds: integer(1, 3600, "seconds", "https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html"),
  health_check_interval_seconds: z.literal([10, 30]).meta({
    expected: "seconds between two checks of one health checker: 10 or 30",
    source: "https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html",
  }),
  health_check_failures: integer(
    1,
    10,
    "failed checks",
    "https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html",
  ),
  max_failover_seconds: integer(1, 3600, "seconds"),
  fallback_host: text(
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    'a host name that answers when every region is lost, e.g. "sorry.bank.net"',
  ).optional(),
});

const healthCheck = z.strictObject({
  path: text(/^\/[^\s?#]{0,1023}$/, 'the path that answers 200 when the task can serve, e.g. "/health"'),
  interval_seconds: integer(
    5,
    300,
    "seconds",
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
  ),
  timeout_seconds: integer(
    2,
    120,
    "seconds",
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
  ),
  healthy_threshold: integer(2, 10, "checks"),
  unhealthy_threshold: integer(2, 10, "checks"),
});

const frontDoor = z.strictObject({
  allowed_cidrs: z.array(z.string()).min(1).meta({ expected: 'IPv4 ranges that may reach the load balancer, e.g. ["0.0.0.0/0"]' }),
  ssl_policy: text(
    /^ELBSecurityPolicy-/,
    "a security policy of Elastic Load Balancing",
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
  ),
  health_check: healthCheck,
  deregistration_delay_seconds: integer(30, 3600, "seconds"),
  idle_timeout_seconds: integer(1, 4000, "seconds"),
  client_keep_alive_seconds: integer(60, 604800, "seconds"),
  access_log_retention_days: integer(1, 3653, "days"),
  waf: flag("AWS WAF with the AWS managed rules in front of the load balancer"),
  max_latency_seconds: z.number().positive().max(300).meta({ expected: "seconds that 99 of 100 requests must stay below, up to 300" }),
});

const dailyWindow = text(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/, 'a daily window in UTC, e.g. "03:00-04:00"');
const weeklyWindow = text(
  /^(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):[0-5]\d-(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):[0-5]\d$/,
  'a weekly window in UTC, e.g. "sun:05:00-sun:06:00"',
);
const acu = z.number().min(0.5).max(256).multipleOf(0.5).meta({
  expected: "Aurora capacity units, 0.5 to 256 in steps of 0.5",
  source: SERVERLESS_SOURCE,
});

const database = z.strictObject({
  engine: oneOf(["aurora-postgresql", "aurora-mysql"], "the engine"),
  engine_version: text(
    /^(\d+\.\d+|8\.0\.mysql_aurora\.3\.\d{2}\.\d+)$/,
    'an Aurora PostgreSQL version such as "16.8", or an Aurora MySQL version such as "8.0.mysql_aurora.3.10.4"',
  ),
  extended_support: flag("pay for Extended Support once the engine's standard support has ended"),
  instance_class: text(
    /^db\.([a-z0-9]+\.[a-z0-9]+|serverless)$/,
    'an Aurora instance class, e.g. "db.r6g.large", or "db.serverless"',
    "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.DBInstanceClass.html",
  ),
  serverless: z
    .strictObject({ min_acu: acu, max_acu: acu })
    .meta({ expected: '{ min_acu = ..., max_acu = ... }, with instance_class = "db.serverless"' })
    .optional(),
  readers: integer(0, 15, "reader instances"),
  promotion_tiers: z
    .array(integer(0, 15, "the tier of an instance"))
    .meta({
      expected: "one tier of 0 to 15 for each instance in the order of the zones; the lowest is promoted first, e.g. [0, 1, 1]",
      source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html",
    })
    .optional(),
  reader_scaling: z
    .strictObject({
      max_readers: integer(1, 15, "reader instances"),
      cpu_percent: integer(10, 90, "percent of the readers' processor time"),
    })
    .meta({ expected: "{ max_readers = ..., cpu_percent = ... }" })
    .optional(),
  password_version: integer(1, 1000000, "a version: a higher one gives the database a new password"),
  proxy: flag("RDS Proxy between tasks and database"),
  backtrack_hours: integer(
    1,
    72,
    "hours",
    "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Backtrack.html",
  ).optional(),
  rewind: flag("a runbook that takes the data back to any second of the time that backups, or backtrack, reach"),
  name: text(/^[a-z][a-z0-9_]{0,62}$/, 'a database name of lower-case letters, digits and underscores, e.g. "payments"'),
  master_username: text(
    /^[a-z][a-z0-9_]{0,15}$/,
    'a user name of up to 16 lower-case letters, digits and underscores, e.g. "ledger_admin"',
  ),
  backup_retention_days: integer(
    1,
    35,
    "days",
    "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Backups.html",
  ),
  backup_window: dailyWindow,
  maintenance_window: weeklyWindow,
  performance_insights_retention_days: z.union([z.literal(7), z.literal(731), z.int().min(31).max(713).multipleOf(31)]).meta({
    expected: "days: 7, a multiple of 31 up to 713, or 731",
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
  }),
  monitoring_interval_seconds: z.literal([1, 5, 10, 15, 30, 60]).meta({
    expected: "seconds between enhanced-monitoring samples: 1, 5, 10, 15, 30 or 60",
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
  }),
  slow_query_milliseconds: integer(1, 3600000, "milliseconds"),
  max_replica_lag_milliseconds: integer(1, 3600000, "milliseconds"),
  max_global_lag_milliseconds: integer(1, 86400000, "milliseconds"),
});

const cache = z.strictObject({
  engine: oneOf(["redis", "valkey"], "the engine"),
  engine_version: text(/^\d+\.\d+$/, 'a version of two numbers, e.g. "7.1"'),
  node_type: text(
    /^cache\.[a-z0-9]+\.[a-z0-9]+$/,
    'an ElastiCache node type, e.g. "cache.r7g.large"',
    "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html",
  ),
  shards: integer(1, 500, "shards", "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html"),
  replicas: integer(
    1,
    5,
    "replicas of each shard",
    "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html",
  ),
  max_memory_policy: oneOf(
    ["volatile-lru", "volatile-lfu", "volatile-ttl", "volatile-random", "allkeys-lru", "allkeys-lfu", "allkeys-random", "noeviction"],
    "what goes when memory is full",
    "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html",
  ),
  snapshot_retention_days: integer(
    1,
    35,
    "days",
    "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html",
  ),
  snapshot_window: dailyWindow,
  maintenance_window: weeklyWindow,
  max_replica_lag_seconds: integer(1, 3600, "seconds"),
});

const storage = z.strictObject({
  transaction_logs: flag("a bucket for transaction logs"),
  application_data: flag("a bucket for application data"),
  infrequent_access_after_days: integer(30, 3650, "days", LIFECYCLE_SOURCE),
  archive_after_days: integer(60, 3650, "days", LIFECYCLE_SOURCE),
  transaction_log_retention_days: integer(1, 36500, "days"),
  noncurrent_version_retention_days: integer(1, 3650, "days"),
  object_lock: z
    .strictObject({
      mode: oneOf(["GOVERNANCE", "COMPLIANCE"], "who may shorten the lock"),
      days: integer(1, 36500, "days"),
    })
    .meta({
      expected: '{ mode = "GOVERNANCE" or "COMPLIANCE", days = ... }',
      source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html",
    })
    .optional(),
});

const backup = z.strictObject({
  enabled: flag("AWS Backup of database, sessions and buckets"),
  every_hours: z.literal([1, 2, 3, 4, 6, 8, 12, 24]).meta({ expected: "hours between two backups: 1, 2, 3, 4, 6, 8, 12 or 24" }),
  retention_days: integer(1, 36500, "days"),
  copy_retention_days: integer(1, 36500, "days"),
  service_configuration: flag("a versioned export of the ECS service and its task definition, which AWS Backup cannot back up"),
  restore_testing: flag("a weekly restore of the newest backup, to prove that it can be restored; costs what the restored database costs"),
});

const TASKS = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html";
const SCHEDULED = "https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html";
const tasks = z.int().min(0).max(5000);
const scaling = z.strictObject({
  cpu_percent: integer(10, 90, "percent of the tasks' processor time"),
  memory_percent: integer(10, 90, "percent of the tasks' memory"),
  requests_per_task: integer(1, 1000000, "requests that a task gets in a minute").optional(),
  scale_out_seconds: integer(0, 3600, "seconds"),
  scale_in_seconds: integer(0, 3600, "seconds"),
  schedule: z
    .array(
      z.strictObject({
        name: text(/^[a-z][a-z0-9-]{0,19}$/, 'a name of lower-case letters, digits and hyphens, e.g. "opening"'),
        at: text(/^(cron\((\S+ ){5}\S+\)|at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\))$/, 'a time such as "cron(0 7 ? * MON-FRI *)"', SCHEDULED),
        min: tasks.min(1),
        max: tasks.min(1),
      }),
    )
    .meta({ expected: 'a list of { name = "opening", at = "cron(0 7 ? * MON-FRI *)", min = ..., max = ... }', source: SCHEDULED }),
  time_zone: text(/^[A-Za-z]+(\/[A-Za-z_+-]+\d*)*$/, 'a time zone, e.g. "Europe/Berlin" or "UTC"', SCHEDULED),
});

/** What can be said of every service. */
const serviceShape = {
  tasks: z.union([tasks.min(1), z.strictObject({ min: tasks.min(1), max: tasks.min(1) })]).meta({
    expected: "a whole number of tasks, 1 to 5000, or { min = ..., max = ... } to follow the load",
    source: TASKS,
  }),
  static_stability: flag("run so many tasks that the wanted number is left when a zone is lost, without waiting for new ones"),
  scaling,
  spot: z
    .strictObject({ on_demand: tasks.min(1) })
    .meta({
      expected: "{ on_demand = ... }: tasks that run on demand; all above them run on Fargate Spot",
      source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html",
    })
    .optional(),
  cpu: z.int().meta({ expected: "CPU units: 256, 512, 1024, 2048, 4096, 8192 or 16384" }),
  memory_mib: z.int().meta({ expected: "memory in MiB that Fargate offers for these CPU units" }),
  architecture: oneOf(["X86_64", "ARM64"], "the processor architecture of the image"),
  port: integer(1024, 65535, "a TCP port"),
  protocol: oneOf(["HTTP", "HTTPS"], "what the container answers on its port"),
  health_command: z.array(z.string()).min(1).meta({
    expected: 'the command that proves the container well, e.g. ["CMD", "/app/probe"]',
    source: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html",
  }),
  user: text(/^[1-9]\d{0,9}(:[1-9]\d{0,9})?$/, 'the numeric user (and group) of the process, never 0, e.g. "1000:1000"'),
  read_only_root: flag("mount the container's root filesystem read-only"),
  stop_timeout_seconds: integer(
    2,
    120,
    "seconds",
    "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
  ),
  start_grace_seconds: integer(0, 3600, "seconds"),
};
const service = z.strictObject(serviceShape);

const serviceName = /^[a-z][a-z0-9-]{0,19}$/;
/** Another service beside the first, as far as it differs from it. */
const otherService = z
  .strictObject({
    ...z.strictObject(serviceShape).partial().shape,
    scaling: scaling.partial().optional(),
    container_command: z.array(z.string()).meta({ expected: "the command and its arguments" }).optional(),
    task_environment: z
      .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string())
      .meta({ expected: "environment variables of the container" })
      .optional(),
    paths: z
      .array(text(/^\/[A-Za-z0-9_.$/~"'@:+&*?-]{0,127}$/, 'a path such as "/ledger/*"'))
      .max(5)
      .meta({
        expected: 'up to five paths that the load balancer leads to it, e.g. ["/ledger", "/ledger/*"]',
        source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html",
      })
      .optional(),
    called_by: z.array(z.string()).meta({ expected: 'services that may call it, e.g. ["payments"]' }).optional(),
    stores: z
      .array(oneOf(STORES, "what it may use"))
      .meta({ expected: `what it may use, of ${STORES.map((store) => `"${store}"`).join(", ")}` })
      .optional(),
  })
  .meta({ expected: "a service: what it does not say is as in service = { ... }" });

const discovery = oneOf(["none", "dns", "service-connect"], "how services find each other");

const RESERVED = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html";
/** An amount as the validation takes it in requests, too. */
export const AMOUNT_PATTERN = /^(0|[1-9]\d{0,14})(\.\d{1,4})?$/;
const amount = text(AMOUNT_PATTERN, 'an amount in decimals, e.g. "10000.00"');
const validation = z.strictObject({
  enabled: flag("a Lambda function that validates payment requests"),
  limits: z
    .record(z.string().regex(/^[A-Z]{3}$/), z.strictObject({ min: amount, max: amount }))
    .meta({ expected: 'the smallest and largest amount of each accepted currency, e.g. { EUR = { min = "0.01", max = "10000.00" } }' }),
  window_seconds: integer(10, 86400, "seconds"),
  idempotency_hours: integer(1, 8760, "hours"),
  in_vpc: flag("run it inside the VPC, in the tasks' subnets"),
  reserved_concurrency: integer(1, 10000, "runs at the same time", RESERVED).optional(),
  path: text(/^\/[A-Za-z0-9_.~/-]{0,127}$/, 'the path under which the load balancer leads to it, e.g. "/validations"').optional(),
  on_events: flag("validate what is submitted to the event bus"),
});

const events = z.strictObject({
  enabled: flag("an event bus for the application's events"),
  archive_days: integer(1, 3650, "days"),
});

const canaries = z.strictObject({
  enabled: flag("canaries that ask for the service as clients do, from the other region where there is one"),
  runtime: text(
    /^syn-nodejs-(puppeteer-)?\d+\.\d+$/,
    'a Node.js runtime of CloudWatch Synthetics, e.g. "syn-nodejs-5.2"',
    CANARY_RUNTIMES_SOURCE,
  ),
  every_minutes: integer(1, 60, "minutes"),
  max_latency_seconds: integer(1, 60, "seconds"),
});

const runbooks = z.strictObject({
  enabled: flag("runbooks that check the region and its backups, and with several regions one that makes a region the primary"),
  rehearse: flag("run the harmless ones once a day"),
});

const monitoring = z.strictObject({
  log_retention_days: z.literal(LOG_RETENTION_DAYS).meta({
    expected: `days: ${LOG_RETENTION_DAYS.join(", ")}`,
    source: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
  }),
  runbook_base_url: text(
    /^\S+$/,
    'where the runbooks are published, without the closing slash, e.g. "https://wiki.bank.net/standfast/runbooks"',
  ),
  anomaly_detection: flag("alarms when the number of requests or the latency is not what CloudWatch has learnt to expect"),
  chat: flag("pass alerts on to Slack, PagerDuty or any HTTPS endpoint, whose addresses are kept in a secret"),
  queue: flag("pass alerts on to an SQS queue, for programs of your own"),
});

export const schema = z.strictObject({
  preset: z.string().meta({ expected: "the name of a preset" }),
  ephemeral: flag(
    "smallest classes, one NAT gateway, one day of retention and no rewind that restores, for environments that live for hours",
  ),
  environment_suffix: text(SUFFIX_PATTERN, "lower-case letters and digits in groups joined by single hyphens")
    .max(MAX_SUFFIX_LENGTH)
    .meta({
      expected: `1 to ${MAX_SUFFIX_LENGTH} lower-case letters and digits in groups joined by single hyphens, e.g. "pr-42"`,
    }),
  environment: text(
    /^[\w.:/=+@ -]{1,256}$/,
    "the value of the Environment tag",
    "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html",
  ).optional(),
  account_id: text(/^\d{12}$/, 'the 12-digit id of the AWS account, in quotes, e.g. "123456789012"'),
  terraform_version: text(/^1\.\d+$/, 'the lowest Terraform version that will run the result, e.g. "1.11"'),
  protect: flag("deletion protection and final snapshots, instead of a clean destroy"),
  tags: z.record(z.string(), z.string()).meta({ expected: 'further tags for every resource, e.g. { CostCenter = "4711" }' }),
  state_bucket_prefix: text(/^[a-z0-9][a-z0-9-]{1,19}$/, "2 to 20 lower-case letters, digits and hyphens"),
  regions: z.array(region).min(1).meta({ expected: "at least one region; the first is the primary" }),
  network,
  dns,
  failover,
  front_door: frontDoor,
  database,
  sessions: oneOf(["redis", "dynamodb", "both", "none"], "where sessions are kept"),
  cache,
  storage,
  backup,
  service,
  services: z.record(z.string().regex(serviceName), otherService).meta({
    expected: 'further services by their names of lower-case letters, digits and hyphens, e.g. { ledger = { paths = ["/ledger/*"] } }',
  }),
  discovery,
  validation,
  events,
  canaries,
  runbooks,
  monitoring,
  feature_flags: z
    .record(z.string().regex(/^[A-Za-z0-9-]{1,64}$/), z.string().min(1).max(4096))
    .meta({ expected: "values that the program reads from Parameter Store, by a name of letters, digits and hyphens" }),
  container_image: text(
    new RegExp(IMAGE_PATTERN),
    'an image with registry and tag or digest, e.g. "public.ecr.aws/docker/library/caddy:2.10.2-alpine"',
  ).meta({
    expected: 'an image with registry and tag or digest, e.g. "public.ecr.aws/docker/library/caddy:2.10.2-alpine"',
  }),
  service_images: z.record(z.string(), text(new RegExp(IMAGE_PATTERN), "an image")).meta({
    expected: 'the image of each further service, e.g. { ledger = "registry.bank.net/ledger:1.0.3" }',
  }),
  validation_release: z
    .strictObject({
      version: text(/^\d*$/, 'a published version of the function, e.g. "12", or "" for the newest'),
      newest_percent: integer(0, 99, "percent"),
    })
    .meta({
      expected:
        '{ version = "" } for the newest, or { version = "12", newest_percent = 10 } to hold a version and send some calls to the newest',
      source: "https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html",
    }),
  container_command: z.array(z.string()).meta({ expected: "the command and its arguments; an empty list runs the image's own" }),
  task_environment: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string())
    .meta({ expected: 'environment variables of the container, e.g. { LOG_LEVEL = "info" }' }),
  alert_emails: z
    .array(text(new RegExp(EMAIL_PATTERN), 'an e-mail address, e.g. "oncall@bank.net"'))
    .meta({ expected: 'e-mail addresses that receive the alerts, e.g. ["oncall@bank.net"]' }),
});

export type RawConfig = z.output<typeof schema>;
