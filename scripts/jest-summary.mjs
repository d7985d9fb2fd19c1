/** Closes a test run with one line that people and pipelines can read alike. */
export default class Summary {
  onRunComplete(_contexts, results) {
    const broken = results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests > 0 ? `, ${results.numPendingTests} skipped` : "";
    console.log(`${results.numPassedTests} passed, ${results.numFailedTests + broken} failed${skipped}`);
  }
}
