import { paymentElastic } from "./payment-elastic";
import { paymentProcessing } from "./payment-processing";
import type { Preset } from "./preset";
import { trading } from "./trading";
import { transactionProcessing } from "./transaction-processing";

/** All presets by name. */
export const PRESETS: Readonly<Record<string, Preset>> = Object.fromEntries(
  [paymentProcessing, paymentElastic, transactionProcessing, trading].map((preset) => [preset.name, preset]),
);

export const DEFAULT_PRESET = paymentProcessing.name;

/** The requirements document of a preset: `S000`. Undefined for a preset without one. */
export function documentOf(preset: string): string | undefined {
  return PRESETS[preset]?.document;
}
