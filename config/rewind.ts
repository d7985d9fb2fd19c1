/** Whether a rewind restores beside the live cluster: where it is wanted, and cannot go back in place. */
export function rewindsByRestore(rewind: boolean, backtrackHours: number | undefined): boolean {
  return rewind && backtrackHours === undefined;
}
