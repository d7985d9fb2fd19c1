import { randomUUID } from "node:crypto";

/** A single lost packet between two regions is not an outage. */
const ATTEMPTS = 2;

/**
 * Requests one URL as a client does, over TLS with a trusted certificate. Without `WRITES`, it succeeds when the URL returns
 * status 200 in time. With `WRITES`, it succeeds when the URL accepts a test payment in time and returns it afterwards.
 * @throws with the reason of the last attempt, which fails the run
 */
export async function handler(): Promise<void> {
  const url = requiredVariable("TARGET_URL");
  const seconds = Number(requiredVariable("MAX_LATENCY_SECONDS"));
  const writes = requiredVariable("WRITES") === "true";
  // Both attempts have the same key: as with a client that retries, the program must store one payment.
  const key = randomUUID();
  let reason: unknown;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      const signal = AbortSignal.timeout(seconds * 1000);
      await (writes ? writeAndReadBack(url, key, signal) : read(url, signal));
      return;
    } catch (error) {
      reason = error;
      console.warn(`attempt ${attempt} of ${ATTEMPTS}: ${messageOf(error)}`);
    }
  }
  throw new Error(`${url}: ${messageOf(reason)}`);
}

async function read(url: string, signal: AbortSignal): Promise<string> {
  const { status, body } = await request(url, { signal });
  if (status !== 200) throw new Error(`returned status ${status}`);
  return body;
}

/** docs/program.md#write-path is the contract with the program. */
async function writeAndReadBack(url: string, key: string, signal: AbortSignal): Promise<void> {
  const { status } = await request(url, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify({ key }),
    signal,
  });
  if (status !== 200 && status !== 201) throw new Error(`the write returned status ${status}`);
  const stored = await read(`${url}/${key}`, signal).catch((error: unknown) => {
    throw new Error(`reading back: ${messageOf(error)}`);
  });
  if (!stored.includes(key)) throw new Error("reading back: the answer does not contain the key that was written");
}

interface Options extends Omit<RequestInit, "headers"> {
  readonly headers?: Readonly<Record<string, string>>;
}

/** Redirects are not followed: the service itself must answer. */
async function request(url: string, { headers, ...options }: Options): Promise<{ readonly status: number; readonly body: string }> {
  const response = await fetch(url, { ...options, redirect: "manual", headers: { "cache-control": "no-cache", ...headers } });
  // `text()` would put the name of the error in front of its message.
  return { status: response.status, body: Buffer.from(await response.arrayBuffer()).toString() };
}

/** The reason of a failed `fetch` is only in the cause of its error. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

function requiredVariable(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`the environment variable ${variable} is missing`);
  return value;
}
