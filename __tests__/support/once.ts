/** Computes a result at its first use. */
export function once<Result>(compute: () => Result): () => Result {
  let found: { readonly result: Result } | undefined;
  return () => (found ??= { result: compute() }).result;
}
