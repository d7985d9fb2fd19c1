import type { Summary } from "./summary";

const WIDTH = 120;
const HEAD = 12;

/** The summary as lines of at most 120 columns. @param isColoured only for a terminal */
export function text(summary: Summary, isColoured: boolean): string {
  const { environment, account, preset, folder, monthly, recovery, warnings, next } = summary;
  const bold = (value: string): string => (isColoured ? `\u001B[1m${value}\u001B[22m` : value);
  return [
    bold(`Environment ${environment}, preset ${preset}, account ${account}`),
    "",
    ...table(summary),
    "",
    ...paragraph("cost", [
      `Use adds about ${dollars(monthly.byUse)} a month. List prices of ${monthly.priced}, on demand.`,
      ...monthly.unpriced.map(({ stack, type, resources }) => `Not included: ${resources} ${type} of ${stack}, without a known price.`),
    ]),
    ...(recovery.length > 0 ? paragraph("recovery", recovery) : []),
    ...paragraph("quotas", quotas(summary)),
    ...(warnings.length > 0 ? paragraph("warnings", [`${count(warnings.length, "warning")}, printed above.`]) : []),
    ...paragraph("next", [`The JSON is in ${folder}.`, ...next.map(bold)]),
  ].join("\n");
}

function table({ stacks, monthly }: Summary): readonly string[] {
  const rows = [
    ["stack", "resources", "USD a month"],
    ...stacks.map((stack) => [
      stack.name,
      String(stack.resources),
      least(monthly.unpriced.some(({ stack: name }) => name === stack.name)) + number(stack.monthly),
    ]),
    [
      "total",
      String(stacks.reduce((sum, { resources }) => sum + resources, 0)),
      least(monthly.unpriced.length > 0) + number(monthly.fixed),
    ],
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row.map((cell, column) => (column === 0 ? `  ${cell.padEnd(widths[column] ?? 0)}` : cell.padStart(widths[column] ?? 0))).join("  "),
  );
}

/** A cost that lacks the price of a resource is more than the number. */
function least(isIncomplete: boolean): string {
  return isIncomplete ? "more than " : "";
}

/** What the regions need, in one line for those that need the same. */
function quotas({ quotas: needs }: Summary): readonly string[] {
  const regions = [...new Set(needs.map(({ region }) => region))];
  const needed = (name: string): string =>
    needs
      .filter(({ region }) => region === name)
      .map(({ what, needed }) => `${what} ${number(needed)}`)
      .join(", ");
  const lines = [...new Set(regions.map(needed))];
  return lines.map((line) => `At the peak in ${regions.filter((name) => needed(name) === line).join(" and in ")}: ${line}.`);
}

/** A word in the first column, and sentences beside it. */
function paragraph(head: string, sentences: readonly string[]): readonly string[] {
  return sentences
    .flatMap((sentence) => wrapped(sentence, WIDTH - HEAD))
    .map((line, index) => `${index === 0 ? `  ${head.padEnd(HEAD - 2)}` : " ".repeat(HEAD)}${line}`);
}

function wrapped(sentence: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of sentence.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function dollars(amount: number): string {
  return `USD ${number(amount)}`;
}

/** With separators, as AWS's console writes numbers. `toLocaleString` takes 8 ms of CPU time for its first number. */
function number(value: number): string {
  const text = Number.isInteger(value) || value >= 10 ? String(Math.round(value)) : value.toFixed(1);
  return text.replace(/\B(?=(\d{3})+$)/g, ",");
}
