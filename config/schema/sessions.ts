import { z } from "zod";
import { choice } from "./builders";

export const sessions = choice({
  redis: "low latency; a failover can lose the writes of the last second",
  dynamodb: "no loss with a zone, and replicas in the standby regions",
  both: "Redis and DynamoDB",
  none: "no session store",
}).meta({
  about: "Session store.",
  details:
    "A change DELETES THE DATA of a store that the new value does not contain; with protect, the apply stops at the table of DynamoDB, but not at Redis, which has no deletion protection.",
});

export const featureFlags = z.record(z.string().regex(/^[A-Za-z0-9-]{1,64}$/), z.string().min(1).max(4096)).meta({
  expected: "values in Parameter Store by a name of letters, digits and hyphens",
  about: "Values that the program reads from Parameter Store, under /standfast/<suffix>/<region>/flags/.",
  details: "Do not put secrets here.",
  example: { "new-ledger": "on" },
});
