import { alarmsOf, firing, isSet, UNCHANGED } from "../alarms/alarms";
import { rulesOf, targetsOf } from "../alarms/events";
import { mayStart, notifies } from "../alarms/notifications";
import { arnIn, isArnOf } from "../alarms/permissions";
import { attributeOf } from "../alarms/things";
import { mayInvoke, maySend, readersOf } from "../alarms/topics";
import type { Graph } from "../graph/graph";
import { block, type Resource } from "../graph/values";
import { type Claim, decided, notApplicable } from "./claim";

/** Seconds that a dead-letter queue keeps an event: a weekend with holidays. */
const LEAST_RETENTION = 4 * 86_400;
const DEFAULT_RETENTION = 345_600;

export const DELIVERY_CLAIM: Claim = {
  id: "A8",
  title: "Every event rule may reach its target, and an event that cannot be delivered is kept in a dead-letter queue and notifies on-call",
  decide: (graph, stacks) => {
    const targets = rulesOf(graph).flatMap((rule) => targetsOf(graph, rule).map((target) => ({ rule: rule.resource, target })));
    const all = graph.all("aws_cloudwatch_event_target");
    if (all.length === 0) return notApplicable("No event rule has a target.");
    return decided(
      [
        ...rulesOf(graph)
          .filter((rule) => targetsOf(graph, rule).length === 0)
          .map(({ resource }) => `The events of ${resource.address} go nowhere: it has no target.`),
        ...all
          .filter((target) => !targets.some((known) => known.target === target) && !isForOther(graph, target))
          .map(
            ({ address, values }) =>
              `${address} is the target of ${String(values["rule"])}, which is not a rule of its event bus in this JSON.`,
          ),
        ...targets.flatMap(({ rule, target }) => [
          ...deliveryFaults(graph, stacks, rule, target),
          ...deadLetterFaults(graph, stacks, rule, target),
        ]),
      ],
      targets.map(({ target }) => target.address),
      "Each target has a queue that EventBridge may write to, and an alarm on its messages.",
    );
  },
};

/** Whether a target is for a rule that another owner creates: its name is no reference. */
const isForOther = (graph: Graph, { values }: Resource): boolean =>
  graph.target(values["rule"]) === undefined && !String(values["rule"]).startsWith("${aws_");

/** Why a target that is in this JSON does not get the events of a rule, or no subscriber reads them. */
function deliveryFaults(graph: Graph, stacks: readonly Graph[], rule: Resource, target: Resource): readonly string[] {
  const { address, values } = target;
  const to = graph.target(values["arn"]);
  if (!to)
    return String(values["arn"]).startsWith("${aws_") ? [`${address} sends to ${String(values["arn"])}, which is not in this JSON.`] : [];
  if (!isArnOf(graph, values["arn"])) return [`${address} sends to ${String(values["arn"])}, which is not an ARN.`];
  if (to.type === "aws_sns_topic")
    return readersOf(stacks, { graph, resource: to }).length > 0 ? [] : [`${address} sends to ${to.address}, which no subscriber reads.`];
  if (to.type === "aws_sfn_state_machine")
    return mayStart(graph, target, to) ? [] : [`The role of ${address} may not start ${to.address}.`];
  const lambda = to.type === "aws_lambda_alias" ? graph.target(to.values["function_name"]) : to;
  if (lambda?.type !== "aws_lambda_function") return [];
  return mayInvoke(graph, lambda, "events.amazonaws.com", arnIn(graph, rule), to === lambda ? undefined : to)
    ? []
    : [`No permission lets EventBridge invoke ${to.address} for ${rule.address}.`];
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
function deadLetterFaults(graph: Graph, stacks: readonly Graph[], rule: Resource, { address, values }: Resource): readonly string[] {
  const arn = block(values["dead_letter_config"])["arn"];
  if (arn === undefined) return [`An event that ${address} does not deliver is lost: it has no dead-letter queue.`];
  const queue = graph.target(arn) ?? graph.all("aws_sqs_queue").find((candidate) => graph.arn(candidate) === graph.text(arn));
  if (queue?.type !== "aws_sqs_queue" || !isArnOf(graph, arn))
    return [`${address} keeps events in ${graph.text(arn) ?? ""}, which is not a queue in this JSON.`];
  if (isSet(graph, queue.values["fifo_queue"], false))
    return [`${queue.address} of ${address} is a FIFO queue, to which EventBridge sends nothing.`];
  const retention = Number(graph.text(queue.values["message_retention_seconds"]) ?? DEFAULT_RETENTION);
  const name = attributeOf(graph, queue, "name");
  const alarms = firing(alarmsOf(graph), ({ namespace, name: metric, dimensions }) =>
    namespace === "AWS/SQS" && metric === "ApproximateNumberOfMessagesVisible" && dimensions["QueueName"] === name ? 1 : UNCHANGED,
  );
  return [
    ...(maySend(graph, queue, "events.amazonaws.com", arnIn(graph, rule))
      ? []
      : [`EventBridge may not send an event of ${rule.address} to ${queue.address}.`]),
    ...(retention >= LEAST_RETENTION ? [] : [`${queue.address} deletes an event after ${retention} s.`]),
    ...(alarms.some((alarm) => notifies(graph, stacks, alarm.name).length > 0)
      ? []
      : [`On-call is not notified of an event in ${queue.address}.`]),
  ];
}
