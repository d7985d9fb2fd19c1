import { describe, expect, it } from "@jest/globals";
import type { Definition } from "../../../modules/runbooks/states";
import { zonalShiftDefinition } from "../../../modules/runbooks/zonal-shift/definition";
import { FakeAws } from "../../support/fake-aws";
import { AwsError, type Call, type Executed, execute } from "../../support/state-machine";

const MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:runbook";
const OWN_EXECUTION = `${MACHINE.replace(":stateMachine:", ":execution:")}:run-1`;
const OTHER_EXECUTION = `${MACHINE.replace(":stateMachine:", ":execution:")}:run-0`;
const ZONES = ["a", "b", "c"].map((letter, index) => ({
  name: `us-east-1${letter}`,
  id: `use1-az${index + 4}`,
  alarm: `composite-zone-us-east-1${letter}-impaired-test-1`,
}));
const GROUPS = ["payments", "ledger"].map((service) => ({ service, arn: `arn:tg/${service}`, tasks: 4 }));
const INPUT = { alarmName: "composite-zone-us-east-1b-impaired-test-1" };

const define = (changed: { readonly hours?: number; readonly maxHours?: number } = {}): Definition =>
  zonalShiftDefinition({
    topicArn: "arn:topic",
    region: "us-east-1",
    runbookUrl: "docs/runbooks/zone.md#zonal-shift",
    loadBalancerArn: "arn:alb",
    zones: ZONES,
    targetGroups: GROUPS,
    hours: 1,
    maxHours: 3,
    ...changed,
  });

const target = (zone: string, State = "healthy"): object => ({ Target: { AvailabilityZone: zone }, TargetHealth: { State } });
const two = (zone: string): object[] => [target(zone), target(zone)];

/** The AWS services that the runbook calls, with one shift at a time, as AWS has it. */
class FakeZones extends FakeAws {
  readonly parameters = new Map<string, string>();
  /** Answers to the reads of the alarm, in their order; the last one is repeated. */
  alarm: readonly string[] = ["ALARM", "OK"];
  executions: readonly string[] = [OWN_EXECUTION];
  shifts: Record<string, unknown>[] = [];
  autoshifts: object[] = [];
  targets: Record<string, readonly object[]> = {};
  /** Whether the answer to the first start is lost. */
  losesAnswer = false;
  readonly history: string[] = [];

  cloudwatch_describeAlarms({ AlarmNames, AlarmTypes }: Call["parameters"]): object {
    const state = this.alarm[Math.min(this.callCount("cloudwatch:describeAlarms"), this.alarm.length) - 1];
    this.history.push(`read ${state}`);
    expect({ AlarmNames, AlarmTypes }).toEqual({ AlarmNames: [INPUT.alarmName], AlarmTypes: ["CompositeAlarm"] });
    return { CompositeAlarms: state === "missing" ? [] : [{ StateValue: state }] };
  }

  sfn_listExecutions(parameters: Call["parameters"]): object {
    expect(parameters).toEqual({ StateMachineArn: MACHINE, StatusFilter: "RUNNING" });
    return { Executions: this.executions.map((ExecutionArn) => ({ ExecutionArn })) };
  }

  arczonalshift_getManagedResource(): object {
    return { ZonalShifts: this.shifts, Autoshifts: this.autoshifts };
  }

  elasticloadbalancingv2_describeTargetHealth({ TargetGroupArn }: Call["parameters"]): object {
    return { TargetHealthDescriptions: this.targets[String(TargetGroupArn)] ?? ZONES.flatMap(({ name }) => two(name)) };
  }

  arczonalshift_startZonalShift({ AwayFrom, ExpiresIn, Comment }: Call["parameters"]): object {
    if (this.shifts.some(({ ShiftType }) => ShiftType !== "PRACTICE_RUN"))
      throw new AwsError("ArcZonalShift.ConflictException", "one shift");
    expect(Comment).toBe("runbook zonal-shift run-1");
    this.history.push(`start ${String(AwayFrom)} ${String(ExpiresIn)}`);
    this.shifts = [{ ZonalShiftId: "shift-1", AwayFrom, Comment, ExpiryTime: "18:00", ShiftType: "ZONAL_SHIFT" }];
    if (this.losesAnswer) {
      this.losesAnswer = false;
      throw new AwsError("ArcZonalShift.SdkClientException", "no answer");
    }
    return { ZonalShiftId: "shift-1", ExpiryTime: "18:00" };
  }

  arczonalshift_updateZonalShift({ ZonalShiftId, ExpiresIn }: Call["parameters"]): object {
    this.history.push(`extend ${String(ZonalShiftId)} ${String(ExpiresIn)}`);
    return { ZonalShiftId, ExpiryTime: "19:00" };
  }

  arczonalshift_cancelZonalShift({ ZonalShiftId }: Call["parameters"]): object {
    this.history.push(`cancel ${String(ZonalShiftId)}`);
    this.shifts = [];
    return {};
  }

  /** First part of each message's subject. */
  get told(): string[] {
    return this.messages.map((message) => message.split(":")[0] ?? "");
  }
}

const run = (aws: FakeZones, definition = define(), input: object = INPUT): Promise<Executed> =>
  execute(definition, input, (call) => aws.perform(call), MACHINE);

const STARTED = ["read ALARM", "start use1-az5 1h"];

describe("a zone that alone is worse than the others", () => {
  it("has its traffic shifted for an hour, and returned when its alarm is OK", async () => {
    const aws = new FakeZones();
    expect((await run(aws)).failure).toBeUndefined();
    expect(aws.history).toEqual([...STARTED, "read OK", "cancel shift-1", "read OK"]);
    expect(aws.told).toEqual(["STARTED", "RETURNED", "DONE"]);
    expect(aws.messages[0]).toContain("us-east-1b alone is worse than the other zones. Its traffic is shifted to them until 18:00");
    expect(aws.messages[2]).toContain("Its traffic was shifted for 1 hours");
  });

  it("that recovers by itself keeps its traffic", async () => {
    for (const state of ["OK", "INSUFFICIENT_DATA", "missing"]) {
      const aws = new FakeZones();
      aws.alarm = [state];
      expect((await run(aws)).failure).toBeUndefined();
      expect(aws.history).toEqual([`read ${state}`]);
      expect(aws.told).toEqual(["NOT SHIFTED"]);
    }
  });

  it("that is still worse has its shift extended, up to the configured hours; then an operator must decide", async () => {
    const aws = new FakeZones();
    aws.alarm = ["ALARM"];
    expect((await run(aws)).failure).toBeUndefined();
    const extended = ["read ALARM", "extend shift-1 70m"];
    expect(aws.history).toEqual([...STARTED, ...extended, ...extended, "read ALARM"]);
    expect(aws.told).toEqual(["STARTED", "EXTENDED", "EXTENDED", "DECISION NEEDED"]);
    expect(aws.messages[2]).toContain("remains shifted until 19:00: 3 of at most 3 hours");
    expect(aws.messages[3]).toContain("returns at 19:00, unless an operator extends the shift shift-1");
  });

  it("never has more hours than the limit: a shift that would exceed it is not started", async () => {
    const aws = new FakeZones();
    aws.alarm = ["ALARM"];
    await run(aws, define({ hours: 2, maxHours: 3 }));
    expect(aws.history).toEqual(["read ALARM", "start use1-az5 2h", "read ALARM"]);
    expect(aws.told).toEqual(["STARTED", "DECISION NEEDED"]);
  });

  it("that is worse again after its traffic has returned has it shifted again, and the hours are counted together", async () => {
    const aws = new FakeZones();
    aws.alarm = ["ALARM", "OK", "ALARM", "OK", "ALARM", "OK", "ALARM"];
    expect((await run(aws)).failure).toBeUndefined();
    const again = ["start use1-az5 1h", "read OK", "cancel shift-1", "read ALARM"];
    expect(aws.history).toEqual(["read ALARM", ...again, ...again, ...again]);
    expect(aws.told).toEqual(["STARTED", "RETURNED", "STARTED", "RETURNED", "STARTED", "RETURNED", "DECISION NEEDED"]);
    expect(aws.messages.at(-1)).toContain("worse than the other zones again after 3 hours");
  });
});

describe("no traffic is shifted", () => {
  const CASES: readonly [string, (aws: FakeZones) => unknown, RegExp][] = [
    [
      "away from a second zone, while a shift is active",
      (aws) => (aws.shifts = [{ AwayFrom: "use1-az4", ShiftType: "ZONAL_SHIFT" }]),
      /CRITICAL: us-east-1b alone .* A zonal shift away from use1-az4 is active/,
    ],
    [
      "while AWS has shifted it by autoshift",
      (aws) => (aws.autoshifts = [{ AwayFrom: "use1-az4" }]),
      /AWS has shifted traffic away from use1-az4 by zonal autoshift/,
    ],
    [
      "while the other zones have fewer healthy tasks than the loss of a zone leaves",
      (aws) => (aws.targets["arn:tg/ledger"] = [...two("us-east-1a"), ...two("us-east-1b"), target("us-east-1c")]),
      /ledger needs 4 healthy targets .*us-east-1b\\?":3/,
    ],
    [
      "while a task in another zone is unhealthy",
      (aws) => (aws.targets["arn:tg/payments"] = [...ZONES.flatMap(({ name }) => two(name)), target("us-east-1a", "unhealthy")]),
      /payments needs 4 healthy targets and no unhealthy one/,
    ],
    ["while no target is registered", (aws) => (aws.targets["arn:tg/payments"] = []), /payments needs 4 healthy targets/],
    [
      "by a second execution",
      (aws) => (aws.executions = [OWN_EXECUTION, OTHER_EXECUTION]),
      /An earlier execution of this runbook is in charge, and continues: .*:run-0/,
    ],
  ];

  it.each(CASES)("%s, and one message says so", async (_, change, message) => {
    const aws = new FakeZones();
    change(aws);
    expect((await run(aws)).failure).toBeUndefined();
    expect(aws.history).toEqual(["read ALARM"]);
    expect(aws.told).toEqual(["NOT SHIFTED"]);
    expect(aws.messages[0]).toMatch(message);
  });

  it("for an input that names no alarm of a zone, and the execution fails", async () => {
    for (const input of [{}, { alarmName: "composite-zone-us-east-1d-impaired-test-1" }]) {
      const aws = new FakeZones();
      const { failure, calls } = await run(aws, define(), input);
      expect(failure?.error).toBe("ZonalShift.InvalidInput");
      expect(failure?.cause).toContain(INPUT.alarmName);
      expect(calls.map(({ action }) => action)).toEqual(["sns:publish"]);
      expect(aws.told).toEqual(["FAILED"]);
    }
  });

  it.each([
    "cloudwatch:describeAlarms",
    "sfn:listExecutions",
    "arczonalshift:getManagedResource",
    "elasticloadbalancingv2:describeTargetHealth",
    "arczonalshift:startZonalShift",
  ])("when %s fails with every attempt", async (action) => {
    const aws = new FakeZones().fail(action, "States.TaskFailed");
    const { failure } = await run(aws);
    expect(failure?.cause).toContain(action);
    expect(aws.history.filter((entry) => !entry.startsWith("read"))).toEqual([]);
    expect(aws.told).toEqual(["FAILED"]);
  });
});

describe("traffic is shifted", () => {
  it("with exactly the capacity that the loss of a zone leaves, regardless of the targets in the impaired zone", async () => {
    const aws = new FakeZones();
    for (const { arn } of GROUPS) aws.targets[arn] = [...two("us-east-1a"), ...two("us-east-1c"), target("us-east-1b", "unhealthy")];
    await run(aws);
    expect(aws.history).toContain("start use1-az5 1h");
  });

  it("in place of a practice run, which AWS cancels then", async () => {
    const aws = new FakeZones();
    aws.shifts = [{ AwayFrom: "use1-az4", ShiftType: "PRACTICE_RUN" }];
    await run(aws);
    expect(aws.told).toEqual(["STARTED", "RETURNED", "DONE"]);
  });

  it("also when the list of executions does not contain this one yet, or a later one has started", async () => {
    for (const executions of [[], [OTHER_EXECUTION, OWN_EXECUTION]]) {
      const aws = new FakeZones();
      aws.executions = executions;
      await run(aws);
      expect(aws.told).toEqual(["STARTED", "RETURNED", "DONE"]);
    }
  });

  it("once, when the answer to the call is lost: the repeated call finds the shift", async () => {
    const aws = new FakeZones();
    aws.losesAnswer = true;
    expect((await run(aws)).failure).toBeUndefined();
    expect(aws.history).toEqual([...STARTED, "read OK", "cancel shift-1", "read OK"]);
    expect(aws.told).toEqual(["STARTED", "RETURNED", "DONE"]);
  });

  it("after calls that were throttled", async () => {
    const aws = new FakeZones();
    for (const action of ["getManagedResource", "startZonalShift", "cancelZonalShift"])
      aws.fail(`arczonalshift:${action}`, "ArcZonalShift.ThrottlingException", 1, 2);
    expect((await run(aws)).failure).toBeUndefined();
    expect(aws.told).toEqual(["STARTED", "RETURNED", "DONE"]);
  });
});

describe("a conflict", () => {
  const CONFLICTS: readonly [string, (aws: FakeZones) => unknown, RegExp][] = [
    [
      "with a shift of another zone",
      (aws) => (aws.shifts = [{ AwayFrom: "use1-az4", Comment: "an operator" }]),
      /A zonal shift away from use1-az4 is active/,
    ],
    [
      "with an operator's shift of the same zone",
      (aws) => (aws.shifts = [{ AwayFrom: "use1-az5", Comment: "an operator" }]),
      /A zonal shift away from use1-az5 is active, which this runbook leaves alone/,
    ],
    ["with an autoshift", (aws) => (aws.autoshifts = [{ AwayFrom: "use1-az4" }]), /by zonal autoshift/],
    ["that has no visible reason", () => undefined, /no traffic was shifted: arczonalshift:startZonalShift was refused/],
  ];

  it.each(CONFLICTS)("at the start, %s that began in the meantime, shifts nothing", async (_, change, message) => {
    const aws = new FakeZones().fail("arczonalshift:startZonalShift", "ArcZonalShift.ConflictException");
    const readBefore = aws.arczonalshift_getManagedResource.bind(aws);
    let reads = 0;
    aws.arczonalshift_getManagedResource = () => {
      reads += 1;
      if (reads === 2) change(aws);
      return readBefore();
    };
    const { failure, calls } = await run(aws);
    expect(failure).toBeUndefined();
    expect(calls.filter(({ action }) => action === "arczonalshift:startZonalShift")).toHaveLength(1);
    expect(aws.told).toEqual(["NOT SHIFTED"]);
    expect(aws.messages[0]).toMatch(message);
  });

  it("at the extension means that an operator has ended the shift, and the execution ends", async () => {
    const aws = new FakeZones().fail("arczonalshift:updateZonalShift", "ArcZonalShift.ConflictException");
    aws.alarm = ["ALARM"];
    expect((await run(aws)).failure).toBeUndefined();
    expect(aws.told).toEqual(["STARTED", "ENDED"]);
  });

  it("at the end means that the shift has ended, and the zone is watched", async () => {
    const aws = new FakeZones().fail("arczonalshift:cancelZonalShift", "ArcZonalShift.ConflictException");
    expect((await run(aws)).failure).toBeUndefined();
    expect(aws.told).toEqual(["STARTED", "RETURNED", "DONE"]);
  });
});

describe("a call that fails after the start", () => {
  it.each<[string, readonly string[], number]>([
    ["arczonalshift:updateZonalShift", ["ALARM"], 1],
    ["arczonalshift:cancelZonalShift", ["ALARM", "OK"], 1],
    ["cloudwatch:describeAlarms", ["ALARM", "OK"], 2],
  ])("%s, is reported, and the shift ends by itself", async (action, alarm, from) => {
    const aws = new FakeZones().fail(action, "States.TaskFailed", from);
    aws.alarm = alarm;
    const { failure } = await run(aws);
    expect(failure?.cause).toContain(action);
    expect(aws.told).toEqual(["STARTED", "FAILED"]);
    expect(aws.messages[1]).toContain("A shift that is active ends by itself");
  });
});

describe("the times", () => {
  it("of a shift are within AWS's limits, and the zone is checked ten minutes before its end", () => {
    for (const hours of [1, 24]) {
      const { States } = define({ hours, maxHours: 72 });
      expect(States["WaitForEnd"]).toMatchObject({ Seconds: hours * 3600 - 600 });
      for (const state of ["StartShift", "ExtendShift"])
        expect((States[state]?.["Parameters"] as { ExpiresIn: string }).ExpiresIn).toMatch(/^(?=.{2,5}$)[1-9][0-9]*[mh]$/);
    }
  });

  it("of an execution allow every shift, and the watch after each", () => {
    expect(define({ hours: 1, maxHours: 12 }).TimeoutSeconds).toBe((12 + 12 / 6 + 1) * 3600);
  });
});
