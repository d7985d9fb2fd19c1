import type { Graph } from "../graph/graph";
import { block, type Resource } from "../graph/values";
import { argument, tasksThat } from "../state-machine/arguments";
import { isMachine, type Machine, stateMachines } from "../state-machine/machine";
import { may } from "../iam/role-permissions";

/** Calls that make a cluster the writer of a global database. */
export const PROMOTIONS = ["rds:FailoverGlobalCluster", "rds:SwitchoverGlobalCluster"];
const PROMOTING_TASKS = ["rds:failoverGlobalCluster", "rds:switchoverGlobalCluster"];

/** A state machine that makes its region the primary, and the functions that it calls for this. */
export interface Takeover {
  readonly graph: Graph;
  readonly machine: Machine;
  readonly functions: readonly Resource[];
}

const known = new WeakMap<Graph, readonly Takeover[]>();

/** The takeovers of a stack: state machines that promote a cluster of a global database, themselves or by a function. */
export function takeoversOf(graph: Graph): readonly Takeover[] {
  const found =
    known.get(graph) ??
    stateMachines(graph)
      .filter(isMachine)
      .flatMap((machine) => {
        const functions = functionsOf(graph, machine);
        const promotes = tasksThat(machine, ...PROMOTING_TASKS).length > 0 || functions.some((one) => mayPromote(graph, one));
        return promotes ? [{ graph, machine, functions }] : [];
      });
  known.set(graph, found);
  return found;
}

/** State machines that are no takeover. */
export function otherMachines(graph: Graph): readonly Machine[] {
  const takeovers = takeoversOf(graph).map(({ machine }) => machine);
  return stateMachines(graph)
    .filter(isMachine)
    .filter((machine) => !takeovers.includes(machine));
}

/** The functions that a machine calls, each once. */
function functionsOf(graph: Graph, machine: Machine): readonly Resource[] {
  const called = tasksThat(machine, "lambda:invoke").flatMap((node) => argument(machine, node, "FunctionName") ?? []);
  const found = called.flatMap(
    (value) => graph.target(value) ?? graph.all("aws_lambda_function").filter((one) => graph.arn(one) === graph.text(value)),
  );
  return [...new Map(found.map((one) => [one.address, one])).values()];
}

function mayPromote(graph: Graph, { values }: Resource): boolean {
  const role = graph.target(values["role"]);
  return role?.type === "aws_iam_role" && PROMOTIONS.some((action) => may(graph, role, { action }));
}

/** The environment of a function as texts. */
export function environmentOf(graph: Graph, { values }: Resource): Readonly<Record<string, string>> {
  const variables = block(block(values["environment"])["variables"]);
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => {
      const known = graph.text(value);
      return known === undefined ? [] : [[name, known]];
    }),
  );
}

/** What a function knows of each region: an object in its environment whose keys are regions. */
export function regionTables(environment: Readonly<Record<string, string>>): readonly Readonly<Record<string, unknown>>[] {
  return Object.values(environment).flatMap((value) => {
    if (!value.startsWith("{")) return [];
    try {
      const parsed = JSON.parse(value) as Readonly<Record<string, unknown>>;
      return Object.keys(parsed).length > 0 && Object.keys(parsed).every((key) => /^[a-z]{2}(-[a-z]+)+-\d$/.test(key)) ? [parsed] : [];
    } catch {
      return [];
    }
  });
}

/** The parameters that the takeover of a stack writes, by name. */
export function parametersWritten({ machine, graph }: Takeover): readonly string[] {
  const names = tasksThat(machine, "ssm:putParameter").flatMap((node) => argument(machine, node, "Name") ?? []);
  return [...new Set(names.map((name) => graph.text(name) ?? String(name)))];
}
