/** Whether a rewind restores to a second cluster: if it is enabled and the cluster has no backtrack. */
export function rewindsByRestore(rewind: boolean, backtrackHours: number | undefined): boolean {
  return rewind && backtrackHours === undefined;
}
