/** IAM and resource policies as typed values: strings in the end, so that a test can read what AWS will read. */

type Principal = "*" | { readonly Service: string | readonly string[] } | { readonly AWS: string | readonly string[] };

interface StatementBase {
  /** Says why, in letters and digits: `ReadDatabaseCredentials`. */
  readonly Sid: string;
  readonly Effect?: "Allow" | "Deny";
  readonly Principal?: Principal;
  readonly Action: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

interface ScopedStatement extends StatementBase {
  readonly Resource: string | readonly string[];
}

/** A statement about actions that AWS cannot narrow to a resource. */
interface UnscopedStatement extends StatementBase {
  /** Why `Resource: *` is all that AWS understands here. It stays in the code; AWS does not see it. */
  readonly everyResourceBecause: string;
}

export type Statement = ScopedStatement | UnscopedStatement;

/** A policy document. `Effect` is `Allow` unless the statement says otherwise. */
export function policy(...statements: readonly [Statement, ...Statement[]]): string {
  const Statement = statements.map((statement) => {
    const { Sid, Effect = "Allow", Principal, Action, Condition } = statement;
    const Resource = "Resource" in statement ? statement.Resource : "*";
    return { Sid, Effect, ...(Principal && { Principal }), Action, Resource, ...(Condition && { Condition }) };
  });
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

/**
 * Who may take on a role: one AWS service, acting for this account only.
 * @param accountId undefined for the few services that do not say for whom they act
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
