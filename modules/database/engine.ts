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
  /** TLS only; connections and slow statements are logged. */
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

/**
 * @param slowQueryMilliseconds statements that take longer are logged
 * @param globalRpoSeconds lag of all secondaries above which Aurora PostgreSQL blocks commits
 */
export function traits({ kind, version }: Engine, slowQueryMilliseconds: number, globalRpoSeconds?: number): EngineTraits {
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
        { name: "slow_query_log", value: "1" },
        { name: "long_query_time", value: String(slowQueryMilliseconds / 1000) },
        { name: "server_audit_logging", value: "1" },
        { name: "server_audit_events", value: "CONNECT,QUERY_DCL,QUERY_DDL" },
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
      ...(globalRpoSeconds === undefined ? [] : [{ name: "rds.global_db_rpo", value: String(globalRpoSeconds) }]),
    ],
    proxyFamily: "POSTGRESQL",
  };
}
