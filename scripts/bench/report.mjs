const two = (value) => value.toFixed(2);
const line = ([name, ...cells]) => [name.padEnd(56), ...cells.map((cell) => cell.padStart(9))].join("");

/** The results as lines for a terminal: a row for each measurement, the growth, and each goal with its ratio. */
export function report({ rows, growth, goals, mostGrowth }) {
  const cpuOf = (id) => rows.find((row) => row.id === id)?.cpu;
  return [
    line(["", "CPU s", "wall s", "MB", "× floor", "× direct"]),
    ...rows.map(({ name, cpu, wall, megabytes }) =>
      line([name, ...[cpu, wall].map(two), megabytes.toFixed(0), ...[cpu / cpuOf("floor"), cpu / cpuOf("direct")].map(two)]),
    ),
    ...growth.flatMap(({ name, results, exponent }) => [
      ...results.map(({ count, cpu, wall, megabytes }) =>
        line([`${name}, environments: ${count}`, ...[cpu, wall].map(two), megabytes.toFixed(0)]),
      ),
      `${name}: exponent ${two(exponent)} from the second to the last (at most ${mostGrowth})`,
    ]),
    ...goals.map(
      ({ of, to, ratio, most, least, isMet }) =>
        `${of} to ${to}: ${two(ratio)} (${most === undefined ? `at least ${least}` : `at most ${most}`})${isMet ? "" : " NOT MET"}`,
    ),
  ].join("\n");
}
