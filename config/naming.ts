import { createHash } from "node:crypto";

/** The namespace in which a name must be unique. */
type Namespace =
  /** One account and region. The suffix is sufficient. */
  | "region"
  /** The account, or identifiers that two regions compare. The name contains the region. */
  | "account"
  /** All AWS customers. The name contains account and region. */
  | "world";

interface Kind {
  /** The prefix of the name: the common word for the resource type. */
  readonly type: string;
  /** Maximum length that the service accepts. */
  readonly max: number;
  readonly namespace: Namespace;
  /** Whether the suffix precedes the qualifier, because AWS puts only the first characters into the name of another resource. */
  readonly suffixFirst?: boolean;
}

/**
 * The named resources by Terraform type, with the limits of the services.
 * Sources: the "Name" parameter of each service's create call in its API reference, and
 * https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html
 */
const KINDS = {
  acm_certificate: { type: "certificate", max: 255, namespace: "region" },
  appautoscaling_scheduled_action: { type: "scaling", max: 256, namespace: "region" },
  appautoscaling_policy: { type: "scaling", max: 256, namespace: "region" },
  backup_plan: { type: "backup-plan", max: 50, namespace: "region" },
  backup_restore_testing_plan: { type: "restore-testing", max: 50, namespace: "region" },
  backup_selection: { type: "backup-selection", max: 50, namespace: "region" },
  backup_vault: { type: "vault", max: 50, namespace: "region" },
  cloudformation_stack: { type: "stack", max: 128, namespace: "region" },
  cloudwatch_composite_alarm: { type: "composite", max: 255, namespace: "region" },
  cloudwatch_dashboard: { type: "dashboard", max: 255, namespace: "account" },
  cloudwatch_event_archive: { type: "archive", max: 48, namespace: "region" },
  cloudwatch_event_bus: { type: "events", max: 256, namespace: "region" },
  cloudwatch_event_rule: { type: "rule", max: 64, namespace: "region" },
  cloudwatch_log_group: { type: "log", max: 512, namespace: "region" },
  cloudwatch_log_metric_filter: { type: "filter", max: 512, namespace: "region" },
  cloudwatch_metric_alarm: { type: "alarm", max: 255, namespace: "region" },
  db_event_subscription: { type: "events", max: 255, namespace: "region" },
  db_parameter_group: { type: "instance-parameters", max: 255, namespace: "region" },
  db_proxy: { type: "proxy", max: 60, namespace: "region" },
  db_subnet_group: { type: "subnets", max: 255, namespace: "region" },
  dynamodb_table: { type: "table", max: 255, namespace: "region" },
  ecr_repository: { type: "repository", max: 256, namespace: "region" },
  ecs_cluster: { type: "ecs", max: 255, namespace: "region" },
  ecs_service: { type: "service", max: 255, namespace: "region" },
  ecs_task_definition: { type: "task", max: 255, namespace: "region" },
  eip: { type: "eip", max: 255, namespace: "region" },
  elasticache_parameter_group: { type: "cache-parameters", max: 255, namespace: "region" },
  elasticache_replication_group: { type: "cache", max: 40, namespace: "account" },
  elasticache_subnet_group: { type: "cache-subnets", max: 255, namespace: "region" },
  elasticache_user: { type: "cache-user", max: 40, namespace: "region" },
  elasticache_user_group: { type: "cache-users", max: 40, namespace: "region" },
  flow_log: { type: "flow-log", max: 255, namespace: "region" },
  iam_role: { type: "role", max: 64, namespace: "account" },
  iam_role_policy: { type: "policy", max: 128, namespace: "region" },
  internet_gateway: { type: "igw", max: 255, namespace: "region" },
  kms_alias: { type: "key", max: 250, namespace: "region" },
  lambda_function: { type: "function", max: 64, namespace: "region" },
  lb: { type: "alb", max: 32, namespace: "region" },
  lb_listener: { type: "listener", max: 255, namespace: "region" },
  lb_target_group: { type: "tg", max: 32, namespace: "region" },
  nat_gateway: { type: "nat", max: 255, namespace: "region" },
  network_acl: { type: "acl", max: 255, namespace: "region" },
  rds_cluster: { type: "aurora", max: 63, namespace: "account" },
  rds_cluster_instance: { type: "aurora", max: 63, namespace: "region" },
  rds_cluster_parameter_group: { type: "cluster-parameters", max: 255, namespace: "region" },
  rds_global_cluster: { type: "global-database", max: 63, namespace: "region" },
  route53_health_check: { type: "health", max: 255, namespace: "account" },
  route_table: { type: "routes", max: 255, namespace: "region" },
  route53_zone: { type: "zone", max: 255, namespace: "region" },
  s3_bucket: { type: "bucket", max: 63, namespace: "world" },
  secretsmanager_secret: { type: "secret", max: 512, namespace: "region" },
  security_group: { type: "security-group", max: 255, namespace: "region" },
  service_discovery_http_namespace: { type: "namespace", max: 1024, namespace: "region" },
  sqs_queue: { type: "queue", max: 80, namespace: "region" },
  synthetics_canary: { type: "canary", max: 255, namespace: "region", suffixFirst: true },
  sfn_state_machine: { type: "runbook", max: 80, namespace: "region" },
  sns_topic: { type: "topic", max: 256, namespace: "region" },
  ssm_document: { type: "document", max: 128, namespace: "region" },
  subnet: { type: "subnet", max: 255, namespace: "region" },
  vpc: { type: "vpc", max: 255, namespace: "region" },
  vpc_endpoint: { type: "endpoint", max: 255, namespace: "region" },
  vpc_security_group_rule: { type: "rule", max: 255, namespace: "region" },
  wafv2_web_acl: { type: "waf", max: 128, namespace: "region" },
} as const satisfies Record<string, Kind>;

export type NamedResource = keyof typeof KINDS;
export const NAMED_RESOURCES = Object.keys(KINDS) as NamedResource[];

/** Maximum length of the suffix. The lowest limit (32, load balancers) then leaves room for type and hash. */
export const MAX_SUFFIX_LENGTH = 20;
export const SUFFIX_PATTERN = /^[a-z0-9]+(-[a-z0-9]+)*$/;

const HASH_LENGTH = 5;

/**
 * Names of the resources in one region of one environment: `<type>-<qualifier>-<suffix>`, followed by the region where the
 * namespace is the account, and by account and region where it is the world. The suffix is always complete: a name that
 * exceeds the limit is cut in front of it, and a hash of the full name makes it unique.
 */
export class Names {
  constructor(
    private readonly suffix: string,
    private readonly region: string,
    private readonly accountId: string,
  ) {}

  /** @param qualifier distinguishes resources of one type, e.g. `ecs-task`. @default - only the type */
  of(kind: NamedResource, qualifier?: string): string {
    const { type, max, namespace, suffixFirst = false }: Kind = KINDS[kind];
    if (suffixFirst) return qualified(type, this.suffix, qualifier ?? "");
    const head = qualifier ? `${type}-${qualifier}` : type;
    const places = { region: [], account: [this.region], world: [this.accountId, this.region] }[namespace];
    return shorten(head, this.suffix, places, max);
  }

  /** Names in another region, by which one stack refers to the resources of another. */
  in(region: string): Names {
    return new Names(this.suffix, region, this.accountId);
  }

  /** A path for log groups and parameters: `/standfast/<suffix>/<region>/<parts>`. */
  path(...parts: readonly string[]): string {
    return ["", "standfast", this.suffix, this.region, ...parts].join("/");
  }
}

/** One region of one account, with the names of its resources. */
export interface RegionScope {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** Region of the resources, as in ARNs and metrics. */
  readonly region: string;
  /** ID of the AWS account, as in ARNs and in the conditions of policies. */
  readonly accountId: string;
}

/** Joins the words that are not empty to a part of a name: `qualified("service", "ledger")` is `service-ledger`. */
export function qualified(...words: readonly string[]): string {
  return words.filter((word) => word !== "").join("-");
}

function shorten(head: string, suffix: string, places: readonly string[], max: number): string {
  const tail = [suffix, ...places].join("-");
  const name = `${head}-${tail}`;
  if (name.length <= max) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, HASH_LENGTH);
  const cutTo = (room: number): string => head.slice(0, room).replace(/-+$/, "");
  const room = max - tail.length - hash.length - 2;
  if (room > 0) return `${cutTo(room)}-${hash}-${tail}`;
  // The limit leaves no room for the region: the hash replaces it.
  return `${cutTo(max - suffix.length - hash.length - 2)}-${suffix}-${hash}`;
}
