import type { Graph } from "../graph/graph";
import { blocks, type Resource } from "../graph/values";
import { allows, type Call, type Statement, statementsOf } from "../iam/policy";

type Context = NonNullable<Call["context"]>;

/** What every service of AWS sends over. */
const OVER_TLS: Context = { "aws:SecureTransport": "true" };

/** The ARN of a resource, or a reference to it where AWS chooses a part of it. */
export const arnIn = (graph: Graph, resource: Resource): string => graph.arn(resource) ?? `\${${resource.address}.arn}`;

/** Whether a reference is to the ARN of its resource, and not to its name or its URL. */
export const isArnOf = (graph: Graph, value: unknown): boolean =>
  /\.(arn|id)\}$/.test(String(value)) || (graph.text(value) ?? "").startsWith("arn:");

/** The statements of the document in an argument. */
export function statementsIn(graph: Graph, document: unknown): readonly Statement[] {
  return statementsOf(graph.document(document), (value) => graph.text(value));
}

/** The statements of a policy that another resource attaches. Undefined without one. */
export function attachedStatements(graph: Graph, type: string, argument: string, to: Resource): readonly Statement[] | undefined {
  const policies = graph.referring(type, argument, to);
  return policies.length === 0 ? undefined : policies.flatMap(({ values }) => statementsIn(graph, values["policy"]));
}

/** Condition keys of a service that acts for a resource of the account. Without a known account, the one that a policy names. */
export function forAccount(graph: Graph, statements: readonly Statement[], sourceArn: string | undefined): Context {
  const named = statements.flatMap(({ conditions }) => Object.values(conditions).flatMap((keys) => keys["aws:SourceAccount"] ?? []));
  const account = graph.account ?? named;
  return { ...OVER_TLS, "aws:SourceAccount": account, ...(sourceArn === undefined ? {} : { "aws:SourceArn": sourceArn }) };
}

/**
 * Whether a service may encrypt with the key of a topic or a queue. Without a key, or with the one that SQS owns, there is nothing to ask.
 * @param context what the service sends to KMS
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function mayEncrypt(graph: Graph, resource: Resource, principal: string, context: Context): boolean {
  const value = resource.values["kms_master_key_id"];
  if (value === undefined || value === null) return true;
  const key = keyOf(graph, value);
  // The policy of the key that AWS manages lets no service in. A key of another owner is not read.
  if (!key) return !/alias\/aws\/(sns|sqs)/.test(graph.text(value) ?? "");
  if (key.values["is_enabled"] === false) return false;
  const statements = statementsIn(graph, key.values["policy"]);
  return ["kms:GenerateDataKey", "kms:Decrypt"].every((action) =>
    allows(statements, { action, resource: arnIn(graph, key), principal, context }),
  );
}

/** The key that a value names, directly or by an alias. */
export function keyOf(graph: Graph, value: unknown): Resource | undefined {
  const found = graph.target(value);
  if (found?.type === "aws_kms_alias") return graph.target(found.values["target_key_id"]);
  return found?.type === "aws_kms_key" ? found : undefined;
}

export { OVER_TLS };

/** A role with what its policies say. */
export interface Role {
  readonly resource: Resource;
  readonly trust: readonly Statement[];
  readonly statements: readonly Statement[];
  /** Whether a policy is attached that is not in this JSON. */
  readonly isOpen: boolean;
}

const roles = new WeakMap<Resource, Role>();

export function roleOf(graph: Graph, value: unknown): Role | undefined {
  const resource = graph.target(value);
  if (resource?.type !== "aws_iam_role") return undefined;
  const found = roles.get(resource);
  if (found) return found;
  const attachments = graph
    .referring("aws_iam_role_policy_attachment", "role", resource)
    .map(({ values }) => graph.target(values["policy_arn"]));
  const documents = [
    ...blocks(resource.values["inline_policy"]),
    ...graph.referring("aws_iam_role_policy", "role", resource).map(({ values }) => values),
    ...attachments.flatMap((policy) => (policy ? [policy.values] : [])),
  ];
  const role = {
    resource,
    trust: statementsIn(graph, resource.values["assume_role_policy"]),
    statements: documents.flatMap((document) => statementsIn(graph, document["policy"])),
    isOpen: attachments.includes(undefined) || graph.list(resource.values["managed_policy_arns"]).length > 0,
  };
  roles.set(resource, role);
  return role;
}

export const mayAssume = (graph: Graph, { trust }: Role, principal: string): boolean =>
  allows(trust, { action: "sts:AssumeRole", principal, context: forAccount(graph, trust, undefined) });

export function roleAllows({ statements, isOpen }: Role, action: string, resource: string, context: Context = {}): boolean {
  const denies = statements.some(({ effect }) => effect === "Deny");
  return allows(statements, { action, resource, context: { ...OVER_TLS, ...context } }) || (isOpen && !denies);
}

/** Whether a role may use a key: by its own policies where the key leaves it to them, or by the policy of the key. */
export function roleMayUse(graph: Graph, role: Role, key: Resource, actions: readonly string[], context: Context = {}): boolean {
  if (key.values["is_enabled"] === false) return false;
  const arn = arnIn(graph, key);
  const policy = key.values["policy"] === undefined ? undefined : statementsIn(graph, key.values["policy"]);
  const principal = arnIn(graph, role.resource);
  return actions.every((action) => {
    const byKey = policy === undefined || allows(policy, { action, resource: arn, principal, context: { ...OVER_TLS, ...context } });
    return byKey && roleAllows(role, action, arn, context);
  });
}
