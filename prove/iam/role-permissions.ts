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

const statements = new WeakMap<Graph, Map<string, readonly Statement[]>>();

/** What the policies of a role say. */
export function permissionsOf(graph: Graph, role: Resource): readonly Statement[] {
  const known = statements.get(graph) ?? new Map<string, readonly Statement[]>();
  statements.set(graph, known);
  const found = known.get(role.address) ?? readPermissions(graph, role);
  known.set(role.address, found);
  return found;
}

function readPermissions(graph: Graph, role: Resource): readonly Statement[] {
  const read = (document: unknown): readonly Statement[] => readPolicy(graph, document);
  const own = (type: string): readonly Resource[] =>
    graph.all(type).filter(({ values }) => roleOf(graph, values["role"])?.address === role.address);
  const attached = [
    ...own("aws_iam_role_policy_attachment").map(({ values }) => values["policy_arn"]),
    ...graph.list(role.values["managed_policy_arns"]),
  ];
  return [
    ...own("aws_iam_role_policy").flatMap(({ values }) => read(values["policy"])),
    ...blocks(role.values["inline_policy"]).flatMap(({ policy }) => read(policy)),
    ...attached.flatMap((arn) => {
      if (MANAGED.test(graph.text(arn) ?? "")) return [EVERYTHING];
      const policy = graph.target(arn);
      return policy?.type === "aws_iam_policy" ? read(policy.values["policy"]) : [];
    }),
  ];
}

/** Whether a role may make a call. A boundary that is not in the JSON is not known. */
export function may(graph: Graph, role: Resource, call: Call): boolean {
  const boundary = graph.target(role.values["permissions_boundary"]);
  const limits = boundary?.type === "aws_iam_policy" ? readPolicy(graph, boundary.values["policy"]) : undefined;
  return allows(permissionsOf(graph, role), call) && (limits === undefined || allows(limits, call));
}

/** The statements of a policy document in an argument. */
export function readPolicy(graph: Graph, document: unknown): readonly Statement[] {
  return statementsOf(graph.document(document) ?? {}, (value) => graph.text(value));
}

/** Whether a service may assume a role, on behalf of a resource of the account of the stack. */
export function trusts(graph: Graph, role: Resource, service: string): boolean {
  const trust = readPolicy(graph, role.values["assume_role_policy"]);
  const context = graph.account === undefined ? {} : { "aws:SourceAccount": graph.account };
  return allows(trust, { action: "sts:AssumeRole", principal: service, context });
}

/** Whether a policy of a resource denies a call, whatever the caller's own policies allow. */
export function denies(policy: readonly Statement[], call: Call): boolean {
  const only = policy.filter(({ effect }) => effect === "Deny").map((statement): Statement => ({ ...statement, effect: "Allow" }));
  return allows(only, call);
}
