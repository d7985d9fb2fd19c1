import type { Graph } from "../graph/graph";
import { type Claim, type Finding, type Result, type StackFinding, type Status, unknown } from "./claim";
import { REACHABILITY_CLAIMS } from "./reachability";
import { ZONE_CLAIMS } from "./zones";

export const CLAIMS: readonly Claim[] = [...ZONE_CLAIMS, ...REACHABILITY_CLAIMS];

/** The worst comes first: it is the status of a claim over all stacks. */
const ORDER: readonly Status[] = ["refuted", "unknown", "proven", "not-applicable"];

/**
 * Decides claims in stacks.
 * @param stacks every stack, to whose resources names refer. @default - those to decide about
 */
export function prove(graphs: readonly Graph[], claims: readonly Claim[] = CLAIMS, stacks: readonly Graph[] = graphs): readonly Result[] {
  const visible = new Map(graphs.map((graph) => [graph, environmentOf(graph, stacks)]));
  return claims.map((claim) => {
    const found = graphs.map((graph) => ({ stack: graph.name, ...inModules(graph, claim.decide(graph, visible.get(graph) ?? stacks)) }));
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

/**
 * The stacks of one environment. Stacks of the same name in several folders are of several environments, and their names begin with the
 * folder. Stacks whose name is in one folder only belong to every environment.
 */
function environmentOf({ name }: Graph, stacks: readonly Graph[]): readonly Graph[] {
  const folder = (of: string): string => of.slice(0, Math.max(0, of.lastIndexOf("/")));
  return folder(name) === "" ? stacks : stacks.filter((other) => ["", folder(name)].includes(folder(other.name)));
}

/** What a claim is about may be in a module whose resources are not in the JSON. */
function inModules(graph: Graph, finding: Finding): Finding {
  const modules = Object.keys(graph.json.module ?? {});
  if (finding.status !== "not-applicable" || modules.length === 0) return finding;
  const named = modules.map((name) => `module.${name}`).join(", ");
  return unknown(`${finding.because} What ${named} makes is not in this JSON: a plan has it.`);
}

function evidenceOf({ stack, evidence }: StackFinding): string[] {
  return evidence.map((sentence) => `${stack}: ${sentence}`);
}
