import type { Breach } from "./effects";

/** A step of a trace. */
export interface Transition<State> {
  readonly label: string;
  readonly state: State;
  /** Invariants that the step itself violates. */
  readonly breaches?: readonly Breach[];
  /** Whether the story can leave it out: a call that succeeds. */
  readonly isRoutine?: boolean;
}

export interface Model<State> {
  /** Identifies a state, without its silences. */
  key(state: State): string;
  /** The same state, which shares its parts with equal ones. @default - the state itself */
  shared?(state: State): State;
  /** Seconds since the last message of each execution: of two states that differ in nothing else, the longer silence is worse. */
  silences(state: State): readonly number[];
  successors(state: State): readonly Transition<State>[];
  /** Invariants that the state violates. */
  judge(state: State): readonly Breach[];
}

export interface TraceStep {
  readonly label: string;
  readonly isRoutine: boolean;
}

export interface Violation<State> extends Breach {
  /** The shortest trace. */
  readonly trace: readonly TraceStep[];
  readonly end: State;
  /** How many states violate it in the same way. */
  count: number;
}

export interface Exploration<State> {
  readonly states: number;
  readonly transitions: number;
  readonly seconds: number;
  readonly violations: readonly Violation<State>[];
}

interface Visited<State> extends TraceStep {
  readonly state: State;
  readonly parent: number;
}

/** More states than any configuration may have: a larger space is an error and never cut short. */
const MOST_STATES = 4_000_000;

/** Explores every state, breadth first: the first violation has the shortest trace. */
export function explore<State>(model: Model<State>, start: State): Exploration<State> {
  const from = process.cpuUsage();
  const visited: Visited<State>[] = [{ state: start, parent: -1, label: "", isRoutine: true }];
  const longest = new Map([[model.key(start), model.silences(start)]]);
  const violations = new Map<string, Violation<State>>();
  let transitions = 0;
  const report = (breaches: readonly Breach[], index: number): void => {
    for (const breach of breaches) {
      const key = `${breach.invariant} ${breach.sentence}`;
      const known = violations.get(key);
      if (known) known.count++;
      else violations.set(key, { ...breach, trace: traceOf(visited, index), end: (visited[index] as Visited<State>).state, count: 1 });
    }
  };
  for (let index = 0; index < visited.length; index++) {
    const { state } = visited[index] as Visited<State>;
    report(model.judge(state), index);
    for (const { label, state: next, breaches = [], isRoutine = false } of model.successors(state)) {
      transitions++;
      const key = model.key(next);
      const silences = model.silences(next);
      const known = longest.get(key);
      const isNew = known === undefined || silences.some((seconds, run) => seconds > (known[run] ?? -1));
      if (!isNew && breaches.length === 0) continue;
      visited.push({ state: model.shared?.(next) ?? next, parent: index, label, isRoutine });
      report(breaches, visited.length - 1);
      if (!isNew) {
        visited.pop();
        continue;
      }
      longest.set(key, known ? silences.map((seconds, run) => Math.max(seconds, known[run] ?? 0)) : silences);
      if (visited.length > MOST_STATES) throw new Error(`more than ${MOST_STATES} states: reduce the budgets`);
    }
  }
  return { states: longest.size, transitions, seconds: process.cpuUsage(from).user / 1e6, violations: [...violations.values()] };
}

function traceOf<State>(visited: readonly Visited<State>[], index: number): TraceStep[] {
  const steps: TraceStep[] = [];
  for (let at = index; at > 0; at = (visited[at] as Visited<State>).parent) steps.unshift(visited[at] as Visited<State>);
  return steps.map(({ label, isRoutine }) => ({ label, isRoutine }));
}
