import { COMMON } from "./common";
import type { Preset } from "./preset";

/**
 * Payments with a variable load in one region: ten to fifty tasks, a function that validates payments, and transaction logs
 * with a retention of seven years.
 */
export const paymentElastic: Preset = {
  name: "payment-elastic",
  document: "S002",
  summary: "one region, ten to fifty tasks, a function that validates payments, transaction logs in S3",
  overview: {
    regions: "one",
    database: "Aurora PostgreSQL",
    sessions: "",
    tasks: "10 to 50",
    addition: "a function that validates payments, transaction logs in S3",
  },
  values: {
    ...COMMON,
    storage: { ...COMMON.storage, transaction_logs: true },
    validation: { ...COMMON.validation, enabled: true },
    service: { ...COMMON.service, tasks: { min: 10, max: 50 } },
  },
};
