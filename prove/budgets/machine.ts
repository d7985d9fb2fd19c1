import type { Graph } from "../graph/graph";
import { block, blocks, type Resource, type Values } from "../graph/values";
import { numberOf } from "./budget";

/** A state of a state machine, with those of its branches beside it. */
export interface State {
  readonly name: string;
  readonly values: Values;
  /** The states that follow it, if no error is caught. */
  readonly next: readonly string[];
  /** The first state of the branch that it is in. Undefined for a state of the machine itself. */
  readonly branch: string | undefined;
}

type States = Readonly<Record<string, Values>>;

/** The states of a machine by name, those in branches and loops included. Undefined if its definition cannot be read. */
export function statesOf(graph: Graph, machine: Resource): ReadonlyMap<string, State> | undefined {
  const definition = graph.document(machine.values["definition"]) as { readonly StartAt?: string; readonly States?: States } | undefined;
  if (typeof definition !== "object" || definition.States === undefined) return undefined;
  const found = new Map<string, State>();
  function add(states: States, after: readonly string[], branch: string | undefined): void {
    for (const [name, values] of Object.entries(states)) {
      const inner = [...blocks(values["Branches"]), ...blocks(values["ItemProcessor"]), ...blocks(values["Iterator"])];
      const follow = [values["Next"], values["Default"], ...blocks(values["Choices"]).map((choice) => choice["Next"])].filter(
        (next) => typeof next === "string",
      );
      const ends = follow.length > 0 ? follow : after;
      found.set(name, { name, values, next: [...ends, ...inner.map((branch) => String(branch["StartAt"]))], branch });
      for (const own of inner) add((own["States"] ?? {}) as States, ends, String(own["StartAt"]));
    }
  }
  add(definition.States, [], undefined);
  return found;
}

/** States whose service integration ends with an action: `rds:failoverGlobalCluster`. */
export function callsOf(states: ReadonlyMap<string, State>, action: string): readonly State[] {
  return [...states.values()].filter(({ values }) => String(values["Resource"]).endsWith(action));
}

/** The states that can follow a state, the nearest first. */
export function after(states: ReadonlyMap<string, State>, from: State): readonly State[] {
  const seen = new Set<string>();
  let front = from.next;
  const found: State[] = [];
  while (front.length > 0) {
    const states_ = front.flatMap((name) => (seen.has(name) ? [] : (states.get(name) ?? [])));
    for (const state of states_) seen.add(state.name);
    found.push(...states_.filter((state) => !found.includes(state)));
    front = states_.flatMap(({ next }) => next);
  }
  return found;
}

/** The states from which a state can be reached. */
export function before(states: ReadonlyMap<string, State>, to: State): readonly State[] {
  return [...states.values()].filter((state) => state !== to && after(states, state).includes(to));
}

/** The seconds of waits on the way to a state with the fewest of them. Undefined if no way leads there, or each waits for a computed time. */
export function leastWait(graph: Graph, machine: Resource, states: ReadonlyMap<string, State>, to: State): number | undefined {
  const definition = graph.document(machine.values["definition"]) as { readonly StartAt?: string } | undefined;
  const until = new Map([[definition?.StartAt ?? "", 0]]);
  for (let changed = true; changed;) {
    changed = false;
    for (const [name, seconds] of [...until]) {
      const state = states.get(name);
      const waited = state?.values["Type"] === "Wait" ? secondsOf(state) : 0;
      if (state === undefined || waited === undefined) continue;
      for (const next of state.next) {
        if ((until.get(next) ?? Infinity) <= seconds + waited) continue;
        until.set(next, seconds + waited);
        changed = true;
      }
    }
  }
  return until.get(to.name);
}

/** The seconds of a wait. Undefined if they are computed. */
export function secondsOf({ values }: State): number | undefined {
  const seconds = values["Seconds"];
  return typeof seconds === "number" ? seconds : undefined;
}

/** What a call takes at most: the time limit of the state, or of the function that it calls if that is shorter. Undefined without a limit. */
export function limitOf(graph: Graph, { values }: State): number | undefined {
  const own = numberOf(graph, values["TimeoutSeconds"], Infinity) ?? Infinity;
  const called = graph.target(block(values["Parameters"])["FunctionName"] ?? block(values["Arguments"])["FunctionName"]);
  const limit = called?.type === "aws_lambda_function" ? (numberOf(graph, called.values["timeout"], 3) ?? Infinity) : Infinity;
  const least = Math.min(own, limit);
  return least === Infinity ? undefined : least;
}

/** Whether a state calls a function. */
export function isFunctionCall({ values }: State): boolean {
  const resource = String(values["Resource"]);
  return ["states:::lambda:invoke", ":function:", "aws_lambda_function"].some((part) => resource.includes(part));
}
