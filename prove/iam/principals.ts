import type { Statement } from "./policy";

/**
 * Condition keys that say who calls, so that a statement for everyone is one for those whom the condition names.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
const NARROWING = [
  "aws:PrincipalAccount",
  "aws:PrincipalArn",
  "aws:PrincipalOrgID",
  "aws:SourceAccount",
  "aws:SourceArn",
  "aws:SourceOwner",
  "aws:SourceVpc",
  "aws:SourceVpce",
  "kms:CallerAccount",
].map((key) => key.toLowerCase());
const POSITIVE = /^(?:ForAnyValue:)?(?:StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike)$/;

/** Whether a statement has a condition by which not everyone meets it. */
export function isNarrowed({ conditions }: Statement): boolean {
  return Object.entries(conditions).some(
    ([operator, keys]) =>
      POSITIVE.test(operator) &&
      Object.entries(keys).some(
        ([key, values]) => NARROWING.includes(key.toLowerCase()) && values.length > 0 && values.every((value) => !isOpen(value)),
      ),
  );
}

/** A pattern that resources of every account meet. */
function isOpen(value: string): boolean {
  const parts = value.split(":");
  return /^\*+$/.test(value) || (parts[0] === "arn" && (parts[4] === "*" || (parts.length < 6 && value.endsWith("*"))));
}

/** Whether a statement is for everyone: by a principal of `*`, or by leaving principals out that are not for everyone. */
export function isEveryone(statement: Statement): boolean {
  const { effect, principals, notPrincipals } = statement;
  const open = notPrincipals !== undefined || ["*", "AWS"].some((kind) => principals?.[kind]?.includes("*"));
  return effect === "Allow" && open && !isNarrowed(statement);
}

/** Principals of a statement that are of none of these accounts. None without a known account. */
export function strangers(statement: Statement, [account, ...others]: readonly (string | undefined)[]): readonly string[] {
  if (account === undefined) return [];
  return (statement.principals?.["AWS"] ?? []).filter((id) => {
    const of = /^(?:arn:aws:(?:iam|sts)::)?(\d{12})(?::|$)/.exec(id)?.[1];
    return of !== undefined && ![account, ...others].includes(of);
  });
}

/** The services of a statement. */
export const servicesOf = ({ principals }: Statement): readonly string[] => principals?.["Service"] ?? [];
