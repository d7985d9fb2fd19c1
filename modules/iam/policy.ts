/** IAM and resource policies as typed values. The result is a JSON string, so that tests read the policy that AWS receives. */

type Principal = "*" | { readonly Service: string | readonly string[] } | { readonly AWS: string | readonly string[] };

interface StatementBase {
  /** States the purpose, in letters and digits: `ReadDatabaseCredentials`. */
  readonly Sid: string;
  readonly Effect?: "Allow" | "Deny";
  readonly Principal?: Principal;
  readonly Action: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

interface ScopedStatement extends StatementBase {
  readonly Resource: string | readonly string[];
}

/** A statement for actions that do not support resource-level permissions. */
interface UnscopedStatement extends StatementBase {
  /** Why the actions require `Resource: *`. It is not part of the policy. */
  readonly everyResourceBecause: string;
}

export type Statement = ScopedStatement | UnscopedStatement;

/** A policy document. `Effect` is `Allow` unless the statement has its own. */
export function policy(...statements: readonly [Statement, ...Statement[]]): string {
  const Statement = statements.map((statement) => {
    const { Sid, Effect = "Allow", Principal, Action, Condition } = statement;
    const Resource = "Resource" in statement ? statement.Resource : "*";
    return { Sid, Effect, ...(Principal && { Principal }), Action, Resource, ...(Condition && { Condition }) };
  });
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

/**
 * A trust policy: one AWS service may assume the role, on behalf of this account only.
 * @param accountId undefined for the few services that do not set `aws:SourceAccount`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function trust(service: string, accountId: string | undefined): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AssumedByService",
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sts:AssumeRole",
        ...(accountId !== undefined && { Condition: { StringEquals: { "aws:SourceAccount": accountId } } }),
      },
    ],
  });
}
