import type { Access } from "./access";

/** Environment variables that the platform sets from Parameter Store and Secrets Manager, by the access that a service has. */
const VARIABLES: Readonly<Record<Access, readonly string[]>> = {
  database: ["DATABASE_WRITER_HOST", "DATABASE_READER_HOST", "DATABASE_PORT", "DATABASE_NAME", "DATABASE_USER", "DATABASE_PASSWORD"],
  cache: ["CACHE_HOST", "CACHE_PORT", "CACHE_USER"],
  sessions: ["SESSIONS_TABLE"],
  objects: ["TRANSACTION_LOGS_BUCKET", "APPLICATION_DATA_BUCKET"],
  events: ["EVENT_BUS"],
  validation: ["VALIDATION_FUNCTION"],
};

/** The environment variables that the platform sets in a service with this access. */
export function platformVariables(access: readonly Access[]): readonly string[] {
  return ["SESSION_STORE", ...access.flatMap((name) => VARIABLES[name])];
}
