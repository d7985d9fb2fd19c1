import type { Result, Status } from "./claims/claim";

const LABELS: Readonly<Record<Status, string>> = { proven: "proven", refuted: "REFUTED", unknown: "unknown", "not-applicable": "-" };

/** The results as lines for a terminal: one a claim and stack, the faults below, and the numbers at the end. */
export function report(results: readonly Result[]): string {
  const width = Math.max(...results.map(({ stack }) => stack.length), 0);
  const lines = results.flatMap(({ id, title, stack, status, because, evidence }) => [
    `${LABELS[status].padEnd(8)} ${id.padEnd(3)} ${stack.padEnd(width)}  ${title}`,
    ...(status === "proven" ? [] : [`${" ".repeat(13 + width)} ${because}`]),
    ...(status === "refuted" ? evidence.filter((fault) => fault !== because).map((fault) => `${" ".repeat(13 + width)} ${fault}`) : []),
  ]);
  const count = (status: Status): number => results.filter((result) => result.status === status).length;
  return [
    ...lines,
    "",
    `${count("proven")} proven, ${count("refuted")} refuted, ${count("unknown")} unknown, ${count("not-applicable")} not applicable`,
  ].join("\n");
}
