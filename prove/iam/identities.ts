import type { Graph } from "../graph/graph";
import { oncePerStack } from "../graph/memo";
import { blocks, type Resource } from "../graph/values";
import { arnText, keyArn } from "./arns";
import { aliasesOf, type Key, keyAllows, keyDenies, keyPolicy } from "./keys";
import { managedPolicy } from "./managed-policies";
import { allows, type Call, type Statement, statementsOf } from "./policy";

/** A role, a user or a group, with what its policies allow. */
export interface Identity {
  readonly graph: Graph;
  readonly resource: Resource;
  readonly arn: string;
  readonly statements: readonly Statement[];
  /** Statements of its permissions boundary, which must allow as well. @default - none */
  readonly boundary: readonly Statement[] | undefined;
  /** Policies that are not in the JSON, so that what they allow is unknown. */
  readonly opaque: readonly string[];
}

const KINDS = ["role", "user", "group"] as const;

/** The roles, users and groups of a stack. */
export const identities = oncePerStack((stacks, graph): readonly Identity[] =>
  KINDS.flatMap((kind) => graph.all(`aws_iam_${kind}`).map((resource) => identity(stacks, graph, kind, resource))),
);

/** The role that an argument names, by reference, ARN or name. */
export function roleOf(stacks: readonly Graph[], graph: Graph, value: unknown): Identity | undefined {
  const target = graph.target(value);
  const text = graph.text(value);
  if (target) return identities(stacks, graph).find(({ resource }) => resource.address === target.address);
  return stacks
    .flatMap((other) => identities(stacks, other))
    .find(({ arn, graph: other, resource }) => arn === text || other.text(resource.values["name"]) === text);
}

function identity(stacks: readonly Graph[], graph: Graph, kind: (typeof KINDS)[number], resource: Resource): Identity {
  const name = graph.text(resource.values["name"]);
  const isOf = (value: unknown): boolean => {
    const target = graph.target(value);
    return target ? target.address === resource.address : name !== undefined && graph.text(value) === name;
  };
  const inline = [
    ...graph
      .all(`aws_iam_${kind}_policy`)
      .filter(({ values }) => isOf(values[kind]))
      .map(({ values }) => values["policy"]),
    ...blocks(resource.values["inline_policy"]).map((policy) => policy["policy"]),
  ];
  const attached = [
    ...graph
      .all(`aws_iam_${kind}_policy_attachment`)
      .filter(({ values }) => isOf(values[kind]))
      .map(({ values }) => values["policy_arn"]),
    ...graph
      .all("aws_iam_policy_attachment")
      .filter(({ values }) => graph.list(values[`${kind}s`]).some(isOf))
      .map(({ values }) => values["policy_arn"]),
    ...graph.list(resource.values["managed_policy_arns"]),
  ];
  const read = (document: unknown): readonly Statement[] | undefined =>
    typeof document === "object" && document !== null ? statementsOf(document, (value) => arnText(stacks, graph, value)) : undefined;
  const policies = [
    ...inline.map((policy) => ({ called: `a policy of ${resource.address}`, statements: read(graph.document(policy)) })),
    ...attached.map((arn) => ({ called: graph.text(arn) ?? "a policy", statements: attachedPolicy(graph, arn, read) })),
  ];
  const { permissions_boundary: boundary } = resource.values;
  return {
    graph,
    resource,
    arn: graph.arn(resource) ?? `\${${resource.address}.arn}`,
    statements: policies.flatMap(({ statements }) => statements ?? []),
    boundary: boundary === undefined ? undefined : attachedPolicy(graph, boundary, read),
    opaque: policies.filter(({ statements }) => statements === undefined).map(({ called }) => called),
  };
}

function attachedPolicy(
  graph: Graph,
  arn: unknown,
  read: (document: unknown) => readonly Statement[] | undefined,
): readonly Statement[] | undefined {
  const text = graph.text(arn);
  const target = graph.target(arn) ?? graph.all("aws_iam_policy").find((policy) => text !== undefined && graph.arn(policy) === text);
  if (target) return read(graph.document(target.values["policy"]));
  return text === undefined ? undefined : managedPolicy(text);
}

/** Whether the policies of an identity allow a call. */
export function mayCall({ statements, boundary, arn }: Identity, call: Call): boolean {
  const context = {
    "aws:PrincipalArn": arn,
    "aws:PrincipalAccount": arn.split(":")[4] ?? "",
    "aws:PrincipalIsAWSService": "false",
    "aws:SecureTransport": "true",
    ...call.context,
  };
  return allows(statements, { ...call, context }) && (boundary === undefined || allows(boundary, { ...call, context }));
}

/**
 * Whether an identity may use a key: its own policies and that of the key together, or that of the key alone if it names the identity.
 * @param via the service through which it is used: `s3`. @default - by itself
 */
export function mayUseKey(
  stacks: readonly Graph[],
  identity: Identity,
  key: Key,
  action: string,
  via?: string,
  more?: Call["context"],
): boolean {
  const { region, account } = key.graph.placeOf(key.resource);
  const context = {
    "kms:CallerAccount": account ?? "",
    "kms:ResourceAliases": aliasesOf(stacks, key),
    "kms:GrantIsForAWSResource": "true",
    ...(via === undefined ? {} : { "kms:ViaService": `${via}.${region ?? ""}.amazonaws.com` }),
    ...more,
  };
  const call = { action, principal: identity.arn, context };
  const isNamed = keyPolicy(key).some(({ principals }) => principals?.["AWS"]?.includes(identity.arn));
  return keyAllows(key, call) && !keyDenies(key, call) && (isNamed || mayCall(identity, { action, resource: keyArn(key), context }));
}
