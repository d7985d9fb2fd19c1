import { environmentOf, modulesOf } from "../graph/environments";
import type { Graph } from "../graph/graph";
import { ALARM_CLAIMS } from "./alarms";
import { BUDGET_CLAIMS } from "./budgets";
import type { Claim, Result, StackFinding, Status } from "./claim";
import { DESTROYABILITY_CLAIMS } from "./destroyability";
import { ENCRYPTION_CLAIMS } from "./encryption";
import { LINK_CLAIMS } from "./encryption-links";
import { EXPOSURE_CLAIMS } from "./exposure";
import { TIER_CLAIMS } from "./flows-tiers";
import { NAMING_CLAIMS } from "./naming";
import { PRIVILEGE_CLAIMS } from "./privileges";
import { DATA_CLAIMS } from "./data";
import { DNS_CLAIMS } from "./dns";
import { DRAINING_CLAIMS } from "./draining";
import { ISOLATION_CLAIMS } from "./isolation";
import { LOSS_CLAIMS } from "./losses";
import { REACHABILITY_CLAIMS } from "./reachability";
import { SERVICE_CLAIMS } from "./service";
import { STATE_MACHINE_CLAIMS } from "./state-machines";
import { TAKEOVER_EXECUTION_CLAIMS } from "./takeover-executions";
import { TAKEOVER_TARGET_CLAIMS } from "./takeover-targets";
import { ZONE_CLAIMS } from "./zones";

/** Families of claims, by the first letter of their ids, in the order of reports. */
const FAMILIES = "ZRDBSTAILFEPXN";

export const CLAIMS: readonly Claim[] = [
  ...ZONE_CLAIMS,
  ...REACHABILITY_CLAIMS,
  ...ENCRYPTION_CLAIMS,
  ...LINK_CLAIMS,
  ...PRIVILEGE_CLAIMS,
  ...EXPOSURE_CLAIMS,
  ...TIER_CLAIMS,
  ...DESTROYABILITY_CLAIMS,
  ...NAMING_CLAIMS,
  ...SERVICE_CLAIMS,
  ...DRAINING_CLAIMS,
  ...LOSS_CLAIMS,
  ...BUDGET_CLAIMS,
  ...DNS_CLAIMS,
  ...ISOLATION_CLAIMS,
  ...ALARM_CLAIMS,
  ...DATA_CLAIMS,
  ...STATE_MACHINE_CLAIMS,
  ...TAKEOVER_TARGET_CLAIMS,
  ...TAKEOVER_EXECUTION_CLAIMS,
].toSorted(
  ({ id: one }, { id: other }) =>
    FAMILIES.indexOf(one.charAt(0)) - FAMILIES.indexOf(other.charAt(0)) || one.localeCompare(other, "en", { numeric: true }),
);

/** The worst comes first: it is the status of a claim over all stacks. */
const ORDER: readonly Status[] = ["refuted", "unknown", "proven", "not-applicable"];

/**
 * Decides claims in stacks.
 * @param stacks every stack, to whose resources names refer. @default - those to decide about
 */
export function prove(graphs: readonly Graph[], claims: readonly Claim[] = CLAIMS, stacks: readonly Graph[] = graphs): readonly Result[] {
  const visible = new Map(graphs.map((graph) => [graph, environmentOf(graph, stacks)]));
  return claims.map((claim) => {
    const found = graphs.map((graph) => ({ stack: graph.name, ...findingOf(claim, graph, visible.get(graph) ?? stacks) }));
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

/** What a claim finds in a stack. What it is about may be in a module whose resources are not in the JSON. */
function findingOf(claim: Claim, graph: Graph, stacks: readonly Graph[]): ReturnType<Claim["decide"]> {
  const finding = claim.decide(graph, stacks);
  const modules = modulesOf(graph);
  if (finding.status !== "not-applicable" || modules.length === 0) return finding;
  return {
    ...finding,
    status: "unknown",
    because: `${finding.because} What ${modules.join(", ")} makes is not in this JSON: a plan has it.`,
  };
}
