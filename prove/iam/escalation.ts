import type { Graph } from "../graph/graph";
import { type Identity, identities } from "./identities";
import { matches, type Statement } from "./policy";
import { servicesOf } from "./principals";
import { trustOf } from "./trust";

/**
 * Calls that change who may do what. A role that may make one may do everything.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html
 */
const CHANGES = [
  "AddUserToGroup",
  "AttachGroupPolicy",
  "AttachRolePolicy",
  "AttachUserPolicy",
  "CreateAccessKey",
  "CreateLoginProfile",
  "CreatePolicyVersion",
  "DeleteRolePermissionsBoundary",
  "PutGroupPolicy",
  "PutRolePermissionsBoundary",
  "PutRolePolicy",
  "PutUserPolicy",
  "SetDefaultPolicyVersion",
  "UpdateAssumeRolePolicy",
  "UpdateLoginProfile",
].map((name) => `iam:${name}`);

/** Services that run what the caller gives them, with the role that the caller passes. */
const RUN_CODE = [
  "apprunner",
  "batch",
  "cloudformation",
  "codebuild",
  "ec2",
  "ecs-tasks",
  "events",
  "glue",
  "lambda",
  "sagemaker",
  "scheduler",
  "ssm",
  "states",
  "tasks.apprunner",
].map((name) => `${name}.amazonaws.com`);

/** Calls that replace what a function or a state machine does, and the types and arguments of these. */
const REPLACE = [
  { action: "lambda:UpdateFunctionCode", type: "aws_lambda_function", role: "role" },
  { action: "lambda:UpdateFunctionConfiguration", type: "aws_lambda_function", role: "role" },
  { action: "states:UpdateStateMachine", type: "aws_sfn_state_machine", role: "role_arn" },
];

/** The patterns of resources for which statements allow an action, whatever their conditions. A denial without conditions counts. */
function reach(statements: readonly Statement[], action: string): readonly { readonly pattern: string; readonly statement: Statement }[] {
  const names = ({ actions, notActions }: Statement): boolean => {
    const some = (patterns: readonly string[]): boolean => patterns.some((pattern) => matches(action.toLowerCase(), pattern.toLowerCase()));
    return notActions === undefined ? some(actions) : !some(notActions);
  };
  const denied = statements.filter(({ effect, conditions }) => effect === "Deny" && Object.keys(conditions).length === 0).filter(names);
  return statements
    .filter((statement) => statement.effect === "Allow" && names(statement))
    .flatMap((statement) => (statement.resources ?? ["*"]).map((pattern) => ({ pattern, statement })))
    .filter(({ pattern }) => !denied.some(({ resources }) => resources?.some((other) => matches(pattern, other))));
}

/** Something that another identity may do and this one may not. Undefined if there is nothing. */
function wider(identity: Identity, other: Identity): string | undefined {
  for (const { effect, actions, notActions, resources = [] } of other.statements) {
    if (effect !== "Allow") continue;
    if (notActions !== undefined) return "everything but some calls";
    for (const action of actions) {
      const own = reach(identity.statements, action);
      if (resources.some((resource) => !own.some(({ pattern }) => matches(resource, pattern)))) return action;
    }
  }
  return other.opaque[0];
}

/** How an identity gets privileges that it does not have. */
export function escalations(stacks: readonly Graph[], identity: Identity): readonly string[] {
  const { statements } = identity;
  const name = identity.resource.address;
  const others = stacks
    .flatMap((graph) => identities(stacks, graph))
    .filter(({ arn, resource }) => arn !== identity.arn && resource.type === "aws_iam_role");
  return [
    ...CHANGES.flatMap((action) =>
      reach(statements, action).length > 0 ? [`${name} may call ${action}, and so give itself every privilege.`] : [],
    ),
    ...reach(statements, "iam:PassRole").flatMap(({ pattern, statement }) => passed(identity, others, pattern, statement)),
    ...reach(statements, "sts:AssumeRole").flatMap(({ pattern }) => {
      if (isOpen(pattern)) return [`${name} may assume every role that trusts its account: ${pattern}.`];
      const more = others.filter((other) => matches(other.arn, pattern)).flatMap((other) => wider(identity, other) ?? []);
      return more.slice(0, 1).map((action) => `${name} may assume a role that may call ${action}, which it may not itself.`);
    }),
    ...REPLACE.flatMap(({ action, type, role }) =>
      reach(statements, action).flatMap(({ pattern }) =>
        stacks.flatMap((graph) =>
          graph.all(type).flatMap((resource) => {
            const arn = graph.arn(resource);
            const of = others.find(
              (other) => graph.target(resource.values[role])?.address === other.resource.address && other.graph === graph,
            );
            const more = arn !== undefined && matches(arn, pattern) && of ? wider(identity, of) : undefined;
            return more === undefined ? [] : [`${name} may call ${action} for ${resource.address}, whose role may call ${more}.`];
          }),
        ),
      ),
    ),
  ];
}

const isOpen = (pattern: string): boolean => /^(\*|arn:aws:iam::[^:]*:(role\/)?\*)$/.test(pattern);

/** What is wrong with passing roles to services. */
function passed(identity: Identity, others: readonly Identity[], pattern: string, { conditions }: Statement): readonly string[] {
  const name = identity.resource.address;
  if (isOpen(pattern)) return [`${name} may pass every role of the account to a service: ${pattern}.`];
  const to = Object.entries(conditions).flatMap(([operator, keys]) =>
    /^(StringEquals|StringLike)$/.test(operator) ? (keys["iam:PassedToService"] ?? []) : [],
  );
  return others
    .filter(({ arn }) => matches(arn, pattern))
    .flatMap((other) => {
      const services = (trustOf(other.graph, other.resource) ?? []).flatMap(servicesOf);
      const running = services.find(
        (service) => RUN_CODE.includes(service) && (to.length === 0 || to.some((one) => matches(service, one))),
      );
      const more = running === undefined ? undefined : wider(identity, other);
      return more === undefined
        ? []
        : [`${name} may pass ${other.resource.address} to ${running ?? ""}, and so call ${more}, which it may not itself.`];
    });
}
