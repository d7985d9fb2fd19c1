import { list, type PolicyStatement, services } from "./policies";

/** A request of a service, with the condition keys that AWS sets. */
export interface Request {
  /** Undefined if the caller is a role, and the policy is that role's. */
  readonly service?: string;
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

/**
 * Whether a policy allows a request: an `Allow` applies, and no `Deny`. Terraform references are compared as text.
 * @throws on an unknown condition operator
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function allows(statements: readonly PolicyStatement[], request: Request): boolean {
  const applying = statements.filter((statement) => applies(statement, request));
  return applying.some(({ Effect }) => Effect === "Allow") && applying.every(({ Effect }) => Effect === "Allow");
}

function applies(statement: PolicyStatement, { service, action, resource, context = {} }: Request): boolean {
  return (
    principalFits(statement, service) &&
    list(statement.Action).some((pattern) => like(action.toLowerCase(), pattern.toLowerCase())) &&
    // The trust policy of a role has no resource: it is the role.
    (statement.Resource === undefined || list(statement.Resource).some((pattern) => like(resource, pattern))) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => conditionFits(operator, context[key], list(wanted as string | readonly string[]))),
    )
  );
}

function principalFits(statement: PolicyStatement, service: string | undefined): boolean {
  if (service === undefined) return statement.Principal === undefined;
  return statement.Principal === "*" || services(statement).includes(service);
}

/** A missing context key matches no condition except those that test for its absence. */
function conditionFits(operator: string, said: string | undefined, wanted: readonly string[]): boolean {
  if (operator === "Null") return wanted.includes(String(said === undefined));
  if (operator === "ForAllValues:StringEquals") return said === undefined || wanted.includes(said);
  if (operator === "ForAnyValue:StringNotEquals") return said !== undefined && !wanted.includes(said);
  const compare = OPERATORS[operator];
  if (!compare) throw new Error(`unknown condition operator ${operator}`);
  return said !== undefined && wanted.some((value) => compare(said, value));
}

const OPERATORS: Readonly<Record<string, (said: string, wanted: string) => boolean>> = {
  StringEquals: (said, wanted) => said === wanted,
  Bool: (said, wanted) => said === wanted,
  ArnEquals: (said, wanted) => like(said, wanted),
  ArnLike: (said, wanted) => like(said, wanted),
};

/** `*` stands for any text. */
function like(text: string, pattern: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(text);
}
