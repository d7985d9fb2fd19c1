import type { Graph } from "../graph/graph";

/** A function of a stack that computes its result once. */
export function perGraph<Result>(compute: (graph: Graph) => Result): (graph: Graph) => Result {
  const results = new WeakMap<Graph, { readonly result: Result }>();
  return (graph) => {
    const known = results.get(graph) ?? { result: compute(graph) };
    results.set(graph, known);
    return known.result;
  };
}
