import { configuring } from "../encryption/buckets";
import type { Graph } from "../graph/graph";
import { block, blocks, type Resource, text } from "../graph/values";
import { permissionOf } from "./function-needs";
import type { Statement } from "./policy";
import { isEveryone, isNarrowed, servicesOf, strangers } from "./principals";
import { resourcePolicies } from "./resource-policies";

const BLOCKS = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];

/**
 * Services whose requests a policy cannot narrow by their source: EventBridge to topics, and load balancers to buckets, where the folder
 * names the account.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html#attach-bucket-policy
 */
const WITHOUT_SOURCE: Readonly<Record<string, readonly string[]>> = {
  aws_s3_bucket: ["logdelivery.elasticloadbalancing.amazonaws.com", "delivery.logs.amazonaws.com"],
  aws_sns_topic: ["events.amazonaws.com"],
};
const RECEIVERS = ["aws_s3_bucket", "aws_sns_topic", "aws_sqs_queue"];

/** The address of a policy of a resource that cannot be read. Undefined if all can be. */
export function unreadable(graph: Graph): string | undefined {
  return resourcePolicies(graph).find(({ statements }) => statements === undefined)?.policy.address;
}

/** What everyone, or another account, may reach. */
export function publicFaults(graph: Graph): { readonly faults: readonly string[]; readonly seen: readonly string[] } {
  const policies = resourcePolicies(graph).filter(({ policy }) => !policy.type.startsWith("aws_kms_"));
  const permissions = graph.all("aws_lambda_permission");
  const buckets = graph.all("aws_s3_bucket");
  const databases = ["aws_rds_cluster_instance", "aws_db_instance", "aws_redshift_cluster", "aws_dms_replication_instance"].flatMap(
    (type) => graph.all(type),
  );
  const services = graph.all("aws_ecs_service");
  const friends = [graph.account, ...copiedTo(graph)];
  return {
    seen: [...policies.map(({ policy }) => policy), ...permissions, ...buckets, ...databases, ...services].map(({ address }) => address),
    faults: [
      ...policies.flatMap(({ name, of, statements = [] }) =>
        statements.flatMap((statement) => openings(name, of?.type ?? "", statement, friends)),
      ),
      ...permissions.flatMap((permission) =>
        permissionOf([graph], graph, permission).flatMap((one) => permissionFaults(permission, one, friends)),
      ),
      ...graph
        .all("aws_lambda_function_url")
        .filter(({ values }) => graph.text(values["authorization_type"]) !== "AWS_IAM")
        .map(({ address }) => `Everyone may call the function of ${address}.`),
      ...buckets.flatMap((bucket) => bucketFaults(graph, bucket)),
      ...databases
        .filter(({ values }) => text(values["publicly_accessible"]) === "true")
        .map(({ address }) => `${address} has an address in the internet.`),
      ...services
        .filter(({ values }) => text(block(values["network_configuration"])["assign_public_ip"]) === "true")
        .map(({ address }) => `The tasks of ${address} have addresses in the internet.`),
    ],
  };
}

function openings(name: string, type: string, statement: Statement, friends: readonly (string | undefined)[]): readonly string[] {
  if (statement.effect !== "Allow") return [];
  const by = statement.sid || "a statement";
  const deputies = RECEIVERS.includes(type) && !isNarrowed(statement) ? servicesOf(statement) : [];
  return [
    ...(isEveryone(statement) ? [`${name} is open to everyone, by ${by}.`] : []),
    ...strangers(statement, friends).map((who) => `${name} is open to ${who}, which is not of this account.`),
    ...deputies
      .filter((service) => !WITHOUT_SOURCE[type]?.includes(service))
      .map((service) => `${name} accepts what ${service} sends for any account, by ${by}.`),
  ];
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html */
function permissionFaults({ address }: Resource, statement: Statement, friends: readonly (string | undefined)[]): readonly string[] {
  return [
    ...(isEveryone(statement) ? [`Everyone may invoke the function of ${address}.`] : []),
    ...strangers(statement, friends).map((who) => `${who} of another account may invoke the function of ${address}.`),
    ...(isNarrowed(statement) ? [] : servicesOf(statement)).map(
      (service) => `${service} may invoke the function of ${address} for any account.`,
    ),
  ];
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html */
function bucketFaults(graph: Graph, bucket: Resource): readonly string[] {
  const all = [...configuring(graph, "aws_s3_bucket_public_access_block", bucket), ...graph.all("aws_s3_account_public_access_block")];
  const off = BLOCKS.find((name) => !all.some(({ values }) => graph.text(values[name]) === "true"));
  const acls = [bucket.values["acl"], ...configuring(graph, "aws_s3_bucket_acl", bucket).map(({ values }) => values["acl"])].map(
    (acl) => graph.text(acl) ?? "",
  );
  return [
    ...(off === undefined ? [] : [`${bucket.address} can become public: ${off} is not on.`]),
    ...(acls.some((acl) => acl.startsWith("public-") || acl === "authenticated-read") ? [`${bucket.address} is public by its ACL.`] : []),
  ];
}

/** Accounts to which backups are copied, with whom the configuration shares on purpose. */
export function copiedTo(graph: Graph): readonly (string | undefined)[] {
  return graph
    .all("aws_backup_plan")
    .flatMap(({ values }) => blocks(values["rule"]))
    .flatMap((rule) => blocks(rule["copy_action"]).map((copy) => graph.text(copy["destination_vault_arn"])?.split(":")[4]));
}
