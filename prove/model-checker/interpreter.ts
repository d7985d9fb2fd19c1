import { isTrue } from "./choice";
import { evaluate, resolveTemplate } from "./intrinsics";
import { asText, type Json, type JsonObject, RuntimeError, valueAt } from "./json-path";
import { childProgram, type Program, stateOf } from "./program";
import { catchersOf, inputOf, matches, place } from "./state-data";

export type { Program } from "./program";

interface Failure {
  readonly error: string;
  readonly cause: string;
}

/**
 * An execution, or one branch or iteration of it, as plain data. A running one is at a Task, or at a Map or Parallel whose
 * children run. The items of a Map run one after the other.
 */
export type Frame =
  | { readonly kind: "waiting"; readonly item: Json }
  | {
      readonly kind: "running";
      readonly state: string;
      readonly data: Json;
      readonly children?: readonly Frame[];
      /** The item and its index, inside a Map. */
      readonly item?: Json;
    }
  | { readonly kind: "ended"; readonly output: Json }
  | ({ readonly kind: "failed" } & Failure);

/** A frame that cannot continue without an answer, and the seconds of the Wait states before it. */
export interface Advanced {
  readonly frame: Frame;
  readonly seconds: number;
}

/** A Task that an execution waits for. */
export interface PendingTask {
  /** Indexes of the children, from the outermost one. */
  readonly path: readonly number[];
  readonly name: string;
  readonly state: JsonObject;
  readonly parameters: Json;
}

export type Answer = { readonly result: Json } | Failure;

/** What a definition sees of its surroundings: `$$.Execution.Id` for example. */
export type Context = JsonObject;

type Running = Extract<Frame, { kind: "running" }>;

/** Starts an execution and continues to its first Task. */
export function begin(program: Program, input: Json, context: Context): Advanced {
  return settle(program, { kind: "running", state: program.StartAt, data: input }, context);
}

/**
 * The Tasks that can be answered next: several inside a Parallel.
 * @param isResolved whether their parameters are evaluated
 */
export function pendingTasks(
  program: Program,
  frame: Frame,
  context: Context,
  isResolved: boolean,
  path: readonly number[] = [],
): PendingTask[] {
  if (frame.kind !== "running") return [];
  const state = stateOf(program, frame.state);
  if (state["Type"] === "Task") {
    return [{ path, name: frame.state, state, parameters: isResolved ? parametersOf(state, frame, context) : {} }];
  }
  return (frame.children ?? []).flatMap((child, index) =>
    pendingTasks(childProgram(state, index), child, context, isResolved, [...path, index]),
  );
}

function parametersOf(state: JsonObject, frame: Running, context: Context): Json {
  return resolveTemplate(state["Parameters"] ?? {}, inputOf(state, frame.data, context), contextOf(context, frame));
}

/** Answers the Task at a path and continues to the next Task. */
export function answer(program: Program, frame: Frame, path: readonly number[], reply: Answer, context: Context): Advanced {
  if (frame.kind !== "running") throw new Error("only a running execution can be answered");
  const [index, ...inner] = path;
  if (index === undefined)
    return settle(
      program,
      orFailed(() => finish(program, frame, reply, context)),
      context,
    );
  const state = stateOf(program, frame.state);
  const children = [...(frame.children ?? [])];
  const child = children[index];
  if (!child) throw new Error(`there is no child ${index}`);
  const advanced = answer(childProgram(state, index), child, inner, reply, context);
  children[index] = advanced.frame;
  const settled = settle(program, { ...frame, children }, context);
  return { frame: settled.frame, seconds: advanced.seconds + settled.seconds };
}

/** Continues until every branch is at a Task, or the frame has ended. */
function settle(program: Program, start: Frame, context: Context): Advanced {
  let frame = start;
  let seconds = 0;
  while (frame.kind === "running") {
    const state = stateOf(program, frame.state);
    if (state["Type"] === "Task") {
      const waiting = frame;
      frame = orFailed(() => (parametersOf(state, waiting, context), waiting));
      break;
    }
    if (state["Type"] === "Wait") seconds += Number(state["Seconds"] ?? evaluate(asText(state["SecondsPath"]), frame.data, context));
    try {
      const advanced = state["Type"] === "Map" || state["Type"] === "Parallel" ? container(state, frame, context) : undefined;
      if (advanced) {
        seconds += advanced.seconds;
        if (advanced.frame === frame) break;
        frame = isDone(advanced.frame) ? finish(program, frame, replyOf(advanced.frame), context) : advanced.frame;
      } else frame = simple(program, state, frame, context);
    } catch (error) {
      frame = failedBy(error);
    }
  }
  return { frame, seconds };
}

/** An error that no state can catch ends the execution. */
function orFailed(advance: () => Frame): Frame {
  try {
    return advance();
  } catch (error) {
    return failedBy(error);
  }
}

function failedBy(error: unknown): Frame {
  if (!(error instanceof RuntimeError)) throw error;
  return { kind: "failed", error: error.name, cause: error.message };
}

function isDone(frame: Frame): boolean {
  return frame.kind === "ended" || frame.kind === "failed";
}

function replyOf(frame: Frame): Answer {
  if (frame.kind === "ended") return { result: frame.output };
  if (frame.kind === "failed") return { error: frame.error, cause: frame.cause };
  throw new Error("the frame is running");
}

/** A Map or Parallel: starts its children, or collects their results. The same frame when its children wait for answers. */
function container(state: JsonObject, frame: Running, context: Context): Advanced {
  const children = frame.children ?? startChildren(state, frame, context);
  const failed = children.find(({ kind }) => kind === "failed");
  if (failed) return { frame: failed, seconds: 0 };
  if (children.every(({ kind }) => kind === "ended"))
    return { frame: { kind: "ended", output: children.map((child) => (child.kind === "ended" ? child.output : null)) }, seconds: 0 };
  const isMap = state["Type"] === "Map";
  if (isMap ? children.some(({ kind }) => kind === "running") : frame.children) return { frame, seconds: 0 };
  let seconds = 0;
  let hasStarted = false;
  const started = children.map((child, index) => {
    if (child.kind !== "waiting" || (isMap && hasStarted)) return child;
    hasStarted = true;
    const inner = childProgram(state, index);
    const item = isMap ? child.item : undefined;
    const data = isMap ? itemData(state, frame, child.item, context) : inputOf(state, frame.data, context);
    const advanced = settle(inner, { kind: "running", state: inner.StartAt, data, ...(item !== undefined && { item }) }, context);
    seconds += advanced.seconds;
    return advanced.frame;
  });
  return { frame: { ...frame, children: started }, seconds };
}

function startChildren(state: JsonObject, frame: Running, context: Context): Frame[] {
  if (state["Type"] === "Parallel") return (state["Branches"] as readonly Json[]).map(() => ({ kind: "waiting", item: null }));
  const items = evaluate(asText(state["ItemsPath"] ?? "$"), frame.data, contextOf(context, frame));
  if (!Array.isArray(items)) throw new RuntimeError("a Map requires a list");
  return (items as readonly Json[]).map((Value, Index) => ({ kind: "waiting", item: { Value, Index } }));
}

function itemData(state: JsonObject, frame: Running, item: Json, context: Context): Json {
  const selector = state["ItemSelector"] ?? state["Parameters"];
  const value = valueAt("$.Value", item, null) ?? null;
  return selector === undefined ? value : resolveTemplate(selector, frame.data, { ...context, Map: { Item: item } });
}

/** The states that do nothing but change data. */
function simple(program: Program, state: JsonObject, frame: Running, context: Context): Frame {
  const own = contextOf(context, frame);
  const input = inputOf(state, frame.data, own);
  switch (state["Type"]) {
    case "Pass": {
      const output = state["Parameters"] === undefined ? (state["Result"] ?? input) : resolveTemplate(state["Parameters"], input, own);
      return proceed(state, frame, place(state, frame.data, output));
    }
    case "Wait":
      return proceed(state, frame, frame.data);
    case "Choice": {
      const chosen = (state["Choices"] as readonly JsonObject[]).find((rule) => isTrue(rule, input, own));
      const next = chosen?.["Next"] ?? state["Default"];
      return next === undefined
        ? { kind: "failed", error: "States.NoChoiceMatched", cause: `no choice of ${frame.state} matches` }
        : { ...frame, state: asText(next) };
    }
    case "Succeed":
      return { kind: "ended", output: input };
    case "Fail":
      return {
        kind: "failed",
        error: asText(state["Error"] ?? evaluate(asText(state["ErrorPath"]), frame.data, own)),
        cause: asText(state["Cause"] ?? evaluate(asText(state["CausePath"]), frame.data, own)),
      };
    default:
      throw new Error(`the state type ${asText(state["Type"])} of ${frame.state} in ${program.StartAt} is not supported`);
  }
}

/** Ends a Task, Map or Parallel with an answer. */
function finish(program: Program, frame: Running, reply: Answer, context: Context): Frame {
  const state = stateOf(program, frame.state);
  const { children, ...rest } = frame;
  if (state["Type"] === "Task" && children) throw new Error(`${frame.state} is a Task with children`);
  if ("result" in reply) {
    const selector = state["ResultSelector"];
    const result = selector === undefined ? reply.result : resolveTemplate(selector, reply.result, contextOf(context, frame));
    return proceed(state, rest, place(state, frame.data, result));
  }
  const failure = { Error: reply.error, Cause: reply.cause };
  const catcher = catchersOf(state).find((each) => matches(each, reply.error));
  if (!catcher) return { kind: "failed", ...reply };
  return { ...rest, state: asText(catcher["Next"]), data: place(catcher, frame.data, failure) };
}

function proceed(state: JsonObject, frame: Running, data: Json): Frame {
  return state["End"] === true ? { kind: "ended", output: data } : { ...frame, state: asText(state["Next"]), data };
}

function contextOf(context: Context, frame: Running): Context {
  return frame.item === undefined ? context : { ...context, Map: { Item: frame.item } };
}
