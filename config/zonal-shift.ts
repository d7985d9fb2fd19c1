import type { Config } from "./config";

/** Whether a runbook shifts traffic away from an impaired zone, and reports each of its decisions. */
export function shiftsByRunbook({ runbooks, zonalShift }: Pick<Config, "runbooks" | "zonalShift">): boolean {
  return runbooks.enabled && zonalShift.automatic;
}
