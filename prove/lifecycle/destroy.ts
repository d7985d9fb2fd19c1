import type { Graph } from "../graph/graph";
import { block, type Resource, text } from "../graph/values";

/** Arguments that make AWS refuse a deletion, of any type. */
const REFUSING = [
  "deletion_protection",
  "deletion_protection_enabled",
  "enable_deletion_protection",
  "disable_api_termination",
  "delete_protection",
];

/** Types that AWS deletes only when they are empty, unless Terraform empties them. */
const EMPTIED: Readonly<Record<string, { readonly argument: string; readonly contents: string }>> = {
  aws_backup_vault: { argument: "force_destroy", contents: "recovery points" },
  aws_ecr_repository: { argument: "force_delete", contents: "images" },
  aws_rds_global_cluster: { argument: "force_destroy", contents: "member clusters" },
  aws_route53_zone: { argument: "force_destroy", contents: "records of others" },
  aws_s3_bucket: { argument: "force_destroy", contents: "objects" },
  aws_service_discovery_service: { argument: "force_destroy", contents: "instances" },
};

/** Types of which a deletion takes a last snapshot, unless an argument skips it. */
const SNAPSHOTS = ["aws_db_instance", "aws_docdb_cluster", "aws_neptune_cluster", "aws_rds_cluster", "aws_redshift_cluster"];

const isOn = (graph: Graph, value: unknown): boolean => ["true", "ACTIVE"].includes(graph.text(value) ?? "");

export const isProtected = (graph: Graph, { values }: Resource): boolean =>
  REFUSING.some((argument) => isOn(graph, values[argument])) || isOn(graph, block(values["lifecycle"])["prevent_destroy"]);

/** Whether a destroy can fail at a resource at all, by its type or by an argument that it has. */
export const canRefuse = ({ type, values }: Resource): boolean =>
  type in EMPTIED ||
  SNAPSHOTS.includes(type) ||
  type.endsWith("lock_configuration") ||
  [...REFUSING, "lifecycle"].some((argument) => values[argument] !== undefined);

/** Whether a destroy can leave something of a resource. */
export const canStay = ({ type }: Resource): boolean =>
  SNAPSHOTS.includes(type) ||
  /^aws_(cloudformation_stack|cloudwatch_log_group|db_proxy|ecs_cluster|lambda_function|secretsmanager_secret|synthetics_canary)$/.test(
    type,
  );

/** Why a destroy fails at a resource. */
export function blockers(graph: Graph, resource: Resource): readonly string[] {
  const { address, type, values } = resource;
  const emptied = EMPTIED[type];
  const refusing = REFUSING.find((argument) => isOn(graph, values[argument]));
  const final = SNAPSHOTS.includes(type) && !isOn(graph, values["skip_final_snapshot"]);
  return [
    ...(isOn(graph, block(values["lifecycle"])["prevent_destroy"]) ? [`Terraform refuses every plan that deletes ${address}.`] : []),
    ...(refusing === undefined ? [] : [`AWS refuses to delete ${address}: ${refusing} is on.`]),
    ...(emptied && !isOn(graph, values[emptied.argument]) ? [`A destroy fails at ${address} while it contains ${emptied.contents}.`] : []),
    ...(final && values["final_snapshot_identifier"] === undefined
      ? [`A destroy fails at ${address}: its last snapshot has no name.`]
      : []),
    ...(type === "aws_backup_vault_lock_configuration" ? [`A destroy fails while the retention of backups lasts, by ${address}.`] : []),
    ...(type === "aws_s3_bucket_object_lock_configuration" &&
    text(block(block(values["rule"])["default_retention"])["mode"]) === "COMPLIANCE"
      ? [`A destroy fails while the retention of objects lasts, by ${address}.`]
      : []),
  ];
}

/** What is left behind after a destroy, and has a name that blocks the next apply, or costs. */
export function leftovers(graph: Graph, { address, type, values }: Resource): readonly string[] {
  const days = Number(graph.text(values["recovery_window_in_days"]) ?? 30);
  const kept = /"DeletionPolicy"\s*:\s*"(Retain|Snapshot)/.exec(graph.text(values["template_body"]) ?? "")?.[1];
  return [
    ...(type === "aws_secretsmanager_secret" && days > 0 ? [`The name of ${address} is taken for ${days} days after a destroy.`] : []),
    ...(SNAPSHOTS.includes(type) && !isOn(graph, values["skip_final_snapshot"])
      ? [`${address} leaves a snapshot, whose name a second destroy cannot use.`]
      : []),
    ...(isOn(graph, values["skip_destroy"]) || isOn(graph, values["retain_on_delete"]) ? [`A destroy leaves ${address}.`] : []),
    ...(type === "aws_synthetics_canary" && !isOn(graph, values["delete_lambda"])
      ? [`${address} leaves its function and its layers.`]
      : []),
    ...(kept === undefined ? [] : [`${address} leaves a resource: its deletion policy is ${kept}.`]),
  ];
}

/**
 * Log groups that services create by themselves when Terraform does not: a destroy leaves them, unencrypted and without an expiry.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.CloudWatch.html
 */
export function unownedLogGroups(graph: Graph): readonly string[] {
  const written = graph.all("aws_cloudwatch_log_group").map(({ values }) => graph.text(values["name"]) ?? "");
  const missing = (resource: Resource, name: string): readonly string[] =>
    written.includes(name) ? [] : [`${resource.address} creates the log group ${name}, which a destroy leaves.`];
  return [
    ...graph
      .all("aws_rds_cluster")
      .flatMap((cluster) =>
        graph
          .list(cluster.values["enabled_cloudwatch_logs_exports"])
          .flatMap((log) =>
            missing(cluster, `/aws/rds/cluster/${graph.text(cluster.values["cluster_identifier"]) ?? ""}/${graph.text(log) ?? ""}`),
          ),
      ),
    ...graph.all("aws_lambda_function").flatMap((one) => {
      const group = block(one.values["logging_config"])["log_group"];
      return missing(one, graph.text(group) ?? `/aws/lambda/${graph.text(one.values["function_name"]) ?? ""}`);
    }),
    ...graph
      .all("aws_synthetics_canary")
      .filter(({ address }) => !written.some((name) => name.includes(`${address}.engine_arn`)))
      .map(({ address }) => `The function of ${address} creates a log group, which a destroy leaves.`),
    ...graph.all("aws_db_proxy").flatMap((proxy) => missing(proxy, `/aws/rds/proxy/${graph.text(proxy.values["name"]) ?? ""}`)),
    ...graph.all("aws_ecs_cluster").flatMap((cluster) => {
      const insights = graph
        .list(cluster.values["setting"])
        .map(block)
        .find(({ name }) => name === "containerInsights");
      const isWatched = insights !== undefined && insights["value"] !== "disabled";
      return isWatched ? missing(cluster, `/aws/ecs/containerinsights/${graph.text(cluster.values["name"]) ?? ""}/performance`) : [];
    }),
  ];
}
