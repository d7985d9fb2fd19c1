import { blocks, text, type Values } from "../graph/values";
import { fails, isTerminal } from "./edges";
import { catchersOf, catchesAll, type Machine, type Node, type Scope } from "./machine";
import { ANSWER, common, FAILURE, has, keysOf, pathsIn, type Shape, shapeAt, templateShape, withShape } from "./shape";

/**
 * Reads of data that are not there on every way to a state. Such a read ends an execution with an error that no catcher catches.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-error-representation
 */
export function dataFaults(machine: Machine): string[] {
  const before = new Map<Node, Shape>();
  const isOpen = !validatesInput(machine);
  flow(machine, machine.top, {}, before);
  const written = new Set(machine.nodes.flatMap(writtenKeys));
  const isInput = (path: string): boolean => isOpen && !written.has(keysOf(path)[0] ?? "");
  return machine.nodes.flatMap((node) => {
    const shape = before.get(node);
    if (shape === undefined) return [];
    return readsOf(node)
      .filter(({ path, guards }) => !isInput(path) && !guards.some((guard) => has(withShape({}, guard, "any"), path)) && !has(shape, path))
      .map(
        ({ path }) =>
          `${node.path} of ${machine.resource.address} reads ${path}, which no state before it has written on every way: the execution ends there without a message.`,
      );
  });
}

/** Whether the first state asks which keys the input has. Otherwise the input may have every key that no state writes. */
function validatesInput({ top }: Machine): boolean {
  const start = top.nodes.get(top.startAt);
  return start?.type === "Choice" && blocks(start.state["Choices"]).some((rule) => presentIn(rule).length > 0);
}

function writtenKeys({ type, state }: Node): string[] {
  const paths = [
    ...(["Task", "Pass", "Map", "Parallel"].includes(type) ? [state["ResultPath"]] : []),
    ...blocks(state["Catch"]).map((one) => one["ResultPath"]),
  ];
  return paths.flatMap((path) => keysOf(text(path) ?? "")[0] ?? []);
}

/** Follows the data through a scope. @returns what its ends have in common */
function flow(machine: Machine, scope: Scope, input: Shape, before: Map<Node, Shape>): Shape | undefined {
  const waiting: [Node, Shape][] = [];
  const start = scope.nodes.get(scope.startAt);
  if (start) waiting.push([start, input]);
  let output: Shape | undefined;
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [node, arriving] = next;
    const known = before.get(node);
    const shape = known === undefined ? arriving : common(known, arriving);
    if (known !== undefined && JSON.stringify(known) === JSON.stringify(shape)) continue;
    before.set(node, shape);
    for (const [name, after] of afterwards(machine, node, shape, before)) {
      const target = scope.nodes.get(name);
      if (target) waiting.push([target, after]);
    }
    if (isTerminal(node) && node.type !== "Fail") {
      const end = node.type === "Succeed" ? shape : resultOf(machine, node, shape, before);
      output = output === undefined ? end : common(output, end);
    }
  }
  return output;
}

/** The states behind a state, each with the data that it finds. */
function afterwards(machine: Machine, node: Node, shape: Shape, before: Map<Node, Shape>): [string, Shape][] {
  const { state, type } = node;
  const name = (value: unknown): string => text(value) ?? "";
  if (type === "Choice")
    return [
      ...blocks(state["Choices"]).map((rule): [string, Shape] => [
        name(rule["Next"]),
        presentIn(rule).reduce((known, path) => (has(known, path) ? known : withShape(known, path, "any")), shape),
      ]),
      [name(state["Default"]), shape],
    ];
  const result = resultOf(machine, node, shape, before);
  return [
    ...(isTerminal(node) ? [] : [[name(state["Next"]), result] as [string, Shape]]),
    ...(fails(machine, node) || catchesAll(node) ? catchersOf(node) : []).map(({ next, resultPath }): [string, Shape] => [
      next,
      withShape(shape, resultPath, FAILURE),
    ]),
  ];
}

function resultOf(machine: Machine, node: Node, shape: Shape, before: Map<Node, Shape>): Shape {
  const { state, type } = node;
  const input = state["InputPath"] === undefined ? shape : shapeAt(shape, text(state["InputPath"]) ?? "");
  const made = (): Shape => {
    if (type === "Pass")
      return state["Parameters"] === undefined
        ? state["Result"] === undefined
          ? input
          : templateShape(state["Result"], input)
        : templateShape(state["Parameters"], input);
    const inner = machine.inner.get(node) ?? [];
    if (type === "Parallel")
      return Object.fromEntries(inner.map((scope, index) => [String(index), flow(machine, scope, input, before) ?? "any"]));
    if (type === "Map") for (const scope of inner) flow(machine, scope, itemShape(state, shape), before);
    const selector = state["ResultSelector"];
    if (selector !== undefined) return templateShape(selector, "any");
    return type === "Task" && (text(state["Resource"]) ?? "").startsWith("arn:aws:states:::") ? ANSWER : "any";
  };
  if (type === "Wait" || type === "Succeed") return shape;
  return withShape(shape, state["ResultPath"] === undefined ? "$" : state["ResultPath"], made());
}

/** An item of a Map: what its selector makes, or an item of the list. */
function itemShape(state: Values, shape: Shape): Shape {
  const selector = state["ItemSelector"] ?? state["Parameters"];
  if (selector !== undefined) return templateShape(selector, shape);
  const items = shapeAt(shape, text(state["ItemsPath"]) ?? "$");
  if (items === "any") return "any";
  const [first, ...others] = Object.values(items);
  return first === undefined ? "any" : others.reduce(common, first);
}

/** Paths of which a rule says that they are there. */
function presentIn(rule: Values): readonly string[] {
  if (rule["And"] !== undefined) return blocks(rule["And"]).flatMap(presentIn);
  return rule["IsPresent"] === true ? [text(rule["Variable"]) ?? ""] : [];
}

interface Read {
  readonly path: string;
  /** Paths that the same rule has found to be there before. */
  readonly guards: readonly string[];
}

function readsOf({ state, type }: Node): Read[] {
  const plain = (paths: readonly string[]): Read[] => paths.map((path) => ({ path, guards: [] }));
  const direct = ["InputPath", "ItemsPath", "SecondsPath", "TimestampPath", "ErrorPath", "CausePath", "TimeoutSecondsPath"].flatMap(
    (field) => pathsIn(state[field], true),
  );
  const templates = type === "Map" ? [state["ItemSelector"]] : [state["Parameters"]];
  return [
    ...plain(direct),
    ...plain(templates.flatMap((template) => pathsIn(template))),
    ...(type === "Choice" ? blocks(state["Choices"]).flatMap((rule) => comparisons(rule)) : []),
  ];
}

/** What a rule compares. Parts of an And are decided in order, up to the first that is false. */
function comparisons(rule: Values, guards: readonly string[] = []): Read[] {
  if (rule["And"] !== undefined) {
    let known = guards;
    return blocks(rule["And"]).flatMap((part) => {
      const reads = comparisons(part, known);
      known = [...known, ...presentIn(part)];
      return reads;
    });
  }
  if (rule["Or"] !== undefined) return blocks(rule["Or"]).flatMap((part) => comparisons(part, guards));
  if (rule["Not"] !== undefined) return comparisons(rule["Not"] as Values, guards);
  if (rule["IsPresent"] !== undefined) return [];
  const others = Object.entries(rule).flatMap(([key, value]) => (key.endsWith("Path") ? pathsIn(value, true) : []));
  return [...pathsIn(rule["Variable"], true), ...others].map((path) => ({ path, guards }));
}
