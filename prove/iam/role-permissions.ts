import type { Graph } from "../graph/graph";
import { blocks, type Resource } from "../graph/values";
import { allows, type Call, type Statement, statementsOf } from "./policy";

/**
 * AWS managed policies that are read as everything of a service: a role that has one of them may do what the service does with it.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html
 */
const MANAGED = /^arn:aws:iam::aws:policy\/(service-role\/AWSBackupServiceRolePolicyForBackup|AdministratorAccess)$/;
const EVERYTHING: Statement = {
  sid: "",
  effect: "Allow",
  actions: ["*"],
  notActions: undefined,
  resources: ["*"],
  notResources: undefined,
  principals: undefined,
  notPrincipals: undefined,
  conditions: {},
};

/** The role that an argument names: by a reference, by its ARN, or by its name. */
export function roleOf(graph: Graph, value: unknown): Resource | undefined {
  const target = graph.target(value);
  if (target) return target.type === "aws_iam_role" ? target : undefined;
  const found = graph.text(value);
  return graph
    .all("aws_iam_role")
    .find((role) => found !== undefined && [graph.arn(role), graph.text(role.values["name"])].includes(found));
}

/** What a role may do. */
interface Permissions {
  readonly statements: readonly Statement[];
  /** A boundary, if there is one in this JSON. */
  readonly boundary: readonly Statement[] | undefined;
  /** Whether a policy or a boundary is attached that is not in this JSON. */
  readonly hasOthers: boolean;
}

const known = new WeakMap<Graph, Map<string, Permissions>>();

/** A role with the policies that are attached to it. */
export function permissionsOf(graph: Graph, role: Resource): Permissions {
  const all = known.get(graph) ?? new Map<string, Permissions>();
  known.set(graph, all);
  const found = all.get(role.address) ?? readPermissions(graph, role);
  all.set(role.address, found);
  return found;
}

function readPermissions(graph: Graph, role: Resource): Permissions {
  const own = (type: string): readonly Resource[] =>
    graph.all(type).filter(({ values }) => roleOf(graph, values["role"])?.address === role.address);
  const attached = [
    ...own("aws_iam_role_policy_attachment").map(({ values }) => values["policy_arn"]),
    ...graph.list(role.values["managed_policy_arns"]),
  ];
  const isManaged = attached.some((arn) => MANAGED.test(graph.text(arn) ?? ""));
  const others = attached.filter((arn) => !MANAGED.test(graph.text(arn) ?? ""));
  const policies = others.flatMap((arn) => graph.target(arn) ?? []).filter(({ type }) => type === "aws_iam_policy");
  const documents = [
    ...own("aws_iam_role_policy").map(({ values }) => values["policy"]),
    ...blocks(role.values["inline_policy"]).map(({ policy }) => policy),
    ...policies.map(({ values }) => values["policy"]),
  ];
  const boundary = boundaryOf(graph, role);
  return {
    statements: [...documents.flatMap((document) => readPolicy(graph, document)), ...(isManaged ? [EVERYTHING] : [])],
    boundary: boundary === "other" ? undefined : boundary,
    hasOthers:
      boundary === "other" || others.length > policies.length || documents.some((document) => graph.document(document) === undefined),
  };
}

/** A boundary that a reference without a target names allows nothing. One that is named by its ARN is not known. */
function boundaryOf(graph: Graph, { values }: Resource): readonly Statement[] | "other" | undefined {
  const boundary = values["permissions_boundary"];
  if (boundary === undefined || boundary === null) return undefined;
  const target = graph.target(boundary);
  if (target) return target.type.startsWith("data.") ? "other" : readPolicy(graph, target.values["policy"]);
  return (graph.text(boundary) ?? "").startsWith("${aws_") ? [] : "other";
}

/** Whether a role may make a call. Without a resource: with any of those that its policies name. */
export function may(graph: Graph, role: Resource, call: Call): boolean {
  const { statements, boundary } = permissionsOf(graph, role);
  const within = (one: Call): boolean => allows(statements, one) && (boundary === undefined || allows(boundary, one));
  if (call.resource !== undefined) return within(call);
  const named = statements.flatMap(({ resources }) => resources ?? ["*"]).map((pattern) => pattern.replaceAll("*", "x"));
  return named.some((resource) => within({ ...call, resource }));
}

/** The statements of a policy document in an argument. */
export function readPolicy(graph: Graph, document: unknown): readonly Statement[] {
  return statementsOf(graph.document(document) ?? {}, (value) => graph.text(value));
}

/** Whether a service may assume a role, on behalf of a resource of the account of the stack. */
export function trusts(
  graph: Graph,
  role: Resource,
  service: string,
  context: Call["context"] = graph.account === undefined ? {} : { "aws:SourceAccount": graph.account },
): boolean {
  const trust = readPolicy(graph, role.values["assume_role_policy"]);
  return allows(trust, { action: "sts:AssumeRole", principal: service, context });
}

/** Whether a policy of a resource denies a call, whatever the caller's own policies allow. */
export function denies(policy: readonly Statement[], call: Call): boolean {
  const only = policy.filter(({ effect }) => effect === "Deny").map((statement): Statement => ({ ...statement, effect: "Allow" }));
  return allows(only, call);
}
