import type { Resource } from "./values";

/** Region and account of a stack, as far as its provider names them. */
export interface Place {
  readonly region: string | undefined;
  readonly account: string | undefined;
}

/** The text of an argument of the resource, with its references resolved. Undefined without the argument. */
type Argument = (name: string) => string | undefined;

interface ArnForm {
  readonly service: string;
  /** What is behind the account: `role/deploy`. */
  readonly rest: (argument: Argument) => string | undefined;
  /** Parts of an ARN that this service leaves empty. */
  readonly without?: readonly ("region" | "account")[];
}

const named =
  (prefix: string, argument = "name") =>
  (value: Argument): string | undefined => {
    const name = value(argument);
    return name === undefined ? undefined : `${prefix}${name}`;
  };

/** A name behind the path of an IAM resource. */
const withPath =
  (kind: string) =>
  (value: Argument): string | undefined => {
    const name = value("name");
    return name === undefined ? undefined : `${kind}${value("path") ?? "/"}${name}`;
  };

const GLOBAL: readonly "region"[] = ["region"];

/** How the ARN of a resource is made of its arguments. Types with a part that AWS chooses, such as keys and secrets, are not here. */
const ARNS: Readonly<Record<string, ArnForm>> = {
  aws_backup_vault: { service: "backup", rest: named("backup-vault:") },
  aws_cloudwatch_composite_alarm: { service: "cloudwatch", rest: named("alarm:", "alarm_name") },
  aws_cloudwatch_event_bus: { service: "events", rest: named("event-bus/") },
  aws_cloudwatch_event_rule: {
    service: "events",
    rest: (value) => {
      const bus = value("event_bus_name");
      return named(bus === undefined || bus === "default" ? "rule/" : `rule/${bus}/`)(value);
    },
  },
  aws_cloudwatch_log_group: { service: "logs", rest: named("log-group:") },
  aws_cloudwatch_metric_alarm: { service: "cloudwatch", rest: named("alarm:", "alarm_name") },
  aws_db_instance: { service: "rds", rest: named("db:", "identifier") },
  aws_dynamodb_table: { service: "dynamodb", rest: named("table/") },
  aws_ecr_repository: { service: "ecr", rest: named("repository/") },
  aws_ecs_cluster: { service: "ecs", rest: named("cluster/") },
  aws_ecs_service: {
    service: "ecs",
    rest: (value) => {
      const cluster = value("cluster")?.split("/").at(-1);
      return cluster === undefined ? undefined : named(`service/${cluster}/`)(value);
    },
  },
  aws_elasticache_replication_group: { service: "elasticache", rest: named("replicationgroup:", "replication_group_id") },
  aws_iam_policy: { service: "iam", rest: withPath("policy"), without: GLOBAL },
  aws_iam_role: { service: "iam", rest: withPath("role"), without: GLOBAL },
  aws_lambda_function: { service: "lambda", rest: named("function:", "function_name") },
  aws_rds_cluster: { service: "rds", rest: named("cluster:", "cluster_identifier") },
  aws_rds_cluster_instance: { service: "rds", rest: named("db:", "identifier") },
  aws_rds_global_cluster: { service: "rds", rest: named("global-cluster:", "global_cluster_identifier"), without: GLOBAL },
  aws_s3_bucket: { service: "s3", rest: named("", "bucket"), without: ["region", "account"] },
  aws_sfn_state_machine: { service: "states", rest: named("stateMachine:") },
  aws_sns_topic: { service: "sns", rest: named("") },
  aws_sqs_queue: { service: "sqs", rest: named("") },
  aws_ssm_document: { service: "ssm", rest: named("document/") },
  aws_ssm_parameter: { service: "ssm", rest: (value) => value("name")?.replace(/^\/?/, "parameter/") },
  aws_synthetics_canary: { service: "synthetics", rest: named("canary:") },
};

/** What `id` of a resource is, where it is not the ARN: the name of an argument. */
const IDS: Readonly<Record<string, string>> = {
  aws_backup_vault: "name",
  aws_cloudwatch_composite_alarm: "alarm_name",
  aws_cloudwatch_event_rule: "name",
  aws_cloudwatch_log_group: "name",
  aws_cloudwatch_metric_alarm: "alarm_name",
  aws_db_subnet_group: "name",
  aws_dynamodb_table: "name",
  aws_elasticache_replication_group: "replication_group_id",
  aws_iam_role: "name",
  aws_lambda_function: "function_name",
  aws_rds_cluster: "cluster_identifier",
  aws_rds_cluster_instance: "identifier",
  aws_rds_global_cluster: "global_cluster_identifier",
  aws_s3_bucket: "bucket",
  aws_ssm_parameter: "name",
};

const ID_IS_ARN = ["aws_sns_topic", "aws_sfn_state_machine", "aws_ecs_cluster", "aws_ecs_service", "aws_iam_policy"];

/**
 * The ARN of a resource, made of its name, region and account. Undefined if a part is unknown before an apply.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export function arnOf({ type }: Resource, argument: Argument, { region, account }: Place): string | undefined {
  const form = ARNS[type];
  const rest = form?.rest(argument);
  if (!form || rest === undefined || rest.includes("${")) return undefined;
  const parts = [form.without?.includes("region") ? "" : region, form.without?.includes("account") ? "" : account];
  return parts.includes(undefined) ? undefined : `arn:aws:${form.service}:${parts.join(":")}:${rest}`;
}

/** What the attribute `id` of a resource is. Undefined if AWS chooses it. */
export function idOf(resource: Resource, argument: Argument, place: Place): string | undefined {
  const name = IDS[resource.type];
  if (name !== undefined) return argument(name);
  return ID_IS_ARN.includes(resource.type) ? arnOf(resource, argument, place) : undefined;
}
