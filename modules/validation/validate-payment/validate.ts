import { check, type Rules } from "./checks";
import type { IdempotencyStore } from "./idempotency-store";
import type { Reason } from "./reasons";
import { parse } from "./request";

export type Validation =
  | { readonly valid: true; /** Whether the same request was validated before. */ readonly repeated: boolean }
  | { readonly valid: false; readonly reasons: readonly Reason[] };

/**
 * Validates a payment request. The result contains all reasons. Only a request that passes all checks claims its idempotency
 * key.
 * @throws when the idempotency store is not available: the caller must retry
 */
export async function validate(input: unknown, rules: Rules, store: IdempotencyStore, now: Date): Promise<Validation> {
  const parsed = parse(input);
  if ("malformed" in parsed) return { valid: false, reasons: parsed.malformed.map((field) => ({ code: "MALFORMED", field })) };
  const reasons = check(parsed.request, rules, now);
  if (reasons.length > 0) return { valid: false, reasons };
  const claim = await store.claim(parsed.request, now);
  return claim === "other"
    ? { valid: false, reasons: [{ code: "IDEMPOTENCY_KEY_REUSED", field: "idempotencyKey" }] }
    : { valid: true, repeated: claim === "same" };
}
