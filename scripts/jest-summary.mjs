import { relative } from "node:path";

const SLOWEST = 10;

/**
 * Prints what each project took and the slowest suites, and a one-line result as the last line of a test run, for readers and for
 * pipelines.
 */
export default class Summary {
  constructor({ rootDir }) {
    this.rootDir = rootDir;
  }

  onRunComplete(_contexts, results) {
    const broken = results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests > 0 ? `, ${results.numPendingTests} skipped` : "";
    const line = `${results.numPassedTests} passed, ${results.numFailedTests + broken} failed${skipped}`;
    const lines = [...this.totals(results.testResults), ...this.slowest(results.testResults), line];
    // Jest prints its own summary after this call.
    process.once("exit", () => {
      console.log(lines.join("\n"));
    });
  }

  /** Suites of several workers run at the same time: the seconds of a project from its first suite to its last, and of all its suites. */
  totals(suites) {
    const run = suites.filter(({ perfStats }) => perfStats.start > 0);
    const projects = [...new Set(run.map(nameOf))].sort();
    return projects.map((name) => {
      const own = run.filter((suite) => nameOf(suite) === name);
      const from = Math.min(...own.map(({ perfStats }) => perfStats.start));
      const to = Math.max(...own.map(({ perfStats }) => perfStats.end));
      const tests = own.reduce((sum, { numPassingTests, numFailingTests }) => sum + numPassingTests + numFailingTests, 0);
      const sum = own.reduce((total, suite) => total + secondsOf(suite), 0);
      return `${name}: ${tests} tests of ${own.length} suites in ${seconds((to - from) / 1000)}; the suites took ${seconds(sum)} together`;
    });
  }

  slowest(suites) {
    const longest = [...suites].sort((one, other) => secondsOf(other) - secondsOf(one)).slice(0, SLOWEST);
    if (suites.length < 2) return [];
    return ["slowest suites:", ...longest.map((suite) => `  ${seconds(secondsOf(suite)).padStart(8)}  ${this.pathOf(suite)}`)];
  }

  pathOf({ testFilePath }) {
    return relative(this.rootDir, testFilePath);
  }
}

const nameOf = ({ displayName }) => displayName?.name ?? "tests";
const secondsOf = ({ perfStats: { start, end } }) => (end - start) / 1000;
const seconds = (value) => `${value.toFixed(1)} s`;
