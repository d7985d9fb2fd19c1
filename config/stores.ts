import type { Config } from "./load";

/** What a service may be allowed to use beside the database, by the words of `services.<name>.stores`. */
export const STORES = ["database", "cache", "sessions", "objects", "events", "validation"] as const;
export type Store = (typeof STORES)[number];

/** Whether sessions are kept in this store, alone or beside the other. */
export function keepsSessionsIn({ sessions }: { readonly sessions: Config["sessions"] }, store: "redis" | "dynamodb"): boolean {
  return sessions === store || sessions === "both";
}

/** What the platform's own buckets hold, by the name that they have in every region. */
export const BUCKETS = {
  transactionLogs: "transaction-logs",
  applicationData: "application-data",
  canaryResults: "canary-results",
} as const;

/** The buckets that the configuration asks for. */
export function bucketsOf({ storage }: Config): string[] {
  return (["transactionLogs", "applicationData"] as const).filter((bucket) => storage[bucket]).map((bucket) => BUCKETS[bucket]);
}
