import { text, type Values } from "../graph/values";
import type { Edge, Steps } from "./edges";
import type { Node } from "./machine";

/** States between which an execution goes around, or one state alone. */
export interface Component {
  readonly nodes: ReadonlySet<Node>;
  readonly isLoop: boolean;
}

/** The strongly connected components of a part of the graph, each behind those that follow it. */
export function componentsOf(steps: Steps, nodes: readonly Node[]): readonly Component[] {
  const included = new Set(nodes);
  const index = new Map<Node, number>();
  const low = new Map<Node, number>();
  const stack: Node[] = [];
  const found: Component[] = [];
  const visit = (node: Node): void => {
    index.set(node, index.size);
    low.set(node, index.get(node) ?? 0);
    stack.push(node);
    for (const { to } of steps.from.get(node) ?? []) {
      if (!included.has(to)) continue;
      if (!index.has(to)) visit(to);
      if (stack.includes(to)) low.set(node, Math.min(low.get(node) ?? 0, low.get(to) ?? 0));
    }
    if (low.get(node) !== index.get(node)) return;
    const members = new Set(stack.splice(stack.indexOf(node)));
    const isLoop = members.size > 1 || (steps.from.get(node) ?? []).some(({ to }) => to === node);
    found.push({ nodes: members, isLoop });
  };
  for (const node of nodes) if (!index.has(node)) visit(node);
  return found;
}

/**
 * How often an execution goes around a loop, at most: a Choice leaves it at a count, and a state counts in every round.
 * Undefined if nothing ends it.
 */
export function roundsOf(steps: Steps, { nodes }: Component): number | undefined {
  const limits = [...nodes].flatMap((node) => (node.type === "Choice" ? leavingRules(steps.from.get(node) ?? [], nodes) : []));
  const rounds = limits.flatMap(({ variable, count }) => {
    const counting = [...nodes].filter((node) => stepOf(node, variable) > 0);
    const [first] = counting;
    if (first === undefined) return [];
    const rest = [...nodes].filter((node) => !counting.includes(node));
    if (componentsOf(steps, rest).some(({ isLoop }) => isLoop)) return [];
    return [Math.max(1, Math.ceil(count / stepOf(first, variable)))];
  });
  return rounds.length === 0 ? undefined : Math.min(...rounds);
}

interface Limit {
  readonly variable: string;
  readonly count: number;
}

/** The counts at which a Choice leaves a loop, whatever else it finds. */
function leavingRules(edges: readonly Edge[], inside: ReadonlySet<Node>): Limit[] {
  const isDefaultOut = edges.some(({ kind, to }) => kind === "default" && !inside.has(to));
  return edges.flatMap(({ rule, to }) => {
    if (!rule) return [];
    const variable = text(rule["Variable"]) ?? "";
    const above = rule["NumericGreaterThanEquals"] ?? rule["NumericEquals"];
    const over = rule["NumericGreaterThan"];
    const upTo = rule["NumericLessThanEquals"];
    const below = rule["NumericLessThan"];
    if (!inside.has(to)) {
      if (typeof above === "number") return [{ variable, count: above }];
      if (typeof over === "number") return [{ variable, count: over + 1 }];
    } else if (isDefaultOut) {
      if (typeof upTo === "number") return [{ variable, count: upTo + 1 }];
      if (typeof below === "number") return [{ variable, count: below }];
    }
    return [];
  });
}

/** By how much a Pass raises a number. */
function stepOf({ type, state }: Node, variable: string): number {
  if (type !== "Pass") return 0;
  const path = text(state["ResultPath"]) ?? "$";
  const [, container, key] = /^(.*)\.([^.]+)$/.exec(variable) ?? [];
  const parameters = (state["Parameters"] ?? {}) as Values;
  const expression = path === variable ? undefined : container === path ? text(parameters[`${key ?? ""}.$`]) : undefined;
  const [, counted, by] = /^States\.MathAdd\(\s*([^,]+?)\s*,\s*(-?\d+)\s*\)$/.exec(expression ?? "") ?? [];
  return counted === variable ? Number(by) : 0;
}
