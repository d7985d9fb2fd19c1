import { describe, expect, it } from "@jest/globals";
import { prove } from "../../prove/claims";
import { Graph } from "../../prove/graph/graph";
import { argument } from "../../prove/state-machine/arguments";
import { dataFaults } from "../../prove/state-machine/data";
import { isMachine, type Machine, stateMachines } from "../../prove/state-machine/machine";
import { untoldEnds } from "../../prove/state-machine/messages";
import { structureFaults } from "../../prove/state-machine/structure";
import { longestSilence, timeFaults } from "../../prove/state-machine/times";

const PUBLISH = "arn:aws:states:::sns:publish";
const PROMOTE = "arn:aws:states:::aws-sdk:rds:failoverGlobalCluster";
const READ = "arn:aws:states:::aws-sdk:rds:describeDBClusters";
const ALL = (Next: string) => [{ ErrorEquals: ["States.ALL"], ResultPath: "$.failure", Next }];

/** Waits until a cluster is available, sends a message after ten attempts, and ends with one. */
const POLL = {
  StartAt: "Reset",
  TimeoutSeconds: 3600,
  States: {
    Reset: { Type: "Pass", Result: { count: 0 }, ResultPath: "$.attempts", Next: "Wait" },
    Wait: { Type: "Wait", Seconds: 60, Next: "Read" },
    Read: {
      Type: "Task",
      Resource: READ,
      Parameters: { DbClusterIdentifier: "one" },
      TimeoutSeconds: 30,
      ResultPath: "$.cluster",
      Catch: ALL("Failed?"),
      Next: "Count",
    },
    Count: { Type: "Pass", Parameters: { "count.$": "States.MathAdd($.attempts.count, 1)" }, ResultPath: "$.attempts", Next: "Check" },
    Check: {
      Type: "Choice",
      Choices: [
        { Variable: "$.cluster.Status", StringEquals: "available", Next: "Tell" },
        { Variable: "$.attempts.count", NumericGreaterThanEquals: 10, Next: "Failed?" },
      ],
      Default: "Wait",
    },
    "Failed?": { Type: "Pass", Next: "Tell" },
    Tell: {
      Type: "Task",
      Resource: PUBLISH,
      Parameters: { Message: "Done" },
      TimeoutSeconds: 30,
      ResultPath: null,
      Catch: ALL("Done"),
      Next: "Done",
    },
    Done: { Type: "Succeed" },
  },
};

type States = Record<string, Record<string, unknown>>;

/** The machine of a definition in which states are changed. */
function machine(changes: States = {}, definition: object = POLL): Machine {
  const copy = structuredClone(definition) as { States: States };
  for (const [name, fields] of Object.entries(changes)) copy.States[name] = { ...copy.States[name], ...fields };
  const graph = new Graph("here", { resource: { aws_sfn_state_machine: { one: { definition: JSON.stringify(copy) } } } });
  const [found] = stateMachines(graph);
  if (!found || !isMachine(found)) throw new Error("there is no machine");
  return found;
}

const faults = (changes: States): string[] => {
  const one = machine(changes);
  return [...structureFaults(one), ...timeFaults(one), ...dataFaults(one), ...untoldEnds(one, true)];
};

describe("a state machine", () => {
  it("without a fault has none", () => {
    expect(faults({})).toEqual([]);
  });

  it.each<[string, States, RegExp]>([
    ["a target that does not exist", { Count: { Next: "Checks" } }, /continues at Checks, which does not exist/],
    ["a state to which nothing leads", { Orphan: { Type: "Succeed" } }, /No state is followed by Orphan/],
    ["a Choice without a default", { Check: { Default: undefined } }, /continues at no default state/],
    ["a call whose errors are not caught", { Read: { Catch: undefined } }, /Read .* does not catch every error/],
    ["a call without a time limit", { Read: { TimeoutSeconds: undefined } }, /Read .* has no time limit/],
    ["a loop that nothing ends", { Count: { Parameters: { count: 0 } } }, /is repeated, and no count ends it/],
    ["waits that are longer than the whole", { Wait: { Seconds: 600 } }, /is ended after 3600 s/],
    ["a read of what nothing has written", { Reset: { ResultPath: "$.other" } }, /reads \$\.attempts\.count/],
    ["an end without a message", { "Failed?": { Next: "Done" } }, /can end at Done after .* without a message/],
  ])("has a fault: %s", (_, changes, sentence) => {
    expect(faults(changes).join("\n")).toMatch(sentence);
  });

  it("is silent for as long as its loop waits, and one call hangs", () => {
    expect(longestSilence(machine()).seconds).toBe(10 * 60 + 30);
    expect(longestSilence(machine({ Wait: { Seconds: 5 } })).seconds).toBe(10 * 5 + 30);
  });

  it("catches in a Map or a Parallel only what its states do not catch", () => {
    const inner = (Catch: unknown) => ({
      StartAt: "Both",
      TimeoutSeconds: 60,
      States: {
        Both: {
          Type: "Parallel",
          Branches: [
            {
              StartAt: "Read",
              States: { Read: { Type: "Task", Resource: READ, TimeoutSeconds: 5, Catch, End: true }, Skip: { Type: "Succeed" } },
            },
          ],
          End: true,
        },
      },
    });
    expect(structureFaults(machine({}, inner(ALL("Skip"))))).toEqual([]);
    expect(structureFaults(machine({}, inner(undefined))).join()).toMatch(/Both .* does not catch every error/);
  });
});

describe("a definition of another project", () => {
  it.each<[string, unknown]>([
    ["no JSON", '${file("one.json")}'],
    ["no states", "{}"],
    ["states that are none", JSON.stringify({ StartAt: "A", States: { A: null, B: { Type: "Parallel", Branches: "x", Catch: 1 } } })],
    ["JSONata", JSON.stringify({ QueryLanguage: "JSONata", StartAt: "A", States: { A: { Type: "Succeed" } } })],
    [
      "a promotion alone",
      JSON.stringify({ StartAt: "A", States: { A: { Type: "Task", Resource: PROMOTE, Parameters: { "X.$": "($" }, End: true } } }),
    ],
  ])("is read without a crash: %s", (_, definition) => {
    const graph = new Graph("here", {
      resource: { aws_sfn_state_machine: { one: { definition } }, aws_ssm_parameter: { odd: { name: "/${var.a}/(b" } } },
    });
    for (const { id, status } of prove([graph]))
      expect([id, status]).toEqual([id, expect.stringMatching(/^(refuted|unknown|proven|not-applicable)$/)]);
  });
});

describe("the arguments of a call", () => {
  const one = machine(
    {},
    {
      StartAt: "Plan",
      States: {
        Plan: {
          Type: "Pass",
          Parameters: { items: [{ name: "a" }, { name: "b" }], "id.$": "States.Format('copy-{}', States.UUID())" },
          ResultPath: "$.plan",
          Next: "Each",
        },
        Each: {
          Type: "Map",
          ItemsPath: "$.plan.items",
          ItemSelector: { "name.$": "$$.Map.Item.Value.name", "id.$": "$.plan.id" },
          ItemProcessor: {
            StartAt: "Call",
            States: {
              Call: {
                Type: "Task",
                Resource: READ,
                Parameters: { fixed: 1, "name.$": "$.name", "both.$": "States.Format('{}-{}', $.id, $.name)", "asked.$": "$.answer.name" },
                End: true,
              },
            },
          },
          End: true,
        },
      },
    },
  );
  const call = one.nodes.find(({ name }) => name === "Call");

  it.each([
    ["fixed", [1]],
    ["name", ["a", "b"]],
    ["both", ["copy-x-a", "copy-x-b"]],
    ["asked", undefined],
    ["absent", []],
  ])("%s has the values that the definition writes", (name, values) => {
    if (!call) throw new Error("there is no call");
    expect(argument(one, call, name)).toEqual(values);
  });
});
