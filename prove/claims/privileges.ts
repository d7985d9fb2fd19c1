import { deliveriesOf, deliveryFaults } from "../iam/deliveries";
import { functionNeeds, invocationFaults, missingLogGroups } from "../iam/function-needs";
import { roleOf } from "../iam/identities";
import { keyNeeds, toldNeeds } from "../iam/data-access";
import { decideNeeds } from "../iam/needs";
import { serviceNeeds } from "../iam/service-needs";
import { execNeeds, executionNeeds, missingForTasks } from "../iam/task-needs";
import { type Claim, decided, notApplicable } from "./claim";

/** Claims about calls that must be allowed. What must not be is in exposure.ts. */
export const PRIVILEGE_CLAIMS: readonly Claim[] = [
  {
    id: "P1",
    title: "The execution role of each task may pull its image, write its log, and read and decrypt its secrets, all of which exist",
    requirementIds: ["S002-7.1"],
    decide: (graph, stacks) =>
      decideNeeds(
        stacks,
        [...executionNeeds(stacks, graph), ...execNeeds(stacks, graph)],
        missingForTasks(stacks, graph),
        "There is no task definition.",
        "Policies of roles and keys together allow each call.",
      ),
  },
  {
    id: "P2",
    title: "Who may use data may use the key with which they are encrypted, and tasks may use what their parameters name",
    requirementIds: ["S002-7.1", "S002-T9"],
    decide: (graph, stacks) =>
      decideNeeds(
        stacks,
        [...toldNeeds(stacks, graph, (value) => roleOf(stacks, graph, value)), ...keyNeeds(stacks, graph)],
        [],
        "No role may use encrypted data.",
        "Each permission for data comes with one for their key.",
      ),
  },
  {
    id: "P3",
    title: "Each function may write its log, decrypt its environment and keep what failed, and accepts those that invoke it",
    requirementIds: ["S002-7.2", "S002-C5"],
    decide: (graph, stacks) =>
      decideNeeds(
        stacks,
        functionNeeds(stacks, graph),
        [...missingLogGroups(graph), ...invocationFaults(stacks, graph)],
        "There is no function.",
        "Policies of roles, functions and keys together allow each call.",
      ),
  },
  {
    id: "P4",
    title: "Services that act with a role of the platform may make the calls that this takes",
    requirementIds: ["S002-T9"],
    decide: (graph, stacks) =>
      decideNeeds(
        stacks,
        serviceNeeds(stacks, graph),
        [],
        "No service has a role of this stack.",
        "Policies of roles and keys together allow each call.",
      ),
  },
  {
    id: "P5",
    title: "Topics, queues and buckets accept what services send to them: alarms, events, messages, logs",
    requirementIds: ["S002-C6"],
    decide: (graph, stacks) => {
      const all = deliveriesOf(stacks, graph);
      return all.length === 0
        ? notApplicable("No service sends anything.")
        : decided([...new Set(deliveryFaults(stacks, graph))], all, "The policy of each receiver allows it.");
    },
  },
];
