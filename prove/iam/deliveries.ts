import { logDeliveries } from "../encryption/buckets";
import { sendersTo } from "../encryption/key-users";
import type { Graph } from "../graph/graph";
import { block, type Resource } from "../graph/values";
import { ruleArn } from "./function-needs";
import { type Call, allows } from "./policy";
import { resourcePolicyOf } from "./resource-policies";

/** Why topics, queues and buckets refuse what services send to them by their own names. */
export function deliveryFaults(stacks: readonly Graph[], graph: Graph): readonly string[] {
  return [
    ...(["aws_sns_topic", "aws_sqs_queue"] as const).flatMap((type) =>
      graph.all(type).flatMap((store) => {
        const action = type === "aws_sns_topic" ? "sns:Publish" : "sqs:SendMessage";
        const policy = resourcePolicyOf(graph, store) ?? [];
        const resource = graph.arn(store);
        return resource === undefined
          ? []
          : sendersTo(stacks, graph, store)
              .filter(
                ({ service, by, graph: of }) =>
                  !allows(policy, { action, resource, principal: service, context: contextOf(of, service, by, type) }),
              )
              .map(({ service, by }) => `${store.address} refuses ${by.address}: its policy does not let ${service} call ${action}.`);
      }),
    ),
    ...logDeliveries(graph).flatMap(({ by, bucket }) => {
      const call = logCall(graph, by, bucket);
      return allows(resourcePolicyOf(graph, bucket) ?? [], call)
        ? []
        : [`${bucket.address} refuses the logs of ${by.address}: its policy does not let ${call.principal ?? ""} write.`];
    }),
  ];
}

/** Everything that sends by the name of a service, for the evidence. */
export function deliveriesOf(stacks: readonly Graph[], graph: Graph): readonly string[] {
  const topics = ["aws_sns_topic", "aws_sqs_queue"].flatMap((type) => graph.all(type));
  return [
    ...topics.flatMap((store) => [
      ...new Set(sendersTo(stacks, graph, store).map(({ service }) => `${service} sends to ${store.address}`)),
    ]),
    ...logDeliveries(graph).map(({ by, bucket }) => `${by.address} delivers to ${bucket.address}`),
  ];
}

/** Condition keys that a service passes. EventBridge passes the rule to queues, and nothing to topics. */
function contextOf(graph: Graph, service: string, by: Resource, receiver: string): NonNullable<Call["context"]> {
  const account = graph.account ?? "";
  const source =
    by.type === "aws_cloudwatch_event_target"
      ? ruleArn(graph, by.values["rule"])
      : by.type === "aws_sns_topic_subscription"
        ? graph.text(by.values["topic_arn"])
        : graph.arn(by);
  const secure = { "aws:SecureTransport": "true" };
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
  if (service === "events.amazonaws.com" && receiver === "aws_sns_topic") return secure;
  return { ...secure, "aws:SourceAccount": account, "aws:SourceArn": source ?? "" };
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html#attach-bucket-policy */
function logCall(graph: Graph, by: Resource, bucket: Resource): Call & { readonly resource: string } {
  const arn = graph.arn(bucket) ?? "";
  const account = graph.account ?? "";
  const context = { "aws:SecureTransport": "true", "aws:SourceAccount": account };
  if (by.type === "aws_s3_bucket_logging")
    return {
      action: "s3:PutObject",
      resource: `${arn}/${graph.text(by.values["target_prefix"]) ?? ""}any`,
      principal: "logging.s3.amazonaws.com",
      context,
    };
  const prefix = graph.text(block(by.values["access_logs"])["prefix"]);
  const folder = `${prefix === undefined ? "" : `${prefix}/`}AWSLogs/${account}/any`;
  return { action: "s3:PutObject", resource: `${arn}/${folder}`, principal: "logdelivery.elasticloadbalancing.amazonaws.com", context };
}
