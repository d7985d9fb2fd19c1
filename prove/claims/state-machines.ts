import type { Graph } from "../graph/graph";
import { dataFaults } from "../state-machine/data";
import { isMachine, type Machine, stateMachines } from "../state-machine/machine";
import { changesSomething, messageFaults, untoldEnds, untoldStatuses } from "../state-machine/messages";
import { permissionFaults } from "../state-machine/permissions";
import { structureFaults } from "../state-machine/structure";
import { otherMachines, takeoversOf } from "../takeover/takeover";
import { longestSilence, timeFaults } from "../state-machine/times";
import { type Claim, decided, type Finding, notApplicable, unknown } from "./claim";

/** A message says within this time that an execution takes long. */
const LONGEST_SILENCE_SECONDS = 900;

const NO_TAKEOVER = "No state machine of this stack promotes a cluster of a global database.";
const NO_OTHER = "This stack has no other state machine.";

const takeovers = (graph: Graph): readonly Machine[] => takeoversOf(graph).map(({ machine }) => machine);

/** Claims about every state machine, and the same about the one that makes a region the primary. */
export const STATE_MACHINE_CLAIMS: readonly Claim[] = [
  {
    id: "T1",
    title: "No execution of the region takeover hangs, or ends because of its own definition",
    decide: (graph) => withMachines(graph, takeovers(graph), NO_TAKEOVER, wellFormed),
  },
  {
    id: "T3",
    title: "Every end of the region takeover is reported",
    decide: (graph) => withMachines(graph, takeovers(graph), NO_TAKEOVER, (machines) => reported(graph, machines)),
  },
  {
    id: "T7",
    title: "While the region takeover waits, a message is sent at least every 15 minutes",
    decide: (graph) =>
      withMachines(graph, takeovers(graph), NO_TAKEOVER, (machines) => {
        const silences = machines.map((machine) => ({ machine, ...longestSilence(machine) }));
        return decided(
          silences
            .filter(({ seconds }) => !(seconds <= LONGEST_SILENCE_SECONDS))
            .map(
              ({ machine, seconds, at }) =>
                `${machine.resource.address} sends no message for up to ${seconds} s, until ${at?.path ?? "its end"}: no operator is notified within ${LONGEST_SILENCE_SECONDS} s that it is late.`,
            ),
          silences.map(({ machine, seconds }) => `${machine.resource.address}: at most ${seconds} s without a message`),
          "The waits between two messages are shorter.",
        );
      }),
  },
  {
    id: "T8",
    title: "The role of the region takeover allows every call of its states",
    decide: (graph) => withMachines(graph, takeovers(graph), NO_TAKEOVER, (machines) => permitted(graph, machines)),
  },
  {
    id: "T15",
    title: "No execution of another runbook hangs, or ends because of its own definition",
    decide: (graph) => withMachines(graph, otherMachines(graph), NO_OTHER, wellFormed),
  },
  {
    id: "T16",
    title: "Every failure of another runbook is reported, and every end of one that changes something",
    decide: (graph) => withMachines(graph, otherMachines(graph), NO_OTHER, (machines) => reported(graph, machines)),
  },
  {
    id: "T17",
    title: "The role of every other runbook allows every call of its states",
    decide: (graph) => withMachines(graph, otherMachines(graph), NO_OTHER, (machines) => permitted(graph, machines)),
  },
];

/** A definition that cannot be read decides nothing, and may be any of them. */
function withMachines(
  graph: Graph,
  machines: readonly Machine[],
  none: string,
  decide: (machines: readonly Machine[]) => Finding,
): Finding {
  const unread = stateMachines(graph).filter((found) => !isMachine(found));
  if (machines.length > 0) return decide(machines);
  const [first] = unread;
  return first === undefined || isMachine(first) ? notApplicable(none) : unknown(`The definition of ${first.address} cannot be read.`);
}

function wellFormed(machines: readonly Machine[]): Finding {
  return decided(
    machines.flatMap((machine) => {
      const faults = structureFaults(machine);
      // Times and data of a definition without an end mean nothing.
      return faults.length > 0 ? faults : [...timeFaults(machine), ...dataFaults(machine)];
    }),
    machines.map(({ resource, nodes }) => `${resource.address}: ${nodes.length} states`),
    "Every state is reached, has a time limit and an end, and reads only data that are there.",
  );
}

function reported(graph: Graph, machines: readonly Machine[]): Finding {
  return decided(
    machines.flatMap((machine) => {
      const everyEnd = changesSomething(machine);
      return [...untoldEnds(machine, everyEnd), ...messageFaults(graph, machine), ...untoldStatuses(graph, machine)];
    }),
    machines.map((machine) => `${machine.resource.address}: ${changesSomething(machine) ? "every end" : "every failure"} passes a message`),
    "Each of them passes a message behind its last call.",
  );
}

function permitted(graph: Graph, machines: readonly Machine[]): Finding {
  const found = machines.map((machine) => ({ machine, ...permissionFaults(graph, machine) }));
  const faults = found.flatMap((one) => one.faults);
  if (faults.length > 0 && found.some(({ isUnknown }) => isUnknown))
    return unknown(`${faults[0] ?? ""} A policy of this role is not in this JSON.`);
  return decided(
    faults,
    found.map(({ machine, needs }) => `${machine.resource.address}: ${needs} permissions`),
    "Its policies allow each of them, and the keys do too.",
  );
}
