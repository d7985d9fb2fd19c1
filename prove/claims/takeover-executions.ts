import type { Graph } from "../graph/graph";
import { executionsOf, type Findings } from "../takeover/executions";
import { holdFaults } from "../takeover/hold";
import { takeoversOf } from "../takeover/takeover";
import { type Claim, decided, type Finding, notApplicable, unknown } from "./claim";

/** Claims about what the executions of a takeover do: in each of them, any one call fails or takes long. */
export const TAKEOVER_EXECUTION_CLAIMS: readonly Claim[] = [
  {
    id: "T2",
    title: "After the promotion, the region takeover takes nothing back",
    decide: (graph, stacks) =>
      explored(graph, stacks, ({ takenBack }) => takenBack, "No execution allows writes elsewhere, or routes clients away, after it."),
  },
  {
    id: "T4",
    title: "The region takeover holds DNS before the promotion, until its end",
    decide: (graph, stacks) =>
      explored(
        graph,
        stacks,
        ({ notHeld }) => [...notHeld, ...takeoversOf(graph).flatMap((takeover) => holdFaults(takeover, stacks))],
        "DNS answers the new primary from the promotion on, even when the other regions respond.",
      ),
  },
  {
    id: "T5",
    title: "The region takeover, executed again, freezes the writes of the other regions too",
    decide: (graph, stacks) =>
      explored(graph, stacks, ({ notFrozen }) => notFrozen, "It freezes them also if the database of its region is the primary already."),
  },
  {
    id: "T6",
    title: "The region takeover reports which other region could not be frozen",
    decide: (graph, stacks) =>
      explored(graph, stacks, ({ untold }) => untold, "A critical message names each region that may still write."),
  },
  {
    id: "T13",
    title: "The region takeover fails over only with allowDataLoss = true in its input, and then without the lost region",
    decide: (graph, stacks) =>
      explored(
        graph,
        stacks,
        ({ dataLoss }) => dataLoss,
        "No other input may lose data, and this one ends in a primary that serves clients.",
      ),
  },
  {
    id: "T18",
    title: "A switchover does not begin while the replica of its region is far behind",
    decide: (graph, stacks) => explored(graph, stacks, ({ notReady }) => notReady, "It ends before it freezes writes."),
  },
];

function explored(graph: Graph, stacks: readonly Graph[], faultsOf: (findings: Findings) => readonly string[], proven: string): Finding {
  const [takeover] = takeoversOf(graph);
  if (!takeover) return notApplicable("No state machine of this stack promotes a cluster of a global database.");
  try {
    const findings = executionsOf(graph, stacks);
    if (!findings) return unknown("The stacks have no other region with a takeover, or no DNS that fails over.");
    return decided(faultsOf(findings), [`${takeover.machine.resource.address}: ${findings.executions} ends of executions`], proven);
  } catch (error) {
    return unknown(
      `The executions of ${takeover.machine.resource.address} cannot be followed: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}
