import { evaluate } from "./intrinsics";
import { asText, type Json, type JsonObject, withValueAt } from "./json-path";

export function catchersOf(state: JsonObject): readonly JsonObject[] {
  return (state["Catch"] ?? []) as readonly JsonObject[];
}

/** Whether a retrier or catcher applies to an error. */
export function matches(rule: JsonObject, error: string): boolean {
  const names = rule["ErrorEquals"] as readonly string[];
  if (error === "States.Runtime") return false;
  return names.some((name) => name === error || name === "States.ALL" || (name === "States.TaskFailed" && error !== "States.Timeout"));
}

/** The data with the result at the `ResultPath`. */
export function place(state: JsonObject, data: Json, result: Json): Json {
  const path = state["ResultPath"];
  if (path === null) return data;
  return path === undefined || path === "$" ? result : withValueAt(asText(path), data, result);
}

export function inputOf(state: JsonObject, data: Json, context: JsonObject): Json {
  return state["InputPath"] === undefined ? data : evaluate(asText(state["InputPath"]), data, context);
}
