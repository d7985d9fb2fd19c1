/** A row of a result, by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>;

/** A session of the master user. */
export interface Session {
  /** Executes one statement. The values replace its placeholders. */
  query(statement: string, values?: readonly string[]): Promise<readonly Row[]>;
  end(): Promise<void>;
}

/** The user of the services, as the configuration describes it. */
export interface ServiceUser {
  readonly name: string;
  /** The database that it may use, and no other. */
  readonly database: string;
  /** The password of the secret. @default - no password: the user authenticates with IAM */
  readonly password?: string | undefined;
  /** Whether it may create, change and drop tables. */
  readonly schemaChanges: boolean;
}

/** An error that only an operator can correct, as its message states. It is not repeated. */
export class UserError extends Error {
  override readonly name = "UserError";
}

export function notTheWriter(): UserError {
  return new UserError(
    "The cluster of this region is not the writer, so no user can be created or changed. Switch the roles back with the runbook region-takeover of this region, then apply again.",
  );
}
