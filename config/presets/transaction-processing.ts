import { COMMON } from "./common";
import type { Preset } from "./preset";

/**
 * Transactions in one region that can be rewound in place to any second of the last day: Aurora MySQL with backtrack, which
 * Aurora PostgreSQL does not have, sessions in Redis in cluster mode, and service discovery by private DNS.
 */
export const transactionProcessing: Preset = {
  name: "transaction-processing",
  document: "S003",
  summary: "one region, Aurora MySQL with 24 hours of backtrack, sessions in Redis",
  overview: {
    regions: "one",
    database: "Aurora MySQL with 24 h of backtrack",
    sessions: "Redis in cluster mode",
    tasks: "6 to 24",
    addition: "service discovery by private DNS",
  },
  values: {
    ...COMMON,
    environment: "production",
    database: {
      ...COMMON.database,
      engine: "aurora-mysql",
      engine_version: "8.0.mysql_aurora.3.10.4",
      backtrack_hours: 24,
    },
    sessions: "redis",
    discovery: "dns",
    service: { ...COMMON.service, tasks: { min: 6, max: 24 } },
  },
};
