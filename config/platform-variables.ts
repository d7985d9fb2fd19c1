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

/** Environment variables with the same value for every service, of Fargate, and of images. A program and the SDKs of AWS read them. */
export const RUNTIME_VARIABLES: readonly string[] = [
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_REGION",
  "ECS_AGENT_URI",
  "ECS_CONTAINER_METADATA_URI",
  "ECS_CONTAINER_METADATA_URI_V4",
  "HOSTNAME",
  "PARAMETER_PATH",
  "PATH",
];

/** The environment variables that the platform sets in a service with this access. */
export function platformVariables(access: readonly Access[]): readonly string[] {
  return ["SESSION_STORE", ...access.flatMap((name) => VARIABLES[name])];
}
