import { type Steps, leadingTo, reachable } from "./edges";
import type { Machine, Node } from "./machine";

/** The steps of an execution in which no error is caught. */
export function withoutErrors({ from, ends, start }: Steps): Steps {
  const kept = new Map([...from].map(([node, edges]) => [node, edges.filter(({ kind }) => kind !== "catch")] as const));
  const into = new Map<Node, Node[]>();
  for (const [node, edges] of kept) for (const { to } of edges) into.set(to, [...(into.get(to) ?? []), node]);
  return { from: kept, into, ends, start };
}

/** The states that can follow a state, the nearest first. */
export function after(steps: Steps, node: Node): readonly Node[] {
  return [
    ...reachable(
      steps,
      (steps.from.get(node) ?? []).map(({ to }) => to),
    ),
  ];
}

/** The other states from which a state can be reached, in the order of the definition. */
export function before({ nodes }: Machine, steps: Steps, node: Node): readonly Node[] {
  const earlier = leadingTo(steps, steps.into.get(node) ?? []);
  return nodes.filter((one) => one !== node && earlier.has(one));
}

/** The seconds of waits on the way to a state with the fewest of them. Undefined if no way ends there, or each waits for a computed time. */
export function leastWait({ from, start }: Steps, to: Node): number | undefined {
  if (!start) return undefined;
  const until = new Map([[start, 0]]);
  for (let changed = true; changed;) {
    changed = false;
    for (const [node, seconds] of [...until]) {
      const waited = node.type === "Wait" ? secondsOf(node) : 0;
      if (waited === undefined) continue;
      for (const { to: next } of from.get(node) ?? []) {
        if ((until.get(next) ?? Infinity) <= seconds + waited) continue;
        until.set(next, seconds + waited);
        changed = true;
      }
    }
  }
  return until.get(to);
}

/** The seconds of a wait. Undefined if they are computed. */
export function secondsOf({ state }: Node): number | undefined {
  const seconds = state["Seconds"];
  return typeof seconds === "number" ? seconds : undefined;
}
