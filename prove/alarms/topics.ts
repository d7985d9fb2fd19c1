import type { Graph } from "../graph/graph";
import { regionOf } from "../graph/regions";
import type { Resource } from "../graph/values";
import { allows } from "../iam/policy";
import { exists } from "./alarms";
import { matchesPattern } from "./event-pattern";
import { arnIn, attachedStatements, forAccount, isArnOf, mayEncrypt, OVER_TLS, statementsIn } from "./permissions";

/** A topic, in the stack that creates it. */
export interface Topic {
  readonly graph: Graph;
  readonly resource: Resource;
}

/** What an action of an alarm or the target of a rule points to. `outside` is an ARN that no stack creates. */
export type Destination = Topic | { readonly outside: string } | undefined;

export function topicOf(graph: Graph, stacks: readonly Graph[], value: unknown): Destination {
  const target = graph.target(value);
  if (target) return target.type === "aws_sns_topic" && exists(target) && isArnOf(graph, value) ? { graph, resource: target } : undefined;
  const arn = graph.text(value) ?? "";
  if (!arn.startsWith("arn:")) return undefined;
  for (const other of stacks) {
    const resource = other.all("aws_sns_topic").find((topic) => other.arn(topic) === arn);
    if (resource) return { graph: other, resource };
  }
  return { outside: arn };
}

const PEOPLE = ["email", "email-json", "sms", "http", "https", "application", "firehose"];

/** What a subscriber gets of an alarm, as far as filters ask for it. */
const MESSAGE = { AlarmName: "alarm", NewStateValue: "ALARM", OldStateValue: "OK", Region: "region" };

const readers = new WeakMap<readonly Graph[], Map<Resource, readonly string[]>>();

/** The subscriptions of a topic that deliver, in every stack. */
export function readersOf(stacks: readonly Graph[], topic: Topic): readonly string[] {
  const cache = readers.get(stacks) ?? new Map<Resource, readonly string[]>();
  readers.set(stacks, cache);
  const found = cache.get(topic.resource) ?? subscribers(stacks, topic);
  cache.set(topic.resource, found);
  return found;
}

function subscribers(stacks: readonly Graph[], topic: Topic): readonly string[] {
  const arn = topic.graph.arn(topic.resource);
  return stacks.flatMap((stack) =>
    stack
      .all("aws_sns_topic_subscription")
      .filter(({ values }) => {
        const target = stack.target(values["topic_arn"]);
        return target
          ? stack === topic.graph && target === topic.resource && isArnOf(stack, values["topic_arn"])
          : arn !== undefined && stack.text(values["topic_arn"]) === arn;
      })
      .filter((subscription) => delivers(stack, stacks, subscription, topic))
      .map(({ address }) => address),
  );
}

function delivers(stack: Graph, stacks: readonly Graph[], { values, ...resource }: Resource, topic: Topic): boolean {
  const isEach = (stack.text(values["endpoint"]) ?? "").includes("${each.");
  if (isEach && values["for_each"] === undefined) return false;
  if (!exists({ ...resource, values }) || isEmpty(stack, values["for_each"]) || !passesFilter(stack, values)) return false;
  const protocol = stack.text(values["protocol"]) ?? "";
  const endpoint = values["endpoint"];
  if (PEOPLE.includes(protocol))
    return (stack.text(endpoint) ?? "") !== "" && regionOf(stack, { values, ...resource }) === regionOf(topic.graph, topic.resource);
  const [owner, target] = endpointOf(stack, stacks, endpoint);
  if (!owner || !target)
    return (stack.text(endpoint) ?? "").startsWith("arn:") && !stacks.some((one) => isIn(one, stack.text(endpoint) ?? ""));
  if (protocol === "lambda")
    return target.type === "aws_lambda_function" && mayInvoke(owner, target, "sns.amazonaws.com", arnIn(topic.graph, topic.resource));
  return (
    protocol === "sqs" && target.type === "aws_sqs_queue" && maySend(owner, target, "sns.amazonaws.com", arnIn(topic.graph, topic.resource))
  );
}

/** Whether an ARN is of the region and the account of a stack: its resource should then be in it. */
export const isIn = ({ region, account }: Graph, arn: string): boolean => arn.includes(`:${String(region)}:${String(account)}:`);

function endpointOf(stack: Graph, stacks: readonly Graph[], value: unknown): readonly [Graph | undefined, Resource | undefined] {
  const target = stack.target(value);
  if (target) return [stack, target];
  const arn = stack.text(value);
  for (const owner of stacks) {
    const found = [...owner.all("aws_lambda_function"), ...owner.all("aws_sqs_queue")].find((resource) => owner.arn(resource) === arn);
    if (found) return [owner, found];
  }
  return [undefined, undefined];
}

function isEmpty(stack: Graph, each: unknown): boolean {
  if (each === undefined) return false;
  if (typeof each === "object" && each !== null && !Array.isArray(each)) return Object.keys(each).length === 0;
  const isList = Array.isArray(each) || stack.text(each) === undefined;
  return isList && stack.list(each).length === 0;
}

/** Alarms and events have no message attributes. */
function passesFilter(stack: Graph, values: Resource["values"]): boolean {
  if (values["filter_policy"] === undefined) return true;
  return matchesPattern(stack.document(values["filter_policy"]), values["filter_policy_scope"] === "MessageBody" ? MESSAGE : {});
}

/** Whether a service may invoke a function for a source. The permission of a version or an alias is not one of the function. */
export function mayInvoke(graph: Graph, lambda: Resource, principal: string, sourceArn: string, qualifier?: Resource): boolean {
  return graph.all("aws_lambda_permission").some(({ values }) => {
    const source = graph.text(values["source_arn"]);
    const of = graph.target(values["function_name"]);
    const isOf = of
      ? of === lambda
      : [graph.text(lambda.values["function_name"]), graph.arn(lambda)].includes(graph.text(values["function_name"]));
    return (
      isOf &&
      values["action"] === "lambda:InvokeFunction" &&
      graph.text(values["principal"]) === principal &&
      (values["qualifier"] === undefined ? qualifier === undefined : graph.target(values["qualifier"]) === qualifier) &&
      (source === undefined ||
        source === sourceArn ||
        (source.includes("*") && new RegExp(`^${source.replaceAll("*", ".*")}$`).test(sourceArn)))
    );
  });
}

/** Whether a service may send messages to a queue for a source: by the policy of the queue and by that of its key. */
export function maySend(graph: Graph, queue: Resource, principal: string, sourceArn: string): boolean {
  const statements = attachedStatements(graph, "aws_sqs_queue_policy", "queue_url", queue) ?? [];
  const context = { ...forAccount(graph, statements, sourceArn) };
  // EventBridge sends no condition key to KMS.
  const forKey = principal === "events.amazonaws.com" ? OVER_TLS : context;
  return (
    allows(statements, { action: "sqs:SendMessage", resource: arnIn(graph, queue), principal, context }) &&
    mayEncrypt(graph, queue, principal, forKey)
  );
}

/**
 * Why a service may not publish to a topic. Without a policy, only the owner of a topic may, and alarms of the same account.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
export function publishFaults({ graph, resource }: Topic, principal: string, sourceArn: string | undefined): readonly string[] {
  const own = resource.values["policy"];
  const statements =
    attachedStatements(graph, "aws_sns_topic_policy", "arn", resource) ?? (own === undefined ? undefined : statementsIn(graph, own));
  const context = principal === "events.amazonaws.com" ? OVER_TLS : forAccount(graph, statements ?? [], sourceArn);
  const isAllowed =
    statements === undefined
      ? principal !== "events.amazonaws.com"
      : allows(statements, { action: "sns:Publish", resource: arnIn(graph, resource), principal, context });
  return [
    ...(isAllowed ? [] : [`The policy of ${resource.address} does not let ${principal} publish.`]),
    ...(mayEncrypt(graph, resource, principal, context) ? [] : [`The key of ${resource.address} does not let ${principal} encrypt.`]),
  ];
}
