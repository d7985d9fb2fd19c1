import type { Graph } from "../graph/graph";
import { block, type Resource, text, type Values } from "../graph/values";
import { allows, type Call } from "../iam/policy";
import { may, permissionsOf, readPolicy, trusts } from "../iam/role-permissions";
import { argument, texts } from "./arguments";
import { callOf, type Machine, type Node } from "./machine";

/** Services whose actions have another prefix in IAM than in the SDK. */
const PREFIXES: Readonly<Record<string, string>> = {
  applicationautoscaling: "application-autoscaling",
  arczonalshift: "arc-zonal-shift",
  elasticloadbalancingv2: "elasticloadbalancing",
  cloudwatchlogs: "logs",
  eventbridge: "events",
  sfn: "states",
};

/** Calls that need an action of another name. */
const ACTIONS: Readonly<Record<string, string>> = { "lambda:invoke": "lambda:InvokeFunction" };

/** The action of IAM for a call: `rds:FailoverGlobalCluster`. */
function actionOf(call: string): string {
  const [service = "", name = ""] = call.split(":");
  return ACTIONS[call] ?? `${PREFIXES[service] ?? service}:${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** Something that a role must be allowed, and the state that needs it. */
interface Need extends Call {
  readonly node: Node | undefined;
}

/**
 * Why the role of a machine does not allow what its states call.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
 */
export function permissionFaults(
  graph: Graph,
  machine: Machine,
): { readonly faults: readonly string[]; readonly isUnknown: boolean; readonly needs: number } {
  const { resource } = machine;
  const role = graph.target(resource.values["role_arn"]);
  if (role?.type !== "aws_iam_role") return { faults: [`${resource.address} has no role of this stack.`], isUnknown: true, needs: 0 };
  const arn = graph.arn(resource);
  const context = { "aws:SourceAccount": graph.account ?? "", "aws:SourceArn": arn ?? "" };
  const needs = [
    ...machine.nodes.flatMap((node) => needsOf(graph, machine, node)),
    ...keyNeeds(graph, resource.values, "encryption_configuration", arn),
  ];
  const denied = needs.filter((need) => !may(graph, role, need));
  const faults = [
    ...(trusts(graph, role, "states.amazonaws.com", context)
      ? []
      : [`Step Functions may not assume ${role.address}: ${resource.address} makes no call.`]),
    ...denied.map(
      ({ node, action, resource: called }) =>
        `${role.address} does not allow ${action}${called === undefined || called === "*" ? "" : ` on ${called}`}: ${node?.path ?? "every state"} of ${resource.address} fails.`,
    ),
    ...needs.filter(({ action }) => action.startsWith("kms:")).flatMap((need) => keyPolicyFaults(graph, role, need)),
    ...machine.nodes.flatMap((node) => targetFaults(graph, machine, node)),
  ];
  return { faults: [...new Set(faults)], isUnknown: permissionsOf(graph, role).hasOthers, needs: needs.length };
}

function needsOf(graph: Graph, machine: Machine, node: Node): Need[] {
  const call = callOf(node);
  if (call === undefined) return [];
  const context = { "aws:RequestedRegion": graph.region ?? "", "aws:ResourceAccount": graph.account ?? "" };
  const action = actionOf(call);
  const resources = resourcesOf(graph, machine, node, call);
  const roles = Object.entries((node.state["Parameters"] ?? {}) as Values).filter(([name]) => name.endsWith("RoleArn"));
  const topic = call === "sns:publish" ? graph.target(argument(machine, node, "TopicArn")?.[0]) : undefined;
  return [
    ...(resources?.map((resource) => ({ node, action, resource, context })) ?? [{ node, action, context }]),
    ...roles.map(([, arn]) => ({
      node,
      action: "iam:PassRole",
      resource: graph.text(arn) ?? "",
      context: { "iam:PassedToService": passedTo(call) },
    })),
    ...(topic ? keyNeeds(graph, topic.values, undefined, graph.arn(topic)).map((need) => ({ ...need, node })) : []),
  ];
}

/** The service that assumes a role that a call of another one names. */
function passedTo(call: string): string {
  const [service = ""] = call.split(":");
  return service === "rds" ? "monitoring.rds.amazonaws.com" : `${service}.amazonaws.com`;
}

/** The key of an encrypted topic, or of the data of executions, with which every caller encrypts. */
function keyNeeds(graph: Graph, values: Values, within: string | undefined, arn: string | undefined): Need[] {
  const reference = within === undefined ? values["kms_master_key_id"] : block(values[within])["kms_key_id"];
  const key = graph.target(reference);
  if (key?.type !== "aws_kms_key") return [];
  const service = within === undefined ? "sns" : "states";
  const name = within === undefined ? "kms:EncryptionContext:aws:sns:topicArn" : "kms:EncryptionContext:aws:states:stateMachineArn";
  const context = { [name]: arn ?? "", "kms:ViaService": `${service}.${graph.region ?? ""}.amazonaws.com` };
  return ["kms:GenerateDataKey", "kms:Decrypt"].map((action) => ({ node: undefined, action, resource: `\${${key.address}.arn}`, context }));
}

/** A key allows an identity something in its own policy, or leaves it to the policies of the account. */
function keyPolicyFaults(graph: Graph, role: Resource, { action, resource = "", context = {} }: Need): string[] {
  const key = graph.target(resource);
  const document = key?.values["policy"];
  if (!key || document === undefined) return [];
  const principal = graph.arn(role) ?? `arn:aws:iam::${graph.account ?? ""}:role/x`;
  return allows(readPolicy(graph, document), { action, resource, principal, context })
    ? []
    : [`The policy of ${key.address} does not let ${role.address} call ${action}.`];
}

/** The ARNs on which a call needs its action. Undefined where only an execution knows them. */
function resourcesOf(graph: Graph, machine: Machine, node: Node, call: string): readonly string[] | undefined {
  const { region = "", account = "" } = graph;
  const given = (name: string): readonly string[] => (texts(machine, node, name) ?? []).map((value) => graph.text(value) ?? value);
  const arns = (service: string, kind: string, names: readonly string[]): readonly string[] | undefined =>
    names.length === 0
      ? undefined
      : names.map((name) => (name.startsWith("arn:") ? name : `arn:aws:${service}:${region}:${account}:${kind}${name}`));
  switch (call) {
    case "lambda:invoke":
      return arns("lambda", "function:", given("FunctionName"));
    case "sns:publish":
      return given("TopicArn");
    case "ssm:getParameter":
    case "ssm:putParameter":
      return arns(
        "ssm",
        "parameter",
        given("Name").map((name) => name.replace(/^\/?/, "/")),
      );
    case "rds:failoverGlobalCluster":
    case "rds:switchoverGlobalCluster":
      return [
        ...given("GlobalClusterIdentifier").map((name) => `arn:aws:rds::${account}:global-cluster:${name}`),
        ...given("TargetDbClusterIdentifier"),
      ];
    case "rds:describeDBClusters":
    case "rds:deleteDBCluster":
      return arns("rds", "cluster:", given("DbClusterIdentifier"));
    case "rds:restoreDBClusterToPointInTime":
      return arns("rds", "cluster:", given("DbClusterIdentifier"));
    case "rds:createDBInstance":
    case "rds:deleteDBInstance":
    case "rds:describeDBInstances":
      return arns("rds", "db:", given("DbInstanceIdentifier"));
    case "ecs:describeServices":
    case "ecs:updateService":
      return serviceArns(machine, node, region, account);
    case "sfn:listExecutions":
      return text(block(node.state["Parameters"])["StateMachineArn.$"]) === "$$.StateMachine.Id"
        ? [graph.arn(machine.resource) ?? ""]
        : undefined;
    case "arczonalshift:startZonalShift":
    case "arczonalshift:getManagedResource":
      return given("ResourceIdentifier");
    default:
      return undefined;
  }
}

/** A cluster and a service of the same item belong together. */
function serviceArns(machine: Machine, node: Node, region: string, account: string): readonly string[] | undefined {
  const names = texts(machine, node, callOf(node) === "ecs:updateService" ? "Service" : "Services") ?? [];
  const clusters = texts(machine, node, "Cluster") ?? [];
  if (names.length === 0 || clusters.length === 0) return undefined;
  return names.map((name, index) => `arn:aws:ecs:${region}:${account}:service/${clusters[index] ?? clusters[0] ?? ""}/${name}`);
}

/** A function or a topic that a state names and that is not in the stack. */
function targetFaults(graph: Graph, machine: Machine, node: Node): string[] {
  const call = callOf(node);
  const [name, type] =
    call === "lambda:invoke" ? ["FunctionName", "aws_lambda_function"] : call === "sns:publish" ? ["TopicArn", "aws_sns_topic"] : [];
  if (name === undefined || type === undefined) return [];
  return (argument(machine, node, name) ?? []).flatMap((value) =>
    isNamed(graph, value, type)
      ? []
      : [`${node.path} of ${machine.resource.address} calls ${String(value)}, which is no ${type} of its stack.`],
  );
}

function isNamed(graph: Graph, value: unknown, type: string): boolean {
  const target: Resource | undefined = graph.target(value);
  const written = graph.text(value);
  return (
    target?.type === type || (target === undefined && written !== undefined && graph.all(type).some((one) => graph.arn(one) === written))
  );
}
