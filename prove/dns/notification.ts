import type { Graph } from "../graph/graph";
import { regionOf } from "../graph/providers";
import { oneOrMany, type Resource, text } from "../graph/values";
import { allows, statementsOf } from "../iam/policy";

const CLOUDWATCH = "cloudwatch.amazonaws.com";

/** Why an alarm that goes off notifies nobody. Empty if one of its actions does. */
export function silenceOf(graph: Graph, alarm: Resource): string[] {
  if (text(alarm.values["actions_enabled"]) === "false") return [`${alarm.address} has its actions disabled.`];
  const actions = [...oneOrMany(alarm.values["alarm_actions"])].flatMap((action) =>
    typeof action === "string" && graph.list(action).length > 0 ? graph.list(action) : [action],
  );
  if (actions.length === 0) return [`${alarm.address} has no action.`];
  const reasons = actions.map((action) => actionSilence(graph, alarm, action));
  return reasons.some((reason) => reason === undefined) ? [] : (reasons as readonly string[]).slice(0, 1);
}

/** Why an action notifies nobody: an alarm publishes to topics of its own region only. */
function actionSilence(graph: Graph, alarm: Resource, action: unknown): string | undefined {
  const topic = graph.target(action) ?? graph.all("aws_sns_topic").find((one) => graph.arn(one) === graph.text(action));
  if (topic?.type !== "aws_sns_topic") return `${alarm.address} publishes to ${String(action)}, which is no topic of this stack.`;
  if (regionOf(graph, topic) !== regionOf(graph, alarm))
    return `${alarm.address} publishes to ${topic.address}, which is in another region.`;
  return topicSilence(graph, topic);
}

/**
 * Why a topic notifies nobody of what CloudWatch publishes: no subscription, or no permission of the topic or of its key.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
function topicSilence(graph: Graph, topic: Resource): string | undefined {
  const subscriptions = graph.referring("aws_sns_topic_subscription", "topic_arn", topic);
  if (subscriptions.every((subscription) => isEmpty(graph, subscription))) return `${topic.address} has no subscription.`;
  const context = {
    ...(graph.account !== undefined && { "aws:SourceAccount": graph.account, "aws:SourceOwner": graph.account }),
    "aws:SecureTransport": "true",
  };
  const allowed = (document: unknown, action: string, resource: string): boolean =>
    allows(
      statementsOf(graph.document(document), (value) => graph.text(value)),
      { action, resource, principal: CLOUDWATCH, context },
    );
  const arn = graph.arn(topic);
  const policies = [...graph.referring("aws_sns_topic_policy", "arn", topic).map(({ values }) => values["policy"]), topic.values["policy"]];
  const [policy] = policies.filter((document) => document !== undefined);
  if (policy !== undefined && arn !== undefined && !allowed(policy, "sns:Publish", arn))
    return `The policy of ${topic.address} does not let CloudWatch publish to it.`;
  const id = topic.values["kms_master_key_id"];
  const key = graph.target(id);
  if (id === undefined) return undefined;
  if (!key) return `${topic.address} is encrypted with ${text(id) ?? "a key"}, which CloudWatch may not use.`;
  const isOpen = ["kms:Decrypt", "kms:GenerateDataKey"].every((action) => allowed(key.values["policy"], action, "*"));
  return isOpen ? undefined : `${key.address} does not let CloudWatch encrypt what it publishes to ${topic.address}.`;
}

const PROTOCOLS = ["email", "email-json", "sms", "lambda", "sqs", "https", "http", "firehose", "application"];

/** Whether nothing receives what a subscription delivers: it is made for each item of no list, or has no endpoint. */
function isEmpty(graph: Graph, { values }: Resource): boolean {
  const each = values["for_each"];
  const name = typeof each === "string" ? /\bvar\.([\w-]+)/.exec(each)?.[1] : undefined;
  const variable = name === undefined ? undefined : graph.json.variable?.[name];
  const items = variable === undefined ? each : variable["default"];
  const endpoint = text(values["endpoint"]);
  return (
    (Array.isArray(items) && items.length === 0) ||
    (name !== undefined && variable === undefined) ||
    (endpoint?.includes("${each.") === true && each === undefined) ||
    endpoint === undefined ||
    !PROTOCOLS.includes(text(values["protocol"]) ?? "")
  );
}
