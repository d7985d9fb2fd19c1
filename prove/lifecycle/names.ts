import type { Graph } from "../graph/graph";
import { oncePerStack } from "../graph/memo";
import { blocks, type Resource, text } from "../graph/values";

/** Where a name must be unique. */
type Scope = "world" | "account" | "region" | "parent";

interface Form {
  readonly argument: string;
  readonly longest: number;
  readonly scope: Scope;
  /** Types that share their names. @default - the type */
  readonly space?: string;
  /** The argument that names the parent, in which the name is unique. */
  readonly parent?: string;
}

const named = (longest: number, argument = "name", scope: Scope = "region", space?: string): Form => ({
  argument,
  longest,
  scope,
  ...(space !== undefined && { space }),
});
const within = (parent: string, longest: number, argument = "name"): Form => ({ argument, longest, scope: "parent", parent });

/** Types with a name of the account. @see https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html and the API of each service */
const FORMS: Readonly<Record<string, Form>> = {
  aws_backup_plan: named(50),
  aws_backup_restore_testing_plan: named(50),
  aws_backup_restore_testing_selection: within("restore_testing_plan_name", 50),
  aws_backup_selection: within("plan_id", 50),
  aws_backup_vault: named(50),
  aws_cloudformation_stack: named(128),
  aws_cloudwatch_composite_alarm: named(255, "alarm_name", "region", "alarm"),
  aws_cloudwatch_dashboard: named(255, "dashboard_name", "account"),
  aws_cloudwatch_event_archive: named(48),
  aws_cloudwatch_event_bus: named(256),
  aws_cloudwatch_event_rule: within("event_bus_name", 64),
  aws_cloudwatch_log_group: named(512),
  aws_cloudwatch_metric_alarm: named(255, "alarm_name", "region", "alarm"),
  aws_db_event_subscription: named(255),
  aws_db_instance: named(63, "identifier", "region", "database instance"),
  aws_db_parameter_group: named(255),
  aws_db_proxy: named(63),
  aws_db_proxy_endpoint: named(63, "db_proxy_endpoint_name"),
  aws_db_subnet_group: named(255),
  aws_dynamodb_table: named(255),
  aws_ecr_repository: named(256),
  aws_ecs_cluster: named(255),
  aws_ecs_service: within("cluster", 255),
  aws_ecs_task_definition: named(255, "family"),
  aws_elasticache_parameter_group: named(255),
  aws_elasticache_replication_group: named(40, "replication_group_id"),
  aws_elasticache_subnet_group: named(255),
  aws_elasticache_user: named(40, "user_id"),
  aws_elasticache_user_group: named(40, "user_group_id"),
  aws_iam_policy: named(128, "name", "account"),
  aws_iam_role: named(64, "name", "account"),
  aws_iam_role_policy: within("role", 128),
  aws_iam_user: named(64, "name", "account"),
  aws_kinesis_stream: named(128),
  aws_kms_alias: named(256),
  aws_lambda_function: named(64, "function_name"),
  aws_lb: named(32),
  aws_lb_target_group: named(32),
  aws_rds_cluster: named(63, "cluster_identifier"),
  aws_rds_cluster_instance: named(63, "identifier", "region", "database instance"),
  aws_rds_cluster_parameter_group: named(255),
  aws_rds_global_cluster: named(63, "global_cluster_identifier", "account"),
  aws_s3_bucket: named(63, "bucket", "world"),
  aws_secretsmanager_secret: named(512),
  aws_security_group: within("vpc_id", 255),
  aws_sfn_state_machine: named(80),
  aws_sns_topic: named(256),
  aws_sqs_queue: named(80),
  aws_ssm_document: named(128),
  aws_ssm_parameter: named(1011),
  aws_synthetics_canary: named(255),
  aws_wafv2_web_acl: named(128),
};

export interface Name {
  readonly resource: Resource;
  readonly name: string;
  readonly longest: number;
  /** Where it must be unique, as text: two names with the same must differ. */
  readonly scope: string;
  /** Whether a part is unknown before an apply. */
  readonly isOpen: boolean;
}

/** The names of a stack. What Terraform makes for each of a list is left out. */
export const namesOf = oncePerStack((_, graph): readonly Name[] =>
  Object.entries(FORMS).flatMap(([type, { argument, longest, scope, space = type, parent }]) =>
    graph.all(type).flatMap((resource) => {
      const name = graph.text(resource.values[argument]);
      if (name === undefined || resource.values["for_each"] !== undefined || resource.values["count"] !== undefined) return [];
      const { region = "" } = graph.placeOf(resource);
      const of = parent === undefined ? "" : `${graph.name} ${graph.text(resource.values[parent]) ?? ""}`;
      const where = scope === "world" ? "the world" : scope === "account" ? "the account" : region;
      return [{ resource, name, longest, scope: `${where}, ${space}${of && `, ${of}`}`, isOpen: name.includes("${") }];
    }),
  ),
);

/** A provider of a stack, and the tags that it gives to everything. */
export interface Tags {
  readonly stack: string;
  readonly provider: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly ignored: readonly string[];
}

export const tagsOf = oncePerStack((_, graph): readonly Tags[] =>
  blocks(graph.json.provider?.["aws"]).map((provider) => ({
    stack: graph.name,
    provider: `the provider aws${provider["alias"] === undefined ? "" : `.${text(provider["alias"]) ?? ""}`}`,
    tags: Object.fromEntries(
      blocks(provider["default_tags"]).flatMap(({ tags }) =>
        Object.entries((tags ?? {}) as Readonly<Record<string, unknown>>).map(([key, value]) => [key, graph.text(value) ?? ""]),
      ),
    ),
    ignored: blocks(provider["ignore_tags"]).flatMap(({ keys }) => graph.list(keys).map((key) => graph.text(key) ?? "")),
  })),
);

/** Whether a name contains a text as a whole word. Underscores stand for hyphens where AWS allows none. */
export function hasWord(name: string, word: string): boolean {
  const plain = (one: string): string => one.toLowerCase().replaceAll("_", "-");
  return `-${plain(name).replaceAll(/[^a-z0-9${}-]/g, "-")}-`.includes(`-${plain(word)}-`);
}

/** The text that distinguishes environments: the value of a default tag that more than half of all names contain. Undefined without one. */
export function suffixOf(stacks: readonly Graph[]): string | undefined {
  const names = stacks.flatMap((graph) => namesOf(stacks, graph)).map(({ name }) => name);
  const values = [...new Set(stacks.flatMap((graph) => tagsOf(stacks, graph)).flatMap(({ tags }) => Object.values(tags)))].filter(
    (value) => value !== "",
  );
  const counted = values.map((value) => ({ value, count: names.filter((name) => hasWord(name, value)).length }));
  const [best] = counted.sort((one, other) => other.count - one.count);
  return best && best.count * 2 > names.length ? best.value : undefined;
}
