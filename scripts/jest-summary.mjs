/** Prints a one-line result as the last line of a test run, for readers and for pipelines. */
export default class Summary {
  onRunComplete(_contexts, results) {
    const broken = results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests > 0 ? `, ${results.numPendingTests} skipped` : "";
    const line = `${results.numPassedTests} passed, ${results.numFailedTests + broken} failed${skipped}`;
    // Jest prints its own summary after this call.
    process.once("exit", () => {
      console.log(line);
    });
  }
}
