import type { Graph } from "../graph/graph";

export type Status = "proven" | "refuted" | "not-applicable" | "unknown";

/** What a claim finds in one stack. */
export interface Finding {
  readonly status: Status;
  /** One sentence: why. */
  readonly because: string;
  /** What it read, one sentence each. */
  readonly evidence: readonly string[];
}

export interface Claim {
  /** Short and stable: `Z2`. */
  readonly id: string;
  readonly title: string;
  /** Rows of docs/requirements.md that it proves. @default - none */
  readonly requirementIds?: readonly string[];
  /** @param stacks every stack: names in one stack refer to resources of others */
  decide(graph: Graph, stacks: readonly Graph[]): Finding;
}

/** The finding of a claim in one stack. */
export interface StackFinding extends Finding {
  readonly stack: string;
}

/** The result of a claim over all stacks. */
export interface Result extends Finding {
  readonly id: string;
  readonly title: string;
  readonly requirements: readonly string[];
  /** The stacks that the claim is about. */
  readonly stacks: readonly StackFinding[];
}

export const notApplicable = (because: string): Finding => ({ status: "not-applicable", because, evidence: [] });

export const unknown = (because: string): Finding => ({ status: "unknown", because, evidence: [] });

/** Refuted by the first fault, or proven. */
export function decided(faults: readonly string[], evidence: readonly string[], proven: string): Finding {
  const [first] = faults;
  return first === undefined ? { status: "proven", because: proven, evidence } : { status: "refuted", because: first, evidence: faults };
}
