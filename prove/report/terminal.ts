import type { Result, Status } from "../claims/claim";
import type { Change } from "./difference";

const LABELS: Readonly<Record<Status, string>> = { proven: "proven", refuted: "REFUTED", unknown: "unknown", "not-applicable": "-" };
const INDENT = " ".repeat(14);

/** The results as lines for a terminal: one a claim, its faults below, then what changed, and the numbers at the end. */
export function report(results: readonly Result[], changes?: readonly Change[]): string {
  const count = (status: Status): number => results.filter((result) => result.status === status).length;
  return [
    ...results.flatMap(lines),
    "",
    ...(changes?.map(({ id, from, to }) => `Changed against the base: ${id}, ${from ?? "none"} before, ${to ?? "none"} now.`) ?? []),
    ...(changes?.length === 0 ? ["No claim changed against the base."] : []),
    `${count("proven")} proven, ${count("refuted")} refuted, ${count("unknown")} unknown, ${count("not-applicable")} not applicable`,
  ].join("\n");
}

function lines({ id, title, status, because, stacks }: Result): readonly string[] {
  const head = `${LABELS[status].padEnd(8)} ${id.padEnd(4)} ${title}`;
  if (status === "proven") return [head];
  if (status === "not-applicable") return [head, `${INDENT}${because}`];
  const faults = stacks
    .filter((found) => found.status === status)
    .flatMap((found) => [...new Set([found.because, ...found.evidence])].map((fault) => `${found.stack}: ${fault}`));
  return [head, ...faults.map((fault) => `${INDENT}${fault}`)];
}
