import { text } from "../graph/values";
import { callOf, isMessage, isReading, type Machine, type Node } from "../state-machine/machine";
import { type Steps, stepsOf } from "../state-machine/edges";
import { withoutErrors } from "../state-machine/order";
import type { Takeover } from "../takeover/takeover";

/** A step of the runbook that calls something. */
export interface Step {
  readonly name: string;
  /** What it calls, unless its name says so: `ssm:putParameter`, or the action of a function. */
  readonly calls: readonly string[];
}

const PROMOTION = "rds:failoverGlobalCluster";

/** The steps of a failover without errors, by the shortest way through the promotion: what is done already is not done again. */
export function failoverSteps({ machine }: Takeover): readonly Step[] {
  const steps = withoutErrors(stepsOf(machine));
  const promotion = machine.nodes.find((node) => callOf(node) === PROMOTION);
  const end = steps.ends.find(({ type }) => type === "Succeed");
  if (!steps.start || !promotion || !end) return [];
  const path = [...way(steps, steps.start, promotion), ...way(steps, promotion, end)].map(topOf);
  const called = new Set<string>();
  return [...new Set(path)].flatMap((node) => {
    const calls = [...new Set(callsIn(machine, node))];
    // A task that only repeats the reads of an earlier one confirms it.
    if (calls.length === 0 || isMessage(node) || (node.type === "Task" && calls.every((call) => called.has(call)))) return [];
    for (const call of calls) called.add(call);
    const name = words(node.name);
    return [{ name, calls: calls.filter((call) => !name.toLowerCase().startsWith(call.replaceAll("-", " "))) }];
  });
}

/** The state of the machine in which a state is. */
function topOf(node: Node): Node {
  return node.scope.parent ? topOf(node.scope.parent) : node;
}

/** The shortest way from a state to another one, with both. */
function way({ from }: Steps, start: Node, end: Node): readonly Node[] {
  const before = new Map<Node, Node | undefined>([[start, undefined]]);
  for (const node of before.keys()) for (const { to } of from.get(node) ?? []) if (!before.has(to)) before.set(to, node);
  const path: Node[] = [];
  for (let node: Node | undefined = before.has(end) ? end : undefined; node; node = before.get(node)) path.unshift(node);
  return path;
}

/** The calls of a state and of those inside of it: those that change something, or the reads if there is nothing else. */
function callsIn(machine: Machine, node: Node): readonly string[] {
  const inside = machine.nodes.filter((one) => one === node || within(one, node)).filter((one) => !isMessage(one));
  const calls = inside.flatMap((one) => {
    const call = callOf(one);
    return call === undefined || call === "rds:switchoverGlobalCluster" ? [] : [call === "lambda:invoke" ? actionOf(one) : call];
  });
  const changing = calls.filter((call) => !call.includes(":") || !isReading(call));
  // Of the branches of a promotion, a failover takes the one that promotes without the other region.
  if (changing.includes(PROMOTION)) return [PROMOTION, ...changing.filter((call) => call.includes(":") && call !== PROMOTION)];
  return changing.length > 0 ? changing : calls;
}

const within = ({ scope: { parent } }: Node, node: Node): boolean => parent !== undefined && (parent === node || within(parent, node));

/** The action in the input of a function, if it has one. */
function actionOf({ state }: Node): string {
  const { Payload: payload } = (state["Parameters"] ?? {}) as { readonly Payload?: Readonly<Record<string, unknown>> };
  return text(payload?.["action"]) ?? "lambda:invoke";
}

/** `Fence others`, of `FenceOthers`. */
function words(name: string): string {
  const all = name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
  return `${all[0]?.toUpperCase() ?? ""}${all.slice(1)}`;
}
