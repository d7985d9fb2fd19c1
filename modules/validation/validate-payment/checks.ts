import cardValidator from "card-validator";
import { code as currencyOf } from "currency-codes";
import { isValidIBAN } from "ibantools";
import type { Reason, ReasonCode } from "./reasons";
import type { PaymentRequest } from "./request";

/** Minimum and maximum accepted amount, as decimal strings. */
interface Limit {
  readonly min: string;
  readonly max: string;
}

export interface Rules {
  /** By ISO 4217 code. Other currencies are not accepted. */
  readonly limits: Readonly<Record<string, Limit>>;
  /** Seconds after its creation in which a request is accepted. An older one may be a replay. */
  readonly windowSeconds: number;
}

/** Seconds by which the clock of a client may be ahead. */
export const CLOCK_SKEW_SECONDS = 60;
/** Cards are issued for a few years. A later expiry is implausible. */
const LONGEST_CARD_YEARS = 20;

/** Checks of a request that need no other data. */
export function check({ amount, method, createdAt }: PaymentRequest, rules: Rules, now: Date): Reason[] {
  return [...checkAmount(amount, rules.limits), ...checkMethod(method, now), ...checkAge(createdAt, rules.windowSeconds, now)];
}

/** Checks the currency, its decimal digits and its limits. */
function checkAmount({ value, currency }: PaymentRequest["amount"], limits: Rules["limits"]): Reason[] {
  const known = currencyOf(currency);
  if (!known) return [reason("CURRENCY_UNKNOWN", "amount.currency")];
  const limit = limits[currency];
  if (!limit) return [reason("CURRENCY_NOT_ACCEPTED", "amount.currency")];
  const minor = inMinorUnits(value, known.digits);
  if (minor === undefined) return [reason("AMOUNT_TOO_PRECISE", "amount.value")];
  // The synth has checked that the limits match their currency.
  const [min = 0n, max = 0n] = [limit.min, limit.max].map((text) => inMinorUnits(text, known.digits) ?? 0n);
  if (minor < min || minor === 0n) return [reason("AMOUNT_TOO_SMALL", "amount.value")];
  return minor > max ? [reason("AMOUNT_TOO_LARGE", "amount.value")] : [];
}

/** Converts a decimal string to minor units: cents, yen or fils. Undefined when it has more decimal digits than the currency. */
export function inMinorUnits(value: string, digits: number): bigint | undefined {
  const [whole = "", fraction = ""] = value.split(".");
  return fraction.length > digits ? undefined : BigInt(whole + fraction.padEnd(digits, "0"));
}

function checkMethod(method: PaymentRequest["method"], now: Date): Reason[] {
  if (method.type === "iban") return isValidIBAN(method.iban) ? [] : [reason("IBAN_INVALID", "method.iban")];
  return [
    ...(cardValidator.number(method.number).isValid ? [] : [reason("CARD_NUMBER_INVALID", "method.number")]),
    ...checkExpiry(method.expires, now),
  ];
}

/** A card is valid until its last month ends in the last time zone, UTC-12. */
function checkExpiry(expires: string, now: Date): Reason[] {
  const [year = 0, month = 0] = expires.split("-").map(Number);
  const over = Date.UTC(year, month, 1, 12);
  if (now.getTime() >= over) return [reason("CARD_EXPIRED", "method.expires")];
  return year > now.getUTCFullYear() + LONGEST_CARD_YEARS ? [reason("CARD_EXPIRY_IMPLAUSIBLE", "method.expires")] : [];
}

function checkAge(createdAt: string, windowSeconds: number, now: Date): Reason[] {
  const age = (now.getTime() - Date.parse(createdAt)) / 1000;
  if (age > windowSeconds) return [reason("TOO_OLD", "createdAt")];
  return age < -CLOCK_SKEW_SECONDS ? [reason("FROM_THE_FUTURE", "createdAt")] : [];
}

function reason(code: ReasonCode, field: string): Reason {
  return { code, field };
}
