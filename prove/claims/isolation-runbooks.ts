import type { Graph } from "../graph/graph";
import { block, type Resource, text, type Values } from "../graph/values";
import { inventoryOf } from "./isolation-crossings";

interface Task {
  /** `lambda:invoke`, `aws-sdk:rds:failoverGlobalCluster` */
  readonly call: string;
  readonly parameters: Values;
}

const PROMOTIONS = ["aws-sdk:rds:failoverGlobalCluster", "aws-sdk:rds:switchoverGlobalCluster"];
/** What calls name, and the type of the resource that it is. */
const CALLED: readonly (readonly [call: RegExp, parameter: string, type: string])[] = [
  [/^sns:publish/, "TopicArn", "aws_sns_topic"],
  [/^lambda:invoke/, "FunctionName", "aws_lambda_function"],
  [/^states:startExecution/, "StateMachineArn", "aws_sfn_state_machine"],
  [/^sqs:sendMessage/, "QueueUrl", "aws_sqs_queue"],
];

/** Every task of a state machine, at every depth. */
function tasksOf(value: unknown): readonly Task[] {
  if (typeof value !== "object" || value === null) return [];
  const { Resource: resource, Parameters: parameters, Arguments: argumentsOf } = value as Values;
  const call = typeof resource === "string" ? /^arn:aws:states:::([\w:-]+)/.exec(resource)?.[1] : undefined;
  return [
    ...(call === undefined ? [] : [{ call, parameters: block(parameters === undefined ? argumentsOf : parameters) }]),
    ...Object.values(value).flatMap(tasksOf),
  ];
}

/** Why a state machine depends on something that is not in its stack. */
export function machineFaults(graph: Graph, machine: Resource, stacks: readonly Graph[]): string[] {
  const { address, values } = machine;
  const document = graph.document(values["definition"]);
  if (typeof document !== "object" || document === null) return [`The definition of ${address} is no JSON.`];
  const key = block(values["encryption_configuration"])["kms_key_id"];
  const log = graph.text(block(values["logging_configuration"])["log_destination"]);
  return [
    ...(isOf(graph, values["role_arn"], "aws_iam_role") ? [] : [`${address} has a role that is not in its stack.`]),
    ...(key === undefined || isOf(graph, key, "aws_kms_key") ? [] : [`${address} is encrypted with a key that is not in its stack.`]),
    ...(log === undefined ||
    graph.all("aws_cloudwatch_log_group").some((group) => [`${graph.arn(group) ?? ""}:*`, `\${${group.address}.arn}:*`].includes(log))
      ? []
      : [`${address} writes to ${log}, which is no log group of its stack.`]),
    ...tasksOf(document).flatMap((task) => taskFaults(graph, stacks, address, task)),
  ];
}

function isOf(graph: Graph, value: unknown, type: string): boolean {
  const arn = graph.text(value);
  return graph.target(value)?.type === type || (arn !== undefined && graph.all(type).some((resource) => graph.arn(resource) === arn));
}

function taskFaults(graph: Graph, stacks: readonly Graph[], machine: string, { call, parameters }: Task): string[] {
  const called = CALLED.flatMap(([pattern, parameter, type]) => {
    const value = parameters[parameter];
    return pattern.test(call) && value !== undefined && !isOf(graph, value, type)
      ? [`${machine} calls ${call} with ${text(value) ?? "no name"}, which is not in its stack.`]
      : [];
  });
  const name = call.startsWith("aws-sdk:ssm:") ? text(parameters["Name"]) : undefined;
  const region = graph.region ?? "";
  const isMissing = name !== undefined && !name.includes("${") && inventoryOf(stacks, region)?.hasName(name) === false;
  const payload = call.startsWith("lambda:invoke") ? Object.values(block(parameters["Payload"])).map((value) => text(value)) : [];
  const odd = payload.find((value) => value !== undefined && /^[a-z]{2}(?:-[a-z]+)+-\d$/.test(value) && value !== region);
  return [
    ...called,
    ...(isMissing ? [`${machine} calls ${call} with ${name}, which is no parameter of its region.`] : []),
    ...(odd === undefined ? [] : [`${machine} gives a function the region ${odd}, and is the runbook of ${region}.`]),
  ];
}

/** Why a region cannot be promoted by a runbook of its own, while others can. */
export function promotionFaults(graph: Graph, stacks: readonly Graph[]): string[] {
  const promotions = promotionsOf(graph);
  const clusters = graph.all("aws_rds_cluster");
  if (clusters.length === 0 || stacks.every((stack) => promotionsOf(stack).length === 0)) return [];
  if (promotions.length === 0) return [`No runbook of ${graph.name} promotes its database, and another region has one.`];
  return promotions.flatMap(({ machine, parameters }) => {
    const target = parameters["TargetDbClusterIdentifier"];
    return isOf(graph, target, "aws_rds_cluster")
      ? []
      : [`${machine.address} promotes ${String(target)}, which is not the cluster of ${graph.name}.`];
  });
}

const known = new WeakMap<Graph, readonly { readonly machine: Resource; readonly parameters: Values }[]>();

function promotionsOf(graph: Graph): readonly { readonly machine: Resource; readonly parameters: Values }[] {
  const found =
    known.get(graph) ??
    graph
      .all("aws_sfn_state_machine")
      .filter(({ values }) => PROMOTIONS.some((call) => (text(values["definition"]) ?? "").includes(call)))
      .flatMap((machine) =>
        tasksOf(graph.document(machine.values["definition"])).flatMap(({ call, parameters }) =>
          PROMOTIONS.includes(call) ? [{ machine, parameters }] : [],
        ),
      );
  known.set(graph, found);
  return found;
}
