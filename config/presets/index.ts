import { paymentElastic } from "./payment-elastic";
import { paymentProcessing } from "./payment-processing";
import type { Preset } from "./preset";
import { trading } from "./trading";
import { transactionProcessing } from "./transaction-processing";

/** The systems, by the name that `preset` takes. */
export const PRESETS: Readonly<Record<string, Preset>> = Object.fromEntries(
  [paymentProcessing, paymentElastic, transactionProcessing, trading].map((preset) => [preset.name, preset]),
);

export const DEFAULT_PRESET = paymentProcessing.name;

/** The document that requires a preset: `S000`. Undefined for a preset that no document requires. */
export function documentOf(preset: string): string | undefined {
  return PRESETS[preset]?.document;
}
