import { ResourceNotFoundException, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { handler } from "../../modules/alert-forwarding/forward-alert";
import { type Alert, type Notification, toAlert } from "../../modules/alert-forwarding/forward-alert/alert";
import { type Endpoint, endpoints, send } from "../../modules/alert-forwarding/forward-alert/endpoints";
import { realFetch } from "../support/fetch";

const SLACK: Endpoint = { kind: "slack", url: "https://hooks.slack.example/services/T0/B0/sEcReT" };
const PAGERDUTY: Endpoint = { kind: "pagerduty", routingKey: "0123456789abcdefABCDEF0123456789" };
const JSON_TAKER: Endpoint = { kind: "json", url: "https://alerts.example/take?token=sEcReT" };
const HEARTBEAT: Endpoint = { kind: "heartbeat", url: "https://pings.example/sEcReT" };
const ALERTS_TOPIC = "arn:aws:sns:us-east-1:123456789012:topic-alerts-pr-42";
const HEARTBEAT_TOPIC = "arn:aws:sns:us-east-1:123456789012:topic-heartbeat-pr-42";
const SOURCE = "/standfast/pr-42/us-east-1";

const alarm = (changes: object = {}): string =>
  JSON.stringify({
    AlarmName: "alarm-running-tasks-pr-42",
    AlarmDescription: "CRITICAL: fewer than 6 tasks run. Runbook: https://runbooks.example/service.md#tasks",
    AWSAccountId: "123456789012",
    NewStateValue: "ALARM",
    NewStateReason: "Threshold Crossed: 1 datapoint [4.0] was less than the threshold (6.0).",
    OldStateValue: "OK",
    ...changes,
  });
const notification = (Message: string, more: Partial<Notification> = {}): Notification => ({
  MessageId: "95df01b4-ee98-5cb9-9903-4c221d41eb5e",
  TopicArn: ALERTS_TOPIC,
  Subject: null,
  Message,
  ...more,
});

describe("a message of the alerts' topic", () => {
  it("that CloudWatch writes is the alarm with its description and the reason", () => {
    expect(toAlert(notification(alarm(), { Subject: 'ALARM: "alarm-running-tasks-pr-42" in US East (N. Virginia)' }))).toEqual({
      key: "alarm-running-tasks-pr-42",
      summary: "ALARM: alarm-running-tasks-pr-42",
      severity: "critical",
      over: false,
      text: "CRITICAL: fewer than 6 tasks run. Runbook: https://runbooks.example/service.md#tasks\nThreshold Crossed: 1 datapoint [4.0] was less than the threshold (6.0).",
    });
  });

  it("states since when", () => {
    const since = "2026-11-30T02:31:05.123+0000";
    expect(toAlert(notification(alarm({ StateChangeTime: since }))).text.split("\n")[1]).toBe(`Since: ${since}`);
  });

  it("that ends an alarm has the same key as the one that began it, and is marked as over", () => {
    const over = toAlert(notification(alarm({ NewStateValue: "OK" }), { MessageId: "another" }));
    expect(over).toMatchObject({ key: toAlert(notification(alarm())).key, over: true, summary: "OK: alarm-running-tasks-pr-42" });
  });

  it("that an alarm has no data is not its end", () => {
    expect(toAlert(notification(alarm({ NewStateValue: "INSUFFICIENT_DATA" })))).toMatchObject({
      over: false,
      summary: "INSUFFICIENT_DATA: alarm-running-tasks-pr-42",
    });
  });

  it("of an alarm without a description is critical", () => {
    const bare = JSON.stringify({ AlarmName: "alarm-of-others", NewStateValue: "ALARM" });
    expect(toAlert(notification(bare))).toEqual({
      key: "alarm-of-others",
      summary: "ALARM: alarm-of-others",
      severity: "critical",
      over: false,
      text: "",
    });
  });

  it.each([
    ["a sentence", "CRITICAL: a task was stopped.", undefined, "CRITICAL: a task was stopped.", "CRITICAL: a task was stopped."],
    [
      "a sentence in JSON, as the event bus writes it",
      '"CRITICAL: a \\"task\\" stopped."',
      null,
      'CRITICAL: a "task" stopped.',
      'CRITICAL: a "task" stopped.',
    ],
    ["a sentence with a subject", "CRITICAL: it failed.", "FAILED: rewind", "FAILED: rewind", "CRITICAL: it failed."],
    ["JSON of others", '{"Event Source":"db-cluster"}', null, '{"Event Source":"db-cluster"}', '{"Event Source":"db-cluster"}'],
    ["a number", "42", null, "42", "42"],
    ["no JSON after all", '{"AlarmName":', null, '{"AlarmName":', '{"AlarmName":'],
    ["nothing, in JSON", "null", null, "null", "null"],
  ])("that is %s is taken as it is, by its own id, and never ends anything", (_, Message, Subject, summary, text) => {
    const message = notification(Message, Subject === undefined ? {} : { Subject });
    expect(toAlert(message)).toEqual({ key: "95df01b4-ee98-5cb9-9903-4c221d41eb5e", summary, severity: "critical", over: false, text });
  });

  it.each<[string, Alert["severity"]]>([
    ["CRITICAL: the database is gone.", "critical"],
    ["WARNING: the disk fills.", "warning"],
    ["INFO: the backups are being checked.", "info"],
    ["The database is being taken back.", "critical"],
    ["INFORMATION is lost.", "critical"],
    ["WARNINGS were ignored.", "critical"],
    ["This is no INFO: it burns.", "critical"],
    ["", "critical"],
  ])("that begins with %j is %s, as a sentence and as an alarm", (text, severity) => {
    expect(toAlert(notification(text)).severity).toBe(severity);
    expect(toAlert(notification(JSON.stringify(text))).severity).toBe(severity);
    expect(toAlert(notification(alarm({ AlarmDescription: text }))).severity).toBe(severity);
  });

  it.each([1023, 1024])("of %i characters is a summary as a whole", (length) => {
    expect(toAlert(notification("x".repeat(length))).summary).toHaveLength(length);
  });

  it("that is longer is cut to what PagerDuty takes, and only in the summary", () => {
    const { summary, text } = toAlert(notification("x".repeat(1025)));
    expect([summary.length, text.length]).toEqual([1024, 1025]);
  });
});

describe("the secret with the endpoints", () => {
  it.each<[string, Endpoint[]]>([
    ["one of each kind", [SLACK, PAGERDUTY, JSON_TAKER, HEARTBEAT]],
    ["two of the same kind", [SLACK, { ...SLACK, url: "https://hooks.slack.example/2" }]],
    ["none", []],
  ])("may contain %s", (_, list) => {
    expect(endpoints(JSON.stringify(list))).toEqual(list);
  });

  it.each([
    ["nothing", ""],
    ["an address alone", SLACK.url],
    ["half a list", `[{"kind":"slack","url":"${SLACK.url}"`],
  ])("that contains %s is not JSON, and is not repeated", (_, secret) => {
    expect(() => endpoints(secret)).toThrow(new Error("the secret with the endpoints is not JSON"));
  });

  it.each<[string, unknown, string]>([
    ["an endpoint without a list", SLACK, "(root)"],
    ["an unknown kind", [{ kind: "sEcReT", url: SLACK.url }], "0.kind"],
    ["no kind", [{ url: SLACK.url }], "0.kind"],
    ["a text as an endpoint", [SLACK.url], "0"],
    ["Slack without an address", [{ kind: "slack" }], "0.url"],
    ["Slack with no address", [SLACK, { kind: "slack", url: "sEcReT" }], "1.url"],
    ["an address without encryption", [{ ...JSON_TAKER, url: "http://alerts.example/sEcReT" }], "0.url"],
    ["an address of another protocol", [{ ...SLACK, url: "ftp://alerts.example/sEcReT" }], "0.url"],
    ["a heartbeat without an address", [{ kind: "heartbeat" }], "0.url"],
    ["a heartbeat without encryption", [{ ...HEARTBEAT, url: "http://pings.example/sEcReT" }], "0.url"],
    ["PagerDuty without its key", [{ kind: "pagerduty", url: "https://events.example/sEcReT" }], "0.routingKey"],
    ["a key that is too short", [{ kind: "pagerduty", routingKey: "sEcReT" }], "0.routingKey"],
    ["a key that is too long", [{ kind: "pagerduty", routingKey: `${PAGERDUTY.routingKey}0` }], "0.routingKey"],
    ["a key with other characters", [{ kind: "pagerduty", routingKey: "sEcReT-".padEnd(32, "0") }], "0.routingKey"],
    ["several mistakes", [{ kind: "slack", url: 1 }, PAGERDUTY, { kind: "sEcReT" }, { kind: "json" }], "0.url, 2.kind, 3.url"],
  ])("that contains %s is rejected with the path of the error, and its contents are not repeated", (_, content, places) => {
    expect(() => endpoints(JSON.stringify(content))).toThrow(new Error(`the secret with the endpoints is invalid at: ${places}`));
  });
});

const CRITICAL: Alert = {
  key: "alarm-running-tasks-pr-42",
  summary: "ALARM: alarm-running-tasks-pr-42",
  severity: "critical",
  over: false,
  text: "CRITICAL: fewer than 6 tasks run.",
};

type Fetch = typeof fetch;
let fetched: jest.SpiedFunction<Fetch>;

/** What was sent, as [address, body]. */
const sent = (): [unknown, unknown][] => fetched.mock.calls.map(([url, init]) => [url, JSON.parse(init?.body as string)]);

beforeEach(() => {
  fetched = jest.spyOn(globalThis, "fetch").mockImplementation(() => Promise.resolve(new Response("ok")));
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe("an endpoint", () => {
  it.each<[string, Partial<Alert>, string]>([
    ["a critical alert", {}, "*CRITICAL* ALARM: alarm-running-tasks-pr-42\nCRITICAL: fewer than 6 tasks run."],
    ["a warning", { severity: "warning" }, "*WARNING* ALARM: alarm-running-tasks-pr-42\nCRITICAL: fewer than 6 tasks run."],
    ["news", { severity: "info" }, "*INFO* ALARM: alarm-running-tasks-pr-42\nCRITICAL: fewer than 6 tasks run."],
    ["the end of a fault", { over: true }, "*RESOLVED* ALARM: alarm-running-tasks-pr-42\nCRITICAL: fewer than 6 tasks run."],
    [
      "characters that Slack would read as its own",
      { summary: "<!channel> & <@U1>", text: "1 < 2 &amp; 3 > 2" },
      "*CRITICAL* &lt;!channel&gt; &amp; &lt;@U1&gt;\n1 &lt; 2 &amp;amp; 3 &gt; 2",
    ],
  ])("of Slack gets %s as text", async (_, changes, text) => {
    await send(SLACK, { ...CRITICAL, ...changes }, SOURCE);
    expect(sent()).toEqual([[SLACK.url, { text }]]);
  });

  it.each<[string, Partial<Alert>, string, string]>([
    ["that something is wrong", {}, "trigger", "critical"],
    ["that something may become wrong", { severity: "warning" }, "trigger", "warning"],
    ["that it is over", { over: true }, "resolve", "critical"],
  ])("of PagerDuty learns %s, as one incident of one region", async (_, changes, action, severity) => {
    await send(PAGERDUTY, { ...CRITICAL, ...changes }, SOURCE);
    expect(sent()).toEqual([
      [
        "https://events.pagerduty.com/v2/enqueue",
        {
          routing_key: PAGERDUTY.routingKey,
          event_action: action,
          dedup_key: "/standfast/pr-42/us-east-1/alarm-running-tasks-pr-42",
          payload: {
            summary: "ALARM: alarm-running-tasks-pr-42",
            source: SOURCE,
            severity,
            custom_details: { text: "CRITICAL: fewer than 6 tasks run." },
          },
        },
      ],
    ]);
  });

  it("of PagerDuty does not end another region's incident", async () => {
    for (const region of ["us-east-1", "us-west-2"]) await send(PAGERDUTY, CRITICAL, `/standfast/pr-42/${region}`);
    const keys = sent().map(([, body]) => (body as { dedup_key: string }).dedup_key);
    expect(new Set(keys).size).toBe(2);
  });

  it("of PagerDuty receives no INFO messages: they would open an incident that is never resolved", async () => {
    await send(PAGERDUTY, { ...CRITICAL, severity: "info" }, SOURCE);
    expect(fetched).not.toHaveBeenCalled();
  });

  it.each<[string, Partial<Alert>]>([
    ["a critical alert", {}],
    ["news", { severity: "info" }],
    ["the end of a fault", { over: true }],
  ])("that takes JSON gets %s, and where it is from", async (_, changes) => {
    await send(JSON_TAKER, { ...CRITICAL, ...changes }, SOURCE);
    expect(sent()).toEqual([[JSON_TAKER.url, { ...CRITICAL, ...changes, source: SOURCE }]]);
  });

  it.each([SLACK, PAGERDUTY, JSON_TAKER])("($kind) gets JSON by POST, and may not pass it on to another address", async (endpoint) => {
    await send(endpoint, CRITICAL, SOURCE);
    expect(fetched.mock.calls.map(([, init]) => init)).toMatchObject([
      { method: "POST", headers: { "content-type": "application/json" }, redirect: "error" },
    ]);
  });

  it("of a heartbeat gets a request without a content, and may not pass it on to another address", async () => {
    await send(HEARTBEAT, CRITICAL, SOURCE);
    expect(fetched.mock.calls).toEqual([[HEARTBEAT.url, { method: "GET", redirect: "error", signal: expect.any(AbortSignal) as unknown }]]);
  });

  it.each([200, 202, 204])("that returns %i has accepted the alert", async (status) => {
    fetched.mockResolvedValue(new Response(null, { status }));
    await expect(send(SLACK, CRITICAL, SOURCE)).resolves.toBeUndefined();
  });

  it.each<[Endpoint, number]>([
    [SLACK, 404],
    [PAGERDUTY, 400],
    [PAGERDUTY, 429],
    [JSON_TAKER, 500],
    [JSON_TAKER, 304],
    [HEARTBEAT, 404],
  ])("that does not accept it is reported with its kind and its status only: %j, %i", async (endpoint, status) => {
    const secret = endpoint.kind === "pagerduty" ? endpoint.routingKey : endpoint.url;
    fetched.mockResolvedValue(new Response(status === 304 ? null : `no such thing: ${secret}`, { status }));
    await expect(send(endpoint, CRITICAL, SOURCE)).rejects.toThrow(new Error(`${endpoint.kind}: returned status ${status}`));
  });

  it("that does not respond within five seconds fails", async () => {
    fetched.mockImplementation(realFetch);
    const timeout = jest.spyOn(AbortSignal, "timeout").mockReturnValue(AbortSignal.abort(new DOMException("too late", "TimeoutError")));
    await expect(send(SLACK, CRITICAL, SOURCE)).rejects.toThrow(new Error("slack: TimeoutError"));
    expect(timeout.mock.calls).toEqual([[5000]]);
  });

  it.each<[string, unknown, string]>([
    [
      "by the code of its cause",
      new TypeError("fetch failed", { cause: Object.assign(new Error(`getaddrinfo ${SLACK.url}`), { code: "ENOTFOUND" }) }),
      "slack: ENOTFOUND",
    ],
    ["by its name, where it has no code", new TypeError(`cannot parse ${SLACK.url}`, { cause: new Error(SLACK.url) }), "slack: TypeError"],
    ["at least, where it is no error", SLACK.url, "slack: failed"],
  ])("that cannot be reached is reported %s, without its address", async (_, error, message) => {
    fetched.mockRejectedValue(error);
    await expect(send(SLACK, CRITICAL, SOURCE)).rejects.toThrow(new Error(message));
  });
});

describe("the forwarding", () => {
  const ENVIRONMENT = {
    AWS_LAMBDA_FUNCTION_NAME: "function-forward-alert-pr-42",
    ENDPOINTS_SECRET: "arn:aws:secretsmanager:us-east-1:123456789012:secret:secret-alert-endpoints-pr-42-AbCdEf",
    HEARTBEAT_TOPIC,
    SOURCE: "/standfast/pr-42",
    AWS_REGION: "us-east-1",
  };
  const get = jest.fn<(command: { readonly input: object }) => Promise<object>>();
  const forward = (...messages: string[]): Promise<void> =>
    handler({ Records: messages.map((Message) => ({ Sns: notification(Message) })) });
  const addresses = (): unknown[] => fetched.mock.calls.map(([url]) => url);
  let warned: jest.SpiedFunction<typeof console.warn>;

  beforeAll(() => {
    Object.assign(process.env, ENVIRONMENT);
  });

  beforeEach(() => {
    get.mockReset().mockResolvedValue({ SecretString: JSON.stringify([SLACK, PAGERDUTY, JSON_TAKER]) });
    jest.spyOn(SecretsManagerClient.prototype as unknown as { send: typeof get }, "send").mockImplementation(get);
    warned = jest.spyOn(console, "warn").mockReturnValue(undefined);
  });

  afterAll(() => {
    for (const variable of Object.keys(ENVIRONMENT)) Reflect.deleteProperty(process.env, variable);
  });

  it("sends a message to every endpoint in the secret", async () => {
    await forward(alarm());
    expect(addresses()).toEqual([SLACK.url, "https://events.pagerduty.com/v2/enqueue", JSON_TAKER.url]);
    expect(get.mock.calls.map(([{ input }]) => input)).toEqual([{ SecretId: ENVIRONMENT.ENDPOINTS_SECRET }]);
    expect(sent()[2]).toEqual([JSON_TAKER.url, { ...toAlert(notification(alarm())), source: SOURCE }]);
  });

  it("names the region of the alarm, which may be another than that of the function", async () => {
    const TopicArn = "arn:aws:sns:eu-west-1:123456789012:topic-failover-alerts-pr-42";
    await handler({ Records: [{ Sns: notification(alarm(), { TopicArn }) }] });
    expect(sent()[2]).toEqual([JSON_TAKER.url, expect.objectContaining({ source: "/standfast/pr-42/eu-west-1" })]);
  });

  it("sends every message of a call", async () => {
    get.mockResolvedValue({ SecretString: JSON.stringify([SLACK, JSON_TAKER]) });
    await forward("CRITICAL: one.", "WARNING: two.");
    expect(addresses()).toEqual([SLACK.url, JSON_TAKER.url, SLACK.url, JSON_TAKER.url]);
  });

  it("sends a heartbeat to the endpoints that expect one, and alerts to the others only", async () => {
    get.mockResolvedValue({ SecretString: JSON.stringify([SLACK, HEARTBEAT, PAGERDUTY, JSON_TAKER]) });
    const beat = notification(alarm({ AlarmName: "alarm-heartbeat-pr-42" }), { TopicArn: HEARTBEAT_TOPIC });
    await handler({ Records: [{ Sns: beat }] });
    expect(addresses()).toEqual([HEARTBEAT.url]);
    fetched.mockClear();
    await forward(alarm());
    expect(addresses()).toEqual([SLACK.url, "https://events.pagerduty.com/v2/enqueue", JSON_TAKER.url]);
  });

  it("sends a heartbeat nowhere while no endpoint expects one", async () => {
    await handler({ Records: [{ Sns: notification(alarm(), { TopicArn: HEARTBEAT_TOPIC }) }] });
    expect(fetched).not.toHaveBeenCalled();
  });

  it("fails when an endpoint does not accept the heartbeat", async () => {
    get.mockResolvedValue({ SecretString: JSON.stringify([HEARTBEAT, SLACK]) });
    fetched.mockResolvedValue(new Response(null, { status: 503 }));
    await expect(handler({ Records: [{ Sns: notification(alarm(), { TopicArn: HEARTBEAT_TOPIC }) }] })).rejects.toThrow(
      new Error("1 of 1 endpoints did not accept the alert: heartbeat: returned status 503"),
    );
  });

  it("reads the secret for each call, so that a changed secret takes effect immediately", async () => {
    await forward("CRITICAL: one.");
    get.mockResolvedValue({ SecretString: JSON.stringify([JSON_TAKER]) });
    fetched.mockClear();
    await forward("CRITICAL: two.");
    expect(addresses()).toEqual([JSON_TAKER.url]);
  });

  it("reaches the others when one endpoint fails, and then fails itself, with the number of those that did: Lambda tries again", async () => {
    fetched.mockImplementation((url) => {
      if (url === SLACK.url) return Promise.reject(new TypeError("fetch failed"));
      return Promise.resolve(new Response(null, { status: url === JSON_TAKER.url ? 503 : 202 }));
    });
    await expect(forward(alarm())).rejects.toThrow(
      new Error("2 of 3 endpoints did not accept the alert: slack: TypeError, json: returned status 503"),
    );
    expect(fetched).toHaveBeenCalledTimes(3);
  });

  it("sends nothing and logs a warning while the secret has no value", async () => {
    get.mockRejectedValue(new ResourceNotFoundException({ message: "no value for staging label: AWSCURRENT", $metadata: {} }));
    await expect(forward(alarm())).resolves.toBeUndefined();
    expect(warned.mock.calls).toEqual([["the secret has no value: the alert is not forwarded"]]);
    expect(fetched).not.toHaveBeenCalled();
  });

  it("does not warn while the secret has one", async () => {
    await forward(alarm());
    expect(warned).not.toHaveBeenCalled();
  });

  it.each([
    ["cannot be read", () => get.mockRejectedValue(new Error("AccessDeniedException")), "AccessDeniedException"],
    ["has a mistake", () => get.mockResolvedValue({ SecretString: "[{}]" }), "the secret with the endpoints is invalid at: 0.kind"],
    ["holds no text", () => get.mockResolvedValue({ SecretBinary: new Uint8Array() }), "the secret with the endpoints is not JSON"],
  ])("fails when the secret %s", async (_, given, message) => {
    given();
    await expect(forward(alarm())).rejects.toThrow(message);
    expect(fetched).not.toHaveBeenCalled();
  });

  it("does not forward messages about itself, which would fail as it does, without end", async () => {
    const own = alarm({ AlarmDescription: "WARNING: The function function-forward-alert-pr-42 failed." });
    await forward(own);
    expect(get).not.toHaveBeenCalled();
    await forward(own, alarm({ AlarmDescription: "WARNING: The function function-service-export-pr-42 failed." }));
    expect(sent().filter(([url]) => url === JSON_TAKER.url)).toMatchObject([
      [JSON_TAKER.url, { text: expect.stringContaining("function-service-export-pr-42") as unknown }],
    ]);
  });

  it.each(["AWS_LAMBDA_FUNCTION_NAME", "ENDPOINTS_SECRET", "HEARTBEAT_TOPIC", "SOURCE"])("says that %s is missing", async (variable) => {
    Reflect.deleteProperty(process.env, variable);
    try {
      await expect(forward(alarm())).rejects.toThrow(`the environment variable ${variable} is missing`);
    } finally {
      Object.assign(process.env, ENVIRONMENT);
    }
  });
});
