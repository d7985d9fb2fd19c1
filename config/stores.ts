/** What a service may be allowed to use, by the words of `services.<name>.stores`. */
export const STORES = ["database", "cache", "sessions", "objects", "events", "validation"] as const;
export type Store = (typeof STORES)[number];

export type SessionStore = "redis" | "dynamodb";

/** The keys of `terraform.tfvars` that decide which stores exist. */
interface StoreKeys {
  readonly sessions: SessionStore | "both" | "none";
  readonly storage: { readonly transaction_logs: boolean; readonly application_data: boolean };
  readonly events: { readonly enabled: boolean };
  readonly validation: { readonly enabled: boolean };
}

/** Whether each store exists, and the keys that create it. The database always exists. */
const ORIGINS: Readonly<Record<Store, { exists(config: StoreKeys): boolean; readonly createdBy: string }>> = {
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

export function storeExists(store: Store, config: StoreKeys): boolean {
  return ORIGINS[store].exists(config);
}

/** What to write so that the store exists. */
export function howToCreate(store: Store): string {
  return ORIGINS[store].createdBy;
}

/** Whether sessions are kept in this store, alone or beside the other. */
export function keepsSessionsIn({ sessions }: { readonly sessions: SessionStore | "both" | "none" }, store: SessionStore): boolean {
  return sessions === store || sessions === "both";
}

/** What the platform's own buckets hold, by the name that they have in every region. */
export const BUCKETS = {
  transactionLogs: "transaction-logs",
  applicationData: "application-data",
  canaryResults: "canary-results",
} as const;

type Optional = "transactionLogs" | "applicationData";

/** The buckets that the configuration asks for. */
export function bucketsOf({ storage }: { readonly storage: Readonly<Record<Optional, boolean>> }): string[] {
  return (["transactionLogs", "applicationData"] as const).filter((bucket) => storage[bucket]).map((bucket) => BUCKETS[bucket]);
}
