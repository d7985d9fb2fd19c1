import { blocks, text, type Values } from "../graph/values";
import { catchersOf, catchesAll, type Machine, type Node, type Scope } from "./machine";

/** A step of an execution from a state to another one. */
export interface Edge {
  readonly to: Node;
  readonly kind: "next" | "rule" | "default" | "catch" | "enter" | "exit";
  /** Of a Choice. */
  readonly rule?: Values;
}

/** The steps of a machine as one flat graph: into the scopes of a Map or Parallel, and out of them. */
export interface Steps {
  readonly from: ReadonlyMap<Node, readonly Edge[]>;
  readonly into: ReadonlyMap<Node, readonly Node[]>;
  /** Nodes with which an execution ends. */
  readonly ends: readonly Node[];
  readonly start: Node | undefined;
}

const known = new WeakMap<Machine, Steps>();

export function stepsOf(machine: Machine): Steps {
  const found = known.get(machine) ?? flatten(machine);
  known.set(machine, found);
  return found;
}

function flatten(machine: Machine): Steps {
  const from = new Map<Node, readonly Edge[]>();
  const ends: Node[] = [];
  for (const node of machine.nodes) {
    const edges = [...forward(machine, node), ...afterFailure(machine, node)];
    from.set(node, edges);
    const isContainer = (machine.inner.get(node) ?? []).length > 0;
    if (node.scope.parent === undefined && (node.type === "Fail" || (isTerminal(node) && !isContainer))) ends.push(node);
    else if (isTerminal(node) && edges.every(({ kind }) => kind !== "exit") && !isContainer && node.type !== "Fail") ends.push(node);
  }
  const into = new Map<Node, Node[]>();
  for (const [node, edges] of from) for (const { to } of edges) into.set(to, [...(into.get(to) ?? []), node]);
  return { from, into, ends, start: machine.top.nodes.get(machine.top.startAt) };
}

export function isTerminal({ type, state }: Node): boolean {
  return type === "Succeed" || type === "Fail" || state["End"] === true;
}

function inScope({ nodes }: Scope, name: unknown): readonly Node[] {
  const found = nodes.get(text(name) ?? "");
  return found ? [found] : [];
}

function forward(machine: Machine, node: Node): Edge[] {
  const { type, state, scope } = node;
  if (type === "Fail") return [];
  if (type === "Choice")
    return [
      ...blocks(state["Choices"]).flatMap((rule) => inScope(scope, rule["Next"]).map((to): Edge => ({ to, kind: "rule", rule }))),
      ...inScope(scope, state["Default"]).map((to): Edge => ({ to, kind: "default" })),
    ];
  const inner = machine.inner.get(node) ?? [];
  if (inner.length > 0) return inner.flatMap((each) => inScope(each, each.startAt).map((to): Edge => ({ to, kind: "enter" })));
  return isTerminal(node) ? leaving(node) : inScope(scope, state["Next"]).map((to): Edge => ({ to, kind: "next" }));
}

/** Where an execution continues after the end of a scope. */
function leaving({ scope }: Node): Edge[] {
  const { parent } = scope;
  if (!parent) return [];
  return isTerminal(parent) ? leaving(parent) : inScope(parent.scope, parent.state["Next"]).map((to): Edge => ({ to, kind: "exit" }));
}

/** Where an execution continues after an error: at the catchers of the state, or at those of the Map or Parallel around it. */
function afterFailure(machine: Machine, node: Node): Edge[] {
  const own = catchersOf(node).flatMap(({ next }) => inScope(node.scope, next).map((to): Edge => ({ to, kind: "catch" })));
  const { parent } = node.scope;
  if (!fails(machine, node) || catchesAll(node) || !parent) return own;
  return [...own, ...afterFailure(machine, parent)];
}

/** Whether a state can end with an error before its catchers: a call, a Fail, and a Map or Parallel out of which an error comes. */
export function fails(machine: Machine, node: Node): boolean {
  if (node.type === "Task" || node.type === "Fail") return true;
  return (machine.inner.get(node) ?? []).some(({ nodes }) => [...nodes.values()].some((one) => fails(machine, one) && !catchesAll(one)));
}

/** The nodes that an execution can come to from others. */
export function reachable({ from }: Steps, starts: readonly Node[], passes: (node: Node) => boolean = () => true): ReadonlySet<Node> {
  const seen = new Set(starts);
  for (const node of seen) if (passes(node)) for (const { to } of from.get(node) ?? []) seen.add(to);
  return seen;
}

/** The nodes from which an execution can come to others. */
export function leadingTo({ into }: Steps, ends: readonly Node[], passes: (node: Node) => boolean = () => true): ReadonlySet<Node> {
  const seen = new Set(ends);
  for (const node of seen) if (passes(node)) for (const before of into.get(node) ?? []) seen.add(before);
  return seen;
}
