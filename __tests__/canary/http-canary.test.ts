import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { canaryRunSeconds } from "../../config/canary-timing";
import { handler } from "../../modules/canary/http-canary";
import { realFetch } from "../support/fetch";

type Answer = (response: ServerResponse) => void;

const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end("answer");
const never: Answer = () => undefined;
const halfOnly: Answer = (response) => response.writeHead(200, { "content-length": "100" }).write("half an answer");
const reset: Answer = (response) => response.destroy();

describe("the canary", () => {
  const requests: IncomingMessage[] = [];
  /** One for each request; the last one for all that follow. */
  let answers: readonly Answer[];
  let warned: jest.SpiedFunction<typeof console.warn>;
  const server = createServer((request, response) => {
    requests.push(request);
    (answers[requests.length - 1] ?? answers.at(-1))?.(response);
  });
  let url: string;

  beforeEach(async () => {
    requests.length = 0;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
    Object.assign(process.env, { TARGET_URL: url, MAX_LATENCY_SECONDS: "5", WRITES: "false" });
    jest.spyOn(globalThis, "fetch").mockImplementation(realFetch);
    warned = jest.spyOn(console, "warn").mockReturnValue(undefined);
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    for (const variable of ["TARGET_URL", "MAX_LATENCY_SECONDS", "WRITES"]) Reflect.deleteProperty(process.env, variable);
    await stop();
  });

  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });

  it("sends one request, which bypasses caches, when the service returns 200", async () => {
    answers = [status(200)];
    await expect(handler()).resolves.toBeUndefined();
    expect(requests.map(({ method, url: path, headers }) => [method, path, headers["cache-control"]])).toEqual([
      ["GET", "/health", "no-cache"],
    ]);
    expect(warned).not.toHaveBeenCalled();
  });

  it.each<[string, Answer, string]>([
    ["answers 500", status(500), "returned status 500"],
    ["ends the connection", reset, "fetch failed: other side closed"],
  ])("retries when the service %s, and succeeds when it then returns 200", async (_, first, reason) => {
    answers = [first, status(200)];
    await expect(handler()).resolves.toBeUndefined();
    expect(requests).toHaveLength(2);
    expect(warned.mock.calls).toEqual([[`attempt 1 of 2: ${reason}`]]);
  });

  it.each([500, 503, 404, 403, 204])("fails when the service returns %i twice, with the URL and the status", async (code) => {
    answers = [status(code)];
    await expect(handler()).rejects.toThrow(new Error(`${url}: returned status ${code}`));
    expect(requests).toHaveLength(2);
    expect(warned.mock.calls).toEqual([[`attempt 1 of 2: returned status ${code}`], [`attempt 2 of 2: returned status ${code}`]]);
  });

  it("makes as many attempts as a run has time for", async () => {
    answers = [status(500)];
    await expect(handler()).rejects.toThrow();
    const attempts = canaryRunSeconds(1) - canaryRunSeconds(0);
    expect(requests).toHaveLength(attempts);
  });

  it("fails with the reason of the last attempt", async () => {
    answers = [status(500), status(404)];
    await expect(handler()).rejects.toThrow(new Error(`${url}: returned status 404`));
  });

  it.each([301, 302, 307, 308])("fails when the service redirects by %i, even to a healthy URL", async (code) => {
    answers = [status(code, { location: "/well" })];
    await expect(handler()).rejects.toThrow(new Error(`${url}: returned status ${code}`));
    expect(requests.map((request) => request.url)).toEqual(["/health", "/health"]);
  });

  it.each<[string, string, Answer]>([
    ["does not answer in time", "1", never],
    ["does not end its answer in time", "0.3", halfOnly],
  ])("fails when the service %s, after two times the limit", async (_, seconds, slow) => {
    process.env["MAX_LATENCY_SECONDS"] = seconds;
    answers = [slow];
    const begun = performance.now();
    await expect(handler()).rejects.toThrow(new Error(`${url}: The operation was aborted due to timeout`));
    const took = (performance.now() - begun) / 1000;
    expect(requests).toHaveLength(2);
    expect(took).toBeGreaterThan(2 * Number(seconds) - 0.05);
    expect(took).toBeLessThan(2 * Number(seconds) + 2);
  });

  it("fails when nothing listens, with the error of the system", async () => {
    await stop();
    await expect(handler()).rejects.toThrow(new Error(`${url}: fetch failed: connect ECONNREFUSED ${new URL(url).host}`));
    expect(warned).toHaveBeenCalledTimes(2);
  });

  describe("that writes", () => {
    const bodies: string[] = [];
    /** Like a program that obeys the contract: it stores the key of each write. */
    const stored = new Set<string>();
    const accept =
      (code: number): Answer =>
      (response) => {
        const key = requests.at(-1)?.headers["idempotency-key"];
        stored.add(String(key));
        requests.at(-1)?.on("data", (part: Buffer) => bodies.push(part.toString()));
        response.writeHead(code).end("{}");
      };
    const readBack: Answer = (response) => {
      const key = requests.at(-1)?.url?.split("/").at(-1) ?? "";
      response.writeHead(stored.has(key) ? 200 : 404).end(JSON.stringify({ key }));
    };
    const ways = (): (string | undefined)[] => requests.map(({ method }) => method);
    const keys = (): Set<unknown> =>
      new Set(requests.map(({ headers, url: path }) => headers["idempotency-key"] ?? path?.split("/").at(-1)));

    beforeEach(() => {
      process.env["WRITES"] = "true";
      stored.clear();
      bodies.length = 0;
    });

    it.each([200, 201])("succeeds when the service accepts the write with %i and returns what was written", async (code) => {
      answers = [accept(code), readBack];
      await expect(handler()).resolves.toBeUndefined();
      expect(requests.map(({ method, url: path }) => [method, path])).toEqual([
        ["POST", "/health"],
        ["GET", `/health/${[...stored][0]}`],
      ]);
      expect(requests[0]?.headers).toMatchObject({ "content-type": "application/json", "cache-control": "no-cache" });
      expect(JSON.parse(bodies.join(""))).toEqual({ key: [...stored][0] });
    });

    it("retries with the same key, so that a lost answer is not a second payment", async () => {
      answers = [reset, accept(200), readBack];
      await expect(handler()).resolves.toBeUndefined();
      expect(ways()).toEqual(["POST", "POST", "GET"]);
      expect(keys().size).toBe(1);
    });

    it("has another key in each run", async () => {
      answers = [accept(200), readBack, accept(200), readBack];
      await handler();
      await handler();
      expect(stored.size).toBe(2);
    });

    it.each<[string, readonly Answer[], string]>([
      ["the write is rejected", [status(503)], "the write returned status 503"],
      ["the write is redirected", [status(307, { location: "/other" })], "the write returned status 307"],
      ["what was written is not found", [status(200), status(404), status(200), status(404)], "reading back: returned status 404"],
      [
        "something else is read",
        [status(200), status(200), status(200), status(200)],
        "reading back: the answer does not contain the key that was written",
      ],
      ["the read is cut off", [status(200), reset, status(200), reset], "reading back: fetch failed: other side closed"],
    ])("fails when %s", async (_, given, reason) => {
      answers = given;
      await expect(handler()).rejects.toThrow(new Error(`${url}: ${reason}`));
      expect(warned).toHaveBeenCalledTimes(2);
    });

    it("has one time limit for the write and for reading back", async () => {
      process.env["MAX_LATENCY_SECONDS"] = "0.3";
      answers = [status(200), never, status(200), never];
      const begun = performance.now();
      await expect(handler()).rejects.toThrow(new Error(`${url}: reading back: The operation was aborted due to timeout`));
      expect((performance.now() - begun) / 1000).toBeLessThan(2.6);
    });
  });

  it.each(["TARGET_URL", "MAX_LATENCY_SECONDS", "WRITES"])("reports that %s is missing, and sends no request", async (variable) => {
    answers = [status(200)];
    Reflect.deleteProperty(process.env, variable);
    await expect(handler()).rejects.toThrow(new Error(`the environment variable ${variable} is missing`));
    expect(requests).toEqual([]);
  });
});
