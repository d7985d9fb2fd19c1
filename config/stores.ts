export type SessionStore = "redis" | "dynamodb";

/** The key of `terraform.tfvars` that decides where sessions are stored. */
export interface SessionKeys {
  readonly sessions: SessionStore | "both" | "none";
}

/** Whether sessions are stored here, alone or also in the other store. */
export function keepsSessionsIn({ sessions }: SessionKeys, store: SessionStore): boolean {
  return sessions === store || sessions === "both";
}

/** Buckets of the platform, by the qualifier that their names have in every region. */
export const BUCKETS = {
  transactionLogs: "transaction-logs",
  applicationData: "application-data",
  canaryResults: "canary-results",
} as const;

type Optional = "transactionLogs" | "applicationData";

/** The optional buckets that the configuration enables. */
export function bucketsOf({ storage }: { readonly storage: Readonly<Record<Optional, boolean>> }): string[] {
  return (["transactionLogs", "applicationData"] as const).filter((bucket) => storage[bucket]).map((bucket) => BUCKETS[bucket]);
}
