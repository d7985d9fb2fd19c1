import { z } from "zod";
import { choice } from "./builders";

export const sessions = choice({
  redis: "fast, but the last second may be lost at a failover",
  dynamodb: "nothing is lost, and the standby regions have them too",
  both: "in both",
  none: "nowhere",
}).meta({ about: "Where sessions are kept." });

export const featureFlags = z.record(z.string().regex(/^[A-Za-z0-9-]{1,64}$/), z.string().min(1).max(4096)).meta({
  expected: "values that the program reads from Parameter Store, by a name of letters, digits and hyphens",
  about: "Values that the program reads below /standfast/<suffix>/<region>/flags/.",
  details: "No secrets.",
  example: { "new-ledger": "on" },
});
