import { block, oneOrMany, text, type Values } from "../graph/values";

/** A statement of a policy. What a policy leaves out is undefined. */
export interface Statement {
  readonly sid: string;
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly notActions: readonly string[] | undefined;
  /** Undefined in a trust policy, which has no resources. */
  readonly resources: readonly string[] | undefined;
  readonly notResources: readonly string[] | undefined;
  /** By kind: `Service`, `AWS`, `Federated`, `*`. Undefined in a policy of an identity. */
  readonly principals: Readonly<Record<string, readonly string[]>> | undefined;
  /** Who is left out of everyone. */
  readonly notPrincipals: Readonly<Record<string, readonly string[]>> | undefined;
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** A call to AWS. */
export interface Call {
  /** `sns:Publish` */
  readonly action: string;
  /** ARN, or `*` for an action without a resource. Undefined for a trust policy. */
  readonly resource?: string;
  /** Who calls, for a policy of a resource: `cloudwatch.amazonaws.com`, or an ARN. @default - the identity whose policy it is */
  readonly principal?: string;
  /** Condition keys of the call. A key that is missing is not in the call. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * The statements of a policy document.
 * @param resolve the text of a value, with references in the place of what they are
 */
export function statementsOf(document: unknown, resolve: (value: unknown) => string | undefined): readonly Statement[] {
  const texts = (value: unknown): readonly string[] => oneOrMany(value).map((one) => resolve(one) ?? "");
  const optional = (value: unknown): readonly string[] | undefined => (value === undefined ? undefined : texts(value));
  const principals = (value: unknown): Statement["principals"] =>
    value === undefined
      ? undefined
      : typeof value === "string"
        ? { [value]: [value] }
        : Object.fromEntries(Object.entries(value as Values).map(([kind, ids]) => [kind, texts(ids)]));
  return (oneOrMany(block(document)["Statement"]) as readonly Values[]).map((statement) => ({
    sid: text(statement["Sid"]) ?? "",
    effect: statement["Effect"] === "Deny" ? "Deny" : "Allow",
    actions: texts(statement["Action"]),
    notActions: optional(statement["NotAction"]),
    resources: optional(statement["Resource"]),
    notResources: optional(statement["NotResource"]),
    principals: principals(statement["Principal"]),
    notPrincipals: principals(statement["NotPrincipal"]),
    conditions: Object.fromEntries(
      Object.entries((statement["Condition"] ?? {}) as Readonly<Record<string, Values>>).map(([operator, keys]) => [
        operator,
        Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, texts(values)])),
      ]),
    ),
  }));
}

/**
 * Whether statements allow a call: one allows it, and none denies it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function allows(statements: readonly Statement[], call: Call): boolean {
  const applying = statements.filter((statement) => applies(statement, call));
  return applying.length > 0 && applying.every(({ effect }) => effect === "Allow");
}

/** Whether a statement denies a call. */
export function denies(statements: readonly Statement[], call: Call): boolean {
  return statements.some((statement) => statement.effect === "Deny" && applies(statement, call));
}

const compiled = new Map<string, RegExp>();

/** Whether a text is what a pattern stands for: `*` is any text, `?` one character. */
export function matches(value: string, pattern: string): boolean {
  if (!/[*?]/.test(pattern)) return value === pattern;
  const known = compiled.get(pattern);
  if (known) return known.test(value);
  const escaped = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const expression = new RegExp(`^${escaped}$`, "s");
  compiled.set(pattern, expression);
  return expression.test(value);
}

function applies(statement: Statement, { action, resource, principal, context = {} }: Call): boolean {
  const { actions, notActions, resources, notResources, conditions } = statement;
  const lower = action.toLowerCase();
  const named = (patterns: readonly string[]): boolean => patterns.some((pattern) => matches(lower, pattern.toLowerCase()));
  const covers = (patterns: readonly string[]): boolean => patterns.some((pattern) => matches(resource ?? "", pattern));
  return (
    (notActions === undefined ? named(actions) : !named(notActions)) &&
    (notResources === undefined ? resources === undefined || covers(resources) : !covers(notResources)) &&
    isFor(statement, principal) &&
    Object.entries(conditions).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, valueOf(context, key), wanted)),
    )
  );
}

function isFor({ principals, notPrincipals }: Statement, principal: string | undefined): boolean {
  if (principals === undefined && notPrincipals === undefined) return principal === undefined;
  if (principal === undefined) return false;
  const account = /^arn:aws:iam::(\d{12}):/.exec(principal)?.[1];
  const named = (ids: readonly string[]): boolean =>
    ids.some(
      (id) => id === "*" || id === principal || (account !== undefined && (id === account || id === `arn:aws:iam::${account}:root`)),
    );
  return notPrincipals === undefined ? named(Object.values(principals ?? {}).flat()) : !named(Object.values(notPrincipals).flat());
}

/** Names of condition keys do not differ by case. */
function valueOf(context: NonNullable<Call["context"]>, key: string): string | readonly string[] | undefined {
  return Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}

const OPERATOR =
  /^(?:(ForAllValues|ForAnyValue):)?(StringEquals|StringNotEquals|StringEqualsIgnoreCase|StringLike|StringNotLike|ArnEquals|ArnNotEquals|ArnLike|ArnNotLike|Bool|Null|NumericLessThanEquals|NumericGreaterThanEquals|NumericLessThan|NumericGreaterThan|NumericEquals|IpAddress|NotIpAddress)(IfExists)?$/;

/** An operator that is not known is not met: a policy that cannot be read allows nothing. */
function holds(operator: string, value: string | readonly string[] | undefined, wanted: readonly string[]): boolean {
  const [, set, name = "", ifExists] = OPERATOR.exec(operator) ?? [];
  if (name === "") return false;
  if (name === "Null") return wanted.includes(String(value === undefined));
  const negated = name.includes("Not");
  const all = set === "ForAllValues";
  if (value === undefined) return all || negated || ifExists !== undefined;
  const fits = (one: string): boolean => wanted.some((pattern) => compares(name, one, pattern)) !== negated;
  const values = oneOrMany(value) as readonly string[];
  return all ? values.every(fits) : values.some(fits);
}

function compares(operator: string, value: string, wanted: string): boolean {
  if (operator.startsWith("Numeric")) return comparesNumbers(operator, Number(value), Number(wanted));
  if (operator === "StringEqualsIgnoreCase" || operator === "Bool") return value.toLowerCase() === wanted.toLowerCase();
  return operator === "StringEquals" || operator === "StringNotEquals" || operator.endsWith("IpAddress")
    ? value === wanted
    : matches(value, wanted);
}

function comparesNumbers(operator: string, value: number, wanted: number): boolean {
  if (value === wanted) return operator.endsWith("Equals");
  if (operator.startsWith("NumericLessThan")) return value < wanted;
  return operator.startsWith("NumericGreaterThan") && value > wanted;
}
