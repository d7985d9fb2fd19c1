import type { Result, Status } from "./claims/claim";

const LABELS: Readonly<Record<Status, string>> = { proven: "proven", refuted: "REFUTED", unknown: "unknown", "not-applicable": "-" };

/** The results as lines for a terminal: one a claim and stack, the faults below, and the numbers at the end. */
export function report(results: readonly Result[]): string {
  const width = Math.max(...results.flatMap(({ stacks }) => stacks.map(({ stack }) => stack.length)), 0);
  const lines = results.flatMap(({ id, title, stacks, because }) =>
    stacks.length === 0
      ? [line("not-applicable", id, "", title), detail(because)]
      : stacks.flatMap((found) => [
          line(found.status, id, found.stack, title),
          ...(found.status === "proven" ? [] : [detail(found.because)]),
          ...(found.status === "refuted" ? found.evidence.filter((fault) => fault !== found.because).map(detail) : []),
        ]),
  );
  function line(status: Status, id: string, stack: string, title: string): string {
    return `${LABELS[status].padEnd(8)} ${id.padEnd(3)} ${stack.padEnd(width)}  ${title}`;
  }
  function detail(sentence: string): string {
    return `${" ".repeat(13 + width)} ${sentence}`;
  }
  const count = (status: Status): number => results.filter((result) => result.status === status).length;
  return [
    ...lines,
    "",
    `${count("proven")} proven, ${count("refuted")} refuted, ${count("unknown")} unknown, ${count("not-applicable")} not applicable`,
  ].join("\n");
}
