import { describe, expect, it, jest } from "@jest/globals";
import { MYSQL, twoRegions } from "../support/config";
import { definitionOf } from "../support/state-machine";
import { regionStack, type Synthesized } from "../support/synthesized";
import { explore, type Violation } from "../../prove/model-checker/explore";
import type { Program } from "../../prove/model-checker/interpreter";
import { catchAt, dropStates, notifies, replaceText } from "./mutations";
import { endOfRewind, type RewindBudgets, type RewindState, RewindsModel } from "./rewinds-model";
import { report } from "../../prove/model-checker/story";

jest.setTimeout(120_000);

/** The message of the event rule when an execution does not succeed. */
function endedMessage(stack: Synthesized, purpose: string): string {
  const [found] = stack
    .all("aws_cloudwatch_event_target")
    .filter(({ address }) => address.includes(`${purpose}-ended`))
    .map((event) => event["input_transformer"] as { input_template: string });
  if (!found) throw new Error(`no event rule reports the end of the runbook ${purpose}`);
  return found.input_template.replace(/^"|"$/g, "");
}

const NAMES = ["global-writer-endpoint", "reader-endpoint", "cluster-identifier"].map(
  (name) => `/standfast/test-1/us-east-1/database/${name}`,
);
const BUDGETS: RewindBudgets = { faults: 2, throttles: 0, aborts: 1 };

function modelOf(stack: Synthesized): RewindsModel {
  return new RewindsModel(definitionOf(stack, "rewind") as unknown as Program, endedMessage(stack, "rewind"));
}

/** (g) Rewinds in which nothing but one call is throttled, and that end otherwise than without it. */
function throttlingViolations(model: RewindsModel): readonly Violation<RewindState>[] {
  const ends = new Set<string>();
  const judgedBy = (judge: RewindsModel["judge"]): RewindsModel => Object.assign(Object.create(model) as RewindsModel, { judge });
  const none = { faults: 0, throttles: 0, aborts: 0 };
  explore(
    judgedBy((state) => {
      if (!state.node) ends.add(endOfRewind(state));
      return [];
    }),
    model.start(NAMES, none),
  );
  const judge: RewindsModel["judge"] = (state) =>
    state.node || ends.has(endOfRewind(state)) ? [] : [{ invariant: "g", sentence: "one throttled call changes how the rewind ends" }];
  return explore(judgedBy(judge), model.start(NAMES, { ...none, throttles: 1 })).violations;
}

describe("whatever fails during a rewind, within the budgets", () => {
  it.each([
    ["by restore", regionStack(twoRegions("hot"))],
    ["by backtrack", regionStack(MYSQL)],
  ])("the definitions violate no invariant: %s", (name, stack) => {
    const model = modelOf(stack);
    const explored = explore(model, model.start(NAMES, BUDGETS));
    const violations = [...explored.violations, ...throttlingViolations(model)];
    console.info(
      `${name}: ${explored.states} states, ${explored.transitions} transitions, ${explored.seconds.toFixed(1)} s, budgets ${JSON.stringify(BUDGETS)}`,
    );
    expect(violations.map((violation) => report(name, violation))).toEqual([]);
  });
});

describe("a fault that is planted in the rewind by restore", () => {
  const stack = regionStack(twoRegions("hot"));
  const definition = definitionOf(stack, "rewind") as unknown as Program;
  const sentences = (program: Program): string[] => {
    const model = new RewindsModel(program, endedMessage(stack, "rewind"));
    return explore(model, model.start(NAMES, { ...BUDGETS, aborts: 0 })).violations.map(
      ({ invariant, sentence }) => `(${invariant}) ${sentence}`,
    );
  };
  const known = sentences(definition);
  const at = (pattern: RegExp) => (name: string) => pattern.test(name);

  it.each<[string, string, (program: Program) => number]>([
    [
      "f",
      "an error of the switch deletes the restored cluster",
      (program) => catchAt(program, at(/^SwitchToRestoredCluster$/), "DeleteInstances"),
    ],
    ["f", "tasks that fail delete the restored cluster", (program) => catchAt(program, at(/^ReplaceTasks$/), "DeleteInstances")],
    ["b", "an error of the switch is not rolled back", (program) => catchAt(program, at(/^SwitchToRestoredCluster$/), "NotifyFailure")],
    ["b", "parameters that cannot be switched back are not reported", (program) => dropStates(program, notifies("HALFWAY"))],
    ["b", "tasks are not replaced", (program) => dropStates(program, at(/^ReplaceTasks$/))],
    [
      "b",
      "the reader endpoint is not switched",
      (program) => replaceText(program, at(/^PrepareParameters$/), "$.described.cluster.ReaderEndpoint", "$.live.cluster.ReaderEndpoint"),
    ],
  ])("violates invariant %s: %s", (invariant, _, plant) => {
    const program = structuredClone(definition);
    expect(plant(program)).toBeGreaterThan(0);
    const found = sentences(program).filter((sentence) => !known.includes(sentence));
    expect(found.filter((sentence) => sentence.startsWith(`(${invariant})`))).not.toEqual([]);
  });
});
