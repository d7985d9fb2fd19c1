import type { Result } from "./check";

const MARK: Readonly<Record<Result["result"], string>> = { pass: "✓", fail: "✗", unknown: "?" };

/** Exit codes: every check passes; at least one fails; at least one is unknown, which has precedence. */
const EXIT = { pass: 0, unknown: 1, fail: 3 } as const;

export function exitCode(results: readonly Result[]): number {
  if (results.some(({ result }) => result === "unknown")) return EXIT.unknown;
  return results.some(({ result }) => result === "fail") ? EXIT.fail : EXIT.pass;
}

/** The results by region, each with its violations and notes below. */
export function table(results: readonly Result[]): string {
  const regions = [...new Set(results.map(({ region }) => region))];
  const groups = regions.map((name) => [name, ...results.filter(({ region }) => region === name).flatMap(entry)].join("\n"));
  return [...groups, count(results)].join("\n\n");
}

export function json(results: readonly Result[]): string {
  return JSON.stringify(results);
}

function entry({ requirement, requirementIds, result, violations, notes }: Result): string[] {
  const ids = requirementIds.length === 0 ? "" : `  (${requirementIds.join(", ")})`;
  return [`  ${MARK[result]} ${requirement}${ids}`, ...[...violations, ...notes].map((text) => `      ${text}`)];
}

function count(results: readonly Result[]): string {
  const number = (which: Result["result"]): number => results.filter(({ result }) => result === which).length;
  const [failed, unknown] = [number("fail"), number("unknown")];
  const parts = [
    `${number("pass")} of ${results.length} checks pass`,
    ...(failed > 0 ? [`${failed} ${failed === 1 ? "fails" : "fail"}`] : []),
    ...(unknown > 0 ? [`${unknown} ${unknown === 1 ? "is" : "are"} unknown`] : []),
  ];
  return `${parts.join(", ")}.`;
}
