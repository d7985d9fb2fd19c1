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

const machineArn = (region: string): string => `arn:aws:states:${region}:123456789012:stateMachine:runbook-region-takeover-test-1`;

const SWITCHOVER = { mode: "switchover" };
const FAILOVER = { mode: "failover", allowDataLoss: true };
const run = (aws: FakeRegions, input: object, definition = hot): Promise<Executed> =>
  execute(definition, input, (call) => aws.perform(call), machineArn(aws.region));
const actions = ({ calls }: Executed): string[] => calls.map(({ action }) => action);
/** The requests to the function, by their action. */
const requests = ({ calls }: Executed): string[] =>
  calls
    .filter(({ action }) => action === "lambda:invoke")
    .map(({ parameters }) => (parameters["Payload"] as { readonly action: string }).action);

/** The command in a message that executes a region's runbook. */
const command = (region: string, input: string): string =>
  `aws stepfunctions start-execution --region ${region} --state-machine-arn ${machineArn(region)} --input '${input}' #`;
const AGAIN = command("us-west-2", '{"mode":"failover","allowDataLoss":true}');
const SWITCH_AGAIN = command("us-west-2", '{"mode":"switchover"}');

const TAKEN_OVER = { "us-east-1": "frozen", "us-west-2": "allowed" };
const AS_BEFORE = { "us-east-1": "allowed", "us-west-2": "frozen" };

describe("a switchover, with both regions available", () => {
  it("freezes writes in the other region, routes clients here, promotes the database, and allows writes", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1");
    const executed = await run(aws, SWITCHOVER);
    expect(executed.failure).toBeUndefined();
    expect(aws.primary).toBe("us-west-2");
    expect(aws.writes).toEqual(TAKEN_OVER);
    expect([...aws.holds]).toEqual(["us-west-2"]);
    expect(aws.messages).toEqual([
      expect.stringMatching(/^STARTED: region takeover: WARNING: the region takeover by us-west-2 has started. Mode: switchover/),
      expect.stringMatching(
        /^DONE: region takeover: INFO: us-west-2 is the primary region\. Running tasks: \[{"service":"service-test-1","running":6}\]/,
      ),
    ]);
  });

  it("replaces no task: the global writer endpoint follows the writer", async () => {
    expect(actions(await run(new FakeRegions("us-west-2", "us-east-1"), SWITCHOVER))).not.toContain("ecs:updateService");
  });

  it("requests a switchover, which loses no data, and never a failover", async () => {
    const executed = await run(new FakeRegions("us-west-2", "us-east-1"), SWITCHOVER);
    expect(actions(executed)).not.toContain("rds:failoverGlobalCluster");
    const payloads = executed.calls.filter(({ action }) => action === "lambda:invoke").map(({ parameters }) => parameters["Payload"]);
    expect(payloads).toContainEqual({ action: "switch-over", primaryRegion: "us-east-1" });
  });

  it("does not start while this region is not ready, and states the reason and the lag", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1");
    aws.readinessProblems = "The replication lag is 9000 ms, above the limit of 5000 ms.";
    aws.lagMilliseconds = 9000;
    const executed = await run(aws, SWITCHOVER);
    expect(executed.failure).toEqual({
      error: "RegionTakeover.NotReady",
      cause:
        "This region is not ready for a switchover: The replication lag is 9000 ms, above the limit of 5000 ms. The lag is 9000 ms. Nothing was changed.",
    });
    expect(aws.writes).toEqual(AS_BEFORE);
    expect(requests(executed)).not.toContain("route-clients");
    expect(aws.messages.at(-1)).toMatch(/^FAILED: region takeover: CRITICAL: us-west-2 could not take over: RegionTakeover.NotReady/);
    expect(aws.messages.at(-1)).toContain(SWITCH_AGAIN);
  });

  it("does not start while the region is not connected to the primary", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1");
    aws.connected = false;
    const executed = await run(aws, SWITCHOVER);
    expect(executed.failure?.error).toBe("RegionTakeover.NotConnected");
    expect(requests(executed)).not.toContain("freeze-others");
  });

  it.each([
    ["clients cannot be routed", (aws: FakeRegions) => aws.stuckHolds.add("us-west-2")],
    ["the function refuses to route clients", (aws: FakeRegions) => aws.refusedActions.set("route-clients", "Lambda.Unknown")],
    ["writes of the primary cannot be frozen", (aws: FakeRegions) => aws.stuckWrites.add("us-east-1")],
  ])("rolls back when %s, before the promotion", async (_, change) => {
    const aws = new FakeRegions("us-west-2", "us-east-1");
    change(aws);
    const executed = await run(aws, SWITCHOVER);
    expect(executed.failure?.error).toBe("RegionTakeover.NotFenced");
    expect(requests(executed)).not.toContain("switch-over");
    expect(aws.primary).toBe("us-east-1");
    expect(aws.writes).toEqual(AS_BEFORE);
    expect([...aws.holds]).toEqual([]);
  });

  it("allows writes in the other region again, and routes clients back, when AWS refuses the switchover", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1");
    aws.switchoverError = "InvalidGlobalClusterStateFault";
    const executed = await run(aws, SWITCHOVER);
    expect(executed.failure).toMatchObject({ error: "InvalidGlobalClusterStateFault" });
    expect(aws.primary).toBe("us-east-1");
    expect(aws.writes).toEqual(AS_BEFORE);
    expect([...aws.holds]).toEqual([]);
    expect(aws.messages.at(-1)).toMatch(/^FAILED/);
  });

  it("names the runbook of the primary region when the rollback fails", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1");
    aws.switchoverError = "InvalidGlobalClusterStateFault";
    aws.refusedActions.set("set-writes", "Ssm.SsmException");
    expect((await run(aws, SWITCHOVER)).failure).toMatchObject({ error: "InvalidGlobalClusterStateFault" });
    expect(aws.messages.at(-1)).toMatch(/^NOT ROLLED BACK: region takeover: CRITICAL.*its writes may be frozen/);
    expect(aws.messages.at(-1)).toContain(command("us-east-1", '{"mode":"switchover"}'));
  });

  it("continues when AWS accepts a request whose response is lost: the state of the global database decides", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1");
    aws.losesResponses = true;
    expect((await run(aws, SWITCHOVER)).failure).toBeUndefined();
    expect(aws.primary).toBe("us-west-2");
    expect([...aws.holds]).toEqual(["us-west-2"]);
  });

  it("rolls nothing back while the promotion is in progress, reports every two minutes, and names the command that continues", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1");
    aws.promotionInspections = Infinity;
    const executed = await run(aws, SWITCHOVER);
    expect(executed.failure).toMatchObject({ error: "RegionTakeover.PromotionFailed" });
    expect(aws.writes).toEqual({ "us-east-1": "frozen", "us-west-2": "frozen" });
    expect([...aws.holds]).toEqual(["us-west-2"]);
    expect(aws.messages.filter((message) => message.startsWith("IN PROGRESS"))).toHaveLength(29);
    expect(aws.messages[1]).toMatch(
      /^IN PROGRESS: region takeover: WARNING: The promotion of the database is not complete after 8 attempts/,
    );
    expect(aws.messages.at(-1)).toMatch(/^UNCLEAR: region takeover: CRITICAL.*Nothing was rolled back/);
    expect(aws.messages.at(-1)).toContain(SWITCH_AGAIN);
  });

  it("waits for the tasks of every service", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1");
    const two = {
      ...regions("hot"),
      discovery: "dns",
      services: { ledger: { called_by: ["payments"] } },
      service_images: { ledger: "registry.bank.test/ledger:1.0.0" },
    };
    const executed = await run(aws, SWITCHOVER, takeoverOf(regionStack(two, 1)));
    expect(executed.failure).toBeUndefined();
    const waitedFor = executed.calls
      .filter(({ action }) => action === "ecs:describeServices")
      .map(({ parameters }) => parameters["Services"]);
    expect(waitedFor).toEqual(expect.arrayContaining([["service-test-1"], ["service-ledger-test-1"]]));
  });

  it("fails when the other region, which a switchover needs, does not respond", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1");
    aws.lostRegions.add("us-east-1");
    const executed = await run(aws, SWITCHOVER);
    expect(executed.failure?.error).toBe("RegionTakeover.NotFenced");
    expect(executed.failure?.cause).toContain('Not frozen: ["us-east-1"]');
    expect(aws.primary).toBe("us-east-1");
  });
});

describe("a failover, with the other region lost", () => {
  const withLostPrimary = (): FakeRegions => {
    const aws = new FakeRegions("us-west-2", "us-east-1");
    aws.lostRegions.add("us-east-1");
    aws.connected = false;
    return aws;
  };

  it("promotes its database with AllowDataLoss, without waiting for the lost region, and reports that it could not be frozen", async () => {
    const aws = withLostPrimary();
    const executed = await run(aws, FAILOVER);
    expect(executed.failure).toBeUndefined();
    expect(aws.primary).toBe("us-west-2");
    expect(executed.calls.find(({ action }) => action === "rds:failoverGlobalCluster")?.parameters).toEqual({
      GlobalClusterIdentifier: "global-database-test-1",
      TargetDbClusterIdentifier: "arn:aws:rds:us-west-2:123456789012:cluster:aurora-test-1-us-west-2",
      AllowDataLoss: true,
    });
    expect(aws.writes["us-west-2"]).toBe("allowed");
    expect([...aws.holds]).toEqual(["us-west-2"]);
    expect(aws.messages.at(-1)).toMatch(
      /^INCOMPLETE: region takeover: CRITICAL: us-west-2 is the primary region.*may still accept writes: \["us-east-1"\]/,
    );
    expect(aws.messages.at(-1)).toContain(AGAIN);
  });

  it("holds DNS and freezes the other regions before the promotion, beside each other", async () => {
    const sequence = requests(await run(withLostPrimary(), FAILOVER));
    expect(sequence.slice(2, 4).sort()).toEqual(["freeze-others", "route-clients"]);
    expect(sequence.slice(0, 2)).toEqual(["find-executions", "inspect"]);
  });

  it("freezes the former primary when it is available again and the runbook is executed again", async () => {
    const aws = withLostPrimary();
    await run(aws, FAILOVER);
    expect(aws.writes["us-east-1"]).toBe("allowed");
    aws.lostRegions.delete("us-east-1");
    const again = await run(aws, FAILOVER);
    expect(again.failure).toBeUndefined();
    expect(actions(again)).not.toContain("rds:failoverGlobalCluster");
    expect(aws.writes).toEqual(TAKEN_OVER);
    expect(aws.messages.at(-1)).toMatch(/^DONE/);
  });

  it("takes over when DNS cannot be held, and names the command that holds it", async () => {
    const aws = withLostPrimary();
    aws.stuckHolds.add("us-west-2");
    expect((await run(aws, FAILOVER)).failure).toBeUndefined();
    expect(aws.primary).toBe("us-west-2");
    expect(aws.messages.at(-1)).toMatch(/^INCOMPLETE.*did not change their DNS hold: \["us-west-2"\]/);
    expect(aws.messages.at(-1)).toContain(AGAIN);
  });

  it("continues to wait for the promotion when single inspections fail", async () => {
    const aws = withLostPrimary();
    aws.promotionInspections = 3;
    aws.fail("lambda:invoke", "Lambda.Unknown", 5, 6);
    expect((await run(aws, FAILOVER)).failure).toBeUndefined();
    expect(aws.primary).toBe("us-west-2");
  });

  it.each([
    ["writes cannot be allowed", "ssm:putParameter", "Ssm.SsmException"],
    ["services cannot be described", "ecs:describeServices", "Ecs.EcsException"],
  ])("reports HALFWAY when %s: the database stays promoted, and DNS is held", async (_, action, error) => {
    const aws = withLostPrimary().fail(action, error);
    const executed = await run(aws, FAILOVER);
    expect(executed.failure).toMatchObject({ error });
    expect(aws.primary).toBe("us-west-2");
    expect([...aws.holds]).toEqual(["us-west-2"]);
    expect(aws.messages.at(-1)).toMatch(/^HALFWAY: region takeover: CRITICAL: the database of us-west-2 is the primary/);
    expect(aws.messages.at(-1)).toContain(AGAIN);
  });

  it("reports HALFWAY when the tasks do not run", async () => {
    const aws = withLostPrimary();
    aws.running = 5;
    expect((await run(aws, FAILOVER)).failure).toEqual({
      error: "RegionTakeover.TasksMissing",
      cause: "The tasks of service-test-1 are fewer than 6.",
    });
    expect(aws.messages.at(-1)).toMatch(/^HALFWAY/);
  });

  it("continues a switchover during which the other region was lost", async () => {
    const aws = withLostPrimary();
    aws.promotionInspections = 4;
    aws.beginPromotion();
    expect((await run(aws, FAILOVER)).failure).toBeUndefined();
    expect(aws.primary).toBe("us-west-2");
  });

  it("routes clients back, and names its command, when AWS refuses the promotion", async () => {
    const aws = withLostPrimary().fail("rds:failoverGlobalCluster", "Rds.InvalidGlobalClusterStateException");
    const executed = await run(aws, FAILOVER);
    expect(executed.failure).toMatchObject({ error: "Rds.InvalidGlobalClusterStateException" });
    expect(aws.primary).toBe("us-east-1");
    expect(aws.writes["us-west-2"]).toBe("frozen");
    expect([...aws.holds]).toEqual([]);
    expect(aws.messages.at(-1)).toMatch(/^NOT ROLLED BACK/);
    expect(aws.messages.at(-1)).toContain(AGAIN);
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
    const executed = await run(new FakeRegions("us-west-2", "us-east-1"), input);
    expect(executed.failure).toMatchObject({
      error: "RegionTakeover.InvalidInput",
      cause: expect.stringContaining('"allowDataLoss": true') as unknown,
    });
    expect(actions(executed)).toEqual(["sns:publish"]);
  });
});

describe("a takeover that cannot start", () => {
  it.each([
    ["the cluster is not a member of the global database", "missing", "RegionTakeover.NotAMember", SWITCHOVER],
    ["the global database is being changed and does not settle", "changing", "RegionTakeover.ChangeInProgress", SWITCHOVER],
  ])("because %s changes nothing", async (_, phase, error, input) => {
    const aws = new FakeRegions("us-west-2", "us-east-1");
    const answer = aws.lambda_invoke.bind(aws);
    aws.lambda_invoke = (parameters) =>
      (parameters["Payload"] as { action: string }).action === "inspect"
        ? { Payload: { phase, primaryRegion: "us-east-1", connected: true, restored: "" } }
        : answer(parameters);
    const executed = await run(aws, input);
    expect(executed.failure).toMatchObject({ error });
    expect(new Set(requests(executed))).toEqual(new Set(["find-executions", "inspect"]));
    expect(aws.writes).toEqual(AS_BEFORE);
  });

  it("because another takeover runs changes nothing", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1");
    aws.otherExecutions.push("arn:aws:states:us-east-1:123456789012:execution:runbook-region-takeover-test-1:other");
    const executed = await run(aws, SWITCHOVER);
    expect(executed.failure).toEqual({
      error: "RegionTakeover.OtherExecution",
      cause:
        "Another region takeover is running: arn:aws:states:us-east-1:123456789012:execution:runbook-region-takeover-test-1:other. Wait for its end, or abort it. Nothing was changed.",
    });
    expect(requests(executed)).toEqual(["find-executions"]);
  });

  it.each([SWITCHOVER, FAILOVER])("because a rewind has switched tasks to a restored cluster changes nothing: %j", async (input) => {
    const aws = new FakeRegions("us-west-2", "us-east-1");
    aws.restored = "aurora-rewind-test-1-us-east-1-0a1b2c3d";
    const executed = await run(aws, input);
    expect(executed.failure?.error).toBe("RegionTakeover.RestoredCluster");
    expect(executed.failure?.cause).toContain("aurora-rewind-test-1-us-east-1-0a1b2c3d, which is not in the global database");
    expect(requests(executed)).toEqual(["find-executions", "inspect"]);
  });
});

describe("a takeover during which another region becomes the primary", () => {
  it("freezes its own region and names the runbook of the other one", async () => {
    const aws = new FakeRegions("us-west-2", "us-west-2");
    const answer = aws.ecs_describeServices.bind(aws);
    aws.ecs_describeServices = (parameters) => {
      aws.primary = "us-east-1";
      return answer(parameters);
    };
    expect((await run(aws, SWITCHOVER)).failure?.error).toBe("RegionTakeover.Superseded");
    expect(aws.writes["us-west-2"]).toBe("frozen");
    expect(aws.messages.at(-1)).toMatch(/^SUPERSEDED: region takeover: CRITICAL: while us-west-2 took over, us-east-1 became/);
    expect(aws.messages.at(-1)).toContain(command("us-east-1", '{"mode":"switchover"}'));
  });
});

describe("the end of a takeover", () => {
  /** Changes the world at the first question for the tasks, after the promotion. */
  const duringTheStart = (aws: FakeRegions, change: () => void): FakeRegions => {
    const answer = aws.ecs_describeServices.bind(aws);
    aws.ecs_describeServices = (parameters) => {
      change();
      return answer(parameters);
    };
    return aws;
  };

  it("does not fence another region that has become the primary in the meantime", async () => {
    const aws = new FakeRegions("us-west-2", "us-west-2");
    duringTheStart(aws, () => {
      aws.primary = "us-east-1";
      aws.writes["us-east-1"] = "allowed";
      aws.holds.clear();
    });
    expect((await run(aws, SWITCHOVER)).failure?.error).toBe("RegionTakeover.Superseded");
    expect(aws.writes).toEqual(AS_BEFORE);
    expect([...aws.holds]).toEqual([]);
  });

  it("does not fence it when a later step fails, either", async () => {
    const aws = new FakeRegions("us-west-2", "us-west-2").fail("ecs:describeServices", "Ecs.EcsException", 2);
    duringTheStart(aws, () => {
      aws.primary = "us-east-1";
      aws.writes["us-east-1"] = "allowed";
    });
    expect((await run(aws, SWITCHOVER)).failure?.error).toBe("RegionTakeover.Superseded");
    expect(aws.writes["us-east-1"]).toBe("allowed");
  });

  it("keeps this region allowed while the global database is not settled: the region of the writer decides", async () => {
    const aws = new FakeRegions("us-west-2", "us-west-2");
    const answer = aws.lambda_invoke.bind(aws);
    let inspections = 0;
    aws.lambda_invoke = (parameters) => {
      const { action } = parameters["Payload"] as { readonly action: string };
      // The cluster is in a backup at the end, and the lost region has not rejoined.
      if (action === "inspect" && ++inspections > 1)
        return { Payload: { phase: "changing", primaryRegion: "us-west-2", connected: true, restored: "" } };
      return answer(parameters);
    };
    expect((await run(aws, SWITCHOVER)).failure).toBeUndefined();
    expect(aws.writes).toEqual(TAKEN_OVER);
    expect(aws.messages.at(-1)).toMatch(/^DONE/);
  });
});

describe("the capacity of a region that takes over", () => {
  it("is not changed in a hot standby, which may run more tasks by a schedule", async () => {
    expect(
      actions(await run(new FakeRegions("us-west-2", "us-east-1"), SWITCHOVER)).filter((action) => action.startsWith("application")),
    ).toEqual([]);
  });

  it.each([
    ["below the size of the primary is raised to it", [3, 3], [6, 6]],
    ["above the size of the primary is kept", [30, 80], [30, 80]],
    ["with a larger maximum keeps that maximum", [3, 24], [6, 24]],
  ] as const)("in a warm standby %s", async (_, before, after) => {
    const aws = new FakeRegions("us-west-2", "us-east-1", 1);
    aws.ranges["service/ecs-test-1/service-test-1"] = before;
    await run(aws, FAILOVER, warm);
    expect(aws.scaled).toEqual({ "service/ecs-test-1/service-test-1": after });
  });

  it("in a warm standby that cannot be scaled does not stop the takeover, which reports it", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1", 1).fail(
      "applicationautoscaling:registerScalableTarget",
      "ApplicationAutoScaling.X",
    );
    expect((await run(aws, FAILOVER, warm)).failure).toBeUndefined();
    expect(aws.messages.at(-1)).toMatch(/^DONE.*could NOT be scaled to the size of a primary region/);
  });
});

describe("a pilot light", () => {
  it.each([
    ["switchover", SWITCHOVER],
    ["failover", FAILOVER],
  ])("gets a database instance before a %s", async (_, input) => {
    const aws = new FakeRegions("us-west-2", "us-east-1", 0);
    const executed = await run(aws, input, pilotLight);
    expect(executed.failure).toBeUndefined();
    expect(executed.calls.find(({ action }) => action === "rds:createDBInstance")?.parameters).toMatchObject({
      DbInstanceIdentifier: "aurora-us-west-2a-test-1",
      DbClusterIdentifier: "aurora-test-1-us-west-2",
      AvailabilityZone: "us-west-2a",
      PreferredMaintenanceWindow: expect.stringMatching(/^sat:/) as unknown,
      Engine: "aurora-postgresql",
      DbInstanceClass: "db.r6g.large",
      PubliclyAccessible: false,
    });
    const sequence = executed.calls.map(({ action, parameters }) =>
      action === "lambda:invoke" ? (parameters["Payload"] as { readonly action: string }).action : action,
    );
    expect(sequence.indexOf("rds:createDBInstance")).toBeLessThan(sequence.indexOf("freeze-others"));
  });

  it("waits for an instance that an earlier execution has created", async () => {
    const executed = await run(new FakeRegions("us-west-2", "us-east-1", 1), FAILOVER, pilotLight);
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
    aws.readinessProblems = "CloudWatch has no replication lag of the last minutes.";
    aws.readyAfter = 3;
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
    expect(aws.writes).toEqual(AS_BEFORE);
  });
});

describe("the second of three regions", () => {
  const names = ["us-east-1", "us-west-2", "eu-west-1"];
  const three = {
    regions: names.map((name, index) => ({
      name,
      availability_zones: ["a", "b", "c"].map((zone) => `${name}${zone}`),
      vpc_cidr: `10.${index}.0.0/16`,
    })),
  };
  const second = takeoverOf(regionStack(three, 1));

  it.each([
    ["the first", "us-east-1", []],
    ["the third, which DNS prefers least", "eu-west-1", ["eu-west-1"]],
  ])("routes clients back to %s when that region stays the primary", async (_, primary, holds) => {
    const aws = new FakeRegions("us-west-2", primary, 3, names);
    aws.switchoverError = "InvalidGlobalClusterStateFault";
    expect((await run(aws, SWITCHOVER, second)).failure).toMatchObject({ error: "InvalidGlobalClusterStateFault" });
    expect([...aws.holds]).toEqual(holds);
    expect(aws.writes[primary]).toBe("allowed");
  });
});

describe("the first region", () => {
  it("switches everything back: no region holds DNS", async () => {
    const aws = new FakeRegions("us-east-1", "us-west-2");
    expect((await run(aws, SWITCHOVER, first)).failure).toBeUndefined();
    expect(aws.primary).toBe("us-east-1");
    expect([...aws.holds]).toEqual([]);
    expect(aws.writes).toEqual(AS_BEFORE);
  });

  it("leaves DNS with the primary when the switchover fails", async () => {
    const aws = new FakeRegions("us-east-1", "us-west-2");
    aws.switchoverError = "InvalidGlobalClusterStateFault";
    expect((await run(aws, SWITCHOVER, first)).failure).toMatchObject({ error: "InvalidGlobalClusterStateFault" });
    expect([...aws.holds]).toEqual(["us-west-2"]);
    expect(aws.writes).toEqual(TAKEN_OVER);
  });
});

describe("the output with the command of a failover", () => {
  it("starts the runbook of its region with an input that it accepts", () => {
    const stack = regionStack(regions("hot"), 1);
    const { value } = (stack.json["output"] as Record<string, { value: string }>)["region_takeover_command"] ?? { value: "" };
    expect(value).toBe(
      "aws stepfunctions start-execution --region us-west-2 --state-machine-arn ${aws_sfn_state_machine.region-takeover_runbook_machine.arn} " +
        `--input '${JSON.stringify(FAILOVER)}'`,
    );
  });
});

describe("a takeover whose messages cannot be sent", () => {
  it("succeeds", async () => {
    const aws = new FakeRegions("us-west-2", "us-east-1").fail("sns:publish", "Sns.SnsException");
    expect((await run(aws, SWITCHOVER)).failure).toBeUndefined();
    expect(aws.primary).toBe("us-west-2");
  });
});
