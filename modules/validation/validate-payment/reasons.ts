/** Why a payment request is invalid, and in which field. It contains no value, so responses and logs contain no card data. */
export interface Reason {
  readonly code: ReasonCode;
  readonly field: string;
}

export type ReasonCode =
  | "MALFORMED"
  | "CURRENCY_UNKNOWN"
  | "CURRENCY_NOT_ACCEPTED"
  | "AMOUNT_TOO_PRECISE"
  | "AMOUNT_TOO_SMALL"
  | "AMOUNT_TOO_LARGE"
  | "CARD_NUMBER_INVALID"
  | "CARD_EXPIRED"
  | "CARD_EXPIRY_IMPLAUSIBLE"
  | "IBAN_INVALID"
  | "TOO_OLD"
  | "FROM_THE_FUTURE"
  | "IDEMPOTENCY_KEY_REUSED";
