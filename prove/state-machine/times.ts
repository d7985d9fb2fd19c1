import { blocks, oneOrMany } from "../graph/values";
import { stepsOf } from "./edges";
import { type Component, componentsOf, roundsOf } from "./loops";
import { isMessage, type Machine, type Node } from "./machine";
import { secondsOf } from "./order";

/** A year: the longest execution of a standard workflow. @see https://docs.aws.amazon.com/step-functions/latest/dg/limits-overview.html */
const YEAR_SECONDS = 31_536_000;

/** Seconds of a call that hangs once. Infinite without a time limit: the default is 99,999,999 s. */
function limitOf({ type, state }: Node): number {
  if (type !== "Task") return 0;
  const seconds = state["TimeoutSeconds"];
  if (typeof seconds === "number") return seconds;
  return state["TimeoutSecondsPath"] === undefined ? Infinity : 0;
}

/**
 * The longest time of a call that hangs in every attempt.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
 */
function longestCall(node: Node): number {
  const limit = limitOf(node);
  const hanging = blocks(node.state["Retry"]).find(({ ErrorEquals }) =>
    oneOrMany(ErrorEquals).some((error) => error === "States.Timeout" || error === "States.ALL"),
  );
  if (!hanging) return limit;
  const number = (value: unknown, otherwise: number): number => (typeof value === "number" ? value : otherwise);
  const attempts = number(hanging["MaxAttempts"], 3);
  const most = number(hanging["MaxDelaySeconds"], Infinity);
  let seconds = limit;
  for (let attempt = 0; attempt < attempts && seconds < YEAR_SECONDS; attempt++)
    seconds += limit + Math.min(number(hanging["IntervalSeconds"], 1) * number(hanging["BackoffRate"], 2) ** attempt, most);
  return seconds;
}

function waitOf(node: Node): number {
  return node.type === "Wait" ? (secondsOf(node) ?? 0) : 0;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);

/** Waiting time of a component: a loop waits in every round. */
function waitsOf(machine: Machine, { nodes, isLoop }: Component): number {
  const waits = sum([...nodes].map(waitOf));
  return isLoop ? waits * (roundsOf(stepsOf(machine), { nodes, isLoop }) ?? Infinity) || 0 : waits;
}

/** The longest waits on one way through a part of a machine, in seconds, and where the way ends. */
function longest(
  machine: Machine,
  nodes: readonly Node[],
  starts: readonly Node[],
): { readonly seconds: number; readonly at: Node | undefined } {
  const steps = stepsOf(machine);
  const components = componentsOf(steps, nodes);
  const own = new Map(components.flatMap((component) => [...component.nodes].map((node) => [node, component] as const)));
  const times = new Map<Component, { readonly seconds: number; readonly at: Node | undefined }>();
  for (const component of components) {
    const after = [...component.nodes]
      .flatMap((node) => steps.from.get(node) ?? [])
      .flatMap(({ to }) => own.get(to) ?? [])
      .filter((next) => next !== component)
      .flatMap((next) => times.get(next) ?? []);
    const [last] = component.nodes;
    const best = after.reduce((one, other) => (other.seconds > one.seconds ? other : one), { seconds: 0, at: last });
    times.set(component, { seconds: waitsOf(machine, component) + best.seconds, at: best.at ?? last });
  }
  return starts
    .flatMap((start) => own.get(start) ?? [])
    .flatMap((component) => times.get(component) ?? [])
    .reduce((one, other) => (other.seconds > one.seconds ? other : one), { seconds: 0, at: undefined });
}

/** Why an execution would never end, or be ended by its own time limit before it has ended itself. */
export function timeFaults(machine: Machine): string[] {
  const { resource, definition, nodes } = machine;
  const steps = stepsOf(machine);
  const limit = definition["TimeoutSeconds"];
  const unlimited = nodes
    .filter((node) => limitOf(node) === Infinity)
    .map(({ path }) => `${path} of ${resource.address} has no time limit: a call that hangs holds the execution.`);
  const endless = componentsOf(steps, nodes)
    .filter((component) => component.isLoop && roundsOf(steps, component) === undefined)
    .map(
      (component) =>
        `${[...component.nodes].map(({ path }) => path).sort()[0] ?? ""} of ${resource.address} is repeated, and no count ends it.`,
    );
  if (typeof limit !== "number" || limit <= 0 || limit >= YEAR_SECONDS)
    return [`${resource.address} has no time limit: an execution that hangs is never ended.`, ...unlimited, ...endless];
  if (unlimited.length > 0 || endless.length > 0) return [...unlimited, ...endless];
  const tooLong = nodes
    .filter((node) => longestCall(node) >= limit)
    .map((node) => `${node.path} of ${resource.address} can take ${longestCall(node)} s, and the time limit of the whole is ${limit} s.`);
  const { seconds, at } = longest(machine, nodes, steps.start ? [steps.start] : []);
  if (tooLong.length > 0 || seconds <= limit) return tooLong;
  return [`${resource.address} is ended after ${limit} s, before ${at?.path ?? "its end"}: its waits take up to ${seconds} s.`];
}

/**
 * The longest time without a message, from the start or from a message on: every wait of the way, and one call that hangs in every
 * attempt.
 */
export function longestSilence(machine: Machine): { readonly seconds: number; readonly at: Node | undefined } {
  const steps = stepsOf(machine);
  const silent = machine.nodes.filter((node) => !isMessage(node));
  const afterMessages = machine.nodes.filter(isMessage).flatMap((node) => (steps.from.get(node) ?? []).map(({ to }) => to));
  const { seconds, at } = longest(machine, silent, [...(steps.start ? [steps.start] : []), ...afterMessages]);
  return { seconds: seconds + Math.max(0, ...silent.map(longestCall)), at };
}
