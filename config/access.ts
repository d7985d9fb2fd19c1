import { keepsSessionsIn, type SessionKeys } from "./stores";

/** Resources that `services.<name>.access` can name. */
export const ACCESS = ["database", "cache", "sessions", "objects", "events", "validation"] as const;
export type Access = (typeof ACCESS)[number];

/** The keys of `terraform.tfvars` that decide which of them exist. */
interface AccessKeys extends SessionKeys {
  readonly storage: { readonly transaction_logs: boolean; readonly application_data: boolean };
  readonly events: { readonly enabled: boolean };
  readonly validation: { readonly enabled: boolean };
}

/** Whether each resource exists, and the keys that create it. The database always exists. */
const ORIGINS: Readonly<Record<Access, { exists(config: AccessKeys): boolean; readonly createdBy: string }>> = {
  database: { exists: () => true, createdBy: "database" },
  cache: { exists: (config) => keepsSessionsIn(config, "redis"), createdBy: 'sessions = "redis" or "both"' },
  sessions: { exists: (config) => keepsSessionsIn(config, "dynamodb"), createdBy: 'sessions = "dynamodb" or "both"' },
  objects: {
    exists: ({ storage }) => storage.transaction_logs || storage.application_data,
    createdBy: "storage = { transaction_logs = true } or { application_data = true }",
  },
  events: { exists: ({ events }) => events.enabled, createdBy: "events = { enabled = true }" },
  validation: { exists: ({ validation }) => validation.enabled, createdBy: "validation = { enabled = true }" },
};

/** Whether the configuration creates the resource. */
export function isCreated(access: Access, config: AccessKeys): boolean {
  return ORIGINS[access].exists(config);
}

/** The keys that create the resource. */
export function howToCreate(access: Access): string {
  return ORIGINS[access].createdBy;
}
