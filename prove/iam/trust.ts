import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";
import { allows, type Statement, statementsOf } from "./policy";
import { isEveryone, servicesOf, strangers } from "./principals";

/** Arguments by which resources name a role, and the service that assumes it for them. */
const USERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aws_backup_restore_testing_selection: { iam_role_arn: "backup.amazonaws.com" },
  aws_backup_selection: { iam_role_arn: "backup.amazonaws.com" },
  aws_cloudwatch_event_target: { role_arn: "events.amazonaws.com" },
  aws_codebuild_project: { service_role: "codebuild.amazonaws.com" },
  aws_db_instance: { monitoring_role_arn: "monitoring.rds.amazonaws.com" },
  aws_db_proxy: { role_arn: "rds.amazonaws.com" },
  aws_ecs_task_definition: { execution_role_arn: "ecs-tasks.amazonaws.com", task_role_arn: "ecs-tasks.amazonaws.com" },
  aws_flow_log: { iam_role_arn: "vpc-flow-logs.amazonaws.com" },
  aws_iam_instance_profile: { role: "ec2.amazonaws.com" },
  aws_kinesis_firehose_delivery_stream: { role_arn: "firehose.amazonaws.com" },
  aws_lambda_function: { role: "lambda.amazonaws.com" },
  aws_rds_cluster: { monitoring_role_arn: "monitoring.rds.amazonaws.com" },
  aws_rds_cluster_instance: { monitoring_role_arn: "monitoring.rds.amazonaws.com" },
  aws_s3_bucket_replication_configuration: { role: "s3.amazonaws.com" },
  aws_sfn_state_machine: { role_arn: "states.amazonaws.com" },
  aws_synthetics_canary: { execution_role_arn: "lambda.amazonaws.com" },
};

/** Services that pass no account when they assume a role. The role is one of the account of their resource. */
const WITHOUT_SOURCE = ["lambda.amazonaws.com", "s3.amazonaws.com"];
const ANOTHER_ACCOUNT = "999999999999";

/** The statements of the trust policy of a role. Undefined if it cannot be read. */
export function trustOf(graph: Graph, role: Resource): readonly Statement[] | undefined {
  const document = graph.document(role.values["assume_role_policy"]);
  return typeof document === "object" && document !== null ? statementsOf(document, (value) => graph.text(value)) : undefined;
}

interface User {
  readonly by: Resource;
  /** Undefined for a type that is not known here. */
  readonly service: string | undefined;
}

/** What uses a role, with the service that assumes it. */
export function usersOf(graph: Graph, role: Resource): readonly User[] {
  const isRole = (value: unknown): boolean =>
    typeof value === "string" &&
    (graph.target(value)?.address === role.address || (value.startsWith("arn:aws:iam:") && value === graph.arn(role)));
  return graph.all().flatMap((by): readonly User[] => {
    if (by.type.startsWith("aws_iam_") && by.type !== "aws_iam_instance_profile") return [];
    const known = Object.entries(USERS[by.type] ?? {}).filter(([argument]) => isRole(by.values[argument]));
    if (known.length > 0) return known.map(([, service]) => ({ by, service }));
    return USERS[by.type] === undefined && Object.values(by.values).some(isRole) ? [{ by, service: undefined }] : [];
  });
}

/** Why the wrong ones may assume a role, or the right ones may not. */
export function trustFaults(graph: Graph, role: Resource): readonly string[] {
  const trust = trustOf(graph, role);
  if (!trust) return [];
  const users = usersOf(graph, role);
  const expected = [...new Set(users.flatMap(({ service }) => service ?? []))];
  const isKnown = users.length > 0 && users.every(({ service }) => service !== undefined);
  const account = graph.account ?? "";
  const may = (service: string, of: string, by?: Resource): boolean =>
    allows(trust, {
      action: "sts:AssumeRole",
      principal: service,
      context: { "aws:SourceAccount": of, "aws:SourceArn": (by && graph.arn(by)) ?? `arn:aws:any:any:${of}:any` },
    });
  const allowing = trust.filter(({ effect }) => effect === "Allow");
  return [
    ...users.flatMap(({ by, service }) =>
      service === undefined || may(service, account, by) ? [] : [`${by.address} cannot use ${role.address}: ${service} may not assume it.`],
    ),
    ...allowing.flatMap((statement) => [
      ...(isEveryone(statement) ? [`Everyone may assume ${role.address}.`] : []),
      ...strangers(statement, [graph.account]).map((who) => `${who} of another account may assume ${role.address}.`),
      ...(isKnown ? [...servicesOf(statement), ...(statement.principals?.["AWS"] ?? [])] : [])
        .filter((who) => !expected.includes(who))
        .map((who) => `${who} may assume ${role.address}, which only ${expected.join(", ")} uses.`),
      ...(statement.principals?.["Federated"] ?? [])
        .filter(() => Object.keys(statement.conditions).length === 0)
        .map((who) => `Everyone with an account at ${who} may assume ${role.address}.`),
    ]),
    ...[...new Set(allowing.flatMap(servicesOf))]
      .filter((service) => !WITHOUT_SOURCE.includes(service) && graph.account !== undefined && may(service, ANOTHER_ACCOUNT))
      .map((service) => `${service} may assume ${role.address} for a resource of another account.`),
  ];
}
