import type { PendingTask } from "./interpreter";
import { asText, type JsonObject } from "./json-path";
import { catchersOf, matches } from "./state-data";

/** How a call fails. */
export interface Fault {
  readonly note: string;
  readonly error: string;
  /** Longest time from the first attempt to the error that no retry follows. */
  readonly seconds: number;
}

/** Step Functions' default when a state has no `TimeoutSeconds` has no end; every Task of a runbook has one. */
const NO_TIMEOUT = 99_999_999;
const PREFIXES: Readonly<Record<string, string>> = {
  applicationautoscaling: "ApplicationAutoScaling",
  cloudwatch: "CloudWatch",
  elasticloadbalancingv2: "ElasticLoadBalancingV2",
  sns: "SNS",
};

/** The action of a Task: `rds:describeDBClusters`, `lambda:invoke`. */
export function actionOf({ Resource }: JsonObject): string {
  const [, , , , , integration, service, action] = asText(Resource).split(":");
  return integration === "aws-sdk" ? `${service ?? ""}:${action ?? ""}` : `${integration ?? ""}:${service ?? ""}`;
}

/** The error of an AWS service that its API model does not list, such as throttling. */
function serviceError(action: string): string {
  const [service = ""] = action.split(":");
  const prefix = PREFIXES[service] ?? service.charAt(0).toUpperCase() + service.slice(1);
  return `${prefix}.${prefix}Exception`;
}

/** The error of a call that fails persistently. A function reports the error of the call that it makes. */
export function persistentFaults(task: PendingTask, action: string): Fault[] {
  const error = action === "lambda:invoke" ? "FunctionError" : serviceError(action);
  const failing = { note: "fails", error, seconds: secondsUntilFailure(task.state, error) };
  const hanging = { note: "does not respond", error: "States.Timeout", seconds: secondsUntilFailure(task.state, "States.Timeout") };
  // One of both is explored when no catcher distinguishes them.
  if (catcherOf(task, failing.error) === catcherOf(task, hanging.error))
    return [{ ...failing, seconds: Math.max(failing.seconds, hanging.seconds) }];
  return [failing, hanging];
}

/** The error of one throttled call. A call that a function makes is repeated by the client in it. */
export function throttles(action: string): Fault[] {
  const error = action === "lambda:invoke" ? "Lambda.TooManyRequestsException" : serviceError(action);
  return [{ note: "is throttled once", error, seconds: 60 }];
}

/** Whether the state repeats the call after this error. */
export function isRetried({ state }: PendingTask, error: string): boolean {
  return Number(retrierOf(state, error)?.["MaxAttempts"] ?? 0) > 0;
}

function catcherOf({ state }: PendingTask, error: string): JsonObject | undefined {
  return catchersOf(state).find((catcher) => matches(catcher, error));
}

function retrierOf(state: JsonObject, error: string): JsonObject | undefined {
  const retriers = (state["Retry"] ?? []) as readonly JsonObject[];
  const found = retriers.find((retrier) => matches(retrier, error));
  return found && { MaxAttempts: 3, ...found };
}

/** A call that hangs takes its timeout in each attempt; one that is refused takes no time. */
function secondsUntilFailure(state: JsonObject, error: string): number {
  const retrier = retrierOf(state, error);
  const attempts = Number(retrier?.["MaxAttempts"] ?? 0);
  const interval = Number(retrier?.["IntervalSeconds"] ?? 1);
  const rate = Number(retrier?.["BackoffRate"] ?? 2);
  const most = Number(retrier?.["MaxDelaySeconds"] ?? Infinity);
  const hanging = error === "States.Timeout" ? Number(state["TimeoutSeconds"] ?? NO_TIMEOUT) : 0;
  let seconds = hanging;
  for (let attempt = 0; attempt < attempts; attempt++) seconds += Math.min(interval * rate ** attempt, most) + hanging;
  return seconds;
}
