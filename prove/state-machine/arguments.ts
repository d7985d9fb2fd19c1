import { text, type Values } from "../graph/values";
import { callOf, type Machine, type Node } from "./machine";
import { keysOf } from "./shape";

/** Values that an argument can have. Undefined: only an execution knows it. Empty: it is not given. */
export type Alternatives = readonly unknown[] | undefined;

/** What stands for a part of a text that only an execution knows. */
const UNKNOWN = "x";
const DEEPEST = 12;

/** The values of an argument of a call, with the data that the definition itself writes. */
export function argument(machine: Machine, node: Node, name: string): Alternatives {
  const parameters = (node.state["Parameters"] ?? {}) as Values;
  if (parameters[name] !== undefined) return [parameters[name]];
  const expression = text(parameters[`${name}.$`]);
  return expression === undefined ? [] : evaluate(machine, node, expression);
}

/** The values of an argument that are texts, and whether there are others. */
export function texts(machine: Machine, node: Node, name: string): readonly string[] | undefined {
  return argument(machine, node, name)?.flatMap((value) => (Array.isArray(value) ? value.map(String) : [String(value)]));
}

/** The Tasks of a machine that make a call. */
export function tasksThat(machine: Machine, ...calls: readonly string[]): readonly Node[] {
  return machine.nodes.filter((node) => calls.includes(callOf(node) ?? ""));
}

/** The values of a path or an intrinsic function, as a state finds them. */
export function evaluate(machine: Machine, node: Node, expression: string, depth = 0): Alternatives {
  if (depth > DEEPEST) return undefined;
  const inner = (part: string): Alternatives => evaluate(machine, node, part, depth + 1);
  const literal = /^'((?:\\.|[^'\\])*)'$/s.exec(expression.trim());
  if (literal) return [(literal[1] ?? "").replaceAll(/\\(.)/gs, "$1")];
  const [, name, list = ""] = /^States\.(\w+)\((.*)\)$/s.exec(expression.trim()) ?? [];
  if (name === "Format") {
    const [template = "", ...values] = split(list);
    return values.reduce<readonly unknown[]>(
      (made, value) => made.flatMap((each) => (inner(value) ?? [UNKNOWN]).map((found) => String(each).replace("{}", () => String(found)))),
      inner(template) ?? [],
    );
  }
  if (name === "Array")
    return split(list).reduce<readonly unknown[][]>(
      (made, value) => made.flatMap((each) => (inner(value) ?? [UNKNOWN]).map((found) => [...each, found])),
      [[]],
    );
  if (name !== undefined) return undefined;
  if (expression.startsWith("$$.Map.Item.Value")) return items(machine, node, keysOf(expression.slice(1)).slice(3), depth);
  if (expression.startsWith("$$")) return undefined;
  return /^\$[\w.[\]'-]*$/.test(expression) ? read(machine, node, keysOf(expression), depth) : undefined;
}

/** A value in the data: where a Pass of the scope has written it, or in the data that the scope was given. */
function read(machine: Machine, node: Node, keys: readonly string[], depth: number): Alternatives {
  const written = [...node.scope.nodes.values()]
    .filter(({ type, state }) => type === "Pass" && (state["Parameters"] !== undefined || state["Result"] !== undefined))
    .flatMap((pass) => {
      const path = pass.state["ResultPath"] === undefined ? [] : keysOf(text(pass.state["ResultPath"]) ?? "$.-");
      const isThere = path.every((key, index) => keys[index] === key);
      return isThere
        ? (follow(machine, pass, pass.state["Parameters"] ?? pass.state["Result"], keys.slice(path.length), depth + 1) ?? [])
        : [];
    });
  if (written.length > 0) return written;
  const { parent } = node.scope;
  if (parent === undefined) return undefined;
  if (parent.type === "Parallel") return read(machine, parent, keys, depth + 1);
  const selector = parent.state["ItemSelector"] ?? parent.state["Parameters"];
  return selector === undefined ? itemsOf(machine, parent, keys, depth) : follow(machine, parent, selector, keys, depth + 1);
}

/** The items of the Map around a state, or the Map's own. */
function items(machine: Machine, node: Node, keys: readonly string[], depth: number): Alternatives {
  const map = node.type === "Map" ? node : node.scope.parent;
  if (map?.type === "Map") return itemsOf(machine, map, keys, depth);
  return map === undefined ? undefined : items(machine, map, keys, depth);
}

function itemsOf(machine: Machine, map: Node, keys: readonly string[], depth: number): Alternatives {
  const lists = evaluate(machine, map, text(map.state["ItemsPath"]) ?? "$", depth + 1);
  const found = lists?.flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : [])) ?? [];
  const values = found.flatMap((item) => follow(machine, map, item, keys, depth + 1) ?? []);
  return values.length === 0 ? undefined : values;
}

/** A part of a template, whose fields that end in `.$` are expressions. */
function follow(machine: Machine, node: Node, template: unknown, [key, ...rest]: readonly string[], depth: number): Alternatives {
  if (key === undefined) return [template];
  if (typeof template !== "object" || template === null) return undefined;
  const own = (template as Values)[key];
  if (own !== undefined) return follow(machine, node, own, rest, depth);
  const expression = text((template as Values)[`${key}.$`]);
  if (expression === undefined) return undefined;
  return evaluate(machine, node, expression, depth)?.flatMap((value) => follow(machine, node, value, rest, depth) ?? []);
}

/** The arguments of an intrinsic function. */
function split(list: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const [token = ""] of list.matchAll(/'(?:\\.|[^'\\])*'|[\s\S]/g)) {
    if (token === "(") depth++;
    if (token === ")") depth--;
    if (token === "," && depth === 0) parts.push("");
    else parts.push(`${parts.pop() ?? ""}${token}`);
  }
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}
