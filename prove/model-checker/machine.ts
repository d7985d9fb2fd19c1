import { advanceCounters, countersOf } from "./counters";
import {
  type Advanced,
  type Answer,
  answer,
  begin,
  type Context,
  type Frame,
  type PendingTask,
  pendingTasks,
  type Program,
} from "./interpreter";
import { actionOf } from "./faults";
import { Interner } from "./interner";
import type { Json } from "./json-path";
import { Liveness } from "./liveness";

/** A point of an execution. The same data are the same node, whatever came before them. */
export interface Node {
  readonly id: number;
  readonly frame: Frame;
  readonly tasks: readonly PendingTask[];
  readonly context: Context;
}

export interface Step {
  readonly node: Node;
  /** Seconds of the Wait states that were passed. */
  readonly seconds: number;
  /** Whether messages were sent, the last one before these seconds. */
  readonly hasReported?: boolean;
}

/** More attempts than any poll has. */
const MOST_ATTEMPTS = 5000;

/** A state machine whose executions are explored: every step is computed once. */
export class Machine {
  private readonly nodes = new Map<string, Node>();
  private readonly steps = new Map<string, Step>();
  private readonly contexts = new Interner<Context>((context) => JSON.stringify(context));
  private readonly liveness: Liveness;

  constructor(readonly program: Program) {
    this.liveness = new Liveness(program);
  }

  start(input: Json, context: Context): Step {
    const { frame, seconds } = begin(this.program, input, context);
    return { node: this.intern(frame, context), seconds };
  }

  /** Answers one of the pending Tasks. @param key identifies the answer */
  reply(node: Node, task: number, reply: Answer, key: string): Step {
    const id = `${node.id} ${task} ${key}`;
    const known = this.steps.get(id);
    if (known) return known;
    const pending = node.tasks[task];
    if (!pending) throw new Error(`there is no Task ${task}`);
    const { frame, seconds } = answer(this.program, node.frame, pending.path, reply, node.context);
    const step = { node: this.intern(frame, node.context), seconds };
    this.steps.set(id, step);
    return step;
  }

  /**
   * Answers a Task, and repeats the answer while the execution returns to the same Task: up to the last attempt before a
   * Choice goes elsewhere. In between, only a counter changes.
   * @param untilEnd whether the messages about the wait are sent as well, up to the last one
   */
  replyWhileUnchanged(node: Node, task: number, reply: Answer, key: string, untilEnd = false): Step {
    const id = `${node.id} ${task} ${key} while unchanged${untilEnd ? " until the end" : ""}`;
    const known = this.steps.get(id);
    if (known) return known;
    const once = this.reply(node, task, reply, key);
    const result = isSameTask(once.node.tasks[task], node.tasks[task]) ? this.lastAttempt(once, task, reply) : once;
    const last = untilEnd && result !== once ? this.lastReport(result, task, reply, key) : result;
    this.steps.set(id, last);
    return last;
  }

  /** Sends the messages about a wait, and waits on after each of them, up to the last message. */
  private lastReport(start: Step, task: number, reply: Answer, key: string): Step {
    const pending = start.node.tasks[task];
    for (let step = start; ;) {
      const message = this.reply(step.node, task, reply, key);
      if (message.node.tasks[task]?.path.join() !== pending?.path.join() || !isMessage(message.node.tasks[task])) return step;
      const reported = this.reply(message.node, task, { result: {} }, "{}");
      if (!isSameTask(reported.node.tasks[task], pending)) return step;
      const next = this.replyWhileUnchanged(reported.node, task, reply, key);
      if (!isSameTask(next.node.tasks[task], pending)) return step;
      step = { node: next.node, seconds: reported.seconds + next.seconds, hasReported: true };
    }
  }

  /**
   * The last attempt is searched by bisection: a Choice compares the count of attempts with `NumericGreaterThanEquals`, so
   * an attempt that leaves the poll would also leave it at every higher count.
   */
  private lastAttempt({ node, seconds: first }: Step, task: number, reply: Answer): Step {
    const pending = node.tasks[task];
    const repeat = (frame: Frame): Advanced | undefined => {
      const next = answer(this.program, frame, pending?.path ?? [], reply, node.context);
      return isSameTask(pendingTasks(this.program, next.frame, node.context, false)[task], pending) ? next : undefined;
    };
    const next = repeat(node.frame);
    if (!next) return { node, seconds: first };
    const counters = countersOf(node.frame as unknown as Json, this.liveness.prune(next.frame) as unknown as Json);
    if (!counters || counters.length === 0) throw new Error(`${pending?.name ?? ""} is repeated without counting`);
    const after = (attempts: number): Frame => advanceCounters(node.frame as unknown as Json, counters, attempts) as unknown as Frame;
    let [staying, leaving] = [0, 1];
    for (; repeat(after(leaving)); leaving *= 2)
      if (leaving > MOST_ATTEMPTS) throw new Error(`${pending?.name ?? ""} is repeated without an end`);
    while (leaving - staying > 1) {
      const middle = Math.floor((staying + leaving) / 2);
      if (repeat(after(middle))) staying = middle;
      else leaving = middle;
    }
    return { node: this.intern(after(leaving), node.context), seconds: first + leaving * next.seconds };
  }

  private intern(unpruned: Frame, context: Context): Node {
    const frame = this.liveness.prune(unpruned);
    const key = `${this.contexts.intern(context).id} ${JSON.stringify(frame)}`;
    const known = this.nodes.get(key);
    if (known) return known;
    const node = { id: this.nodes.size, frame, tasks: pendingTasks(this.program, frame, context, true), context };
    this.nodes.set(key, node);
    return node;
  }
}

function isSameTask(one: PendingTask | undefined, other: PendingTask | undefined): boolean {
  return one?.name === other?.name && one?.path.join() === other?.path.join() && one !== undefined;
}

function isMessage(task: PendingTask | undefined): boolean {
  return task !== undefined && actionOf(task.state) === "sns:publish";
}
