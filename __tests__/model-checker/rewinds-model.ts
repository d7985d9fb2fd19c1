import { commandIn, isCritical } from "../../prove/model-checker/commands";
import type { Breach } from "../../prove/model-checker/effects";
import type { Model, Transition } from "../../prove/model-checker/explore";
import { actionOf, isRetried, persistentFaults, throttles } from "../../prove/model-checker/faults";
import type { PendingTask, Program } from "../../prove/model-checker/interpreter";
import { Interner } from "../../prove/model-checker/interner";
import { LONGEST_SILENCE } from "../../prove/model-checker/invariants";
import type { Json } from "../../prove/model-checker/json-path";
import { Machine, type Node } from "../../prove/model-checker/machine";
import { clusterOf, LIVE, performRewind, type RewindEffect, type RewindWorld, writerOf } from "./rewind-calls";
import { describe, subjectOf } from "../../prove/model-checker/story";

/** How often something happens, at most, in one trace. */
export interface RewindBudgets {
  readonly faults: number;
  readonly throttles: number;
  readonly aborts: number;
}

/** One execution of a rewind and its environment. */
export interface RewindState {
  readonly world: RewindWorld;
  readonly node: Node | undefined;
  readonly outcome: "running" | "succeeded" | "failed" | "aborted";
  readonly silence: number;
  readonly left: RewindBudgets;
}

const INPUT = { to: "2026-11-21T07:30:00Z" };
const MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:runbook-rewind-test-1";
const CONTEXT = {
  Execution: {
    Id: `${MACHINE.replace(":stateMachine:", ":execution:")}:run-1`,
    Name: "0a1b2c3d",
    StartTime: "2026-11-21T08:00:00.000Z",
    Input: INPUT,
  },
  StateMachine: { Id: MACHINE, Name: "runbook-rewind-test-1" },
  State: { EnteredTime: "2026-11-21T08:00:00.000Z" },
};
/** Seconds of silence after which a poll has sent a message before its present attempt. */
const JUST_REPORTED = 120;
const READS = /^(describe|get|list)/;

/** A rewind, by restore or by backtrack, and every failure of its calls. */
export class RewindsModel implements Model<RewindState> {
  private readonly machine: Machine;
  private readonly worlds = new Interner((world: RewindWorld) => JSON.stringify(world));

  /** @param endedMessage message of the event rule when an execution does not succeed */
  constructor(
    program: Program,
    private readonly endedMessage: string,
  ) {
    this.machine = new Machine(program);
  }

  /** The start of an execution with a valid input. @param names of the three parameters */
  start(names: readonly string[], left: RewindBudgets): RewindState {
    const parameters = Object.fromEntries(
      names.map((name) => [name, name.endsWith("identifier") ? LIVE : `${LIVE}/${name.includes("reader") ? "reader" : "writer"}`]),
    );
    const { node, seconds } = this.machine.start(INPUT, CONTEXT);
    const world: RewindWorld = {
      parameters,
      tasks: LIVE,
      isReplacing: false,
      restored: "none",
      instances: [],
      isWritten: false,
      slow: [],
      messages: [],
    };
    return { world, node, outcome: "running", silence: seconds, left };
  }

  key({ world, node, outcome, left }: RewindState): string {
    return `${this.worlds.intern(world).id} ${node?.id ?? outcome} ${left.faults}${left.throttles}${left.aborts}`;
  }

  shared(state: RewindState): RewindState {
    return { ...state, world: this.worlds.intern(state.world).value };
  }

  silences({ node, silence }: RewindState): readonly number[] {
    return [node ? Math.min(silence, LONGEST_SILENCE + 1) : 0];
  }

  judge(state: RewindState): Breach[] {
    const { node, silence } = state;
    if (!node) return judgeEnd(state);
    if (silence <= LONGEST_SILENCE) return [];
    return [{ invariant: "d", sentence: `no message for more than 15 minutes before ${node.tasks[0]?.name ?? ""}` }];
  }

  successors(state: RewindState): Transition<RewindState>[] {
    const { node, left, world } = state;
    // The iterations of a Map run one after the other, so an execution waits for one Task.
    const [task] = node?.tasks ?? [];
    if (!node || !task) return [];
    const action = actionOf(task.state);
    const effects = performRewind(world, action, task);
    const transitions = effects.flatMap((effect) => this.reply(state, node, task, effect, 0));
    if (left.aborts > 0) transitions.push(this.abort(state));
    const [possible] = effects.filter(({ answer }) => "result" in answer);
    if (!possible) return transitions;
    for (const fault of left.throttles > 0 ? throttles(action).filter(({ error }) => !isRetried(task, error)) : []) {
      const effect = { answer: { error: fault.error, cause: fault.note }, world, note: fault.note };
      transitions.push(...this.reply({ ...state, left: { ...left, throttles: left.throttles - 1 } }, node, task, effect, fault.seconds));
    }
    for (const fault of left.faults > 0 ? persistentFaults(task, action) : []) {
      const answer = { error: fault.error, cause: fault.note };
      transitions.push(...this.reply(state, node, task, { answer, world, note: fault.note, faults: 1 }, fault.seconds));
      if (possible.world === world || READS.test(action.split(":")[1] ?? "") || action === "sns:publish") continue;
      const lost = { ...possible, answer, note: "succeeds, but its answer is lost", faults: 1 };
      transitions.push(...this.reply(state, node, task, lost, fault.seconds));
    }
    return transitions;
  }

  private reply(state: RewindState, node: Node, task: PendingTask, effect: RewindEffect, seconds: number): Transition<RewindState>[] {
    const key = JSON.stringify(effect.answer);
    const isKnownSlow = effect.slow !== undefined && effect.world.slow.includes(effect.slow);
    const step =
      effect.slow === undefined
        ? this.machine.reply(node, 0, effect.answer, key)
        : this.machine.replyWhileUnchanged(node, 0, effect.answer, key, isKnownSlow && state.silence <= JUST_REPORTED);
    const goesOn = effect.slow !== undefined && step.node.tasks.some(({ name }) => name === task.name);
    const faults = (effect.faults ?? 0) + (goesOn && !isKnownSlow ? 1 : 0);
    if (faults > state.left.faults) return [];
    const slow = goesOn && !isKnownSlow ? [...effect.world.slow, effect.slow].sort() : effect.world.slow;
    // The items of a Map wait at the same time: those after the first one take no time of their own, unless one is slow.
    const waited = (task.path.at(-1) ?? 0) > 0 && effect.slow === undefined ? 0 : step.seconds;
    const { kind } = step.node.frame;
    const isMessage = actionOf(task.state) === "sns:publish" && "result" in effect.answer;
    const outcome = kind === "running" ? "running" : kind === "failed" ? "failed" : "succeeded";
    const after = { ...effect.world, slow };
    const what = isMessage ? `reports "${subjectOf(after)}"` : describe(task.name, effect.note);
    return [
      {
        label: `${what}${goesOn ? ", for as long as the execution waits" : ""}${outcome === "running" ? "" : `; the execution has ${outcome}`}`,
        state: {
          world: outcome === "failed" ? this.withEndedMessage(after, "FAILED") : after,
          node: kind === "running" ? step.node : undefined,
          outcome,
          silence: (isMessage || step.hasReported === true ? 0 : state.silence) + seconds + waited,
          left: { ...state.left, faults: state.left.faults - faults },
        },
        breaches: effect.breaches ?? [],
        isRoutine: faults === 0 && effect.note === undefined && outcome === "running" && !isMessage,
      },
    ];
  }

  private abort(state: RewindState): Transition<RewindState> {
    const left = { ...state.left, aborts: state.left.aborts - 1 };
    return {
      label: "An operator aborts the execution",
      state: { world: this.withEndedMessage(state.world, "ABORTED"), node: undefined, outcome: "aborted", silence: 0, left },
    };
  }

  private withEndedMessage(world: RewindWorld, status: string): RewindWorld {
    return {
      ...world,
      messages: [
        ...world.messages.filter(isCritical),
        this.endedMessage.replaceAll("<execution>", CONTEXT.Execution.Id).replace("<status>", status),
      ],
    };
  }
}

/** (b) for rewinds: the tasks use one cluster, and all three parameters name it, or a critical message says what to correct. */
function judgeEnd({ world, outcome }: RewindState): Breach[] {
  const clusters = new Set(Object.values(world.parameters).map(clusterOf));
  const tasks = world.isReplacing ? writerOf(world) : world.tasks;
  if (clusters.size === 1 && clusters.has(tasks)) return [];
  const names = Object.keys(world.parameters);
  const isReported = world.messages
    .filter(isCritical)
    .some((message) => names.every((name) => message.includes(name)) || (outcome === "aborted" && commandIn(message) !== undefined));
  if (isReported) return [];
  const subject = world.messages.findLast((message) => !message.startsWith("CRITICAL"))?.split(":")[0] ?? "";
  const problem =
    clusters.size === 1
      ? `the tasks use ${short(tasks)} and the parameters name ${short([...clusters][0] ?? "")}`
      : "the parameters name different clusters";
  return [
    {
      invariant: "b",
      sentence: `${problem}, after a rewind that ${outcome} with "${subject}", and no critical message says what to correct`,
    },
  ];
}

function short(cluster: string): string {
  return cluster === LIVE ? "the live cluster" : "the restored cluster";
}

/** How a rewind ends: its last message and what it leaves. */
export function endOfRewind({ world }: RewindState): string {
  const values: Json = [world.parameters, world.tasks, world.isReplacing, world.restored];
  return `${world.messages.findLast((message) => !message.startsWith("CRITICAL"))?.split(":")[0] ?? ""} ${JSON.stringify(values)}`;
}
