/** The engine of a cluster. Only Aurora MySQL supports backtrack, so the type has no such setting for PostgreSQL. */
export type Engine =
  | {
      readonly kind: "aurora-postgresql";
      /** E.g. `16.8`. A new major version interrupts the service. */
      readonly version: string;
    }
  | {
      readonly kind: "aurora-mysql";
      /** E.g. `8.0.mysql_aurora.3.10.4`. */
      readonly version: string;
      /**
       * Target backtrack window, up to 259 200. Only for a cluster outside a global database, and only from its creation
       * on: AWS rejects adding it later. @default - no backtrack
       * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Backtrack.html
       */
      readonly backtrackSeconds?: number;
    };

interface Parameter {
  readonly name: string;
  readonly value: string;
}

/** Settings that depend on the engine and its version. */
export interface EngineTraits {
  readonly port: number;
  /** Logs that RDS exports to CloudWatch. */
  readonly logs: readonly string[];
  /** Family of the parameter groups, which must match the major version. */
  readonly family: string;
  /** The major version, as part of the name of a parameter group: a new major version gets a new group. */
  readonly major: string;
  /** TLS only; connections and slow statements are logged; sessions that block others end. */
  readonly parameters: readonly Parameter[];
  readonly proxyFamily: "POSTGRESQL" | "MYSQL";
}

/** The value that RDS expects. @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/extended-support.html */
export function lifecycleSupport(extended: boolean): string {
  return extended ? "open-source-rds-extended-support" : "open-source-rds-extended-support-disabled";
}

/** Target backtrack window. Undefined without backtrack. */
export function backtrackSeconds(engine: Engine): number | undefined {
  return engine.kind === "aurora-mysql" ? engine.backtrackSeconds : undefined;
}

export const ENGINE_PORT = { "aurora-postgresql": 5432, "aurora-mysql": 3306 } as const;

/** What the server does about statements and sessions that take too long. */
export interface SessionLimits {
  /** Statements that take longer are logged. */
  readonly slowQueryMilliseconds: number;
  /** Time after which the server cancels a statement. Aurora MySQL cancels only SELECT statements. @default - no limit */
  readonly statementTimeoutSeconds?: number | undefined;
  /**
   * Time without a statement after which Aurora PostgreSQL ends a session that has an open transaction, whose locks block
   * others. Aurora MySQL has no such parameter.
   */
  readonly idleInTransactionSeconds: number;
  /**
   * Limit of the lag of all secondaries, above which the primary of Aurora PostgreSQL blocks commits (`rds.global_db_rpo`).
   * Only for the cluster that Terraform creates as the primary: AWS recommends the default for a secondary. @default - no limit
   */
  readonly globalRpoSeconds?: number | undefined;
}

/**
 * A lost task or zone ends no connection. The locks of its transactions remain until the server notices the loss: 60 s after
 * the last packet, instead of 360 s with the defaults of RDS.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.DeadConnectionHandling.html
 */
const POSTGRESQL_KEEPALIVE: readonly Parameter[] = [
  { name: "tcp_keepalives_idle", value: "30" },
  { name: "tcp_keepalives_interval", value: "10" },
  { name: "tcp_keepalives_count", value: "3" },
];

export function traits(
  { kind, version }: Engine,
  { slowQueryMilliseconds, statementTimeoutSeconds, idleInTransactionSeconds, globalRpoSeconds }: SessionLimits,
): EngineTraits {
  const statementTimeout = (name: string): readonly Parameter[] =>
    statementTimeoutSeconds === undefined ? [] : [{ name, value: String(statementTimeoutSeconds * 1000) }];
  const port = ENGINE_PORT[kind];
  const [first = "", second = ""] = version.split(".");
  if (kind === "aurora-mysql")
    return {
      port,
      logs: ["audit", "error", "slowquery"],
      family: `aurora-mysql${first}.${second}`,
      major: `${first}-${second}`,
      parameters: [
        { name: "require_secure_transport", value: "ON" },
        // The log contains whole statements, with the values of parameters: MySQL has no counterpart of log_parameter_max_length.
        { name: "slow_query_log", value: "1" },
        { name: "long_query_time", value: String(slowQueryMilliseconds / 1000) },
        { name: "server_audit_logging", value: "1" },
        { name: "server_audit_events", value: "CONNECT,QUERY_DCL,QUERY_DDL" },
        ...statementTimeout("max_execution_time"),
      ],
      proxyFamily: "MYSQL",
    };
  return {
    port,
    logs: ["postgresql"],
    family: `aurora-postgresql${first}`,
    major: first,
    parameters: [
      { name: "rds.force_ssl", value: "1" },
      { name: "log_min_duration_statement", value: String(slowQueryMilliseconds) },
      // The values of parameters can be card data. Cluster parameters: AuroraUserGuide, AuroraPostgreSQL.Reference.ParameterGroups.
      { name: "log_parameter_max_length", value: "0" },
      { name: "log_parameter_max_length_on_error", value: "0" },
      { name: "log_connections", value: "1" },
      { name: "log_disconnections", value: "1" },
      { name: "idle_in_transaction_session_timeout", value: String(idleInTransactionSeconds * 1000) },
      ...POSTGRESQL_KEEPALIVE,
      ...statementTimeout("statement_timeout"),
      ...(globalRpoSeconds === undefined ? [] : [{ name: "rds.global_db_rpo", value: String(globalRpoSeconds) }]),
    ],
    proxyFamily: "POSTGRESQL",
  };
}
