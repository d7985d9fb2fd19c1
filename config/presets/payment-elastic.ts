import { COMMON } from "./common";
import type { Preset } from "./preset";

/**
 * Payments in one region whose load changes: ten to fifty tasks, payments validated by a function, and transaction logs
 * kept for seven years.
 */
export const paymentElastic: Preset = {
  ...COMMON,
  storage: { ...COMMON.storage, transaction_logs: true },
  validation: { ...COMMON.validation, enabled: true },
  service: { ...COMMON.service, tasks: { min: 10, max: 50 } },
};
