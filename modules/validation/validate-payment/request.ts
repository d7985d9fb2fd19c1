import * as z from "zod/mini";

/** A decimal text. */
export const AMOUNT_PATTERN = /^(0|[1-9]\d{0,14})(\.\d{1,4})?$/;

/**
 * A payment request as it comes in. Amounts are decimal texts, because a number loses cents; times are ISO 8601 in UTC.
 * Beyond the shape nothing is checked here.
 */
const schema = z.strictObject({
  /** Chosen by the client, the same for every attempt at the same payment. */
  idempotencyKey: z.string().check(z.regex(/^[A-Za-z0-9_-]{16,64}$/)),
  /** When the client made the request. */
  createdAt: z.iso.datetime(),
  amount: z.strictObject({
    value: z.string().check(z.regex(AMOUNT_PATTERN)),
    /** ISO 4217. */
    currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
  }),
  method: z.discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("card"),
      number: z.string().check(z.regex(/^\d{12,19}$/)),
      /** Last month in which the card is valid: `2027-04`. */
      expires: z.string().check(z.regex(/^\d{4}-(0[1-9]|1[0-2])$/)),
    }),
    z.strictObject({ type: z.literal("iban"), iban: z.string().check(z.regex(/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/)) }),
  ]),
});

export type PaymentRequest = z.infer<typeof schema>;

/** The request, or where it has not the shape of one: `amount.value`. What was given is never repeated. */
export function parse(input: unknown): { readonly request: PaymentRequest } | { readonly malformed: readonly string[] } {
  const { success, data, error } = schema.safeParse(input);
  if (success) return { request: data };
  const places = error.issues.flatMap((issue) => (issue.code === "unrecognized_keys" ? [[...issue.path, "(unknown keys)"]] : [issue.path]));
  return { malformed: [...new Set(places.map((path) => path.join(".") || "(request)"))] };
}
