/** A single lost packet between two regions is no outage. */
const ATTEMPTS = 2;

/**
 * Asks for one address as a client does. Returns when it answers 200 in time, over TLS that the client trusts.
 * @throws with the reason of the last attempt, which makes the run fail
 */
export async function handler(): Promise<void> {
  const url = given("TARGET_URL");
  const seconds = Number(given("MAX_LATENCY_SECONDS"));
  let reason: unknown;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      await ask(url, seconds);
      return;
    } catch (error) {
      reason = error;
      console.warn(`attempt ${attempt} of ${ATTEMPTS}: ${sentence(error)}`);
    }
  }
  throw new Error(`${url}: ${sentence(reason)}`);
}

/** A redirect is no answer: the service must answer itself. */
async function ask(url: string, seconds: number): Promise<void> {
  const response = await fetch(url, {
    redirect: "manual",
    headers: { "cache-control": "no-cache" },
    signal: AbortSignal.timeout(seconds * 1000),
  });
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`answered ${response.status}`);
}

/** `fetch` says what went wrong in the cause of its error only. */
function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

function given(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`the environment variable ${variable} is missing`);
  return value;
}
