import { recorded } from "./commands";
import type { Effect } from "./effects";
import type { Model, Transition } from "./explore";
import { actionOf } from "./faults";
import type { PendingTask } from "./interpreter";
import { judge, silences } from "./invariants";
import { isObject, type Json } from "./json-path";
import { Interner } from "./interner";
import { Machine, type Step } from "./machine";
import type { Platform } from "./platform";
import { answersTo, canProceed } from "./regions-answers";
import { fences, promotionEvents, regionEvents } from "./regions-events";
import { type Run, spend, type Start, type State } from "./regions-state";
import { describe, subjectOf } from "./story";
import { applied, summary, type World, worldKey } from "./world";

/** Calls that touch nothing but their own region, which no execution of another region and no event sees. */
const LOCAL = [
  "sns:publish",
  "applicationautoscaling:registerScalableTarget",
  "applicationautoscaling:describeScalableTargets",
  "ssm:getParameter",
  "rds:describeDBClusters",
  "rds:createDBInstance",
  "rds:describeDBInstances",
  "ecs:updateService",
  "ecs:describeServices",
];
/** Seconds of silence after which a poll has sent a message before its present attempt. */
const JUST_REPORTED = 60;

/** The takeovers of a platform and everything that can happen meanwhile. */
export class RegionsModel implements Model<State> {
  private readonly machines: ReadonlyMap<string, Machine>;
  private readonly worlds = new Interner(worldKey);
  private readonly summaries = new Interner((text: string) => text);

  constructor(
    readonly platform: Platform,
    private readonly starts: readonly Start[],
  ) {
    this.machines = new Map([...platform.takeovers].map(([region, program]) => [region, new Machine(program)]));
  }

  key({ world, runs, left }: State): string {
    const ofRuns = runs.map((run) => {
      const { region, input, before } = run;
      const progress = run.node
        ? `${run.node.id} ${[run.hasRequested, run.hasRoutingTrouble, run.seesRestored].map(Number).join("")}${run.found}`
        : run.outcome;
      return `${region} ${input.mode}${input.allowDataLoss === true ? 1 : 0} ${progress} ${before.id}`;
    });
    return `${this.worlds.intern(world).id} ${ofRuns.join()} ${left.faults}${left.throttles}${left.regionEvents}${left.aborts}${left.applies}${left.runs}${left.troubles}`;
  }

  shared(state: State): State {
    return { ...state, world: this.worlds.intern(state.world).value };
  }

  silences = silences;
  judge = (state: State) => judge(this, state);

  successors(state: State): Transition<State>[] {
    const local = state.runs.findIndex((run) => canProceed(state, run) && run.node?.tasks.some((task) => this.isLocal(task)));
    if (local >= 0) return [...this.proceed(state, local, true), ...this.aborts(state)];
    return [
      ...state.runs.flatMap((run, index) => (canProceed(state, run) ? this.proceed(state, index, false) : [])),
      ...this.aborts(state),
      ...promotionEvents(state),
      ...regionEvents(this.platform, state),
      ...this.fences(state),
      ...this.operatorEvents(state),
    ];
  }

  /** Parameters with the database are read by new tasks of the region only; the one that allows writes, by fences and freezes. */
  private isLocal({ state, parameters }: PendingTask): boolean {
    const action = actionOf(state);
    if (action !== "ssm:putParameter") return LOCAL.includes(action);
    const name = isObject(parameters) ? parameters["Name"] : undefined;
    return this.platform.parameters.some(
      (parameter) =>
        parameter.name === name && parameter.isIgnored && ![...this.platform.names.values()].some(({ writes }) => writes === name),
    );
  }

  /** Starts an execution. */
  start(state: State, { region, input }: Start): State {
    const machine = this.platform.takeoverArns.get(region) ?? "";
    const execution = `${machine.replace(":stateMachine:", ":execution:")}:run-${state.runs.length + 1}`;
    const context = {
      Execution: { Id: execution, Name: `run-${state.runs.length + 1}`, StartTime: "2026-11-21T08:00:00.000Z", Input: input },
      StateMachine: { Id: machine, Name: machine.split(":")[6] ?? "" },
      State: { EnteredTime: "2026-11-21T08:00:00.000Z" },
    };
    const { node, seconds } = this.machine(region).start(input, context);
    const isAlone = state.runs.every((run) => run.node === undefined);
    const run: Run = {
      region,
      input,
      execution,
      node,
      outcome: "running",
      hasRequested: false,
      found: "",
      hasRoutingTrouble: false,
      before: this.summaries.intern(summary(state.world)),
      seesRestored: false,
      silence: seconds,
    };
    const world = isAlone ? { ...state.world, messages: [] } : state.world;
    return { world, runs: [...state.runs, run], left: state.left };
  }

  /** The answers to the next Tasks of an execution. */
  private proceed(state: State, index: number, onlyLocal: boolean): Transition<State>[] {
    const run = state.runs[index];
    if (!run?.node) return [];
    const position = onlyLocal ? run.node.tasks.findIndex((task) => this.isLocal(task)) : -1;
    return run.node.tasks.flatMap((task, at) => (position >= 0 && at !== position ? [] : this.answers(state, index, task, at)));
  }

  private answers(state: State, index: number, task: PendingTask, at: number): Transition<State>[] {
    return answersTo(this.platform, state, index, task).flatMap(({ left, effect, seconds }) =>
      this.reply({ ...state, left }, index, task, at, effect, seconds),
    );
  }

  private reply(state: State, index: number, task: PendingTask, at: number, effect: Effect, seconds = 0): Transition<State>[] {
    const run = state.runs[index];
    if (!run?.node) return [];
    const key = JSON.stringify(effect.answer);
    const machine = this.machine(run.region);
    const isKnownSlow = effect.slow !== undefined && effect.world.slow.includes(effect.slow);
    const step: Step =
      effect.slow === undefined
        ? machine.reply(run.node, at, effect.answer, key)
        : machine.replyWhileUnchanged(run.node, at, effect.answer, key, isKnownSlow && run.silence <= JUST_REPORTED);
    const goesOn = effect.slow !== undefined && step.node.tasks.some(({ name }) => name === task.name);
    const faults = (effect.faults ?? 0) + (goesOn && !isKnownSlow && effect.isExpected !== true ? 1 : 0);
    const left = faults === 0 ? state.left : spend(state.left, "faults", faults);
    if (!left) return [];
    const slow = goesOn && !isKnownSlow ? [...effect.world.slow, effect.slow].sort() : effect.world.slow;
    const { frame } = step.node;
    const isMessage = actionOf(task.state) === "sns:publish" && "result" in effect.answer;
    const next: Run = {
      ...run,
      node: frame.kind === "running" ? step.node : undefined,
      outcome: frame.kind === "running" ? "running" : frame.kind === "failed" ? "failed" : "succeeded",
      hasRequested: run.hasRequested || effect.requests === true,
      seesRestored: run.seesRestored || effect.isRestored === true,
      found: isPromotion(task) ? "" : (effect.found ?? run.found),
      hasRoutingTrouble: run.hasRoutingTrouble || effect.isRoutingTrouble === true || (isRouting(task) && "error" in effect.answer),
      silence: (isMessage || step.hasReported === true ? 0 : run.silence) + seconds + step.seconds,
    };
    const answered = slow === effect.world.slow ? effect.world : { ...effect.world, slow };
    const world = next.outcome === "failed" ? this.withEndedMessage(answered, next, "FAILED") : answered;
    const runs = state.runs.map((each, position) =>
      position === index ? next : isRouting(task) && each.node ? { ...each, hasRoutingTrouble: true } : each,
    );
    const what = isMessage ? `reports "${subjectOf(effect.world)}"` : describe(task.name, effect.note);
    const ended = next.outcome === "running" ? "" : `; the execution has ${next.outcome}`;
    return [
      {
        label: `${run.region}: ${what}${goesOn ? ", for as long as the execution waits" : ""}${ended}`,
        state: { world, runs, left },
        breaches: effect.breaches ?? [],
        isRoutine: faults === 0 && effect.note === undefined && next.outcome === "running" && !isMessage,
      },
    ];
  }

  private withEndedMessage(world: World, { region, execution }: Run, status: string): World {
    const template = this.platform.endedMessages.get(region) ?? "";
    const message = template.replaceAll("<execution>", execution).replace("<status>", status);
    return { ...world, messages: recorded(world.messages, message, this.platform.regions) };
  }

  private aborts(state: State): Transition<State>[] {
    const left = spend(state.left, "aborts");
    if (!left) return [];
    return state.runs.flatMap((run, index) => {
      if (!run.node || !canProceed(state, run)) return [];
      const ended: Run = { ...run, node: undefined, outcome: "aborted", silence: 0 };
      return [
        {
          label: `an operator aborts the execution in ${run.region}`,
          state: {
            world: this.withEndedMessage(state.world, run, "ABORTED"),
            runs: state.runs.map((each, position) => (position === index ? ended : each)),
            left,
          },
        },
      ];
    });
  }

  /** The fences of the regions, each of which may run at any time. */
  fences(state: State): Transition<State>[] {
    return fences(this.platform, state);
  }

  private operatorEvents(state: State): Transition<State>[] {
    const { world, runs } = state;
    const afterStart = spend(state.left, "runs", 1, runs.length === 0 ? 0 : 1);
    const afterApply = spend(state.left, "applies");
    const possible = afterStart ? this.starts.filter(({ region }) => !world.dark.includes(region)) : [];
    return [
      ...possible.map((start) => ({
        label: `an operator starts the takeover by ${start.region}: ${start.input.mode}`,
        state: this.start({ ...state, left: afterStart ?? state.left }, start),
      })),
      ...(afterApply
        ? [{ label: "Terraform applies every stack", state: { ...state, world: applied(this.platform, world), left: afterApply } }]
        : []),
    ];
  }

  private machine(region: string): Machine {
    const machine = this.machines.get(region);
    if (!machine) throw new Error(`${region} has no takeover`);
    return machine;
  }
}

/** Whether a Task requests a promotion, with or without an effect. */
function isPromotion({ state, parameters }: PendingTask): boolean {
  return actionOf(state) === "rds:failoverGlobalCluster" || requestOf(parameters) === "switch-over";
}

function isRouting({ state, parameters }: PendingTask): boolean {
  return actionOf(state) === "route53:updateHealthCheck" || requestOf(parameters) === "route-clients";
}

function requestOf(parameters: Json): Json | undefined {
  const payload = isObject(parameters) ? parameters["Payload"] : undefined;
  return isObject(payload) ? payload["action"] : undefined;
}
