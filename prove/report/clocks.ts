import type { Budget } from "../budgets";
import type { Simulation } from "../losses/simulation";

/** What takes time after a loss: how it is noticed, and how it is recovered from. */
const KINDS: Readonly<Partial<Record<Simulation["kind"], readonly Budget["kind"][]>>> = {
  "cache-node": ["cache"],
  "database-instance": ["writer", "hear-writer"],
  "nat-gateway": ["zone-nat"],
  region: ["dns", "takeover", "hear-region"],
  zone: ["task", "zone-node", "writer", "task-replacement", "hear-task"],
};

/** The budgets of a loss, in the region of the loss. A takeover happens in another one. */
export function clocksOf({ kind, region }: Simulation, budgets: readonly Budget[]): readonly Pick<Budget, "failure" | "most" | "phases">[] {
  const kinds = KINDS[kind] ?? [];
  const isHere = (budget: Budget): boolean =>
    budget.region === undefined || (budget.kind === "takeover" ? budget.region !== region : budget.region === region);
  return kinds.flatMap((one) =>
    budgets.filter((budget) => budget.kind === one && isHere(budget)).map(({ failure, most, phases }) => ({ failure, most, phases })),
  );
}
