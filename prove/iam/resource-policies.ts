import type { Graph } from "../graph/graph";
import { type Resource, text } from "../graph/values";
import { type Statement, statementsOf } from "./policy";

/** Resources with a policy of another resource: its type, and the argument by which it names the resource. */
const SEPARATE: Readonly<Record<string, string>> = {
  aws_backup_vault_policy: "backup_vault_name",
  aws_cloudwatch_event_bus_policy: "event_bus_name",
  aws_dynamodb_resource_policy: "resource_arn",
  aws_ecr_repository_policy: "repository",
  aws_efs_file_system_policy: "file_system_id",
  aws_kinesis_resource_policy: "resource_arn",
  aws_kms_key_policy: "key_id",
  aws_opensearch_domain_policy: "domain_name",
  aws_s3_bucket_policy: "bucket",
  aws_secretsmanager_secret_policy: "secret_arn",
  aws_sns_topic_policy: "arn",
  aws_sqs_queue_policy: "queue_url",
  aws_vpc_endpoint_policy: "vpc_endpoint_id",
};
const ARGUMENTS = ["policy", "resource_policy", "access_policies", "access_policy"];
const POLICIES_OF_IDENTITIES = /^aws_(iam|organizations|ssoadmin|backup_plan|ecr_lifecycle)/;

/** A policy of a resource: who may do what with it. */
export interface ResourcePolicy {
  readonly policy: Resource;
  /** The resource that has it. Undefined if it is named by a text. */
  readonly of: Resource | undefined;
  readonly name: string;
  /** Undefined if the document cannot be read. */
  readonly statements: readonly Statement[] | undefined;
}

const found = new WeakMap<Graph, readonly ResourcePolicy[]>();

/** Every policy of a resource in a stack, in a resource of its own or in an argument. */
export function resourcePolicies(graph: Graph): readonly ResourcePolicy[] {
  const before = found.get(graph);
  if (before) return before;
  const all = graph.all().flatMap((resource) => {
    if (POLICIES_OF_IDENTITIES.test(resource.type) || resource.type.startsWith("data.")) return [];
    const argument = ARGUMENTS.find((name) => resource.values[name] !== undefined);
    if (argument === undefined) return [];
    const document = graph.document(resource.values[argument]);
    const statements = typeof document === "object" && document !== null ? statementsOf(document, (value) => graph.text(value)) : undefined;
    const by = SEPARATE[resource.type];
    const of = by === undefined ? resource : graph.target(resource.values[by]);
    return [{ policy: resource, of, name: of?.address ?? graph.text(resource.values[by ?? ""]) ?? resource.address, statements }];
  });
  found.set(graph, all);
  return all;
}

/** The statements of all policies of a resource together. Undefined without one, or if one cannot be read. */
export function resourcePolicyOf(graph: Graph, resource: Resource): readonly Statement[] | undefined {
  const names = [graph.arn(resource), ...["name", "bucket"].map((name) => text(resource.values[name]))];
  const own = resourcePolicies(graph).filter(({ of, name }) => (of ? of.address === resource.address : names.includes(name)));
  const statements = own.map((policy) => policy.statements);
  return own.length > 0 && statements.every((one) => one !== undefined) ? statements.flat() : undefined;
}
