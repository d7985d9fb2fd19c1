import type { Graph } from "./graph";

/** Computes something once for each stack, for each list of stacks that names in it refer to. */
export function oncePerStack<Value>(compute: (stacks: readonly Graph[], graph: Graph) => Value): typeof compute {
  const known = new WeakMap<readonly Graph[], Map<Graph, Value>>();
  return (stacks, graph) => {
    const values = known.get(stacks) ?? new Map<Graph, Value>();
    known.set(stacks, values);
    const before = values.get(graph);
    if (before !== undefined || values.has(graph)) return before as Value;
    const value = compute(stacks, graph);
    values.set(graph, value);
    return value;
  };
}
