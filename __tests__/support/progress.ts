/** Says what a long test is doing, past Jest's own buffering. */
export async function step<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  const start = Date.now();
  process.stderr.write(`  … ${what}\n`);
  try {
    const result = await work();
    process.stderr.write(`  ✓ ${what} (${seconds(start)} s)\n`);
    return result;
  } catch (error) {
    process.stderr.write(`  ✗ ${what} (${seconds(start)} s)\n`);
    throw error;
  }
}

function seconds(start: number): string {
  return ((Date.now() - start) / 1000).toFixed(1);
}
