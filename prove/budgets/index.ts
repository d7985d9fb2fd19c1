import type { Graph } from "../graph/graph";
import { backupBudgets, rewindBudgets } from "./backups";
import type { Budget } from "./budget";
import { connectionBudgets, dnsBudgets } from "./dns";
import { hearingBudgets } from "./hearing";
import { takeoverBudgets, zoneShiftBudgets } from "./runbooks";
import { cacheBudgets, writerBudgets } from "./stores";
import { taskBudgets } from "./targets";
import { zoneBudgets } from "./zones";

export type { Budget, Kind } from "./budget";

/** How long each failure lasts, and what the documentation promises about it. */
export function budgets(stacks: readonly Graph[]): readonly Budget[] {
  return stacks.flatMap((graph) => [
    ...taskBudgets(graph),
    ...zoneBudgets(graph),
    ...zoneShiftBudgets(graph),
    ...writerBudgets(graph),
    ...cacheBudgets(graph),
    ...dnsBudgets(graph, stacks),
    ...connectionBudgets(graph),
    ...takeoverBudgets(graph),
    ...hearingBudgets(graph, stacks),
    ...rewindBudgets(graph),
    ...backupBudgets(graph),
  ]);
}
