import type { Graph } from "../graph/graph";
import { block, type Resource } from "../graph/values";
import { allows, type Statement } from "../iam/policy";
import { permissionsOf } from "../iam/role-permissions";

/** A function that may change listener rules, with its environment. */
export interface Switch {
  readonly lambda: Resource;
  readonly statements: readonly Statement[];
  /** Values of its variables. What is JSON is read. */
  readonly environment: readonly unknown[];
}

const MODIFY_RULE = "elasticloadbalancing:ModifyRule";
const known = new WeakMap<Graph, readonly Switch[]>();

/** The functions of a stack that may change listener rules. */
export function switchesOf(graph: Graph): readonly Switch[] {
  const found = known.get(graph) ?? findSwitches(graph);
  known.set(graph, found);
  return found;
}

function findSwitches(graph: Graph): readonly Switch[] {
  return graph.all("aws_lambda_function").flatMap((lambda) => {
    const role = graph.target(lambda.values["role"]);
    if (role?.type !== "aws_iam_role") return [];
    const { statements } = permissionsOf(graph, role);
    const changes = statements.some(({ effect, actions }) => effect === "Allow" && actions.includes(MODIFY_RULE));
    return changes ? [{ lambda, statements, environment: environmentOf(graph, lambda) }] : [];
  });
}

function environmentOf(graph: Graph, { values }: Resource): readonly unknown[] {
  const variables = block(block(values["environment"])["variables"]);
  return Object.values(variables).map((value) => {
    const text = graph.text(value) ?? "";
    return /^[[{"]/.test(text) ? (graph.document(text) ?? text) : text;
  });
}

/** Whether a value, or a part of it at any depth, meets a test. */
function contains(value: unknown, test: (part: unknown, key: string) => boolean, key = ""): boolean {
  if (test(value, key)) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, part]) => contains(part, test, name));
}

/** Why a function cannot change a hold of a region. */
export function switchFaults(
  { lambda, statements, environment }: Switch,
  hold: { readonly region: string; readonly account: string; readonly balancer: string; readonly path: string },
): string[] {
  const { region, account, balancer, path } = hold;
  const may = (action: string, resource: string): boolean => allows(statements, { action, resource });
  const rule = `arn:aws:elasticloadbalancing:${region}:${account}:listener-rule/app/${balancer}/1/2/3`;
  const reads = ["DescribeLoadBalancers", "DescribeListeners", "DescribeRules"].map((name) => `elasticloadbalancing:${name}`);
  const isValue = (wanted: string) => (part: unknown) => part === wanted;
  const statuses = (isSuccess: boolean) => (part: unknown, key: string) =>
    /^status_?code$/i.test(key) && Number(part) >= 200 && Number(part) < 400 === isSuccess;
  return [
    ...(may(MODIFY_RULE, rule) ? [] : [`${lambda.address} may not change the hold of ${region}, on the load balancer ${balancer}.`]),
    ...reads.filter((action) => !may(action, "*")).map((action) => `${lambda.address} may not call ${action}.`),
    ...(environment.some((value) => contains(value, (part, key) => key === region && contains(part, isValue(balancer))))
      ? []
      : [`${lambda.address} does not have the load balancer ${balancer} of ${region}, whose hold it changes.`]),
    ...(environment.some((value) => contains(value, isValue(path)))
      ? []
      : [`${lambda.address} does not have the path ${path}, by which health checks ask the hold of ${region}.`]),
    ...([true, false].every((isSuccess) => environment.some((value) => contains(value, statuses(isSuccess))))
      ? []
      : [`${lambda.address} does not have an answer with success, which holds DNS, and one without.`]),
  ];
}
