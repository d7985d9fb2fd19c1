import { describe, expect, it } from "@jest/globals";
import { FakeRegions } from "../../support/fake-regions";
import { definitionOf, type Executed, execute } from "../../support/state-machine";
import { regionStack, type Synthesized } from "../../support/synthesized";

const regions = (standby: string) => ({
  regions: ["us-east-1", "us-west-2"].map((name, index) => ({
    name,
    availability_zones: ["a", "b", "c"].map((zone) => `${name}${zone}`),
    vpc_cidr: `10.${index}.0.0/16`,
    ...(index > 0 && { standby }),
  })),
});
const takeoverOf = (stack: Synthesized) => definitionOf(stack, "region-takeover");

const first = takeoverOf(regionStack(regions("hot"), 0));
const hot = takeoverOf(regionStack(regions("hot"), 1));
const warm = takeoverOf(regionStack(regions("warm"), 1));
const pilotLight = takeoverOf(regionStack(regions("pilot-light"), 1));

const SWITCHOVER = { mode: "switchover" };
const FAILOVER = { mode: "failover", allowDataLoss: true };
const run = (aws: FakeRegions, input: object, definition = hot): Promise<Executed> =>
  execute(definition, input, (call) => aws.perform(call));
const actions = ({ calls }: Executed): string[] => calls.map(({ action }) => action);
/** The parameters of the tasks, as the runbook leaves them. */
const taskParameters = (aws: FakeRegions, region: string): Record<string, string> =>
  Object.fromEntries(
    [...aws.parameters]
      .filter(([name]) => !name.includes("/dns/"))
      .map(([name, value]): [string, string] => [name.slice(name.indexOf(`/${region}/`) + region.length + 2), value]),
  );
const TAKEN_OVER = {
  "database/writer-endpoint": "writer.us-west-2",
  "database/reader-endpoint": "reader.us-west-2",
  "database/cluster-identifier": "aurora-test-1-us-west-2",
  "service/writes": "allowed",
};

describe("a switchover, with both regions available", () => {
  it("freezes writes in the other region, routes clients here, promotes the database, and switches the tasks to it", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1");
    const executed = await run(aws, SWITCHOVER);
    expect(executed.failure).toBeUndefined();
    expect(aws.primary).toBe("us-west-2");
    expect(aws.writes).toEqual({ "us-east-1": "frozen", "us-west-2": "allowed" });
    expect([...aws.disabledChecks]).toEqual(["check-us-east-1"]);
    expect(taskParameters(aws, "us-west-2")).toEqual(TAKEN_OVER);
    expect(aws.redeployed).toEqual(["service-test-1"]);
    expect(aws.messages).toEqual([
      expect.stringMatching(/^STARTED: region takeover: WARNING: the region takeover by us-west-2 has started. Mode: switchover/),
      expect.stringMatching(
        /^DONE: region takeover: INFO: us-west-2 is the primary region\. Running tasks: \[{"service":"service-test-1","running":6}\]/,
      ),
    ]);
  });

  it("requests a switchover, which loses no data, and never a failover", async () => {
    const executed = await run(new FakeRegions("us-west-2", "us-east-1"), SWITCHOVER);
    expect(actions(executed)).not.toContain("rds:failoverGlobalCluster");
    const payloads = executed.calls.filter(({ action }) => action === "lambda:invoke").map(({ parameters }) => parameters["Payload"]);
    expect(payloads).toContainEqual({ action: "switch-over", primaryRegion: "us-east-1" });
  });

  it.each([
    ["has a high replica lag", (aws: FakeRegions) => (aws.lagAlarm = "ALARM")],
    ["has no alarm on the replica lag", (aws: FakeRegions) => (aws.lagAlarm = undefined)],
    ["is not connected to the primary", (aws: FakeRegions) => (aws.connected = false)],
  ])("does not start when the region %s", async (_, change) => {
    const aws = new FakeRegions("us-west-2", "us-east-1");
    change(aws);
    const executed = await run(aws, SWITCHOVER);
    expect(executed.failure).toMatchObject({
      error: "RegionTakeover.ReplicaLag",
      cause: expect.stringContaining("Nothing was changed") as unknown,
    });
    expect(aws.writes).toEqual({ "us-east-1": "allowed", "us-west-2": "allowed" });
    expect(actions(executed)).not.toContain("route53:updateHealthCheck");
    expect(aws.messages.at(-1)).toMatch(/^FAILED: region takeover: CRITICAL: us-west-2 could not take over: RegionTakeover.ReplicaLag/);
  });

  it("rolls back when clients cannot be routed, before the promotion", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1").fail("route53:updateHealthCheck", "Route53.Route53Exception", 1, 4);
    const executed = await run(aws, SWITCHOVER);
    expect(executed.failure).toMatchObject({ error: "Route53.Route53Exception" });
    expect(aws.primary).toBe("us-east-1");
    expect(aws.writes).toEqual({ "us-east-1": "allowed", "us-west-2": "allowed" });
    expect([...aws.disabledChecks]).toEqual([]);
    expect(aws.messages.at(-1)).toMatch(/^FAILED/);
  });

  it("changes nothing when the lag alarm cannot be described", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1").fail("cloudwatch:describeAlarms", "CloudWatch.CloudWatchException");
    const executed = await run(aws, SWITCHOVER);
    expect(executed.failure).toMatchObject({ error: "CloudWatch.CloudWatchException" });
    expect(actions(executed)).not.toContain("route53:updateHealthCheck");
    expect(aws.writes).toEqual({ "us-east-1": "allowed", "us-west-2": "allowed" });
  });

  it("allows writes in the other region again, and routes clients back, when AWS refuses the switchover", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1");
    aws.switchoverError = "InvalidGlobalClusterStateFault";
    const executed = await run(aws, SWITCHOVER);
    expect(executed.failure).toMatchObject({ error: "InvalidGlobalClusterStateFault" });
    expect(aws.primary).toBe("us-east-1");
    expect(aws.writes).toEqual({ "us-east-1": "allowed", "us-west-2": "allowed" });
    expect([...aws.disabledChecks]).toEqual([]);
    expect(taskParameters(aws, "us-west-2")).toEqual({});
  });

  it("continues when AWS accepts a request whose response is lost: the state of the global database decides", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1");
    aws.losesResponses = true;
    expect((await run(aws, SWITCHOVER)).failure).toBeUndefined();
    expect(aws.primary).toBe("us-west-2");
    expect([...aws.disabledChecks]).toEqual(["check-us-east-1"]);
  });

  it("rolls nothing back while the promotion is in progress: two regions that write would be worse than none", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1");
    aws.promotionInspections = Infinity;
    const executed = await run(aws, SWITCHOVER);
    expect(executed.failure).toMatchObject({ error: "RegionTakeover.PromotionFailed" });
    expect(aws.writes).toEqual({ "us-east-1": "frozen", "us-west-2": "allowed" });
    expect([...aws.disabledChecks]).toEqual(["check-us-east-1"]);
    expect(taskParameters(aws, "us-west-2")).toEqual({});
    expect(aws.messages.at(-1)).toMatch(/^UNCLEAR: region takeover: CRITICAL.*Nothing was rolled back.*execute this runbook again/);
  });

  it("replaces the tasks of every service, and waits for each service", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1");
    const executed = await run(
      aws,
      SWITCHOVER,
      takeoverOf(
        regionStack(
          {
            ...regions("hot"),
            discovery: "dns",
            services: { ledger: { called_by: ["payments"] } },
            service_images: { ledger: "registry.bank.test/ledger:1.0.0" },
          },
          1,
        ),
      ),
    );
    expect(executed.failure).toBeUndefined();
    expect(aws.redeployed.sort()).toEqual(["service-ledger-test-1", "service-test-1"]);
    const waitedFor = executed.calls
      .filter(({ action }) => action === "ecs:describeServices")
      .map(({ parameters }) => parameters["Services"]);
    expect(waitedFor).toEqual(expect.arrayContaining([["service-test-1"], ["service-ledger-test-1"]]));
  });

  it("fails with the error when the other region, which a switchover needs, does not answer", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1");
    aws.lostRegions.add("us-east-1");
    const executed = await run(aws, SWITCHOVER);
    expect(executed.failure).toEqual({ error: "TimeoutError", cause: "us-east-1 does not answer" });
    expect(aws.primary).toBe("us-east-1");
  });
});

describe("a failover, with the other region lost", () => {
  const withLostPrimary = (): FakeRegions => {
    const aws = new FakeRegions("us-west-2", "us-east-1");
    aws.lostRegions.add("us-east-1");
    aws.connected = false;
    aws.lagAlarm = "ALARM";
    return aws;
  };

  it("promotes its database with AllowDataLoss, without waiting for the lost region", async () => {
    const aws = withLostPrimary();
    const executed = await run(aws, FAILOVER);
    expect(executed.failure).toBeUndefined();
    expect(aws.primary).toBe("us-west-2");
    expect(executed.calls.find(({ action }) => action === "rds:failoverGlobalCluster")?.parameters).toEqual({
      GlobalClusterIdentifier: "global-database-test-1",
      TargetDbClusterIdentifier: "arn:aws:rds:us-west-2:123456789012:cluster:aurora-test-1-us-west-2",
      AllowDataLoss: true,
    });
    expect(taskParameters(aws, "us-west-2")).toEqual(TAKEN_OVER);
    expect([...aws.disabledChecks]).toEqual(["check-us-east-1"]);
  });

  it("succeeds when DNS cannot be held, and warns that DNS may route clients back", async () => {
    const aws = withLostPrimary().fail("route53:updateHealthCheck", "Route53.Route53Exception");
    const executed = await run(aws, FAILOVER);
    expect(executed.failure).toBeUndefined();
    expect(aws.primary).toBe("us-west-2");
    expect(aws.messages.at(-1)).toMatch(/^DONE: region takeover: CRITICAL.*DNS could NOT be held here.*Execute this runbook again/);
  });

  it("continues where an earlier execution has stopped, and then holds DNS", async () => {
    const aws = withLostPrimary().fail("route53:updateHealthCheck", "Route53.Route53Exception", 1, 4);
    await run(aws, FAILOVER);
    expect([...aws.disabledChecks]).toEqual([]);
    const again = await run(aws, FAILOVER);
    expect(again.failure).toBeUndefined();
    expect(actions(again)).not.toContain("rds:failoverGlobalCluster");
    expect([...aws.disabledChecks]).toEqual(["check-us-east-1"]);
  });

  it("continues to wait for the promotion when single inspections fail", async () => {
    const aws = withLostPrimary();
    aws.promotionInspections = 3;
    // The first invocation is the inspection, the second freezes writes, the others inspect the promotion.
    aws.fail("lambda:invoke", "Lambda.Unknown", 4, 5);
    expect((await run(aws, FAILOVER)).failure).toBeUndefined();
    expect(aws.primary).toBe("us-west-2");
  });

  it.each([
    ["parameters cannot be written", "ssm:putParameter", "Ssm.SsmException"],
    ["tasks cannot be replaced", "ecs:updateService", "Ecs.EcsException"],
    ["services cannot be described", "ecs:describeServices", "Ecs.EcsException"],
    ["the cluster cannot be described", "rds:describeDBClusters", "Rds.DbClusterNotFoundException"],
  ])("reports HALFWAY when %s: the database stays promoted", async (_, action, error) => {
    const aws = withLostPrimary().fail(action, error);
    const executed = await run(aws, FAILOVER);
    expect(executed.failure).toMatchObject({ error });
    expect(aws.primary).toBe("us-west-2");
    expect(aws.writes["us-west-2"]).toBe("allowed");
    expect([...aws.disabledChecks].filter((check) => check === "check-us-west-2")).toEqual([]);
    expect(aws.messages.at(-1)).toMatch(
      /^HALFWAY: region takeover: CRITICAL: the database of us-west-2 is the primary.*Execute this runbook again/,
    );
  });

  it.each([
    ["fail", (aws: FakeRegions) => (aws.rollout = "FAILED")],
    ["are rolled back by the circuit breaker", (aws: FakeRegions) => (aws.rollbackDeployment = "ecs-svc/9")],
    ["do not run", (aws: FakeRegions) => (aws.running = 0)],
  ])("reports HALFWAY when the new tasks %s", async (_, change) => {
    const aws = withLostPrimary();
    change(aws);
    expect((await run(aws, FAILOVER)).failure).toEqual({
      error: "RegionTakeover.TasksFailed",
      cause: "The tasks of service-test-1 could not be replaced.",
    });
    expect(aws.messages.at(-1)).toMatch(/^HALFWAY/);
  });

  it("keeps routing clients here when a second execution, after the promotion, fails", async () => {
    const aws = withLostPrimary();
    await run(aws, FAILOVER);
    aws.fail("rds:describeDBClusters", "Rds.RdsException");
    expect((await run(aws, FAILOVER)).failure).toMatchObject({ error: "Rds.RdsException" });
    expect([...aws.disabledChecks]).toEqual(["check-us-east-1"]);
    expect(aws.messages.at(-1)).toMatch(/^HALFWAY/);
  });

  it("continues a switchover during which the other region was lost", async () => {
    const aws = withLostPrimary();
    aws.promotionInspections = 4;
    aws.beginPromotion();
    expect((await run(aws, FAILOVER)).failure).toBeUndefined();
    expect(aws.primary).toBe("us-west-2");
  });

  it("does not switch tasks when AWS refuses the promotion", async () => {
    const aws = withLostPrimary().fail("rds:failoverGlobalCluster", "Rds.InvalidGlobalClusterStateException");
    const executed = await run(aws, FAILOVER);
    expect(executed.failure).toMatchObject({ error: "Rds.InvalidGlobalClusterStateException" });
    expect(aws.primary).toBe("us-east-1");
    expect(taskParameters(aws, "us-west-2")).toEqual({});
  });

  it("fails when the global database cannot be inspected", async () => {
    const aws = withLostPrimary().fail("lambda:invoke", "Lambda.Unknown");
    expect((await run(aws, FAILOVER)).failure).toMatchObject({ error: "Lambda.Unknown" });
    expect(aws.primary).toBe("us-east-1");
  });
});

describe("the input of a takeover", () => {
  it.each([
    ["empty", {}],
    ["a failover without allowDataLoss", { mode: "failover" }],
    ["a failover with allowDataLoss false", { mode: "failover", allowDataLoss: false }],
    ["another mode", { mode: "both" }],
    ["a number", { mode: 1 }],
  ])("that is %s is rejected before any call", async (_, input) => {
    const aws = new FakeRegions("us-west-2", "us-east-1");
    const executed = await run(aws, input);
    expect(executed.failure).toMatchObject({
      error: "RegionTakeover.InvalidInput",
      cause: expect.stringContaining('"allowDataLoss": true') as unknown,
    });
    expect(actions(executed)).toEqual(["sns:publish"]);
  });
});

describe("a takeover that cannot start", () => {
  it.each([
    ["the cluster is not a member of the global database", "missing", "RegionTakeover.NotAMember"],
    ["the global database is being changed", "changing", "RegionTakeover.ChangeInProgress"],
  ])("because %s changes nothing", async (_, phase, error) => {
    const aws = new FakeRegions("us-west-2", "us-east-1");
    aws.lambda_invoke = () => ({ Payload: { phase, primaryRegion: "us-east-1", connected: true } });
    const executed = await run(aws, SWITCHOVER);
    expect(executed.failure).toMatchObject({ error });
    expect(actions(executed)).toEqual(["sns:publish", "lambda:invoke", "sns:publish"]);
  });
});

describe("a standby that is smaller than the primary", () => {
  it("is scaled to the size of the primary", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1", 1);
    await run(aws, FAILOVER, warm);
    expect(aws.scaled).toEqual({ "service/ecs-test-1/service-test-1": [6, 6] });
  });

  it("takes over when it cannot be scaled, and reports it", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1", 1).fail(
      "applicationautoscaling:registerScalableTarget",
      "ApplicationAutoScaling.X",
    );
    expect((await run(aws, FAILOVER, warm)).failure).toBeUndefined();
    expect(aws.messages.at(-1)).toMatch(/^DONE.*could NOT be scaled to the size of a primary region/);
  });

  it.each([
    ["switchover", SWITCHOVER],
    ["failover", FAILOVER],
  ])("gets a database instance before a %s, when it has none", async (_, input) => {
    const aws = new FakeRegions("us-west-2", "us-east-1", 0);
    const executed = await run(aws, input, pilotLight);
    expect(executed.failure).toBeUndefined();
    expect(executed.calls.find(({ action }) => action === "rds:createDBInstance")?.parameters).toMatchObject({
      DbInstanceIdentifier: "aurora-us-west-2a-test-1",
      DbClusterIdentifier: "aurora-test-1-us-west-2",
      AvailabilityZone: "us-west-2a",
      Engine: "aurora-postgresql",
      DbInstanceClass: "db.r6g.large",
      PubliclyAccessible: false,
    });
    const sequence = actions(executed);
    expect(sequence.indexOf("rds:createDBInstance")).toBeLessThan(sequence.lastIndexOf("lambda:invoke"));
  });

  it("waits for an instance that an earlier execution has created", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1", 1);
    const executed = await run(aws, FAILOVER, pilotLight);
    expect(executed.failure).toBeUndefined();
    const sequence = actions(executed);
    expect(sequence).not.toContain("rds:createDBInstance");
    expect(sequence.filter((action) => action === "rds:describeDBInstances")).toHaveLength(2);
    expect(sequence.lastIndexOf("rds:describeDBInstances")).toBeLessThan(sequence.indexOf("rds:failoverGlobalCluster"));
  });

  it("continues after one call when the cluster has another instance", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1", 1).fail("rds:describeDBInstances", "Rds.DbInstanceNotFoundException");
    const executed = await run(aws, FAILOVER, pilotLight);
    expect(executed.failure).toBeUndefined();
    expect(actions(executed).filter((action) => action === "rds:describeDBInstances")).toHaveLength(1);
  });

  it("waits before a switchover until the lag of a new instance is reported", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1", 0);
    aws.lagAlarm = "INSUFFICIENT_DATA";
    aws.lagReportedAfter = 3;
    expect((await run(aws, SWITCHOVER, pilotLight)).failure).toBeUndefined();
    expect(aws.primary).toBe("us-west-2");
  });

  it.each([
    [
      "cannot be created",
      (aws: FakeRegions) => aws.fail("rds:createDBInstance", "Rds.InsufficientDbInstanceCapacityException"),
      /Insufficient/,
    ],
    ["fails", (aws: FakeRegions) => aws.breakInstance("failed"), /InstanceFailed/],
    ["cannot be described", (aws: FakeRegions) => aws.fail("rds:describeDBInstances", "Rds.RdsException"), /RdsException/],
  ])("changes nothing else when the instance %s", async (_, change, error) => {
    const aws = new FakeRegions("us-west-2", "us-east-1", 0);
    change(aws);
    const executed = await run(aws, FAILOVER, pilotLight);
    expect(executed.failure?.error).toMatch(error);
    expect(aws.primary).toBe("us-east-1");
    expect(aws.writes["us-east-1"]).toBe("allowed");
  });
});

describe("the second of three regions", () => {
  const three = {
    regions: ["us-east-1", "us-west-2", "eu-west-1"].map((name, index) => ({
      name,
      availability_zones: ["a", "b", "c"].map((zone) => `${name}${zone}`),
      vpc_cidr: `10.${index}.0.0/16`,
    })),
  };
  const second = takeoverOf(regionStack(three, 1));

  it.each([
    ["the first", "us-east-1", []],
    ["the third, which DNS prefers least", "eu-west-1", ["check-us-east-1", "check-us-west-2"]],
  ])("routes clients back to %s when that region stays the primary", async (_, primary, off) => {
    const aws = new FakeRegions("us-west-2", primary);
    for (const check of off) aws.disabledChecks.add(check);
    aws.switchoverError = "InvalidGlobalClusterStateFault";
    expect((await run(aws, SWITCHOVER, second)).failure).toMatchObject({ error: "InvalidGlobalClusterStateFault" });
    expect([...aws.disabledChecks].sort()).toEqual(off);
  });
});

describe("the first region", () => {
  it("switches everything back: its own health check is enabled again", async () => {
    const aws = new FakeRegions("us-east-1", "us-west-2");
    aws.disabledChecks.add("check-us-east-1");
    expect((await run(aws, SWITCHOVER, first)).failure).toBeUndefined();
    expect(aws.primary).toBe("us-east-1");
    expect([...aws.disabledChecks]).toEqual([]);
    expect(aws.writes).toEqual({ "us-east-1": "allowed", "us-west-2": "frozen" });
  });

  it("leaves its own health check disabled when the switchover fails", async () => {
    const aws = new FakeRegions("us-east-1", "us-west-2");
    aws.disabledChecks.add("check-us-east-1");
    aws.switchoverError = "InvalidGlobalClusterStateFault";
    expect((await run(aws, SWITCHOVER, first)).failure).toMatchObject({ error: "InvalidGlobalClusterStateFault" });
    expect([...aws.disabledChecks]).toEqual(["check-us-east-1"]);
    expect(aws.writes).toEqual({ "us-east-1": "allowed", "us-west-2": "allowed" });
  });
});

describe("a takeover whose messages cannot be sent", () => {
  it("succeeds", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1").fail("sns:publish", "Sns.SnsException");
    expect((await run(aws, SWITCHOVER)).failure).toBeUndefined();
    expect(aws.primary).toBe("us-west-2");
  });
});
