import type { Synthesized } from "./synthesized";

export interface PolicyStatement {
  /** Address of the resource that carries the policy. */
  readonly address: string;
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Every statement of every policy in the stack: of roles and of resources, with any name of the attribute. */
export function statements(stack: Synthesized): PolicyStatement[] {
  return stack.all().flatMap((resource) =>
    Object.entries(resource)
      .filter(([key, value]) => key.endsWith("policy") && typeof value === "string" && value.startsWith("{"))
      // A lifecycle policy of ECR has rules, and no statement.
      .flatMap(([, value]) => (JSON.parse(value as string) as { Statement?: Omit<PolicyStatement, "address">[] }).Statement ?? [])
      .map((statement) => ({ ...statement, address: resource.address })),
  );
}

export function list<Item>(value: Item | readonly Item[] | undefined): readonly Item[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as readonly Item[]) : [value as Item];
}

/** Services that are principals of a statement. */
export function services(statement: PolicyStatement): readonly string[] {
  const principal = statement.Principal as { Service?: string | string[] } | undefined;
  return list(principal?.Service);
}

/** The statement with a Sid. @throws when there is none */
export function withSid(from: readonly PolicyStatement[], sid: string): PolicyStatement {
  const found = from.find(({ Sid }) => Sid === sid);
  if (!found) throw new Error(`there is no statement ${sid}`);
  return found;
}

/** The statements of the policy of the service's task role. */
export function taskRoleStatements(stack: Synthesized): readonly PolicyStatement[] {
  return statements(stack).filter(({ address }) => address.includes("service_task-role_permissions"));
}

/** What a role may do, as `action on resource`. @throws where the role has no policy: a mistyped role would otherwise pass every test */
export function permissionsOf(stack: Synthesized, role: string): string[] {
  const { address } = stack.resource(`aws_iam_role_policy.${role}_permissions`);
  return statements(stack)
    .filter((statement) => statement.address === address && statement.Effect === "Allow")
    .flatMap(({ Action, Resource }) => list(Action).flatMap((action) => list(Resource).map((resource) => `${action} on ${resource}`)));
}
