import type { Graph } from "../graph/graph";
import { oncePerStack } from "../graph/memo";
import { block, blocks, type Resource } from "../graph/values";
import { type Key, keyOf } from "../iam/keys";
import type { Call } from "../iam/policy";

/** A service of AWS that uses a key by its own name, and so needs the policy of the key. */
export interface KeyUser {
  readonly key: Key;
  /** What is encrypted. */
  readonly store: Resource;
  readonly service: string;
  readonly actions: readonly string[];
  readonly context: NonNullable<Call["context"]>;
}

type User = Omit<KeyUser, "key" | "store">;

const MESSAGES = ["kms:GenerateDataKey", "kms:Decrypt"];

/** The services that use keys of a stack by their own name. */
export function keyUsers(stacks: readonly Graph[], graph: Graph): readonly KeyUser[] {
  const using = (store: Resource, key: unknown, users: (region: string, account: string) => readonly User[]): readonly KeyUser[] => {
    const named = keyOf(stacks, graph, key);
    const { region, account } = graph.placeOf(store);
    if (named?.kind !== "key" || region === undefined || account === undefined) return [];
    return users(region, account).map((user) => ({ ...user, key: named, store }));
  };
  return [
    ...graph.all("aws_cloudwatch_log_group").flatMap((group) => using(group, group.values["kms_key_id"], logs(graph, group))),
    ...graph.all("aws_cloudwatch_event_bus").flatMap((bus) => using(bus, bus.values["kms_key_identifier"], events(graph, bus))),
    ...graph.all("aws_ecs_cluster").flatMap((cluster) => {
      const storage = block(block(cluster.values["configuration"])["managed_storage_configuration"]);
      return using(cluster, storage["fargate_ephemeral_storage_kms_key_id"], fargate(graph, cluster));
    }),
    ...graph.all("aws_sfn_state_machine").flatMap((machine) => {
      const { level = "OFF" } = block(machine.values["logging_configuration"]);
      const key = block(machine.values["encryption_configuration"])["kms_key_id"];
      const delivery = { service: "delivery.logs.amazonaws.com", actions: ["kms:Decrypt"], context: {} };
      return level === "OFF" ? [] : using(machine, key, () => [delivery]);
    }),
    ...["aws_sns_topic", "aws_sqs_queue"].flatMap((type) =>
      graph.all(type).flatMap((store) =>
        using(store, store.values["kms_master_key_id"], (_, account) =>
          [...new Set(sendersTo(stacks, graph, store).map(({ service }) => service))].map((service) => ({
            service,
            actions: MESSAGES,
            // EventBridge passes no condition keys to a key. https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
            context: service === "events.amazonaws.com" ? {} : { "aws:SourceAccount": account },
          })),
        ),
      ),
    ),
  ];
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
function logs(graph: Graph, group: Resource): (region: string, account: string) => readonly User[] {
  return (region, account) => {
    const name = logGroupName(graph, group);
    if (name === undefined) return [];
    const actions = ["Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKey", "DescribeKey"].map((one) => `kms:${one}`);
    const context = { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${region}:${account}:log-group:${name}` };
    return [{ service: `logs.${region}.amazonaws.com`, actions, context }];
  };
}

/**
 * The name of a log group. Synthetics makes the name of the function of a canary: 21 characters of the name of the canary, and a UUID.
 * Undefined if it is unknown before an apply.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Canaries_Details.html
 */
function logGroupName(graph: Graph, { values }: Resource): string | undefined {
  const name = graph
    .text(values["name"])
    ?.replace(/\$\{[^}]*\b(aws_synthetics_canary\.[\w-]+)\.engine_arn\b[^}]*\}/, (whole, address: string) => {
      const canary = graph.all("aws_synthetics_canary").find((one) => one.address === address);
      const called = canary && graph.text(canary.values["name"]);
      return called === undefined ? whole : `cwsyn-${called.slice(0, 21)}-1b671a64-40d5-491e-99b0-da01ff1f3341`;
    });
  return name?.includes("${") ? undefined : name;
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html */
function events(graph: Graph, bus: Resource): () => readonly User[] {
  const context = { "kms:EncryptionContext:aws:events:event-bus:arn": graph.arn(bus) ?? "" };
  const actions = ["kms:DescribeKey", "kms:GenerateDataKey", "kms:Decrypt"];
  return () => [{ service: "events.amazonaws.com", actions, context }];
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-create-storage-key.html */
function fargate(graph: Graph, cluster: Resource): (region: string, account: string) => readonly User[] {
  return (_, account) => {
    const context = {
      "kms:EncryptionContext:aws:ecs:clusterAccount": account,
      "kms:EncryptionContext:aws:ecs:clusterName": graph.text(cluster.values["name"]) ?? "",
    };
    const service = "fargate.amazonaws.com";
    return [
      { service, actions: ["kms:GenerateDataKeyWithoutPlaintext"], context },
      { service, actions: ["kms:CreateGrant"], context: { ...context, "kms:GrantOperations": ["Decrypt"] } },
    ];
  };
}

/** A service that sends to a topic or a queue by its own name, and the resource that makes it do so. */
export interface Sender {
  readonly service: string;
  readonly by: Resource;
  readonly graph: Graph;
}

interface Sending extends Sender {
  /** ARN of the receiver, if it is known. */
  readonly to: string | undefined;
  readonly address: string | undefined;
}

const ACTIONS = ["alarm_actions", "ok_actions", "insufficient_data_actions"];

/** Who sends to a topic or a queue: alarms, event rules, RDS, topics, event buses that keep what they cannot deliver. */
export function sendersTo(stacks: readonly Graph[], graph: Graph, store: Resource): readonly Sender[] {
  const arn = graph.arn(store);
  return stacks.flatMap((other) =>
    sendings(stacks, other).filter(
      ({ to, address }) => (other === graph && address === store.address) || (arn !== undefined && to === arn),
    ),
  );
}

/** Everything in a stack that sends by the name of a service, once for each receiver. */
const sendings = oncePerStack((_, graph): readonly Sending[] => {
  const by = (service: string, type: string, values: (resource: Resource) => readonly unknown[]): readonly Sending[] =>
    graph.all(type).flatMap((resource) =>
      [...new Set(values(resource))].map((value) => ({
        service,
        by: resource,
        graph,
        to: graph.text(value),
        address: graph.target(value)?.address,
      })),
    );
  const alarms = (type: string): readonly Sending[] =>
    by("cloudwatch.amazonaws.com", type, ({ values }) => ACTIONS.flatMap((name) => graph.list(values[name])));
  return [
    ...alarms("aws_cloudwatch_metric_alarm"),
    ...alarms("aws_cloudwatch_composite_alarm"),
    ...by("events.rds.amazonaws.com", "aws_db_event_subscription", ({ values }) => [values["sns_topic"]]),
    ...by("events.amazonaws.com", "aws_cloudwatch_event_target", ({ values }) => [
      ...(values["role_arn"] === undefined ? [values["arn"]] : []),
      ...blocks(values["dead_letter_config"]).map((letters) => letters["arn"]),
    ]),
    ...by("events.amazonaws.com", "aws_cloudwatch_event_bus", ({ values }) => [block(values["dead_letter_config"])["arn"]]),
    ...by("sns.amazonaws.com", "aws_sns_topic_subscription", ({ values }) => (values["protocol"] === "sqs" ? [values["endpoint"]] : [])),
    ...by("backup.amazonaws.com", "aws_backup_vault_notifications", ({ values }) => [values["sns_topic_arn"]]),
    ...by("s3.amazonaws.com", "aws_s3_bucket_notification", ({ values }) =>
      [...blocks(values["topic"]), ...blocks(values["queue"])].flatMap((one) => [one["topic_arn"], one["queue_arn"]]),
    ),
  ];
});
