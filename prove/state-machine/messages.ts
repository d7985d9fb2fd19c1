import type { Graph } from "../graph/graph";
import { block, oneOrMany, type Resource, type Values } from "../graph/values";
import { argument } from "./arguments";
import { stepsOf } from "./edges";
import { callOf, isMessage, isReading, type Machine, type Node } from "./machine";

/** Ends of an execution that no event of Step Functions counts as a success. */
const UNSUCCESSFUL = ["FAILED", "TIMED_OUT", "ABORTED"];

/** Whether a machine changes something by itself. What a function does is not in the definition. */
export function changesSomething({ nodes }: Machine): boolean {
  return nodes.some((node) => {
    const call = callOf(node);
    return call !== undefined && call !== "sns:publish" && call !== "lambda:invoke" && !isReading(call);
  });
}

/**
 * Ends of a way that passes no message behind its last call.
 * @param everyEnd whether a success has to be reported too
 */
export function untoldEnds(machine: Machine, everyEnd: boolean): string[] {
  const { into, ends, start } = stepsOf(machine);
  return ends
    .filter(({ type }) => everyEnd || type === "Fail")
    .flatMap((end) => {
      const silent = new Set<Node>([end]);
      for (const node of silent) if (!isMessage(node) && !isWork(node)) for (const before of into.get(node) ?? []) silent.add(before);
      const found = [...silent].find((node) => isWork(node)) ?? [...silent].find((node) => node === start && !isMessage(node));
      return found
        ? [
            `${machine.resource.address} can end at ${end.path} after ${found.path} without a message: no operator is notified how it ended.`,
          ]
        : [];
    });
}

function isWork({ type, state }: Node): boolean {
  return (type === "Task" && !String(state["Resource"]).includes(":sns:publish")) || type === "Wait";
}

/** Messages without a receiver: their topic has no subscription, or their text is missing. */
export function messageFaults(graph: Graph, machine: Machine): string[] {
  return machine.nodes.filter(isMessage).flatMap((node) => {
    const [value] = argument(machine, node, "TopicArn") ?? [];
    const topic = graph.target(value) ?? graph.all("aws_sns_topic").find((one) => graph.arn(one) === graph.text(value));
    const where = `${node.path} of ${machine.resource.address}`;
    if (topic?.type !== "aws_sns_topic") return [`${where} sends its message to ${String(value)}, which is no topic of its stack.`];
    const parameters = block(node.state["Parameters"]);
    const isEmpty = (parameters["Message"] ?? parameters["Message.$"] ?? "") === "";
    return [
      ...(isHeard(graph, topic) ? [] : [`${where} sends its message to ${topic.address}, which has no subscription.`]),
      ...(isEmpty ? [`${where} sends no text.`] : []),
    ];
  });
}

function isHeard(graph: Graph, topic: Resource): boolean {
  return (
    graph.referring("aws_sns_topic_subscription", "topic_arn", topic).length > 0 ||
    graph.all("aws_chatbot_slack_channel_configuration").length > 0
  );
}

/**
 * Ends that no state can report, because the execution is aborted or has taken too long: a rule of EventBridge does.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export function untoldStatuses(graph: Graph, machine: Machine): string[] {
  const untold = UNSUCCESSFUL.filter((status) => rulesAbout(graph, machine.resource, status).length === 0);
  return untold.length === 0 ? [] : [`No rule reports that an execution of ${machine.resource.address} ended as ${untold.join(", ")}.`];
}

/** The rules that send a message when an execution of a machine ends with a status. */
export function rulesAbout(graph: Graph, machine: Resource, status: string): readonly Resource[] {
  const arn = graph.arn(machine);
  return graph
    .all("aws_cloudwatch_event_rule")
    .filter((rule) => rule.values["state"] !== "DISABLED" && rule.values["is_enabled"] !== false)
    .filter((rule) => isAbout(graph, rule, machine, arn, status) && reachesTopic(graph, rule));
}

function isAbout(graph: Graph, rule: Resource, machine: Resource, arn: string | undefined, status: string): boolean {
  const pattern = block(graph.document(rule.values["event_pattern"]));
  const detail = block(pattern["detail"]);
  const fits = (part: Values, key: string, ...values: readonly (string | undefined)[]): boolean =>
    part[key] === undefined ||
    oneOrMany(part[key]).some(
      (one) => values.includes(graph.text(one)) || (key === "stateMachineArn" && graph.target(one)?.address === machine.address),
    );
  return (
    pattern["source"] !== undefined &&
    fits(pattern, "source", "aws.states") &&
    fits(pattern, "detail-type", "Step Functions Execution Status Change") &&
    fits(detail, "stateMachineArn", arn) &&
    fits(detail, "status", status)
  );
}

function reachesTopic(graph: Graph, rule: Resource): boolean {
  const name = graph.text(rule.values["name"]);
  return graph
    .all("aws_cloudwatch_event_target")
    .filter(
      ({ values }) => graph.target(values["rule"])?.address === rule.address || (name !== undefined && graph.text(values["rule"]) === name),
    )
    .some(({ values }) => {
      const topic = graph.target(values["arn"]);
      return topic?.type === "aws_sns_topic" && isHeard(graph, topic);
    });
}
