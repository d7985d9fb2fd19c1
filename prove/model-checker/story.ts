import type { TraceStep, Violation } from "./explore";

/** A trace as a numbered story. Calls that succeed are counted and not named. */
export function story(trace: readonly TraceStep[]): string[] {
  const lines: string[] = [];
  let routine = 0;
  for (const [index, { label, isRoutine }] of trace.entries()) {
    if (isRoutine && index < trace.length - 1) {
      routine++;
      continue;
    }
    lines.push(`${lines.length + 1}. ${sentence(label)}${routine > 0 ? ` (after ${routine} call(s) that succeed)` : ""}`);
    routine = 0;
  }
  return lines;
}

/** A violation: the invariant, the configuration, the story and the end. */
export function report<State>(configuration: string, violation: Violation<State>): string {
  const { invariant, sentence: what, trace, count } = violation;
  return [`(${invariant}) ${configuration}: ${what}. ${count} states.`, ...story(trace).map((line) => `  ${line}`)].join("\n");
}

function sentence(label: string): string {
  // The name of a region stays as it is.
  return /^[a-z]+-/.test(label) ? `${label}.` : `${label.charAt(0).toUpperCase()}${label.slice(1)}.`;
}

/** A call and what became of it: `FreezeWrites fails`. */
export function describe(state: string, note: string | undefined): string {
  if (note === undefined) return `${state} succeeds`;
  return /^(fails|is throttled|succeeds|does not respond$)/.test(note) ? `${state} ${note}` : `${state}: ${note}`;
}

/** First part of the subject of the last message. */
export function subjectOf({ messages }: { readonly messages: readonly string[] }): string {
  return messages.at(-1)?.split(":")[0] ?? "";
}
