import { describe, expect, it } from "@jest/globals";
import { twoRegions } from "../support/config";
import { FakeRegions } from "../support/fake-regions";
import { FakeRewinds } from "../support/fake-rewinds";
import { AwsError, type Call, definitionOf, execute } from "../support/state-machine";
import { regionStack } from "../support/synthesized";
import { actionOf, isRetried } from "../../prove/model-checker/faults";
import { type Answer, answer, begin, pendingTasks, type Program } from "../../prove/model-checker/interpreter";
import type { Json } from "../../prove/model-checker/json-path";

const CONTEXT = {
  StateMachine: { Id: "arn:aws:states:us-east-1:123456789012:stateMachine:runbook", Name: "runbook" },
  Execution: { Id: "arn:aws:states:us-east-1:123456789012:execution:runbook:run-1", Name: "0a1b2c3d" },
  State: { EnteredTime: new Date().toISOString() },
};

interface Aws {
  perform(call: Call): Promise<unknown>;
}

/** Executes a definition with the model checker's interpreter. */
async function interpret(program: Program, input: Json, aws: Aws) {
  const calls: string[] = [];
  const context = { ...CONTEXT, Execution: { ...CONTEXT.Execution, Input: input } };
  let { frame } = begin(program, input, context);
  for (;;) {
    // The promotion is the first branch, and takes longer than the other one.
    const task = pendingTasks(program, frame, context, true).at(-1);
    if (!task) break;
    const action = actionOf(task.state);
    const parameters = task.parameters as Call["parameters"];
    let reply = await attempt(aws, { action, parameters });
    calls.push(describeCall({ action, parameters }));
    for (let attempts = 0; "error" in reply && isRetried(task, reply.error) && attempts < maxAttempts(task.state); attempts++) {
      reply = await attempt(aws, { action, parameters });
      calls.push(describeCall({ action, parameters }));
    }
    ({ frame } = answer(program, frame, task.path, reply, context));
  }
  return { calls, failure: frame.kind === "failed" ? { error: frame.error, cause: frame.cause } : undefined };
}

function maxAttempts(state: object): number {
  const retriers = (state as { Retry?: readonly { MaxAttempts?: number }[] }).Retry ?? [];
  return Math.max(0, ...retriers.map(({ MaxAttempts = 3 }) => MaxAttempts));
}

async function attempt(aws: Aws, call: Call): Promise<Answer> {
  try {
    return { result: JSON.parse(JSON.stringify((await aws.perform(call)) ?? {})) as Json };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { error: error.name, cause: error.message };
  }
}

/** The restored cluster's name is random. */
function describeCall({ action, parameters }: Call): string {
  return `${action} ${JSON.stringify(parameters)}`.replace(/(cluster-rewind-test-1|rewind-test-1[\w-]*?)-[0-9a-f]{8}\b/g, "$1-<random>");
}

const stacks = {
  first: regionStack(twoRegions("hot")),
  second: regionStack(twoRegions("hot"), 1),
  pilotLight: regionStack(twoRegions("pilot-light"), 1),
};
const takeover = definitionOf(stacks.second, "region-takeover");
const SWITCHOVER = { mode: "switchover" };
const FAILOVER = { mode: "failover", allowDataLoss: true };
const inWest =
  (change: (aws: FakeRegions) => void = () => undefined, instances = 3) =>
  (): FakeRegions => {
    const aws = new FakeRegions("us-west-2", "us-east-1", instances);
    change(aws);
    return aws;
  };
const rewound =
  (change: (aws: FakeRewinds) => void = () => undefined) =>
  (): FakeRewinds => {
    const aws = new FakeRewinds();
    change(aws);
    return aws;
  };

describe("the interpreter of the model checker and an independent one execute the same calls and end alike", () => {
  it.each<[string, ReturnType<typeof definitionOf>, object, () => Aws]>([
    ["a switchover", takeover, SWITCHOVER, inWest()],
    ["a failover with a lost region", takeover, FAILOVER, inWest((aws) => aws.lostRegions.add("us-east-1"))],
    ["an invalid input", takeover, { mode: "failover" }, inWest()],
    ["a switchover that AWS refuses", takeover, SWITCHOVER, inWest((aws) => (aws.switchoverError = "InvalidGlobalClusterStateFault"))],
    ["a promotion without an end", takeover, SWITCHOVER, inWest((aws) => (aws.promotionInspections = Infinity))],
    ["tasks that fail", takeover, SWITCHOVER, inWest((aws) => (aws.rollout = "FAILED"))],
    // Not an error inside a Map: the other interpreter starts its next item nevertheless.
    ["a cluster that cannot be described", takeover, FAILOVER, inWest((aws) => aws.fail("rds:describeDBClusters", "Rds.RdsException"))],
    [
      "a call that succeeds when it is repeated",
      takeover,
      FAILOVER,
      inWest((aws) => aws.fail("ssm:putParameter", "Ssm.SsmException", 1, 2)),
    ],
    ["a cluster without an instance", definitionOf(stacks.pilotLight, "region-takeover"), FAILOVER, inWest(undefined, 0)],
    ["a rewind", definitionOf(stacks.first, "rewind"), { to: "2026-11-21T07:30:00Z" }, rewound()],
    ["a rewind to a time that is too old", definitionOf(stacks.first, "rewind"), { to: "2026-11-01T07:30:00Z" }, rewound()],
    [
      "a rewind whose tasks fail",
      definitionOf(stacks.first, "rewind"),
      { to: "2026-11-21T07:30:00Z" },
      rewound((aws) => (aws.rollout = { state: "FAILED" })),
    ],
    [
      "a rewind without permission to restore",
      definitionOf(stacks.first, "rewind"),
      { to: "2026-11-21T07:30:00Z" },
      rewound((aws) => aws.fail("rds:restoreDBClusterToPointInTime", "Rds.RdsException")),
    ],
  ])("%s", async (_, definition, input, aws) => {
    const [first, second] = [aws(), aws()];
    const expected = await execute(definition, input, (call) => first.perform(call));
    const interpreted = await interpret(definition as unknown as Program, input as Json, second);
    // The branches of a Parallel and the items of a Map run at the same time in the other interpreter.
    expect([...interpreted.calls].sort()).toEqual(expected.calls.map(describeCall).sort());
    expect(interpreted.failure).toEqual(expected.failure);
  });
});
