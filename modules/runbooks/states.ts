/** The Amazon States Language, as far as the runbooks use it. @see https://states-language.net/spec.html */

export type State = Readonly<Record<string, unknown>> & { readonly Type: string };

export interface Definition {
  readonly Comment: string;
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, State>>;
}

/** Where an execution continues after an error. */
export interface Catcher {
  readonly next: string;
  /** Names of the errors to catch. @default - all */
  readonly errors?: readonly string[];
  /** Path at which the error is stored. @default - the one that `FAIL` reports */
  readonly resultPath?: string;
}

/** Where an execution continues after success, and after an error. */
export interface Transition {
  readonly next: string;
  readonly catcher: Catcher;
}

/** Path at which the reason of a failure is stored in the data of an execution, as `{ Error, Cause }`. */
export const FAILURE = "$.failure";

/** Ends the execution with the stored reason. */
export const FAIL: State = { Type: "Fail", ErrorPath: `${FAILURE}.Error`, CausePath: `${FAILURE}.Cause` };

/** In place of the name of a next state: ends the branch. */
export const END = "End";

/** The transition of a state: the field `Next`, or `End`. */
export function nextFields(next: string): object {
  return next === END ? { End: true } : { Next: next };
}

/** The field `Catch`. Empty without catchers: an error ends the branch. */
export function catchFields(catchers: readonly Catcher[]): object {
  if (catchers.length === 0) return {};
  return {
    Catch: catchers.map(({ next, errors = ["States.ALL"], resultPath = FAILURE }) => ({
      ErrorEquals: [...errors],
      ResultPath: resultPath,
      Next: next,
    })),
  };
}

interface ForEach {
  /** Path of the list. */
  readonly itemsPath: string;
  /** Data of each iteration. @default - the item */
  readonly itemSelector?: object;
  /** States of one iteration, by their names. The first is the start. */
  readonly states: Readonly<Record<string, State>>;
  /** One item after the other. @default - all at once */
  readonly sequential?: boolean;
  /** Path at which the results are stored. @default - they are discarded */
  readonly resultPath?: string;
  readonly next: string;
  /** Where to continue when one iteration fails. @default - an error ends the branch */
  readonly catcher?: Catcher;
}

/** Runs the same states for every item of a list. */
export function forEach({ itemsPath, itemSelector, states, sequential = false, resultPath, next, catcher }: ForEach): State {
  const [start] = Object.keys(states);
  return {
    Type: "Map",
    ItemsPath: itemsPath,
    ...(itemSelector && { ItemSelector: itemSelector }),
    ...(sequential && { MaxConcurrency: 1 }),
    ItemProcessor: { StartAt: start, States: states },
    ResultPath: resultPath ?? null,
    ...catchFields(catcher ? [catcher] : []),
    Next: next,
  };
}

interface Parallel {
  readonly branches: readonly object[];
  /** Path at which the results are stored, in the order of the branches. */
  readonly resultPath: string;
  readonly next: string;
  /** Where to continue when one branch fails. */
  readonly catcher: Catcher;
}

/** Runs several branches at the same time. */
export function parallel({ branches, resultPath, next, catcher }: Parallel): State {
  return { Type: "Parallel", Branches: branches, ResultPath: resultPath, ...catchFields([catcher]), Next: next };
}

/** Continues at `next` with a reason of our own, in the form of AWS's errors. @param cause an intrinsic function, or a plain text */
export function failWith(error: string, cause: string, next: string): State {
  const key = cause.startsWith("States.") ? "Cause.$" : "Cause";
  return { Type: "Pass", Parameters: { Error: error, [key]: cause }, ResultPath: FAILURE, Next: next };
}

/** A text with values in it: `text("up to {}", "$.to")`. Without values, the text itself, quoted. */
export function text(template: string, ...paths: readonly string[]): string {
  const quoted = template.replace(/\\/g, "\\\\").replace(/'/g, "\\'");
  return paths.length === 0 ? `'${quoted}'` : `States.Format('${quoted}', ${paths.join(", ")})`;
}
