import { allows, type Request } from "./access";
import { type PolicyStatement, statements } from "./policies";
import { type Resource, type Synthesized, target } from "./synthesized";

const ACCOUNT = "123456789012";
/** What services send with every request. */
export const OVER_TLS = { "aws:SecureTransport": "true" };
export const FOR_THIS_ACCOUNT = { ...OVER_TLS, "aws:SourceAccount": ACCOUNT };
export const FOR_ANOTHER_ACCOUNT = { ...OVER_TLS, "aws:SourceAccount": "210987654321" };

const regionOf = (stack: Synthesized): string => (stack.json["provider"] as { aws: [{ region: string }] }).aws[0].region;
export const reference = (resource: Resource, attribute = "arn"): string => `\${${resource.address}.${attribute}}`;

/** The statements of the policies that are attached to a resource by a resource of another type. */
export function policyOf(stack: Synthesized, type: string, attribute: string, resource: Resource): PolicyStatement[] {
  const carriers = stack.all(type).filter((candidate) => target(candidate[attribute]) === resource.address);
  return statements(stack).filter(({ address }) => carriers.some((carrier) => carrier.address === address));
}

/** The statements of the policy that a resource carries itself: of a key, and the trust of a role. */
export const ownPolicy = (stack: Synthesized, { address }: Resource): PolicyStatement[] =>
  statements(stack).filter((statement) => statement.address === address);

/** The topic that notifies on-call. */
export const topicOf = (stack: Synthesized): Resource => stack.resource("aws_sns_topic.alerts_topic");
/** The topic of the alarms in composite alarms, where the stack has one. */
export const detailsTopicOf = (stack: Synthesized): Resource | undefined =>
  stack.all("aws_sns_topic").find(({ address }) => address === "aws_sns_topic.alerts_details-topic");
/** The topic of the heartbeat, where alerts are forwarded. It is not a topic of alerts. */
export const heartbeatTopicOf = (stack: Synthesized): Resource | undefined =>
  stack.all("aws_sns_topic").find(({ address }) => address === "aws_sns_topic.heartbeat_topic");
export const literalArn = (stack: Synthesized, service: string, name: unknown): string =>
  `arn:aws:${service}:${regionOf(stack)}:${ACCOUNT}:${String(name)}`;
export const keyOf = (stack: Synthesized, resource: Resource): Resource => stack.resource(target(resource["kms_master_key_id"]));

/** Whether a caller may use a key to write encrypted data. */
export function canEncrypt(key: readonly PolicyStatement[], caller: Pick<Request, "service" | "context">, resource = "*"): boolean {
  return ["kms:GenerateDataKey", "kms:Decrypt"].every((action) => allows(key, { ...caller, action, resource }));
}

/** Whether a service may publish to the topic: the topic's own policy, and its key's. */
export function canPublish(
  stack: Synthesized,
  service: string,
  context: Record<string, string>,
  topic = topicOf(stack),
): { topic: boolean; key: boolean } {
  return {
    topic: allows(policyOf(stack, "aws_sns_topic_policy", "arn", topic), {
      service,
      action: "sns:Publish",
      resource: literalArn(stack, "sns", topic["name"]),
      context,
    }),
    key: canEncrypt(ownPolicy(stack, keyOf(stack, topic)), { service, context }),
  };
}

/** Whether a service may send to a queue: the queue's own policy, and its key's. */
export function canSend(
  stack: Synthesized,
  queue: Resource,
  service: string,
  forQueue: Record<string, string>,
  forKey: Record<string, string>,
): { queue: boolean; key: boolean } {
  return {
    queue: allows(policyOf(stack, "aws_sqs_queue_policy", "queue_url", queue), {
      service,
      action: "sqs:SendMessage",
      resource: literalArn(stack, "sqs", queue["name"]),
      context: { ...OVER_TLS, ...forQueue },
    }),
    key: canEncrypt(ownPolicy(stack, keyOf(stack, queue)), { service, context: forKey }),
  };
}

/** Policies of a role. */
export const rolePolicy = (stack: Synthesized, role: Resource): PolicyStatement[] => policyOf(stack, "aws_iam_role_policy", "role", role);

const busOf = (stack: Synthesized, resource: Resource): Resource | undefined =>
  resource["event_bus_name"] === undefined ? undefined : stack.resource(target(resource["event_bus_name"]));

/** ARN of a rule; on a bus that is not the default one, the bus is part of it. */
export function ruleArn(stack: Synthesized, rule: Resource): string {
  const bus = busOf(stack, rule);
  return literalArn(stack, "events", `rule/${bus ? `${String(bus["name"])}/` : ""}${String(rule["name"])}`);
}

export interface Delivery {
  readonly rule: Resource;
  readonly to: Resource;
  readonly via: Resource;
}

/** Every rule with its targets. */
export function deliveries(stack: Synthesized, ...types: string[]): Delivery[] {
  return stack
    .all("aws_cloudwatch_event_target")
    .map((via) => ({ via, rule: stack.resource(target(via["rule"])), to: stack.resource(target(via["arn"])) }))
    .filter(({ to }) => types.length === 0 || types.includes(to.resourceType));
}

/** The dead-letter queue of a resource, if it has one. */
export function deadLettersOf(stack: Synthesized, resource: Resource): Resource | undefined {
  const config = resource["dead_letter_config"] as { arn?: string; target_arn?: string } | undefined;
  return config && stack.resource(target(config.arn ?? config.target_arn));
}

/** Permissions to call a function, for a caller and on behalf of something. */
export function invokePermissions(stack: Synthesized, callee: Resource, principal: string, sources: readonly string[]): Resource[] {
  const isAlias = callee.resourceType === "aws_lambda_alias";
  const lambda = isAlias ? target(callee["function_name"]) : callee.address;
  return stack.all("aws_lambda_permission").filter(
    (permission) =>
      permission["action"] === "lambda:InvokeFunction" &&
      permission["principal"] === principal &&
      target(permission["function_name"]) === lambda &&
      // The permission of a function is none of its alias, and the other way round.
      permission["qualifier"] === (isAlias ? `\${${callee.address}.name}` : undefined) &&
      sources.includes(String(permission["source_arn"])),
  );
}
