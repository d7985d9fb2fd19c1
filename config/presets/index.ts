import { paymentElastic } from "./payment-elastic";
import { paymentProcessing } from "./payment-processing";
import type { Preset } from "./preset";
import { trading } from "./trading";
import { transactionProcessing } from "./transaction-processing";

/** The systems, by the name that `preset` takes. */
export const PRESETS: Readonly<Record<string, Preset>> = {
  "payment-processing": paymentProcessing,
  "payment-elastic": paymentElastic,
  "transaction-processing": transactionProcessing,
  trading,
};

export const DEFAULT_PRESET = "payment-processing";
