import type { Graph } from "../graph/graph";
import { block, type Resource, text } from "../graph/values";
import { arnText } from "./arns";
import { roleOf } from "./identities";
import { keyOf } from "./keys";
import { calls, type Need } from "./needs";
import { allows, statementsOf } from "./policy";
import { WRITE_LOG } from "./task-needs";

const INTERFACES = ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"];
export const TRACE = ["xray:PutTraceSegments"];

/**
 * What Lambda does with the role of a function: write its log, decrypt its environment, attach it to a VPC, keep events that failed.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
 */
export function functionNeeds(stacks: readonly Graph[], graph: Graph): readonly Need[] {
  return graph.all("aws_lambda_function").flatMap((by) => {
    const role = roleOf(stacks, graph, by.values["role"]);
    const { region = "", account = "" } = graph.placeOf(by);
    const name = graph.text(by.values["function_name"]) ?? "";
    const group = graph.text(block(by.values["logging_config"])["log_group"]) ?? `/aws/lambda/${name}`;
    const log = `arn:aws:logs:${region}:${account}:log-group:${group}:log-stream:any`;
    const inVpc = graph.list(block(by.values["vpc_config"])["subnet_ids"]).length > 0;
    const letters = arnText(stacks, graph, block(by.values["dead_letter_config"])["target_arn"]);
    const key = keyOf(stacks, graph, by.values["kms_key_arn"]);
    const needs: readonly Need[] = [
      { by, role, to: `write to the log group ${group}`, calls: calls(WRITE_LOG, log) },
      { by, role, to: "decrypt its environment", calls: [], key: { key, actions: ["kms:Decrypt"], via: "lambda" } },
      ...(inVpc ? [{ by, role, to: "attach network interfaces to its VPC", calls: calls(INTERFACES) }] : []),
      ...(letters === undefined
        ? []
        : [
            {
              by,
              role,
              to: "keep events that failed",
              calls: calls([letters.includes(":sns:") ? "sns:Publish" : "sqs:SendMessage"], letters),
            },
          ]),
      ...(text(block(by.values["tracing_config"])["mode"]) === "Active" ? [{ by, role, to: "send traces", calls: calls(TRACE) }] : []),
    ];
    return needs;
  });
}

/** Functions whose log group does not exist: Lambda would create one that nothing deletes or encrypts, if it may. */
export function missingLogGroups(graph: Graph): readonly string[] {
  const groups = graph.all("aws_cloudwatch_log_group").map(({ values }) => graph.text(values["name"]));
  return graph.all("aws_lambda_function").flatMap(({ address, values }) => {
    const group = graph.text(block(values["logging_config"])["log_group"]) ?? `/aws/lambda/${graph.text(values["function_name"]) ?? ""}`;
    return groups.includes(group) ? [] : [`${address} writes to the log group ${group}, which is not in this JSON.`];
  });
}

interface Invoker {
  readonly service: string;
  readonly by: Resource;
  readonly graph: Graph;
  /** ARN of the function or alias that is invoked. */
  readonly invoked: string;
  /** ARN of what invokes it, which the permission may name. */
  readonly source: string;
}

/** Who invokes functions by the name of a service: rules, topics, target groups. */
function invokers(stacks: readonly Graph[], graph: Graph): readonly Invoker[] {
  const of = (service: string, type: string, invoked: string, source: (resource: Resource) => unknown): readonly Invoker[] =>
    graph.all(type).flatMap((by) => {
      const arn = arnText(stacks, graph, by.values[invoked]) ?? "";
      return arn.startsWith("arn:aws:lambda:")
        ? [{ service, by, graph, invoked: arn, source: arnText(stacks, graph, source(by)) ?? "" }]
        : [];
    });
  return [
    ...of("events.amazonaws.com", "aws_cloudwatch_event_target", "arn", ({ values }) => ruleArn(graph, values["rule"])),
    ...of("sns.amazonaws.com", "aws_sns_topic_subscription", "endpoint", ({ values }) => values["topic_arn"]),
    ...of("elasticloadbalancing.amazonaws.com", "aws_lb_target_group_attachment", "target_id", ({ values }) => values["target_group_arn"]),
  ];
}

/** The ARN of the rule that a target names by its name. */
export function ruleArn(graph: Graph, value: unknown): string {
  const target =
    graph.target(value) ?? graph.all("aws_cloudwatch_event_rule").find(({ values }) => graph.text(values["name"]) === graph.text(value));
  return (target && graph.arn(target)) ?? "";
}

/**
 * Why functions refuse those that invoke them: no permission names the service, the source and the function or its alias.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
export function invocationFaults(stacks: readonly Graph[], graph: Graph): readonly string[] {
  const permissions = stacks.flatMap((other) =>
    other.all("aws_lambda_permission").flatMap((permission) => permissionOf(stacks, other, permission)),
  );
  const functions = stacks.flatMap((other) => other.all("aws_lambda_function").flatMap((one) => other.arn(one) ?? []));
  return invokers(stacks, graph).flatMap(({ service, by, invoked, source }) => {
    if (!functions.some((arn) => invoked === arn || invoked.startsWith(`${arn}:`)))
      return [`${by.address} invokes ${invoked}, which is not in this JSON.`];
    const context = { "aws:SourceArn": source, "aws:SourceAccount": graph.account ?? "" };
    return allows(permissions, { action: "lambda:InvokeFunction", resource: invoked, principal: service, context })
      ? []
      : [`${by.address} cannot invoke ${invoked}: no permission of the function lets ${service} do it for ${source}.`];
  });
}

/** A permission of a function as the statement that Lambda makes of it. */
export function permissionOf(stacks: readonly Graph[], graph: Graph, { values }: Resource): ReturnType<typeof statementsOf> {
  const called = graph.target(values["function_name"]);
  const name = graph.text(values["function_name"]) ?? "";
  const { region = "", account = "" } = graph;
  const arn = (called && graph.arn(called)) ?? (name.startsWith("arn:") ? name : `arn:aws:lambda:${region}:${account}:function:${name}`);
  const qualifier = graph.text(values["qualifier"]);
  const principal = graph.text(values["principal"]) ?? "";
  const condition = (operator: string, key: string, argument: string): object =>
    values[argument] === undefined ? {} : { [operator]: { [key]: arnText(stacks, graph, values[argument]) } };
  const statement = {
    Sid: graph.text(values["statement_id"]),
    Effect: "Allow",
    Action: graph.text(values["action"]) ?? "",
    Resource: qualifier === undefined ? arn : `${arn}:${qualifier}`,
    Principal: principal.endsWith(".amazonaws.com") ? { Service: principal } : { AWS: principal },
    Condition: {
      ...condition("ArnLike", "aws:SourceArn", "source_arn"),
      ...condition("StringEquals", "aws:SourceAccount", "source_account"),
      ...condition("StringEquals", "aws:PrincipalOrgID", "principal_org_id"),
    },
  };
  return statementsOf({ Statement: [statement] }, (value) => graph.text(value));
}
