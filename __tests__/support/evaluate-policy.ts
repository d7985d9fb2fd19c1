/** The part of the evaluation of IAM policies that the policies of `docs/ci` and of vaults need. */

type Values = string | readonly string[];

export interface EvaluatedStatement {
  readonly Effect: string;
  readonly Action: Values;
  readonly Resource?: Values;
  readonly NotResource?: Values;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A request to AWS. */
export interface PolicyRequest {
  /** `backup:DeleteRecoveryPoint` */
  readonly action: string;
  /** ARN, or `*` for an action without a resource type. */
  readonly resource: string;
  /** Condition keys of the request with their values. A missing key is not in the request. */
  readonly context?: Readonly<Record<string, Values>>;
}

/** Whether a value is what the policy wants. */
const COMPARISONS: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  ArnEquals: matches,
  ArnLike: matches,
  Bool: (value, wanted) => value === wanted,
  StringEquals: (value, wanted) => value === wanted,
  StringLike: matches,
};

const OPERATOR = /^(?:(ForAllValues|ForAnyValue):)?(Arn|String)?(Not)?(Equals|Like|Bool|Null)(IfExists)?$/;

/**
 * Whether all policies together allow the request: one statement allows it, and none denies it.
 * @param boundary statements of a permissions boundary, which must allow the request as well. @default - none
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function allows(policies: readonly EvaluatedStatement[], request: PolicyRequest, boundary?: readonly EvaluatedStatement[]): boolean {
  const effects = new Set(policies.filter((statement) => applies(statement, request)).map(({ Effect }) => Effect));
  return effects.has("Allow") && !effects.has("Deny") && (boundary === undefined || allows(boundary, request));
}

/** `*` stands for any text, and `?` for one character. */
export function matches(text: string, pattern: string): boolean {
  const escaped = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${escaped}$`, "s").test(text);
}

function applies(
  { Action, Resource, NotResource, Condition = {} }: EvaluatedStatement,
  { action, resource, context = {} }: PolicyRequest,
): boolean {
  const named = (patterns: Values): boolean => list(patterns).some((pattern) => matches(resource, pattern));
  return (
    list(Action).some((pattern) => matches(action.toLowerCase(), pattern.toLowerCase())) &&
    (NotResource === undefined ? named(Resource ?? []) : !named(NotResource)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, context[key], list(wanted as Values))),
    )
  );
}

function holds(operator: string, value: Values | undefined, wanted: readonly string[]): boolean {
  const [, set, kind = "", negated, comparison = "", ifExists] = OPERATOR.exec(operator) ?? [];
  if (comparison === "Null") return wanted.includes(String(value === undefined));
  const compare = COMPARISONS[`${kind}${comparison}`];
  if (!compare) throw new Error(`unknown condition operator ${operator}`);
  if (value === undefined) return set === "ForAllValues" || negated !== undefined || ifExists !== undefined;
  const one = (each: string): boolean => wanted.some((pattern) => compare(each, pattern)) !== (negated !== undefined);
  return set === "ForAllValues" ? list(value).every(one) : list(value).some(one);
}

function list(values: Values): readonly string[] {
  return typeof values === "string" ? [values] : values;
}
