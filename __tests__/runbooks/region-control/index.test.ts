import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { handler } from "../../../modules/runbooks/region-control";
import { clientOptions } from "../../../modules/runbooks/region-control/settings";
import { executionIn, FakeSdk, identifierIn, REGIONS, variables, writesIn } from "./fake-sdk";

let aws: FakeSdk;
const setRegions = (regions: readonly string[]): void => {
  Object.assign(process.env, variables(regions));
};

beforeEach(() => {
  setRegions(REGIONS.slice(0, 2));
  jest.spyOn(console, "error").mockReturnValue(undefined);
  aws = new FakeSdk().install();
});

afterEach(() => {
  jest.restoreAllMocks();
  for (const variable of Object.keys(variables())) Reflect.deleteProperty(process.env, variable);
});

describe("writes", () => {
  it.each([
    ["us-east-1", "frozen"],
    ["us-west-2", "allowed"],
  ] as const)("in %s are %s by a parameter in that region", async (region, writes) => {
    expect(await handler({ action: "set-writes", region, writes })).toEqual({});
    expect(aws.calls).toEqual([[region, "PutParameterCommand", { Name: writesIn(region), Value: writes, Overwrite: true }]]);
  });

  it.each(["eu-west-1", ""])("in %j are rejected, because the platform has no such region", async (region) => {
    await expect(handler({ action: "set-writes", region, writes: "allowed" })).rejects.toThrow(
      new Error(`${region} is not a region of this platform`),
    );
    expect(aws.calls).toEqual([]);
  });

  it("are frozen in all other regions, and the regions in which that failed are returned", async () => {
    setRegions(REGIONS);
    aws.lostRegions.add("us-east-1");
    aws.parameters.set(writesIn("eu-west-1"), "allowed");
    expect(await handler({ action: "freeze-others" })).toEqual({ notFrozen: ["us-east-1"] });
    expect(aws.parameters.get(writesIn("eu-west-1"))).toBe("frozen");
    expect(aws.parameters.get(writesIn("us-west-2"))).toBe("frozen");
    expect(aws.changes().sort()).toEqual(["eu-west-1 PutParameterCommand", "us-east-1 PutParameterCommand"]);
  });
});

describe("clients are routed", () => {
  beforeEach(() => {
    setRegions(REGIONS);
  });

  it.each([
    ["us-west-2", ["us-west-2"]],
    ["eu-west-1", ["eu-west-1"]],
    ["us-east-1", []],
  ])("to %s by the holds of all regions except the first", async (to, holds) => {
    aws.holds.add("eu-west-1");
    expect(await handler({ action: "route-clients", to })).toEqual({ failed: [] });
    expect([...aws.holds]).toEqual(holds);
    expect(aws.changes().sort()).toEqual(["eu-west-1 ModifyRuleCommand", "us-west-2 ModifyRuleCommand"]);
  });

  it("by the regions that respond; the others are returned", async () => {
    aws.lostRegions.add("eu-west-1");
    expect(await handler({ action: "route-clients", to: "us-west-2" })).toEqual({ failed: ["eu-west-1"] });
    expect([...aws.holds]).toEqual(["us-west-2"]);
  });

  it("only to a region of the platform", async () => {
    await expect(handler({ action: "route-clients", to: "eu-north-1" })).rejects.toThrow("eu-north-1 is not a region of this platform");
    expect(aws.changes()).toEqual([]);
  });

  it("never by another rule: a load balancer without the rule fails", async () => {
    process.env["HOLD"] = JSON.stringify({ path: "/other", held: { StatusCode: "200" }, released: { StatusCode: "404" } });
    expect(await handler({ action: "route-clients", to: "us-west-2" })).toEqual({ failed: ["us-west-2", "eu-west-1"] });
    expect(aws.changes()).toEqual([]);
  });
});

describe("other takeovers", () => {
  const own = executionIn("us-west-2", "own");
  const start = (executionArn: string, second: number): void => {
    aws.executions.push({ executionArn, startDate: new Date(1_600_000_000_000 + second * 1000) });
  };
  const others = async (): Promise<unknown> => handler({ action: "find-executions", execution: own });

  it("are those that started earlier, in any region", async () => {
    start(own, 10);
    start(executionIn("us-east-1", "earlier"), 9);
    start(executionIn("us-west-2", "later"), 11);
    expect(await others()).toEqual({ others: [executionIn("us-east-1", "earlier")] });
  });

  it("are of two that started in the same moment exactly one", async () => {
    start(own, 10);
    start(executionIn("us-east-1", "same"), 10);
    expect(await others()).toEqual({ others: [executionIn("us-east-1", "same")] });
    expect(await handler({ action: "find-executions", execution: executionIn("us-east-1", "same") })).toEqual({ others: [] });
  });

  it("are found although AWS does not list the own execution yet", async () => {
    start(executionIn("us-east-1", "earlier"), 0);
    expect(await others()).toEqual({ others: [executionIn("us-east-1", "earlier")] });
  });

  it("of a lost region are ignored, because they make no progress", async () => {
    start(own, 10);
    start(executionIn("us-east-1", "earlier"), 9);
    aws.lostRegions.add("us-east-1");
    expect(await others()).toEqual({ others: [] });
  });

  it("cannot be excluded when the own region does not respond", async () => {
    aws.lostRegions.add("us-west-2");
    await expect(others()).rejects.toThrow("us-west-2 does not respond");
  });
});

describe("the inspection", () => {
  it("finds no restored cluster while all tasks use the clusters of the global database", async () => {
    expect(await handler({ action: "inspect" })).toEqual({ phase: "secondary", primaryRegion: "us-east-1", connected: true, restored: "" });
  });

  it.each(["us-east-1", "us-west-2"])("finds the restored cluster that tasks in %s use after a rewind", async (region) => {
    aws.parameters.set(identifierIn(region), "aurora-rewind-pr-42");
    expect(await handler({ action: "inspect" })).toMatchObject({ restored: "aurora-rewind-pr-42" });
  });

  it("succeeds while another region does not respond", async () => {
    aws.lostRegions.add("us-east-1");
    expect(await handler({ action: "inspect" })).toMatchObject({ phase: "secondary", restored: "" });
  });
});

describe("the readiness for a switchover", () => {
  const READY = { status: "ready", problems: "", lagMilliseconds: 120 };

  it("is given while the lag is low, the versions are equal, the tasks run and the canaries succeed", async () => {
    expect(await handler({ action: "check-readiness" })).toEqual(READY);
    expect(aws.changes()).toEqual([]);
  });

  it.each<[string, () => void, string, number]>([
    [
      "lag is high",
      () => aws.metrics.set("AuroraGlobalDBReplicationLag", 5001),
      "The replication lag is 5001 ms, above the limit of 5000 ms.",
      5001,
    ],
    [
      "lag is not reported",
      () => {
        aws.metrics.clear();
      },
      "CloudWatch has no replication lag of the last minutes: the replication is interrupted, or has just started.",
      -1,
    ],
    [
      "engine versions differ",
      () => (aws.versions["us-east-1"] = "16.9"),
      "The engine versions differ: 16.8 here, 16.9 in us-east-1.",
      120,
    ],
    ["tasks are missing", () => (aws.running = 5), "service-pr-42 runs 5 of 6 tasks.", 120],
    ["targets are unhealthy", () => (aws.healthyTargets = 5), "service-pr-42 has 5 healthy targets for 6 tasks.", 120],
    [
      "quota is too small for a deployment",
      () => (aws.quota = 5),
      "The quota of Fargate vCPUs is 5; twice the tasks of a primary region need 6.",
      120,
    ],
    ["canary fails", () => (aws.canaryState = "ALARM"), "alarm-canary-us-west-2-pr-42 in us-east-1 is in ALARM.", 120],
  ])("is not given while the %s", async (_, change, problems, lagMilliseconds) => {
    change();
    expect(await handler({ action: "check-readiness" })).toEqual({ status: "not-ready", problems, lagMilliseconds });
  });

  it("is given with AWS's default of the quota, if the account has no other", async () => {
    aws.quota = undefined;
    expect(await handler({ action: "check-readiness" })).toEqual(READY);
  });

  it("states all problems at once", async () => {
    aws.running = 0;
    aws.canaryState = "ALARM";
    expect(await handler({ action: "check-readiness" })).toMatchObject({
      problems: "service-pr-42 runs 0 of 6 tasks. alarm-canary-us-west-2-pr-42 in us-east-1 is in ALARM.",
    });
  });

  it("cannot be checked while the primary region does not respond", async () => {
    aws.lostRegions.add("us-east-1");
    await expect(handler({ action: "check-readiness" })).rejects.toThrow("us-east-1 does not respond");
  });
});

describe("a region that accepts connections and never responds", () => {
  it("is counted as failed within the deadline, and does not delay the others", async () => {
    setRegions(REGIONS);
    jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask"] });
    try {
      aws.silentRegions.add("us-east-1");
      const answer = handler({ action: "freeze-others" });
      await jest.advanceTimersByTimeAsync(20_000);
      expect(await answer).toEqual({ notFrozen: ["us-east-1"] });
      expect(aws.parameters.get(writesIn("eu-west-1"))).toBe("frozen");
    } finally {
      jest.useRealTimers();
    }
  });

  it("ends each request of the SDK with an error", () => {
    expect(clientOptions("us-east-1").requestHandler).toMatchObject({ throwOnRequestTimeout: true, requestTimeout: 6000 });
  });
});
