import type { Graph } from "../graph/graph";
import type { Claim, Result, StackFinding, Status } from "./claim";
import { REACHABILITY_CLAIMS } from "./reachability";
import { STATE_MACHINE_CLAIMS } from "./state-machines";
import { TAKEOVER_EXECUTION_CLAIMS } from "./takeover-executions";
import { TAKEOVER_TARGET_CLAIMS } from "./takeover-targets";
import { ZONE_CLAIMS } from "./zones";

export const CLAIMS: readonly Claim[] = [
  ...ZONE_CLAIMS,
  ...REACHABILITY_CLAIMS,
  ...STATE_MACHINE_CLAIMS,
  ...TAKEOVER_TARGET_CLAIMS,
  ...TAKEOVER_EXECUTION_CLAIMS,
];

/** The worst comes first: it is the status of a claim over all stacks. */
const ORDER: readonly Status[] = ["refuted", "unknown", "proven", "not-applicable"];

/**
 * Decides claims in stacks.
 * @param stacks every stack, to whose resources names refer. @default - those to decide about
 */
export function prove(graphs: readonly Graph[], claims: readonly Claim[] = CLAIMS, stacks: readonly Graph[] = graphs): readonly Result[] {
  return claims.map((claim) => {
    const found = graphs.map((graph) => ({ stack: graph.name, ...claim.decide(graph, stacks) }));
    const applicable = found.filter(({ status }) => status !== "not-applicable");
    const [worst] = [...found].sort((one, other) => ORDER.indexOf(one.status) - ORDER.indexOf(other.status));
    return {
      id: claim.id,
      title: claim.title,
      status: worst?.status ?? "not-applicable",
      requirements: claim.requirementIds ?? [],
      because: worst?.because ?? "There is no stack.",
      evidence: applicable.filter(({ status }) => status === worst?.status).flatMap(evidenceOf),
      stacks: applicable,
    };
  });
}

function evidenceOf({ stack, evidence }: StackFinding): string[] {
  return evidence.map((sentence) => `${stack}: ${sentence}`);
}
