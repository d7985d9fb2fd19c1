import type { Graph } from "../graph/graph";
import { block } from "../graph/values";
import { tasksThat } from "../state-machine/arguments";
import { type Steps, stepsOf } from "../state-machine/edges";
import { isMachine, type Machine, type Node, stateMachines } from "../state-machine/machine";
import { withoutErrors } from "../state-machine/order";
import { numberOf } from "./budget";

/** The state machines of a stack that make a call, with the steps of an execution without errors, and the first state that makes it. */
export function machinesWith(
  graph: Graph,
  action: string,
): readonly { readonly machine: Machine; readonly steps: Steps; readonly call: Node }[] {
  return stateMachines(graph)
    .filter(isMachine)
    .flatMap((machine) => {
      const [call] = tasksThat(machine, action);
      return call ? [{ machine, steps: withoutErrors(stepsOf(machine)), call }] : [];
    });
}

/** What a call takes at most: the time limit of the state, or of the function that it calls if that is shorter. Undefined without a limit. */
export function limitOf(graph: Graph, { state }: Node): number | undefined {
  const own = numberOf(graph, state["TimeoutSeconds"], Infinity) ?? Infinity;
  const called = graph.target(block(state["Parameters"])["FunctionName"]);
  const limit = called?.type === "aws_lambda_function" ? (numberOf(graph, called.values["timeout"], 3) ?? Infinity) : Infinity;
  const least = Math.min(own, limit);
  return least === Infinity ? undefined : least;
}
