import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { ValidationEvents } from "../../../config/platform-events";
import type { Rules } from "./checks";
import { KnownRequestsTable } from "./known-requests";
import { validate, type Validation } from "./validate";

/** What the load balancer sends, as far as it is read. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html */
interface LoadBalancerRequest {
  readonly requestContext: { readonly elb: object };
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
}

interface LoadBalancerResponse {
  readonly statusCode: number;
  readonly statusDescription: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: false;
}

/** What the event bus sends, as far as it is read. */
interface BusEvent {
  readonly id: string;
  readonly "detail-type": string;
  readonly detail: unknown;
}

const rules: Rules = {
  limits: JSON.parse(given("LIMITS")) as Rules["limits"],
  windowSeconds: Number(given("WINDOW_SECONDS")),
};
const known = new KnownRequestsTable(given("REQUESTS_TABLE"), Number(given("KEEP_SECONDS")));
const events = new EventBridgeClient({});

/**
 * Validates a payment request: one from the load balancer is answered as HTTP, one from the event bus with an event, any
 * other directly.
 */
export async function handler(event: unknown): Promise<Validation | LoadBalancerResponse> {
  if (isFromLoadBalancer(event)) return answer(event);
  if (isFromBus(event)) return publish(event);
  return logged(await validate(event, rules, known, new Date()), "direct");
}

async function answer(request: LoadBalancerRequest): Promise<LoadBalancerResponse> {
  const validation = logged(await validate(bodyOf(request), rules, known, new Date()), "load balancer");
  const [statusCode, statusDescription] = validation.valid ? [200, "200 OK"] : [422, "422 Unprocessable Content"];
  const headers = { "content-type": "application/json", "cache-control": "no-store" };
  return { statusCode, statusDescription, headers, body: JSON.stringify(validation), isBase64Encoded: false };
}

/** The body as data; what is no JSON is no request, which the validation says. */
function bodyOf({ body, isBase64Encoded }: LoadBalancerRequest): unknown {
  const text = isBase64Encoded ? Buffer.from(body ?? "", "base64").toString() : (body ?? "");
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The answer to an event is an event, which names the one it answers and says nothing of the payment itself. */
async function publish({ id, detail }: BusEvent): Promise<Validation> {
  const validation = logged(await validate(detail, rules, known, new Date()), "event bus");
  const { FailedEntryCount, Entries } = await events.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: given("EVENT_BUS"),
          Source: given("EVENT_SOURCE"),
          DetailType: (validation.valid ? "PaymentValidated" : "PaymentRejected") satisfies keyof ValidationEvents,
          Detail: JSON.stringify({ submission: id, ...validation } satisfies ValidationEvents[keyof ValidationEvents]),
        },
      ],
    }),
  );
  if (FailedEntryCount) throw new Error(`the result could not be published: ${Entries?.[0]?.ErrorCode ?? "unknown"}`);
  return validation;
}

/** One line for each request. Lambda writes it as JSON; nothing in it comes from the request. */
function logged(validation: Validation, from: string): Validation {
  console.info({ message: validation.valid ? "payment validated" : "payment rejected", from, ...validation });
  return validation;
}

function isFromLoadBalancer(event: unknown): event is LoadBalancerRequest {
  const context = (event as Partial<LoadBalancerRequest> | null)?.requestContext;
  return typeof context === "object" && (context as object | null) !== null && "elb" in context;
}

function isFromBus(event: unknown): event is BusEvent {
  return typeof event === "object" && event !== null && "detail-type" in event && "detail" in event;
}

function given(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`the environment variable ${variable} is missing`);
  return value;
}
