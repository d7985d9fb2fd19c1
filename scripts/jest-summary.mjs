/** Closes a test run with one line, the very last, that people and pipelines can read alike. */
export default class Summary {
  onRunComplete(_contexts, results) {
    const broken = results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests > 0 ? `, ${results.numPendingTests} skipped` : "";
    const line = `${results.numPassedTests} passed, ${results.numFailedTests + broken} failed${skipped}`;
    // Jest's own summary comes after this call.
    process.once("exit", () => {
      console.log(line);
    });
  }
}
