import { ConditionalCheckFailedException, DynamoDBClient, type PutItemCommand } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, type PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import fc from "fast-check";
import { EVENT_SOURCES, type ValidationEvents } from "../../config/platform-events";
import { fingerprintOf } from "../../modules/validation/validate-payment/idempotency-store";
import type { PaymentRequest } from "../../modules/validation/validate-payment/request";
import type { Validation } from "../../modules/validation/validate-payment/validate";

type Send<Command> = (command: Command) => Promise<object>;
type Handler = (event: unknown) => Promise<unknown>;

const NOW = new Date("2026-11-21T12:00:00.900Z");
const NOW_SECONDS = Date.UTC(2026, 10, 21, 12) / 1000;
const ENVIRONMENT = {
  LIMITS: JSON.stringify({ EUR: { min: "0.50", max: "10000.00" } }),
  WINDOW_SECONDS: "300",
  IDEMPOTENCY_SECONDS: "86400",
  REQUESTS_TABLE: "table-payment-requests-pr-42",
  EVENT_BUS: "events-pr-42",
  EVENT_SOURCE: EVENT_SOURCES.validation,
  AWS_REGION: "us-east-1",
};

const request = (changes: object = {}): PaymentRequest => ({
  idempotencyKey: "order-4711-attempt",
  createdAt: "2026-11-21T11:59:30Z",
  amount: { value: "12.34", currency: "EUR" },
  method: { type: "card", number: "4111111111111111", expires: "2027-04" },
  ...changes,
});
const RIGHT = request();
const WRONG = request({ amount: { value: "12.345", currency: "EUR" } });
const VALID = { valid: true, repeated: false } satisfies Validation;
const REPEATED = { valid: true, repeated: true } satisfies Validation;
const TOO_PRECISE = { valid: false, reasons: [{ code: "AMOUNT_TOO_PRECISE", field: "amount.value" }] } satisfies Validation;
const MALFORMED = { valid: false, reasons: [{ code: "MALFORMED", field: "(request)" }] } satisfies Validation;
const REUSED = { valid: false, reasons: [{ code: "IDEMPOTENCY_KEY_REUSED", field: "idempotencyKey" }] } satisfies Validation;

const fromLoadBalancer = (body: string | null, isBase64Encoded = false): object => ({
  requestContext: { elb: { targetGroupArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/tg/0" } },
  httpMethod: "POST",
  path: "/payments",
  headers: { "content-type": "application/json" },
  body,
  isBase64Encoded,
});
const fromBus = (detail: unknown): object => ({
  version: "0",
  id: "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
  "detail-type": "PaymentSubmitted",
  source: EVENT_SOURCES.service,
  detail,
});

let handler: Handler;
let remember: jest.Mock<Send<PutItemCommand>>;
let publish: jest.Mock<Send<PutEventsCommand>>;
let logs: jest.SpiedFunction<typeof console.info>;

beforeAll(async () => {
  Object.assign(process.env, ENVIRONMENT);
  // It reads its limits once, when it is loaded.
  ({ handler } = await import("../../modules/validation/validate-payment"));
});

beforeEach(() => {
  jest.useFakeTimers({ now: NOW });
  logs = jest.spyOn(console, "info").mockReturnValue(undefined);
  remember = jest.fn<Send<PutItemCommand>>().mockResolvedValue({});
  publish = jest.fn<Send<PutEventsCommand>>().mockResolvedValue({ FailedEntryCount: 0, Entries: [{ EventId: "1" }] });
  jest.spyOn(DynamoDBClient.prototype as unknown as { send: Send<PutItemCommand> }, "send").mockImplementation(remember);
  jest.spyOn(EventBridgeClient.prototype as unknown as { send: Send<PutEventsCommand> }, "send").mockImplementation(publish);
});

afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

afterAll(() => {
  for (const variable of Object.keys(ENVIRONMENT)) Reflect.deleteProperty(process.env, variable);
});

const taken = (fingerprint?: string): ConditionalCheckFailedException =>
  new ConditionalCheckFailedException({
    message: "The conditional request failed",
    $metadata: {},
    ...(fingerprint !== undefined && { Item: { fingerprint: { S: fingerprint } } }),
  });

describe("a request from the load balancer", () => {
  const encoded = (text: string): string => Buffer.from(text).toString("base64");

  it.each<[string, object, number, string, Validation]>([
    ["that is valid", fromLoadBalancer(JSON.stringify(RIGHT)), 200, "200 OK", VALID],
    ["that is valid, in base64", fromLoadBalancer(encoded(JSON.stringify(RIGHT)), true), 200, "200 OK", VALID],
    ["that is not valid", fromLoadBalancer(JSON.stringify(WRONG)), 422, "422 Unprocessable Content", TOO_PRECISE],
    ["that is no JSON", fromLoadBalancer('{"amount": '), 422, "422 Unprocessable Content", MALFORMED],
    ["that is no JSON, in base64", fromLoadBalancer(encoded("{"), true), 422, "422 Unprocessable Content", MALFORMED],
    ["that is base64, but does not say so", fromLoadBalancer(encoded("{}")), 422, "422 Unprocessable Content", MALFORMED],
    ["without a body", fromLoadBalancer(null), 422, "422 Unprocessable Content", MALFORMED],
    ["without a body, in base64", fromLoadBalancer(null, true), 422, "422 Unprocessable Content", MALFORMED],
    ["with an empty body", fromLoadBalancer(""), 422, "422 Unprocessable Content", MALFORMED],
  ])("%s is answered as HTTP, with no-store", async (_, event, statusCode, statusDescription, validation) => {
    expect(await handler(event)).toEqual({
      statusCode,
      statusDescription,
      headers: { "content-type": "application/json", "cache-control": "no-store" },
      body: JSON.stringify(validation),
      isBase64Encoded: false,
    });
    expect(publish).not.toHaveBeenCalled();
  });

  it("fails while the known requests cannot be read: the load balancer returns 502, and the client retries", async () => {
    remember.mockRejectedValue(new Error("the table cannot be reached"));
    await expect(handler(fromLoadBalancer(JSON.stringify(RIGHT)))).rejects.toThrow("the table cannot be reached");
  });
});

describe("a request from the event bus", () => {
  const published = (): unknown[] => publish.mock.calls.map(([{ input }]) => input.Entries);
  const submission = "6a7e8feb-b491-4cf7-a9f1-bf3703467718";
  type Detail<Valid extends boolean> = { readonly submission: string } & Extract<Validation, { valid: Valid }>;
  /** Published events have the types of the platform's events: otherwise these would not compile. */
  const validated = (detail: Detail<true>): ValidationEvents["PaymentValidated"] => detail;
  const rejected = (detail: Detail<false>): ValidationEvents["PaymentRejected"] => detail;

  it("that is valid is answered by the event PaymentValidated, which names it", async () => {
    const detail = validated({ submission, ...VALID });
    expect(await handler(fromBus(RIGHT))).toEqual(VALID);
    expect(published()).toEqual([
      [{ EventBusName: "events-pr-42", Source: "standfast.validation", DetailType: "PaymentValidated", Detail: JSON.stringify(detail) }],
    ]);
  });

  it("that is not valid is answered by the event PaymentRejected, with the reasons", async () => {
    const detail = rejected({ submission, ...TOO_PRECISE });
    expect(await handler(fromBus(WRONG))).toEqual(TOO_PRECISE);
    expect(published()).toEqual([
      [{ EventBusName: "events-pr-42", Source: "standfast.validation", DetailType: "PaymentRejected", Detail: JSON.stringify(detail) }],
    ]);
  });

  it.each([
    ["with the bus's own reason", [{ ErrorCode: "ThrottlingException" }], "the result could not be published: ThrottlingException"],
    ["without a reason, if the bus gives none", undefined, "the result could not be published: unknown"],
  ])("fails if the response event is not accepted, %s: Lambda retries", async (_, Entries, message) => {
    publish.mockResolvedValue({ FailedEntryCount: 1, Entries });
    await expect(handler(fromBus(RIGHT))).rejects.toThrow(new Error(message));
  });

  it("fails if the bus cannot be reached, and is answered as the same request when Lambda retries", async () => {
    publish.mockRejectedValueOnce(new Error("the bus cannot be reached"));
    await expect(handler(fromBus(RIGHT))).rejects.toThrow("the bus cannot be reached");
    remember.mockRejectedValue(taken(fingerprintOf(RIGHT)));
    expect(await handler(fromBus(RIGHT))).toEqual(REPEATED);
    expect(publish).toHaveBeenCalledTimes(2);
  });

  it("publishes nothing while the known requests cannot be read", async () => {
    remember.mockRejectedValue(new Error("the table cannot be reached"));
    await expect(handler(fromBus(RIGHT))).rejects.toThrow("the table cannot be reached");
    expect(publish).not.toHaveBeenCalled();
  });
});

describe("a request by a direct call", () => {
  it.each<[string, unknown, Validation]>([
    ["that is valid", RIGHT, VALID],
    ["that is not valid", WRONG, TOO_PRECISE],
    ["that is nothing", null, MALFORMED],
    ["that is a text", "requestContext", MALFORMED],
    ["that is a list", [], { valid: false, reasons: [{ code: "MALFORMED", field: "(request)" }] }],
  ])("%s is answered directly", async (_, event, validation) => {
    expect(await handler(event)).toEqual(validation);
    expect(publish).not.toHaveBeenCalled();
  });

  it.each([
    ["that pretends to have no context", { requestContext: null }],
    ["that has the context of an API gateway", { requestContext: { apiId: "0123456789" }, body: JSON.stringify(RIGHT) }],
    ["that names a type but has no details", { "detail-type": "PaymentSubmitted" }],
  ])("%s is neither the load balancer's nor the event bus's", async (_, event) => {
    expect(await handler(event)).toMatchObject({ valid: false, reasons: expect.arrayContaining([{ code: "MALFORMED", field: "amount" }]) });
    expect(publish).not.toHaveBeenCalled();
  });
});

describe("the table of known requests", () => {
  it("stores the key, the fingerprint and their expiry, and rejects a stored key unless it has expired", async () => {
    expect(await handler(RIGHT)).toEqual(VALID);
    expect(remember.mock.calls.map(([{ input }]) => input)).toEqual([
      {
        TableName: "table-payment-requests-pr-42",
        Item: {
          idempotency_key: { S: "order-4711-attempt" },
          fingerprint: { S: fingerprintOf(RIGHT) },
          expires_at: { N: String(NOW_SECONDS + 86_400) },
        },
        ConditionExpression: "attribute_not_exists(#key) OR #expiry < :now",
        ExpressionAttributeNames: { "#key": "idempotency_key", "#expiry": "expires_at" },
        ExpressionAttributeValues: { ":now": { N: String(NOW_SECONDS) } },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
    ]);
  });

  it.each<[string, string | undefined, Validation]>([
    ["the same payment again is valid, and known", fingerprintOf(RIGHT), REPEATED],
    ["another payment by the same key is rejected", fingerprintOf(WRONG), REUSED],
    ["a payment by a key without a stored payment is rejected", undefined, REUSED],
  ])("distinguishes payments: %s", async (_, fingerprint, validation) => {
    remember.mockRejectedValue(taken(fingerprint));
    expect(await handler(RIGHT)).toEqual(validation);
  });

  it("is not read for an invalid request", async () => {
    expect(await handler(WRONG)).toEqual(TOO_PRECISE);
    expect(remember).not.toHaveBeenCalled();
  });

  it("that fails for any other reason makes the call fail with that reason: the caller retries", async () => {
    const error = Object.assign(new Error("slow down"), { name: "ProvisionedThroughputExceededException" });
    remember.mockRejectedValue(error);
    await expect(handler(RIGHT)).rejects.toBe(error);
    expect(logs).not.toHaveBeenCalled();
  });
});

describe("the log", () => {
  it.each<[string, object, object]>([
    ["valid, directly", RIGHT, { message: "payment validated", from: "direct", ...VALID }],
    ["not valid, directly", WRONG, { message: "payment rejected", from: "direct", ...TOO_PRECISE }],
    ["valid, from the event bus", fromBus(RIGHT), { message: "payment validated", from: "event bus", ...VALID }],
    ["not valid, from the load balancer", fromLoadBalancer("{"), { message: "payment rejected", from: "load balancer", ...MALFORMED }],
  ])("has one object for a request that is %s", async (_, event, line) => {
    await handler(event);
    expect(logs.mock.calls).toEqual([[line]]);
  });

  it("reveals nothing of the request, regardless of its contents", async () => {
    const others = (["log", "warn", "error", "debug"] as const).map((level) => jest.spyOn(console, level).mockReturnValue(undefined));
    const cards = fc.stringMatching(/^[3-6]\d{14,15}$/);
    const values = fc.record({
      idempotencyKey: fc.stringMatching(/^[A-Za-z0-9_-]{16,64}$/),
      createdAt: fc.date({ min: new Date("2026-11-21T11:50:00Z"), max: NOW, noInvalidDate: true }).map((date) => date.toISOString()),
      amount: fc.record({ value: fc.stringMatching(/^[1-9]\d{1,4}\.\d{1,3}$/), currency: fc.constantFrom("EUR", "JPY", "QQQ") }),
    });
    const events = fc.oneof(
      fc.tuple(values, cards).map(([value, number]) => ({ ...value, method: { type: "card", number, expires: "2027-04" } })),
      // Where they do not belong: as an amount, as a key, as a country.
      fc.tuple(values, cards).map(([value, number]) => ({ ...value, amount: { value: number, currency: number } })),
      fc.tuple(values, cards).map(([value, number]) => ({ ...value, [number]: number, method: { [number]: 1, type: number } })),
      fc.tuple(values, cards).map(([value, number]) => ({ ...value, method: { type: "iban", iban: `DE${number}` } })),
      cards,
    );
    await fc.assert(
      fc.asyncProperty(events, fc.constantFrom("direct", "bus", "load balancer"), async (payment, way) => {
        logs.mockClear();
        await handler(way === "direct" ? payment : way === "bus" ? fromBus(payment) : fromLoadBalancer(JSON.stringify(payment)));
        expect(logs).toHaveBeenCalledTimes(1);
        const [line, ...more] = (logs.mock.calls[0] ?? []) as [Validation, ...unknown[]];
        expect(line).toEqual({
          message: expect.stringMatching(/^payment (validated|rejected)$/) as unknown,
          from: expect.stringMatching(/^(direct|event bus|load balancer)$/) as unknown,
          valid: expect.any(Boolean) as unknown,
          ...(line.valid ? { repeated: false } : { reasons: expect.any(Array) as unknown }),
        });
        expect(more).toEqual([]);
        const text = JSON.stringify(line);
        // Accounts, amounts and times all have digits.
        expect(text).not.toMatch(/\d/);
        for (const value of leaves(payment)) expect(text).not.toContain(`"${value}"`);
      }),
      { numRuns: 300 },
    );
    for (const other of others) expect(other).not.toHaveBeenCalled();
  });
});

describe("the environment", () => {
  it.each(["LIMITS", "WINDOW_SECONDS", "REQUESTS_TABLE", "IDEMPOTENCY_SECONDS"])(
    "must have %s when the function is loaded",
    async (variable) => {
      Reflect.deleteProperty(process.env, variable);
      try {
        await jest.isolateModulesAsync(async () => {
          await expect(import("../../modules/validation/validate-payment")).rejects.toThrow(
            `the environment variable ${variable} is missing`,
          );
        });
      } finally {
        Object.assign(process.env, ENVIRONMENT);
      }
    },
  );

  it.each(["EVENT_BUS", "EVENT_SOURCE"])("needs %s only where payments are submitted by events", async (variable) => {
    Reflect.deleteProperty(process.env, variable);
    try {
      expect(await handler(RIGHT)).toEqual(VALID);
      await expect(handler(fromBus(RIGHT))).rejects.toThrow(`the environment variable ${variable} is missing`);
    } finally {
      Object.assign(process.env, ENVIRONMENT);
    }
  });
});

/** Every text in a request that is a value, at any depth. */
function leaves(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [];
}
