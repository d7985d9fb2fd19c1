import { isObject, type Json, type JsonObject } from "./json-path";

/** A state machine, or the states inside a Map or a branch. */
export interface Program {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, JsonObject>>;
}

export function stateOf(program: Program, name: string): JsonObject {
  const state = program.States[name];
  if (!state) throw new Error(`there is no state ${name}`);
  return state;
}

export function childProgram(state: JsonObject, index: number): Program {
  const inner = state["Type"] === "Map" ? (state["ItemProcessor"] ?? state["Iterator"]) : (state["Branches"] as readonly Json[])[index];
  if (!isObject(inner)) throw new Error("a Map or Parallel without states");
  return inner as unknown as Program;
}
