import type { Result } from "./check";

const MARK: Readonly<Record<Result["result"], string>> = { holds: "✓", contradicted: "✗", unknown: "?" };

/** Exit codes: nothing contradicts the configuration; something does; AWS could not be asked about everything. */
const EXIT = { holds: 0, unknown: 1, contradicted: 3 } as const;

export function exitCode(results: readonly Result[]): number {
  if (results.some(({ result }) => result === "unknown")) return EXIT.unknown;
  return results.some(({ result }) => result === "contradicted") ? EXIT.contradicted : EXIT.holds;
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

function entry({ requirement, lines, result, faults, remarks }: Result): string[] {
  const asked = lines.length === 0 ? "" : `  (${lines.join(", ")})`;
  return [`  ${MARK[result]} ${requirement}${asked}`, ...[...faults, ...remarks].map((text) => `      ${text}`)];
}

function count(results: readonly Result[]): string {
  const number = (wanted: Result["result"]): number => results.filter(({ result }) => result === wanted).length;
  const [contradicted, unknown] = [number("contradicted"), number("unknown")];
  const parts = [
    `${number("holds")} of ${results.length} requirements hold`,
    ...(contradicted > 0 ? [`${contradicted} ${contradicted === 1 ? "does" : "do"} not`] : []),
    ...(unknown > 0 ? [`${unknown} could not be asked`] : []),
  ];
  return `${parts.join(", ")}.`;
}
