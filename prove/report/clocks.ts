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

/** What another region does about the loss of one. */
const ELSEWHERE: readonly Budget["kind"][] = ["takeover", "hear-region"];

/** The budgets of a loss: in its region, or in the other ones. */
export function clocksOf({ kind, region }: Simulation, budgets: readonly Budget[]): readonly Pick<Budget, "failure" | "most" | "phases">[] {
  const kinds = KINDS[kind] ?? [];
  const isHere = (budget: Budget): boolean => budget.region === undefined || ELSEWHERE.includes(budget.kind) !== (budget.region === region);
  return kinds.flatMap((one) =>
    budgets.filter((budget) => budget.kind === one && isHere(budget)).map(({ failure, most, phases }) => ({ failure, most, phases })),
  );
}
