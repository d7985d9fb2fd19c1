import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { ValidationEvents } from "../../../config/platform-events";
import type { Rules } from "./checks";
import { DynamoDbIdempotencyStore } from "./idempotency-store";
import { validate, type Validation } from "./validate";

/** Request of the load balancer: only the fields that are used. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html */
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

/** Event of the event bus: only the fields that are used. */
interface BusEvent {
  readonly id: string;
  readonly "detail-type": string;
  readonly detail: unknown;
}

const rules: Rules = {
  limits: JSON.parse(requiredVariable("LIMITS")) as Rules["limits"],
  windowSeconds: Number(requiredVariable("WINDOW_SECONDS")),
};
const store = new DynamoDbIdempotencyStore(requiredVariable("REQUESTS_TABLE"), Number(requiredVariable("IDEMPOTENCY_SECONDS")));
const events = new EventBridgeClient({});

/**
 * Validates a payment request. The result is an HTTP response to the load balancer, an event for a request from the event
 * bus, and otherwise the return value.
 */
export async function handler(event: unknown): Promise<Validation | LoadBalancerResponse> {
  if (isFromLoadBalancer(event)) return respond(event);
  if (isFromBus(event)) return publish(event);
  return logResult(await validate(event, rules, store, new Date()), "direct");
}

async function respond(request: LoadBalancerRequest): Promise<LoadBalancerResponse> {
  const validation = logResult(await validate(parseBody(request), rules, store, new Date()), "load balancer");
  const [statusCode, statusDescription] = validation.valid ? [200, "200 OK"] : [422, "422 Unprocessable Content"];
  const headers = { "content-type": "application/json", "cache-control": "no-store" };
  return { statusCode, statusDescription, headers, body: JSON.stringify(validation), isBase64Encoded: false };
}

/** Parses the body. A body that is not JSON becomes `undefined`, which the validation rejects. */
function parseBody({ body, isBase64Encoded }: LoadBalancerRequest): unknown {
  const text = isBase64Encoded ? Buffer.from(body ?? "", "base64").toString() : (body ?? "");
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Publishes the result as an event with the id of the submission. It contains no data of the payment. */
async function publish({ id, detail }: BusEvent): Promise<Validation> {
  const validation = logResult(await validate(detail, rules, store, new Date()), "event bus");
  const { FailedEntryCount, Entries } = await events.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: requiredVariable("EVENT_BUS"),
          Source: requiredVariable("EVENT_SOURCE"),
          DetailType: (validation.valid ? "PaymentValidated" : "PaymentRejected") satisfies keyof ValidationEvents,
          Detail: JSON.stringify({ submission: id, ...validation } satisfies ValidationEvents[keyof ValidationEvents]),
        },
      ],
    }),
  );
  if (FailedEntryCount) throw new Error(`the result could not be published: ${Entries?.[0]?.ErrorCode ?? "unknown"}`);
  return validation;
}

/** Writes one log line for each request, which Lambda formats as JSON. It contains no data of the request. */
function logResult(validation: Validation, from: string): Validation {
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

function requiredVariable(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`the environment variable ${variable} is missing`);
  return value;
}
