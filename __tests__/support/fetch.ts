const outer = globalThis.fetch;

/** The fields that are used of an error of `fetch`. */
interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly code?: unknown;
  readonly cause?: Thrown;
}

/**
 * `fetch` as programs know it: what it throws is an `Error`. Jest gives tests an `Error` of their own, and `fetch` itself
 * throws the one outside of them.
 */
export const realFetch: typeof fetch = async (...args) => {
  const response = await thrownHere(outer(...args));
  const read = response.arrayBuffer.bind(response);
  return Object.assign(response, { arrayBuffer: () => thrownHere(read()) });
};

async function thrownHere<Result>(result: Promise<Result>): Promise<Result> {
  try {
    return await result;
  } catch (error) {
    throw here(error as Thrown);
  }
}

function here({ name, message, code, cause }: Thrown): Error {
  return Object.assign(new Error(message, cause && { cause: here(cause) }), { name, code });
}
