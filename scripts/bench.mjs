// Measures CPU time, wall time and memory: npm run bench -- --help
import { parseArgs } from "node:util";
import { measureFunctions } from "./bench/functions.mjs";
import { measureEnvironments, measureProve, measureStarts } from "./bench/growth.mjs";
import { exponent } from "./bench/measure.mjs";
import { measurePeers } from "./bench/peers.mjs";
import { report } from "./bench/report.mjs";
import { measureSynths } from "./bench/synth.mjs";

const HELP = `Measures the synth of the example configuration against the minimum of any CDKTF program, and the other commands.

usage: npm run bench [-- --quick] [--peers] [--json]

  --quick  three measurements of each command instead of nine, and at most 10 environments
  --peers  also a CDKTF template and an AWS CDK app of the same topology. Installs their packages from npm into a temporary folder
  --json   print the results as JSON

The results are CPU seconds (user and system, with child processes), which other work on the machine changes least, wall seconds and the
megabytes of the largest Node.js process. Each is a median. Ratios are of CPU time.

Exit codes: 0 all goals are met, 1 a goal is not met. docs/performance.md has the goals and the limits.`;

/** By the id of a measurement: its ratio to another one, at most or at least. */
const GOALS = [
  { of: "direct", to: "floor", most: 1.6 },
  { of: "changed", to: "floor", most: 2 },
  { of: "template", to: "direct", least: 8 },
  { of: "aws-cdk", to: "direct", least: 10 },
  { of: "aws-cdk-bundled", to: "direct", least: 1.5 },
];
const MOST_GROWTH = 1.05;

const values = readOptions();

/** Undefined after an argument that the benchmark does not have, which is reported. */
function readOptions() {
  const options = {
    help: { type: "boolean", short: "h" },
    quick: { type: "boolean", default: false },
    peers: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  };
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    console.error(`${error.message}. npm run bench -- --help explains the options.`);
    return undefined;
  }
}

function bench() {
  const runs = values.quick ? 3 : 9;
  const counts = values.quick ? [1, 5, 10] : [1, 5, 10, 25, 50];
  const rows = [
    ...step("synth", () => measureSynths({ runs })),
    ...(values.peers ? step("peers", () => measurePeers({ runs })) : []),
    ...step("start of commands", () => measureStarts({ runs })),
    ...step("functions", () => measureFunctions({ runs })),
  ];
  const growth = Object.entries({
    synth: step("environments, synth", () => measureEnvironments({ counts })),
    prove: step("environments, prove", () => measureProve({ counts })),
  }).map(([name, results]) => ({
    name,
    results,
    exponent: exponent(
      results.find(({ count }) => count > 1),
      results.at(-1),
    ),
  }));
  const cpuOf = (id) => rows.find((row) => row.id === id)?.cpu;
  const goals = GOALS.filter(({ of }) => cpuOf(of) !== undefined).map((goal) => {
    const ratio = cpuOf(goal.of) / cpuOf(goal.to);
    return { ...goal, ratio, isMet: ratio <= (goal.most ?? Infinity) && ratio >= (goal.least ?? 0) };
  });
  if (values.json) console.log(JSON.stringify({ node: process.version, rows, growth, goals }, undefined, 2));
  else console.log(report({ rows, growth, goals, mostGrowth: MOST_GROWTH }));
  return goals.every(({ isMet }) => isMet) && growth.every((one) => one.exponent <= MOST_GROWTH);
}

function step(name, measureAll) {
  console.error(`bench: ${name}`);
  return measureAll();
}

if (values?.help) console.log(HELP);
else process.exitCode = values && bench() ? 0 : 1;
