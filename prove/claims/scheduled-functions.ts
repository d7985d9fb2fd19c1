import type { Graph } from "../graph/graph";
import { type Call } from "../iam/policy";
import { may, roleOf, trusts } from "../iam/role-permissions";
import { block, type Resource, text, type Values } from "../graph/values";
import { gapOf } from "../time/schedule";

/** A function that a rule invokes again and again. */
export interface ScheduledFunction {
  readonly graph: Graph;
  readonly resource: Resource;
  /** The longest time between two invocations. */
  readonly everyMinutes: number;
  /** Values of its environment variables. */
  readonly environment: readonly string[];
  /** Names of its environment variables. */
  readonly variables: readonly string[];
}

const found = new WeakMap<Graph, readonly ScheduledFunction[]>();

/** The functions of a stack that rules on a schedule invoke, and may invoke. */
export function scheduledFunctions(graph: Graph): readonly ScheduledFunction[] {
  const known = found.get(graph) ?? graph.all("aws_cloudwatch_event_target").flatMap((target) => read(graph, target));
  found.set(graph, known);
  return known;
}

/** Whether the role of a function allows a call. */
export function functionMay({ graph, resource }: ScheduledFunction, call: Call): boolean {
  const role = roleOf(graph, resource.values["role"]);
  return role !== undefined && trusts(graph, role, "lambda.amazonaws.com") && may(graph, role, call);
}

function read(graph: Graph, target: Resource): readonly ScheduledFunction[] {
  const lambda = graph.target(target.values["arn"]);
  const name = graph.text(target.values["rule"]);
  const rule = graph
    .all("aws_cloudwatch_event_rule")
    .find((one) => graph.target(target.values["rule"]) === one || (name !== undefined && graph.text(one.values["name"]) === name));
  const schedule = rule && graph.text(rule.values["schedule_expression"]);
  if (lambda?.type !== "aws_lambda_function" || !rule || schedule === undefined || isOff(rule) || !mayInvoke(graph, lambda)) return [];
  const everyMinutes = gapOf(schedule);
  if (everyMinutes === undefined) return [];
  const variables = (block(lambda.values["environment"])["variables"] ?? {}) as Values;
  const environment = Object.values(variables).flatMap((value) => graph.text(value) ?? []);
  return [{ graph, resource: lambda, everyMinutes, environment, variables: Object.keys(variables) }];
}

function isOff({ values }: Resource): boolean {
  return text(values["is_enabled"]) === "false" || text(values["state"]) === "DISABLED";
}

function mayInvoke(graph: Graph, lambda: Resource): boolean {
  return graph
    .all("aws_lambda_permission")
    .some(
      ({ values }) =>
        (graph.target(values["function_name"]) === lambda ||
          graph.text(values["function_name"]) === graph.text(lambda.values["function_name"])) &&
        graph.text(values["principal"]) === "events.amazonaws.com",
    );
}
