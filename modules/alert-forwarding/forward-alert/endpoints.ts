import * as z from "zod/mini";
import type { Alert } from "./alert";

const url = z.url({ protocol: /^https$/ });

/** Schema of the secret: a list of endpoints. */
const schema = z.array(
  z.discriminatedUnion("kind", [
    /** An incoming webhook. @see https://api.slack.com/messaging/webhooks */
    z.object({ kind: z.literal("slack"), url }),
    /** A service with the Events API v2. @see https://developer.pagerduty.com/docs/events-api-v2-overview */
    z.object({ kind: z.literal("pagerduty"), routingKey: z.string().check(z.regex(/^[A-Za-z0-9]{32}$/)) }),
    /** Any endpoint that accepts the alert as JSON. */
    z.object({ kind: z.literal("json"), url }),
    /** A service that notifies when a request is missing. It gets the heartbeat, and no alert. @see https://healthchecks.io/docs/http_api */
    z.object({ kind: z.literal("heartbeat"), url }),
  ]),
);

export type Endpoint = z.infer<typeof schema>[number];

const PAGERDUTY = "https://events.pagerduty.com/v2/enqueue";
const TIMEOUT_SECONDS = 5;

/** @throws when the text is not a list of endpoints. The message contains no value of the secret. */
export function endpoints(secret: string): Endpoint[] {
  let content: unknown;
  try {
    content = JSON.parse(secret);
  } catch {
    throw new Error("the secret with the endpoints is not JSON");
  }
  const { success, data, error } = schema.safeParse(content);
  if (success) return data;
  throw new Error(`the secret with the endpoints is invalid at: ${error.issues.map(({ path }) => path.join(".") || "(root)").join(", ")}`);
}

/** Sends the alert to one endpoint. @throws when the endpoint does not accept it. The message omits the URL, which is a secret. */
export async function send(endpoint: Endpoint, alert: Alert, source: string): Promise<void> {
  const { kind } = endpoint;
  // PagerDuty would open an incident that is never resolved.
  if (kind === "pagerduty" && alert.severity === "info") return;
  let response: Response;
  try {
    response = await fetch(kind === "pagerduty" ? PAGERDUTY : endpoint.url, {
      ...request(endpoint, alert, source),
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1000),
    });
  } catch (error) {
    // eslint-disable-next-line preserve-caught-error -- it may contain the URL
    throw new Error(`${kind}: ${reason(error)}`);
  }
  if (!response.ok) throw new Error(`${kind}: returned status ${response.status}`);
}

/** A code such as `ENOTFOUND`, or the name of the error. Messages of errors may contain the URL. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return "failed";
  const { code } = (error.cause ?? {}) as { readonly code?: unknown };
  return typeof code === "string" ? code : error.name;
}

/** A heartbeat is a request without a content: its time is the information. */
function request(endpoint: Endpoint, alert: Alert, source: string): RequestInit {
  if (endpoint.kind === "heartbeat") return { method: "GET" };
  return { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body(endpoint, alert, source)) };
}

function body(endpoint: Exclude<Endpoint, { kind: "heartbeat" }>, alert: Alert, source: string): object {
  const { key, summary, severity, over, text } = alert;
  switch (endpoint.kind) {
    case "slack":
      return { text: `*${over ? "RESOLVED" : severity.toUpperCase()}* ${escapeForSlack(`${summary}\n${text}`)}` };
    case "pagerduty":
      return {
        routing_key: endpoint.routingKey,
        event_action: over ? "resolve" : "trigger",
        // Alarms of two regions have the same names. The OK of one must not resolve the incident of the other.
        dedup_key: `${source}/${key}`,
        payload: { summary, source, severity, custom_details: { text } },
      };
    case "json":
      return { ...alert, source };
  }
}

/** Escapes the control characters of Slack. @see https://api.slack.com/reference/surfaces/formatting#escaping */
function escapeForSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
