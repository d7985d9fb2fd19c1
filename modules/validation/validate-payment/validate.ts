import { check, type Rules } from "./checks";
import type { KnownRequests } from "./known-requests";
import type { Reason } from "./reasons";
import { parse } from "./request";

export type Validation =
  | { readonly valid: true; /** Whether the same request was found valid before. */ readonly repeated: boolean }
  | { readonly valid: false; readonly reasons: readonly Reason[] };

/**
 * Validates a payment request. All that is wrong with it is said at once; only a request that is right by itself takes
 * its idempotency key.
 * @throws when the known requests cannot be asked: whoever called must try again
 */
export async function validate(input: unknown, rules: Rules, known: KnownRequests, now: Date): Promise<Validation> {
  const parsed = parse(input);
  if ("malformed" in parsed) return { valid: false, reasons: parsed.malformed.map((field) => ({ code: "MALFORMED", field })) };
  const reasons = check(parsed.request, rules, now);
  if (reasons.length > 0) return { valid: false, reasons };
  const claim = await known.claim(parsed.request, now);
  return claim === "other"
    ? { valid: false, reasons: [{ code: "IDEMPOTENCY_KEY_REUSED", field: "idempotencyKey" }] }
    : { valid: true, repeated: claim === "same" };
}
