import { describe, expect, it } from "@jest/globals";
import { FakeRewinds, LIVE, PATH } from "../../support/fake-rewinds";
import { EVERY_STORE, MYSQL } from "../../support/config";
import { actionOf, definitionOf, type Executed, execute, statesOf } from "../../support/state-machine";
import { regionStack, type Synthesized } from "../../support/synthesized";

const postgresql = regionStack(EVERY_STORE);
const mysql = regionStack(MYSQL);
const rewindOf = (stack: Synthesized) => definitionOf(stack, "rewind");

const TO = "2026-11-20T12:00:00Z";
const rewind = (aws: FakeRewinds, stack = postgresql, input: object = { to: TO }): Promise<Executed> =>
  execute(rewindOf(stack), input, (call) => aws.perform(call));
const actions = ({ calls }: Executed): string[] => calls.map(({ action }) => action);

describe.each([
  ["that restores", postgresql],
  ["that goes back in place", mysql],
])("a rewind %s", (_, stack) => {
  it.each([
    ["no time", {}],
    ["a word", { to: "yesterday" }],
    ["a time of another zone", { to: "2026-11-20T12:00:00+01:00" }],
    ["a number", { to: 1732100000 }],
  ])("refuses %s before it asks or changes anything", async (__, input) => {
    const aws = new FakeRewinds();
    const executed = await rewind(aws, stack, input);
    expect(executed.failure).toMatchObject({
      error: "Rewind.InputInvalid",
      cause: expect.stringContaining("2026-11-21T07:30:00Z") as unknown,
    });
    expect(actions(executed)).toEqual(["sns:publish"]);
    expect(aws.messages[0]).toMatch(/^FAILED: rewind of the database: CRITICAL.*Nothing was changed/);
  });
});

describe("a rewind that restores", () => {
  const expectUnchanged = (aws: FakeRewinds, executed: Executed): void => {
    expect([...aws.clusters.keys()]).toEqual([LIVE]);
    expect(aws.instances.size).toBe(0);
    expect(Object.fromEntries(aws.parameters)).toEqual({
      [`${PATH}/cluster-identifier`]: LIVE,
      [`${PATH}/writer-endpoint`]: "writer.of.live",
      [`${PATH}/reader-endpoint`]: "reader.of.live",
    });
    const changing = executed.calls.filter(
      ({ action, parameters }) => /delete|modify/.test(action) && JSON.stringify(parameters).includes(`"${LIVE}"`),
    );
    expect(changing).toEqual([]);
  };

  it("makes a second cluster as it was then, checks it, leads the tasks there and keeps the old one", async () => {
    const aws = new FakeRewinds();
    const executed = await rewind(aws);
    expect(executed.failure).toBeUndefined();
    const sequence = actions(executed).filter((action) => !action.includes("DBInstance"));
    expect(sequence).toEqual([
      "ssm:getParameter",
      "rds:describeDBClusters",
      "sns:publish",
      "rds:restoreDBClusterToPointInTime",
      "rds:describeDBClusters",
      "rds:describeDBClusters",
      "rds:describeDBClusters",
      "ssm:getParameter",
      "ssm:putParameter",
      "ssm:putParameter",
      "ssm:putParameter",
      "ecs:updateService",
      "ecs:describeServices",
      "ecs:describeServices",
      "sns:publish",
    ]);
    const restored = [...aws.clusters.keys()].find((id) => id !== LIVE) ?? "";
    expect(restored).toMatch(/^aurora-rewind-test-1-us-east-1-[0-9a-f]{8}$/);
    expect(restored.length + "-a-2".length).toBeLessThanOrEqual(63);
    expect([...aws.instances]).toEqual(["a", "b", "c"].map((zone) => [`${restored}-${zone}`, "available"]));
    expect(Object.fromEntries(aws.parameters)).toEqual({
      [`${PATH}/cluster-identifier`]: restored,
      [`${PATH}/writer-endpoint`]: "writer.of.restored",
      [`${PATH}/reader-endpoint`]: "reader.of.restored",
    });
    expect(aws.clusters.has(LIVE)).toBe(true);
    expect(aws.deployments).toBe(1);
    expect(aws.messages).toEqual([
      expect.stringMatching(/^STARTED/),
      expect.stringMatching(/^DONE.*old cluster aurora-test-1-us-east-1 is kept/),
    ]);
  });

  it("restores under the live cluster's key, network and parameters, and tags what it makes", async () => {
    const { calls } = await rewind(new FakeRewinds());
    const restore = calls.find(({ action }) => action === "rds:restoreDBClusterToPointInTime")?.parameters;
    expect(restore).toMatchObject({
      SourceDBClusterIdentifier: LIVE,
      RestoreToTime: TO,
      RestoreType: "full-copy",
      DbSubnetGroupName: "subnets-test-1",
      KmsKeyId: "${aws_kms_key.database-key_key.arn}",
      VpcSecurityGroupIds: ["${aws_security_group.database_security-group_group.id}"],
      DbClusterParameterGroupName: "${aws_rds_cluster_parameter_group.database_cluster-parameters.name}",
      EnableIAMDatabaseAuthentication: true,
      BackupRetentionPeriod: 7,
    });
    expect(restore).not.toHaveProperty("EnableCloudwatchLogsExports");
    expect(restore?.["Tags"]).toContainEqual({ Key: "EnvironmentSuffix", Value: "test-1" });
    const instances = calls.filter(({ action }) => action === "rds:createDBInstance").map(({ parameters }) => parameters);
    expect(instances.map(({ AvailabilityZone, PromotionTier }) => [AvailabilityZone, PromotionTier])).toEqual([
      ["us-east-1a", 0],
      ["us-east-1b", 1],
      ["us-east-1c", 2],
    ]);
    for (const instance of instances)
      expect(instance).toMatchObject({ Engine: "aurora-postgresql", DbInstanceClass: "db.r6g.large", PubliclyAccessible: false });
  });

  it("goes on from a cluster that an earlier rewind made", async () => {
    const aws = new FakeRewinds();
    await rewind(aws);
    const first = aws.parameters.get(`${PATH}/cluster-identifier`);
    const { calls, failure } = await rewind(aws);
    expect(failure).toBeUndefined();
    expect(calls.find(({ action }) => action === "rds:restoreDBClusterToPointInTime")?.parameters["SourceDBClusterIdentifier"]).toBe(first);
  });

  it.each([
    [
      "a time before the backups",
      { to: "2026-11-14T06:59:59Z" },
      {},
      "Rewind.TooOld",
      /too long ago: the data can be taken back to 2026-11-14T07:00:00/,
    ],
    ["a time that is not there yet", { to: "2026-11-21T07:55:01Z" }, {}, "Rewind.TooNew", /the latest time is 2026-11-21T07:55:00/],
    ["a cluster without backups", { to: TO }, { EarliestRestorableTime: undefined }, "Rewind.NoBackup", /when it is promoted/],
  ])("refuses %s, and changes nothing", async (_, input, live, error, cause) => {
    const aws = new FakeRewinds(live);
    const executed = await rewind(aws, postgresql, input);
    expect(executed.failure).toEqual({ error, cause: expect.stringMatching(cause) as unknown });
    expect(actions(executed)).toEqual(["ssm:getParameter", "rds:describeDBClusters", "sns:publish"]);
    expect(aws.messages[0]).toContain(error);
    expectUnchanged(aws, executed);
  });

  it.each([
    ["the live cluster cannot be found", "ssm:getParameter", "Ssm.ParameterNotFoundException"],
    ["the restore is refused", "rds:restoreDBClusterToPointInTime", "Rds.StorageQuotaExceededException"],
    ["an instance is refused", "rds:createDBInstance", "Rds.InsufficientDbInstanceCapacityException"],
    ["an instance cannot be asked for", "rds:describeDBInstances", "Rds.RdsException"],
  ])("takes everything back when %s", async (_, action, error) => {
    const aws = new FakeRewinds().fail(action, error);
    const executed = await rewind(aws);
    expect(executed.failure).toMatchObject({ error });
    expect(aws.messages.at(-1)).toContain(`failed: ${error}`);
    expectUnchanged(aws, executed);
  });

  it("gives up a cluster that ends up broken, and deletes it", async () => {
    const aws = new FakeRewinds({}, { Status: "restore-failed" });
    const executed = await rewind(aws);
    expect(executed.failure).toMatchObject({ error: "Rewind.RestoreFailed", cause: expect.stringContaining("restore-failed") as unknown });
    expectUnchanged(aws, executed);
  });

  it.each([
    ["version", { EngineVersion: "16.9" }],
    ["key", { KmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/2" }],
    ["encryption", { StorageEncrypted: false }],
  ])("does not lead tasks to a cluster of another %s, and deletes it", async (_, restored) => {
    const aws = new FakeRewinds({}, restored);
    const executed = await rewind(aws);
    expect(executed.failure).toMatchObject({ error: "Rewind.VerificationFailed" });
    expect(actions(executed)).not.toContain("ssm:putParameter");
    expect(aws.deployments).toBe(0);
    expectUnchanged(aws, executed);
  });

  /** Once a parameter was changed, tasks may have written to the restored cluster. */
  const expectRolledBack = (aws: FakeRewinds, executed: Executed): void => {
    expect(Object.fromEntries(aws.parameters)).toEqual({
      [`${PATH}/cluster-identifier`]: LIVE,
      [`${PATH}/writer-endpoint`]: "writer.of.live",
      [`${PATH}/reader-endpoint`]: "reader.of.live",
    });
    expect(actions(executed).filter((action) => action.includes("delete"))).toEqual([]);
    expect(aws.clusters.size).toBe(2);
    expect(aws.messages).toContainEqual(expect.stringMatching(/^KEPT.*led back to aurora-test-1-us-east-1.*may hold what they wrote/));
    expect(aws.messages.at(-1)).toMatch(/^FAILED/);
  };

  it("replaces the tasks of every service that uses the database, and of no other", async () => {
    const aws = new FakeRewinds();
    const services = { ledger: { called_by: ["payments"], access: ["database"] }, risk: { called_by: ["ledger"] } };
    const images = { ledger: "registry.bank.test/ledger:1.0.0", risk: "registry.bank.test/risk:1.0.0" };
    const stack = regionStack({ ...EVERY_STORE, discovery: "dns", services, service_images: images });
    const executed = await rewind(aws, stack);
    expect(executed.failure).toBeUndefined();
    const rolled = executed.calls.filter(({ action }) => action === "ecs:updateService").map(({ parameters }) => parameters["Service"]);
    expect(rolled.sort()).toEqual(["service-ledger-test-1", "service-test-1"]);
  });

  it("leads the tasks back, and keeps what they may have written to, when a parameter cannot be changed", async () => {
    const aws = new FakeRewinds().fail("ssm:putParameter", "Ssm.TooManyUpdatesException", 2, 2);
    const executed = await rewind(aws);
    expect(executed.failure).toMatchObject({ error: "Ssm.TooManyUpdatesException" });
    expect(aws.deployments).toBe(1);
    expectRolledBack(aws, executed);
  });

  it("leads the tasks back, and keeps what they may have written to, when they cannot be replaced", async () => {
    const aws = new FakeRewinds().fail("ecs:updateService", "Ecs.ServiceNotActiveException", 1, 1);
    const executed = await rewind(aws);
    expect(executed.failure).toMatchObject({ error: "Ecs.ServiceNotActiveException" });
    expectRolledBack(aws, executed);
  });

  it.each([
    ["fail", { state: "FAILED" }],
    ["are taken back by the circuit breaker", { state: "COMPLETED", id: "ecs-svc/9" }],
    ["never get well", { state: "IN_PROGRESS" }],
  ])("leads the tasks back, and keeps what they may have written to, when the new ones %s", async (_, rollout) => {
    const aws = new FakeRewinds();
    aws.rollout = rollout;
    const executed = await rewind(aws);
    expect(executed.failure).toMatchObject({ error: "Rewind.TasksFailed" });
    expect(aws.deployments).toBe(2);
    expectRolledBack(aws, executed);
  });

  it("leaves everything as it is, and says so, when parameters can be led neither there nor back", async () => {
    const aws = new FakeRewinds().fail("ssm:putParameter", "Ssm.TooManyUpdatesException", 2);
    const executed = await rewind(aws);
    expect(executed.failure).toMatchObject({ error: "Ssm.TooManyUpdatesException" });
    expect(actions(executed).filter((action) => action.includes("delete"))).toEqual([]);
    expect(aws.messages).toContainEqual(expect.stringMatching(new RegExp(`^HALFWAY.*${PATH}/writer-endpoint`)));
  });

  it("gives way to another rewind that has led the tasks elsewhere in the meantime", async () => {
    const aws = new FakeRewinds();
    const executed = await execute(rewindOf(postgresql), { to: TO }, (call) => {
      if (call.action === "rds:createDBInstance") aws.parameters.set(`${PATH}/cluster-identifier`, "aurora-rewind-other");
      return aws.perform(call);
    });
    expect(executed.failure).toMatchObject({ error: "Rewind.Overtaken" });
    expect([...aws.clusters.keys()]).toEqual([LIVE]);
    expect(aws.parameters.get(`${PATH}/cluster-identifier`)).toBe("aurora-rewind-other");
  });

  it("asks again when AWS is busy, instead of giving a restore up", () => {
    for (const [name, state] of statesOf(rewindOf(postgresql)).filter(([, { Type }]) => Type === "Task")) {
      const [, operation = ""] = actionOf(state).split(":");
      const retried = (state["Retry"] as { ErrorEquals: string[] }[]).flatMap(({ ErrorEquals }) => ErrorEquals);
      if (/^(describe|get)/.test(operation)) expect({ name, retried }).toEqual({ name, retried: ["States.TaskFailed", "States.Timeout"] });
      else expect(retried.length).toBeGreaterThan(0);
    }
  });

  it("fits into the 25 000 events that an execution may have, with the most instances there can be", () => {
    const EVENTS_PER_ATTEMPT = 11;
    const attempts = statesOf(rewindOf(regionStack({ ...EVERY_STORE, database: { readers: 14 } })))
      .filter(([name]) => /^Is\w+There$/.test(name))
      .map(([name, { Choices }]) => {
        const limit =
          (Choices as { NumericGreaterThanEquals?: number }[]).find((choice) => choice.NumericGreaterThanEquals)
            ?.NumericGreaterThanEquals ?? 0;
        return name === "IsInstanceThere" ? limit * 15 : limit;
      });
    expect(attempts).toHaveLength(4);
    expect(attempts.reduce((sum, count) => sum + count) * EVENTS_PER_ATTEMPT).toBeLessThan(20_000);
  });

  it("tells of a restored cluster that it cannot delete", async () => {
    const aws = new FakeRewinds({}, { EngineVersion: "16.9" }).fail("rds:deleteDBCluster", "Rds.RdsException");
    const executed = await rewind(aws);
    expect(executed.failure).toMatchObject({ error: "Rewind.VerificationFailed" });
    expect(aws.messages.filter((message) => message.startsWith("LEFT BEHIND"))).toHaveLength(1);
  });

  it("does its work when nobody can be told", async () => {
    const aws = new FakeRewinds().fail("sns:publish", "Sns.SnsException");
    expect((await rewind(aws)).failure).toBeUndefined();
    expect(aws.deployments).toBe(1);
  });

  it("protects what it restored where the environment is protected", async () => {
    const aws = new FakeRewinds();
    const protectedStack = regionStack({ ...EVERY_STORE, protect: true });
    expect((await rewind(aws, protectedStack)).failure).toBeUndefined();
    const restored = aws.parameters.get(`${PATH}/cluster-identifier`) ?? "";
    expect(aws.clusters.get(restored)).toMatchObject({ DeletionProtection: true });
  });
});

describe("a rewind that goes back in place", () => {
  const live = { EarliestBacktrackTime: "2026-11-20T08:00:00.000Z" };

  it("backtracks the cluster, waits, checks it, and says how to undo it", async () => {
    const aws = new FakeRewinds(live);
    const executed = await rewind(aws, mysql);
    expect(executed.failure).toBeUndefined();
    expect(actions(executed)).toEqual([
      "rds:describeDBClusters",
      "sns:publish",
      "rds:backtrackDBCluster",
      "rds:describeDBClusterBacktracks",
      "rds:describeDBClusterBacktracks",
      "rds:describeDBClusters",
      "sns:publish",
    ]);
    expect(executed.calls[2]?.parameters).toEqual({
      DbClusterIdentifier: LIVE,
      BacktrackTo: TO,
      UseEarliestTimeOnPointInTimeUnavailable: false,
    });
    expect(aws.messages.at(-1)).toMatch(/^DONE.*To undo it, rewind to 2026-11-21T08:00:00/);
  });

  it.each([
    ["a time before the window", { to: "2026-11-20T07:59:59Z" }, live, "Rewind.TooOld"],
    ["a time that is not there yet", { to: "2999-01-01T00:00:00Z" }, live, "Rewind.TooNew"],
    ["a cluster without a window", { to: TO }, {}, "Rewind.NoBacktrack"],
  ])("refuses %s, and changes nothing", async (_, input, cluster, error) => {
    const executed = await rewind(new FakeRewinds(cluster), mysql, input);
    expect(executed.failure).toMatchObject({ error, cause: expect.stringContaining("Nothing was changed") as unknown });
    expect(actions(executed)).toEqual(["rds:describeDBClusters", "sns:publish"]);
  });

  it("fails with AWS's own reason when the backtrack is refused", async () => {
    const aws = new FakeRewinds(live).fail("rds:backtrackDBCluster", "Rds.InvalidDbClusterStateException");
    expect((await rewind(aws, mysql)).failure).toEqual({
      error: "Rds.InvalidDbClusterStateException",
      cause: "rds:backtrackDBCluster was refused",
    });
  });

  it("fails when the backtrack does, or when the cluster is not well after it", async () => {
    expect((await rewind(new FakeRewinds(live, { Backtrack: "failed" }), mysql)).failure).toMatchObject({
      error: "Rewind.BacktrackFailed",
    });
    const unhealthy = new FakeRewinds({ ...live, Status: "inaccessible-encryption-credentials" });
    expect((await rewind(unhealthy, mysql)).failure).toMatchObject({ error: "Rewind.VerificationFailed" });
  });
});
