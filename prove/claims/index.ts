import type { Graph } from "../graph/graph";
import type { Claim, Result } from "./claim";
import { REACHABILITY_CLAIMS } from "./reachability";
import { ZONE_CLAIMS } from "./zones";

export const CLAIMS: readonly Claim[] = [...ZONE_CLAIMS, ...REACHABILITY_CLAIMS];

/**
 * Decides claims in stacks. A stack without what a claim is about has no result for it.
 * @param stacks every stack, to whose resources names refer. @default - those to decide about
 */
export function prove(graphs: readonly Graph[], claims: readonly Claim[] = CLAIMS, stacks: readonly Graph[] = graphs): readonly Result[] {
  return claims.flatMap((claim) => {
    const results = graphs.map((graph) => ({ id: claim.id, title: claim.title, stack: graph.name, ...claim.decide(graph, stacks) }));
    const applicable = results.filter(({ status }) => status !== "not-applicable");
    return applicable.length > 0 ? applicable : results.slice(0, 1);
  });
}
