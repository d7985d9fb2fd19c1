import type { Graph } from "../graph/graph";
import { block, blocks, type Resource } from "../graph/values";
import { allows, type Call, type Statement, statementsOf } from "../iam/policy";

/** What an identity may do. */
export interface Identity {
  readonly role: Resource;
  readonly statements: readonly Statement[];
  /** A boundary, if there is one. */
  readonly boundary: readonly Statement[] | undefined;
  /** Whether a policy is attached that is not in this JSON. */
  readonly hasOthers: boolean;
}

const known = new WeakMap<Graph, Map<string, Identity>>();

/** A role with the policies that are attached to it. */
export function identityOf(graph: Graph, role: Resource): Identity {
  const all = known.get(graph) ?? new Map<string, Identity>();
  known.set(graph, all);
  const found = all.get(role.address) ?? read(graph, role);
  all.set(role.address, found);
  return found;
}

function read(graph: Graph, role: Resource): Identity {
  const resolve = (value: unknown): string | undefined => graph.text(value);
  const name = graph.text(role.values["name"]);
  const isOwn = (value: unknown): boolean =>
    graph.target(value)?.address === role.address || (name !== undefined && graph.text(value) === name);
  const inline = [
    ...graph
      .all("aws_iam_role_policy")
      .filter(({ values }) => isOwn(values["role"]))
      .map(({ values }) => values["policy"]),
    ...blocks(role.values["inline_policy"]).map((policy) => policy["policy"]),
  ];
  const attached = graph
    .all("aws_iam_role_policy_attachment")
    .filter(({ values }) => isOwn(values["role"]))
    .map(({ values }) => graph.target(values["policy_arn"]));
  const boundary = role.values["permissions_boundary"];
  const documents = [...inline, ...attached.flatMap((policy) => (policy ? [policy.values["policy"]] : []))].map((policy) =>
    graph.document(policy),
  );
  return {
    role,
    statements: documents.flatMap((document) => statementsOf(block(document), resolve)),
    boundary: boundary === undefined ? undefined : statementsOf(block(graph.document(graph.target(boundary)?.values["policy"])), resolve),
    hasOthers: attached.includes(undefined) || documents.includes(undefined),
  };
}

/** Whether an identity may make a call. Without a resource: with any of those that its policies name. */
export function may({ statements, boundary }: Identity, call: Call): boolean {
  const within = (one: Call): boolean => allows(statements, one) && (boundary === undefined || allows(boundary, one));
  if (call.resource !== undefined) return within(call);
  const named = statements.flatMap(({ resources }) => resources ?? ["*"]).map((pattern) => pattern.replaceAll("*", "x"));
  return named.some((resource) => within({ ...call, resource }));
}

/** Whether a service may take on a role. */
export function mayAssume(graph: Graph, { values }: Resource, service: string, context: Call["context"]): boolean {
  const trust = statementsOf(block(graph.document(values["assume_role_policy"])), (value) => graph.text(value));
  return allows(trust, { action: "sts:AssumeRole", principal: service, ...(context && { context }) });
}
