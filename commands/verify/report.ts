import type { Result } from "./check";

const MARK: Readonly<Record<Result["result"], string>> = { pass: "✓", fail: "✗", unknown: "?" };

/** Exit codes: nothing contradicts the configuration; something does; AWS could not be asked about everything. */
const EXIT = { pass: 0, unknown: 1, fail: 3 } as const;

export function exitCode(results: readonly Result[]): number {
  if (results.some(({ result }) => result === "unknown")) return EXIT.unknown;
  return results.some(({ result }) => result === "fail") ? EXIT.fail : EXIT.pass;
}

/** What holds and what does not, region by region, with what contradicts it below. */
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
    `${number("pass")} of ${results.length} requirements hold`,
    ...(failed > 0 ? [`${failed} ${failed === 1 ? "does" : "do"} not`] : []),
    ...(unknown > 0 ? [`${unknown} could not be asked`] : []),
  ];
  return `${parts.join(", ")}.`;
}
