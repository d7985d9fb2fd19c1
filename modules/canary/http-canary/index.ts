/** A single lost packet between two regions is not an outage. */
const ATTEMPTS = 2;

/**
 * Requests one URL as a client does. Succeeds when the URL returns status 200 in time, over TLS with a trusted certificate.
 * @throws with the reason of the last attempt, which fails the run
 */
export async function handler(): Promise<void> {
  const url = requiredVariable("TARGET_URL");
  const seconds = Number(requiredVariable("MAX_LATENCY_SECONDS"));
  let reason: unknown;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      await request(url, seconds);
      return;
    } catch (error) {
      reason = error;
      console.warn(`attempt ${attempt} of ${ATTEMPTS}: ${messageOf(error)}`);
    }
  }
  throw new Error(`${url}: ${messageOf(reason)}`);
}

/** Redirects are not followed: the service itself must return status 200. */
async function request(url: string, seconds: number): Promise<void> {
  const response = await fetch(url, {
    redirect: "manual",
    headers: { "cache-control": "no-cache" },
    signal: AbortSignal.timeout(seconds * 1000),
  });
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`returned status ${response.status}`);
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
