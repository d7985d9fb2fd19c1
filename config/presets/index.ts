import { paymentProcessing } from "./payment-processing";
import type { Preset } from "./preset";

export const PRESETS: Readonly<Record<string, Preset>> = {
  "payment-processing": paymentProcessing,
};

export const DEFAULT_PRESET = "payment-processing";
