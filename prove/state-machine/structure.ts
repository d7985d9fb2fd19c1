import { blocks, text } from "../graph/values";
import { isTerminal, leadingTo, reachable, stepsOf } from "./edges";
import { catchersOf, catchesAll, type Machine, type Node, type Scope } from "./machine";
import { fails } from "./edges";

/** Why an execution would hang, end without a word, or why Step Functions would not accept the definition. */
export function structureFaults(machine: Machine): string[] {
  const { resource, top, nodes, inner } = machine;
  const at = (node: Node): string => `${node.path} of ${resource.address}`;
  const scopes = [top, ...[...inner.values()].flat()];
  const names = nodes.map(({ name }) => name);
  const steps = stepsOf(machine);
  const seen = reachable(steps, steps.start ? [steps.start] : []);
  const ending = leadingTo(steps, [...steps.ends, ...nodes.filter(({ type }) => type === "Fail")]);
  return [
    ...scopes.flatMap((scope) => scopeFaults(scope, resource.address)),
    ...nodes
      .filter(({ name }, index) => names.indexOf(name) !== index)
      .map((node) => `${at(node)} has the name of another state: Step Functions does not accept the definition.`),
    ...nodes.flatMap((node) => targetFaults(node).map((target) => `${at(node)} continues at ${target}, which does not exist.`)),
    ...nodes
      .filter((node) => steps.start && !seen.has(node))
      .map((node) => `No state is followed by ${at(node)}: Step Functions does not accept the definition, and what it does is never done.`),
    ...nodes
      .filter((node) => seen.has(node) && !ending.has(node))
      .map((node) => `${at(node)} is followed by no end: an execution never ends.`),
    ...nodes
      .filter((node) => node.scope.parent === undefined && seen.has(node) && node.type !== "Fail" && fails(machine, node))
      .filter((node) => !catchesAll(node))
      .map((node) => `${at(node)} does not catch every error: the execution ends there, and nothing behind it is done.`),
    ...nodes
      .filter((node) => (inner.get(node) ?? []).length === 0 && ["Map", "Parallel"].includes(node.type))
      .map((node) => `${at(node)} has no states.`),
  ];
}

function scopeFaults({ startAt, nodes, parent }: Scope, address: string): string[] {
  const where = parent === undefined ? address : `${parent.path} of ${address}`;
  return nodes.has(startAt) ? [] : [`${where} starts at ${startAt || "no state"}, which does not exist.`];
}

/** The targets of a state that are not in its scope. */
function targetFaults(node: Node): string[] {
  const { state, type, scope } = node;
  const catchers = catchersOf(node).map(({ next }) => next);
  const targets =
    type === "Choice"
      ? [
          ...blocks(state["Choices"]).map((rule) => text(rule["Next"]) ?? "no state"),
          ...(state["Default"] === undefined ? ["no default state"] : [text(state["Default"]) ?? ""]),
        ]
      : isTerminal(node)
        ? []
        : [text(state["Next"]) ?? "no next state"];
  return [...targets, ...catchers].filter((target) => !scope.nodes.has(target));
}
