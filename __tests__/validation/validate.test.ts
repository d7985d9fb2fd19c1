import { describe, expect, it } from "@jest/globals";
import { code as currencyOf, codes } from "currency-codes";
import fc from "fast-check";
import { CLOCK_SKEW_SECONDS as CONFIGURED_SKEW } from "../../config/rules/operations-rules";
import { AMOUNT_PATTERN as CONFIGURED_AMOUNT } from "../../config/schema/validation";
import { CLOCK_SKEW_SECONDS, inMinorUnits, type Rules } from "../../modules/validation/validate-payment/checks";
import { type Claim, fingerprintOf, type IdempotencyStore } from "../../modules/validation/validate-payment/idempotency-store";
import { AMOUNT_PATTERN, type PaymentRequest } from "../../modules/validation/validate-payment/request";
import { validate, type Validation } from "../../modules/validation/validate-payment/validate";

const NOW = new Date("2026-11-21T12:00:00Z");
const RULES: Rules = {
  limits: {
    EUR: { min: "0.50", max: "10000.00" },
    JPY: { min: "50", max: "1000000" },
    BHD: { min: "0.100", max: "5000.000" },
  },
  windowSeconds: 300,
};

/** Test numbers that the schemes publish. */
const CARD = { type: "card", number: "4111111111111111", expires: "2027-04" } as const;
/** Examples of the registry of SWIFT. */
const IBAN = { type: "iban", iban: "DE89370400440532013000" } as const;

const request = (changes: object = {}): PaymentRequest => ({
  idempotencyKey: "order-4711-attempt",
  createdAt: "2026-11-21T11:59:30Z",
  amount: { value: "12.34", currency: "EUR" },
  method: CARD,
  ...changes,
});

/** Known requests by their keys, as the table stores them. */
class Memory implements IdempotencyStore {
  private readonly known = new Map<string, string>();

  claim(payment: PaymentRequest): Promise<Claim> {
    const fingerprint = fingerprintOf(payment);
    const before = this.known.get(payment.idempotencyKey);
    this.known.set(payment.idempotencyKey, before ?? fingerprint);
    return Promise.resolve(before === undefined ? "new" : before === fingerprint ? "same" : "other");
  }
}

const validated = (input: unknown, known: IdempotencyStore = new Memory(), now = NOW): Promise<Validation> =>
  validate(input, RULES, known, now);
const VALID = { valid: true, repeated: false };
const rejected = (...reasons: [code: string, field: string][]): object => ({
  valid: false,
  reasons: reasons.map(([code, field]) => ({ code, field })),
});

describe("a payment request is valid", () => {
  it.each([
    ["by Visa", request()],
    ["by Mastercard", request({ method: { ...CARD, number: "5555555555554444" } })],
    ["by American Express, with 15 digits", request({ method: { ...CARD, number: "378282246310005" } })],
    ["by a German IBAN", request({ method: IBAN })],
    ["by a British IBAN", request({ method: { type: "iban", iban: "GB29NWBK60161331926819" } })],
    ["by the longest IBAN, of Malta", request({ method: { type: "iban", iban: "MT84MALT011000012345MTLCAST001S" } })],
    ["in yen, which have no decimals", request({ amount: { value: "5000", currency: "JPY" } })],
    ["in Bahraini dinars, which have three", request({ amount: { value: "0.125", currency: "BHD" } })],
    ["at the lowest amount", request({ amount: { value: "0.50", currency: "EUR" } })],
    ["at the highest amount", request({ amount: { value: "10000", currency: "EUR" } })],
    ["in the last second of the window", request({ createdAt: "2026-11-21T11:55:00Z" })],
    ["from a clock that is a minute ahead", request({ createdAt: "2026-11-21T12:01:00Z" })],
    ["with a card in its last month", request({ method: { ...CARD, expires: "2026-11" } })],
  ])("%s", async (_, payment) => {
    expect(await validated(payment)).toEqual(VALID);
  });

  it("with a card that was good until yesterday, where yesterday is not over yet", async () => {
    const card = request({ createdAt: "2026-12-01T11:59:00Z", method: { ...CARD, expires: "2026-11" } });
    expect(await validated(card, new Memory(), new Date("2026-12-01T11:59:59Z"))).toEqual(VALID);
    expect(await validated(card, new Memory(), new Date("2026-12-01T12:00:00Z"))).toEqual(rejected(["CARD_EXPIRED", "method.expires"]));
  });
});

describe("a payment request is rejected", () => {
  it.each([
    ["with a digit of the card wrong", { method: { ...CARD, number: "4111111111111112" } }, "CARD_NUMBER_INVALID", "method.number"],
    [
      "with a card of no known scheme's length",
      { method: { ...CARD, number: "41111111111" + "00" } },
      "CARD_NUMBER_INVALID",
      "method.number",
    ],
    ["with a card that has expired", { method: { ...CARD, expires: "2026-10" } }, "CARD_EXPIRED", "method.expires"],
    [
      "with a card that would be good for 21 years",
      { method: { ...CARD, expires: "2047-11" } },
      "CARD_EXPIRY_IMPLAUSIBLE",
      "method.expires",
    ],
    ["with check digits of the IBAN wrong", { method: { type: "iban", iban: "DE88370400440532013000" } }, "IBAN_INVALID", "method.iban"],
    ["with an IBAN too short for its country", { method: { type: "iban", iban: "DE8937040044053201300" } }, "IBAN_INVALID", "method.iban"],
    [
      "with an IBAN of a country that has none",
      { method: { type: "iban", iban: "US89370400440532013000" } },
      "IBAN_INVALID",
      "method.iban",
    ],
    ["in a currency that does not exist", { amount: { value: "1.00", currency: "EUX" } }, "CURRENCY_UNKNOWN", "amount.currency"],
    ["in a currency without limits", { amount: { value: "1.00", currency: "USD" } }, "CURRENCY_NOT_ACCEPTED", "amount.currency"],
    ["with tenths of cents", { amount: { value: "1.001", currency: "EUR" } }, "AMOUNT_TOO_PRECISE", "amount.value"],
    ["with decimals of yen", { amount: { value: "5000.0", currency: "JPY" } }, "AMOUNT_TOO_PRECISE", "amount.value"],
    ["of nothing", { amount: { value: "0.00", currency: "EUR" } }, "AMOUNT_TOO_SMALL", "amount.value"],
    ["one cent too small", { amount: { value: "0.49", currency: "EUR" } }, "AMOUNT_TOO_SMALL", "amount.value"],
    ["one cent too large", { amount: { value: "10000.01", currency: "EUR" } }, "AMOUNT_TOO_LARGE", "amount.value"],
    ["a second after its window", { createdAt: "2026-11-21T11:54:59Z" }, "TOO_OLD", "createdAt"],
    ["from the future", { createdAt: "2026-11-21T12:01:01Z" }, "FROM_THE_FUTURE", "createdAt"],
  ])("%s", async (_, changes, code, field) => {
    expect(await validated(request(changes))).toEqual(rejected([code, field]));
  });

  it.each([
    ["nothing", undefined, ["(request)"]],
    ["a text", "payment", ["(request)"]],
    ["an amount as a number", request({ amount: { value: 12.34, currency: "EUR" } }), ["amount.value"]],
    ["a negative amount", request({ amount: { value: "-1.00", currency: "EUR" } }), ["amount.value"]],
    ["an amount in words of exponents", request({ amount: { value: "1e3", currency: "EUR" } }), ["amount.value"]],
    ["a time without a zone", request({ createdAt: "2026-11-21T11:59:30" }), ["createdAt"]],
    ["a day that does not exist", request({ createdAt: "2026-02-30T11:59:30Z" }), ["createdAt"]],
    ["a short idempotency key", request({ idempotencyKey: "1" }), ["idempotencyKey"]],
    ["a card number with spaces", request({ method: { ...CARD, number: "4111 1111 1111 1111" } }), ["method.number"]],
    ["a thirteenth month", request({ method: { ...CARD, expires: "2027-13" } }), ["method.expires"]],
    ["another way to pay", request({ method: { type: "cash" } }), ["method.type"]],
    ["an unknown key", request({ cvv: "123" }), ["(unknown keys)"]],
    ["two faults", { ...request(), createdAt: 1, amount: { value: "1", currency: "euro" } }, ["createdAt", "amount.currency"]],
  ])("that is %s, by where it is malformed", async (_, input, fields) => {
    expect(await validated(input)).toEqual(rejected(...fields.map((field): [string, string] => ["MALFORMED", field])));
  });

  it("with all of its errors", async () => {
    const faulty = request({
      createdAt: "2026-11-20T11:59:30Z",
      amount: { value: "0.01", currency: "EUR" },
      method: { ...CARD, number: "4111111111111112", expires: "2020-01" },
    });
    expect(await validated(faulty)).toEqual(
      rejected(
        ["AMOUNT_TOO_SMALL", "amount.value"],
        ["CARD_NUMBER_INVALID", "method.number"],
        ["CARD_EXPIRED", "method.expires"],
        ["TOO_OLD", "createdAt"],
      ),
    );
  });
});

describe("the idempotency key of a payment request", () => {
  it("treats a second attempt as the same payment", async () => {
    const known = new Memory();
    expect(await validated(request(), known)).toEqual(VALID);
    expect(await validated(request(), known)).toEqual({ valid: true, repeated: true });
  });

  it.each([
    ["amount", { amount: { value: "99.99", currency: "EUR" } }],
    ["currency", { amount: { value: "50", currency: "JPY" } }],
    ["card", { method: { ...CARD, number: "5555555555554444" } }],
    ["way to pay", { method: IBAN }],
    ["time", { createdAt: "2026-11-21T11:59:31Z" }],
  ])("cannot be used again with another %s", async (_, changes) => {
    const known = new Memory();
    await validated(request(), known);
    expect(await validated(request(changes), known)).toEqual(rejected(["IDEMPOTENCY_KEY_REUSED", "idempotencyKey"]));
  });

  it("is not claimed by an invalid request", async () => {
    const known = new Memory();
    await validated(request({ amount: { value: "0.01", currency: "EUR" } }), known);
    expect(await validated(request(), known)).toEqual(VALID);
  });
});

describe("of any payment request", () => {
  /** A card number with its check digit. */
  const cards = fc.stringMatching(/^4\d{14}$/).map((digits) => digits + String(checkDigit(digits)));

  it("a card number with its check digit is valid, and with any other is not", async () => {
    await fc.assert(
      fc.asyncProperty(cards, fc.integer({ min: 1, max: 9 }), async (number, by) => {
        const wrong = number.slice(0, -1) + String((Number(number.at(-1)) + by) % 10);
        expect(await validated(request({ method: { ...CARD, number } }))).toEqual(VALID);
        expect(await validated(request({ method: { ...CARD, number: wrong } }))).toEqual(
          rejected(["CARD_NUMBER_INVALID", "method.number"]),
        );
      }),
    );
  });

  it("two neighbouring digits of an IBAN that change places are noticed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 4, max: IBAN.iban.length - 2 }), async (at) => {
        const { iban } = IBAN;
        fc.pre(iban[at] !== iban[at + 1]);
        const swapped = `${iban.slice(0, at)}${iban[at + 1] ?? ""}${iban[at] ?? ""}${iban.slice(at + 2)}`;
        expect(await validated(request({ method: { type: "iban", iban: swapped } }))).toEqual(rejected(["IBAN_INVALID", "method.iban"]));
      }),
    );
  });

  it("amounts are neither rounded nor lost in any currency", () => {
    fc.assert(
      fc.property(fc.constantFrom(...codes()), fc.bigInt({ min: 0n, max: 10n ** 17n }), (currency, minor) => {
        const digits = currencyOf(currency)?.digits ?? 0;
        const padded = minor.toString().padStart(digits + 1, "0");
        const text = digits === 0 ? padded : `${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
        expect(inMinorUnits(text, digits)).toBe(minor);
        expect(inMinorUnits(digits === 0 ? `${text}.0` : `${text}0`, digits)).toBeUndefined();
      }),
    );
  });

  it("neither the response nor any stored value contains an account", async () => {
    await fc.assert(
      fc.asyncProperty(cards, fc.boolean(), async (number, right) => {
        const payment = request({ method: { ...CARD, number }, ...(!right && { amount: { value: number, currency: number } }) });
        expect(JSON.stringify(await validated(payment))).not.toContain(number.slice(0, 12));
        expect(fingerprintOf(payment)).toMatch(/^[0-9a-f]{64}$/);
      }),
    );
    // Nothing but the last four digits goes in: from the fingerprint, the others cannot be found by trying.
    const other = request({ method: { ...CARD, number: "5555555555551111" } });
    expect(fingerprintOf(other)).toBe(fingerprintOf(request()));
  });

  it("validation ends with a response for every input", async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (input) => {
        expect(await validated(input)).toMatchObject({ valid: false });
      }),
    );
  });
});

/** Luhn, the other way round: the digit that makes the sum end in 0. */
function checkDigit(digits: string): number {
  const sum = Array.from(digits).reduce((total, digit, index) => {
    const value = Number(digit) * ((digits.length - index) % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return (10 - (sum % 10)) % 10;
}

describe("what configuration and function must agree on", () => {
  // A function imports nothing from outside its folder: each side has its own.
  it("is how far a clock may be ahead, and what an amount looks like", () => {
    expect(CLOCK_SKEW_SECONDS).toBe(CONFIGURED_SKEW);
    expect(AMOUNT_PATTERN).toEqual(CONFIGURED_AMOUNT);
  });
});
