import type { Graph } from "../graph/graph";

/** One part of the time that a failure takes. */
export interface Phase {
  readonly what: string;
  /** Seconds. */
  readonly least: number;
  /** Seconds. Undefined: no upper bound is documented. */
  readonly most: number | undefined;
  /** How it is computed, with the attributes that it is computed from: `2 × 10 s`. */
  readonly formula: string;
  /** The page that says so. */
  readonly source: string;
  /** `most` is what AWS or a measurement says is usual, and not a bound. @default false */
  readonly typical?: boolean;
}

/** The kinds of budgets. */
export type Kind =
  | "task"
  | "task-replacement"
  | "zone-node"
  | "zone-nat"
  | "zone-shift"
  | "writer"
  | "cache"
  | "dns"
  | "connection"
  | "takeover"
  | "hear-task"
  | "hear-writer"
  | "hear-errors"
  | "hear-region"
  | "rewind"
  | "backup";

/** How long a failure lasts, from attributes and from figures of AWS. */
export interface Budget {
  /** Unique: `task us-east-1 aws_lb_target_group.web`. */
  readonly id: string;
  readonly kind: Kind;
  readonly failure: string;
  readonly region: string | undefined;
  /** One after the other. */
  readonly phases: readonly Phase[];
  /** The sum of the phases in seconds. Undefined if one of them has no bound. */
  readonly most: number | undefined;
  /** The time to recover, in words. */
  readonly rto: string;
  /** What is lost, in words. */
  readonly rpo: string;
  readonly promise: { readonly seconds: number; readonly kept: boolean; readonly where: string } | undefined;
  /** Why it does not end by itself, or does worse than the phases say. */
  readonly faults: readonly string[];
  /** What the JSON does not say. The budget cannot be decided then. */
  readonly unknown: string | undefined;
}

/** What the documentation of the platform promises for a kind of failure. */
export interface Pledge {
  readonly seconds: number;
  readonly where: string;
}

export interface BudgetProps extends Pick<Budget, "kind" | "failure" | "phases"> {
  readonly subject: string;
  readonly rpo: string;
  /** @default - the sum of the phases in words */
  readonly rto?: string;
  readonly faults?: readonly string[];
  readonly unknown?: string | undefined;
  readonly pledge?: Pledge | undefined;
}

export function budget(graph: Graph, props: BudgetProps): Budget {
  const { kind, subject, failure, phases, rpo, pledge, faults = [], unknown } = props;
  const most = total(phases);
  return {
    id: `${kind} ${graph.name} ${subject}`,
    kind,
    failure,
    region: graph.region,
    phases,
    most,
    rto: props.rto ?? inWords(most),
    rpo,
    promise: pledge && { ...pledge, kept: faults.length === 0 && most !== undefined && most <= pledge.seconds },
    faults,
    unknown,
  };
}

/** The sum of what the phases take at most. */
function total(phases: readonly Phase[]): number | undefined {
  return phases.reduce<number | undefined>((sum, { most }) => (sum === undefined || most === undefined ? undefined : sum + most), 0);
}

export function inWords(seconds: number | undefined): string {
  return seconds === undefined ? "no upper bound is documented" : `at most ${seconds} s`;
}

/** How the phases add up: `20 s + 6 s + 30 s`. */
export function sum(phases: readonly Phase[]): string {
  return phases.map(({ what, most }) => `${most === undefined ? "?" : `${most} s`} (${what})`).join(" + ");
}

/** An argument as a number, with the default of the provider. Undefined for an expression that only Terraform can evaluate. */
export function numberOf(graph: Graph, value: unknown, otherwise: number): number | undefined {
  if (value === undefined || value === null) return otherwise;
  const found = graph.text(value);
  return found === undefined || found.trim() === "" || Number.isNaN(Number(found)) ? undefined : Number(found);
}
