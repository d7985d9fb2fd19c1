import { describe, expect, it } from "@jest/globals";
import { FakeRewinds, LIVE, PATH } from "../../support/fake-rewinds";
import { EVERY_STORE, MYSQL, SERVICE_USER } from "../../support/config";
import { actionOf, definitionOf, type Executed, execute, statesOf } from "../../support/state-machine";
import { regionStack, type Synthesized } from "../../support/synthesized";

const postgresql = regionStack(EVERY_STORE);
const mysql = regionStack(MYSQL);
const withUser = regionStack({ ...EVERY_STORE, database: { ...EVERY_STORE.database, ...SERVICE_USER.database } });
const mysqlWithUser = regionStack({ ...MYSQL, database: { ...MYSQL.database, ...SERVICE_USER.database } });
const rewindOf = (stack: Synthesized) => definitionOf(stack, "rewind");

const TO = "2026-11-20T12:00:00Z";
const rewind = (aws: FakeRewinds, stack = postgresql, input: object = { to: TO }): Promise<Executed> =>
  execute(rewindOf(stack), input, (call) => aws.perform(call));
const actions = ({ calls }: Executed): string[] => calls.map(({ action }) => action);

describe.each([
  ["by restore", postgresql],
  ["by backtrack", mysql],
])("a rewind %s", (_, stack) => {
  it.each([
    ["no time", {}],
    ["a word", { to: "yesterday" }],
    ["a time with another UTC offset", { to: "2026-11-20T12:00:00+01:00" }],
    ["a number", { to: 1732100000 }],
  ])("rejects %s before any call", async (__, input) => {
    const aws = new FakeRewinds();
    const executed = await rewind(aws, stack, input);
    expect(executed.failure).toMatchObject({
      error: "Rewind.InvalidInput",
      cause: expect.stringContaining("2026-11-21T07:30:00Z") as unknown,
    });
    expect(actions(executed)).toEqual(["sns:publish"]);
    expect(aws.messages[0]).toMatch(/^FAILED: database rewind: CRITICAL.*Nothing was changed/);
  });
});

describe("a rewind by restore", () => {
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

  it("restores to a second cluster, verifies it, switches the tasks to it, and keeps the old cluster", async () => {
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
      "lambda:invoke",
      "rds:describeDBClusters",
      "rds:describeDBClusters",
      "rds:describeDBClusters",
      "ssm:getParameter",
      "ssm:getParameter",
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
    expect(aws.passwordsSet).toEqual([restored]);
    expect(aws.clusters.has(LIVE)).toBe(true);
    expect(aws.deployments).toBe(1);
    expect(aws.messages).toEqual([
      expect.stringMatching(/^STARTED/),
      expect.stringMatching(/^DONE.*The old cluster aurora-test-1-us-east-1 is kept/),
    ]);
  });

  it("restores with the live cluster's key, network and parameters, and tags what it creates", async () => {
    const { calls } = await rewind(new FakeRewinds());
    const restore = calls.find(({ action }) => action === "rds:restoreDBClusterToPointInTime")?.parameters;
    expect(restore).toMatchObject({
      SourceDBClusterIdentifier: LIVE,
      RestoreToTime: TO,
      RestoreType: "full-copy",
      DbSubnetGroupName: "subnets-test-1",
      KmsKeyId: "${aws_kms_key.database-key_key.arn}",
      VpcSecurityGroupIds: ["${aws_security_group.database_security-group_group.id}"],
      DbClusterParameterGroupName: "${aws_rds_cluster_parameter_group.database_cluster-parameters-16.name}",
      EnableIAMDatabaseAuthentication: true,
    });
    expect(restore).not.toHaveProperty("EnableCloudwatchLogsExports");
    expect(restore?.["Tags"]).toContainEqual({ Key: "EnvironmentSuffix", Value: "test-1" });
    const instances = calls.filter(({ action }) => action === "rds:createDBInstance").map(({ parameters }) => parameters);
    expect(instances.map(({ AvailabilityZone, PromotionTier }) => [AvailabilityZone, PromotionTier])).toEqual([
      ["us-east-1a", 0],
      ["us-east-1b", 1],
      ["us-east-1c", 2],
    ]);
    expect(instances.map(({ PreferredMaintenanceWindow }) => PreferredMaintenanceWindow)).toEqual([
      "sun:07:00-sun:07:30",
      "sun:06:30-sun:07:00",
      "sun:06:00-sun:06:30",
    ]);
    for (const instance of instances)
      expect(instance).toMatchObject({ Engine: "aurora-postgresql", DbInstanceClass: "db.r6g.large", PubliclyAccessible: false });
  });

  it("rewinds a cluster that an earlier rewind has restored", async () => {
    const aws = new FakeRewinds();
    await rewind(aws);
    const first = aws.parameters.get(`${PATH}/cluster-identifier`);
    const { calls, failure } = await rewind(aws);
    expect(failure).toBeUndefined();
    expect(calls.find(({ action }) => action === "rds:restoreDBClusterToPointInTime")?.parameters["SourceDBClusterIdentifier"]).toBe(first);
  });

  it.each([
    [
      "a time before the earliest backup",
      { to: "2026-11-14T06:59:59Z" },
      {},
      "Rewind.TooOld",
      /too old: the earliest possible time is 2026-11-14T07:00:00/,
    ],
    [
      "a time after the latest backup",
      { to: "2026-11-21T07:55:01Z" },
      {},
      "Rewind.TooNew",
      /the latest possible time is 2026-11-21T07:55:00/,
    ],
    ["a cluster without backups", { to: TO }, { EarliestRestorableTime: undefined }, "Rewind.NoBackup", /after its promotion/],
  ])("rejects %s, and changes nothing", async (_, input, live, error, cause) => {
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
    ["an instance cannot be described", "rds:describeDBInstances", "Rds.RdsException"],
    ["the password cannot be set", "lambda:invoke", "AccessDeniedException"],
    ["the change of the password stays refused", "lambda:invoke", "InvalidDBClusterStateFault"],
  ])("deletes the restored cluster when %s", async (_, action, error) => {
    const aws = new FakeRewinds().fail(action, error);
    const executed = await rewind(aws);
    expect(executed.failure).toMatchObject({ error });
    expect(aws.messages.at(-1)).toContain(`failed: ${error}`);
    expectUnchanged(aws, executed);
  });

  it("deletes a restored cluster that fails", async () => {
    const aws = new FakeRewinds({}, { Status: "restore-failed" });
    const executed = await rewind(aws);
    expect(executed.failure).toMatchObject({ error: "Rewind.RestoreFailed", cause: expect.stringContaining("restore-failed") as unknown });
    expectUnchanged(aws, executed);
  });

  it("sets the password again while RDS refuses the change, because it makes another one", async () => {
    const aws = new FakeRewinds().fail("lambda:invoke", "InvalidDBClusterStateFault", 1, 4);
    expect((await rewind(aws)).failure).toBeUndefined();
    expect(aws.passwordsSet).toEqual([aws.parameters.get(`${PATH}/cluster-identifier`)]);
  });

  it("sets the user of the services in the restored cluster, after the password and before the tasks are switched", async () => {
    const aws = new FakeRewinds();
    const executed = await rewind(aws, withUser);
    expect(executed.failure).toBeUndefined();
    const restored = aws.parameters.get(`${PATH}/cluster-identifier`);
    expect(aws.passwordsSet).toEqual([restored]);
    expect(aws.usersSet).toEqual([aws.clusters.get(restored ?? "")?.["Endpoint"]]);
    expect(aws.usersSet).not.toEqual(["writer.of.live"]);
    const sequence = actions(executed);
    expect(sequence.lastIndexOf("lambda:invoke")).toBeLessThan(sequence.indexOf("ssm:putParameter"));
    const without = new FakeRewinds();
    await rewind(without);
    expect(without.usersSet).toEqual([]);
  });

  it("deletes the restored cluster when the user of the services cannot be set", async () => {
    const aws = new FakeRewinds().fail("lambda:invoke", "Error", 2, 99);
    const executed = await rewind(aws, withUser);
    expect(executed.failure).toMatchObject({ error: "Error" });
    expect(aws.passwordsSet).toHaveLength(1);
    expectUnchanged(aws, executed);
  });

  it("deletes a restored cluster that is not available after the change of its password", async () => {
    const aws = new FakeRewinds();
    aws.statusAfterPassword = "inaccessible-encryption-credentials";
    const executed = await rewind(aws);
    expect(executed.failure).toMatchObject({
      error: "Rewind.PasswordFailed",
      cause: expect.stringContaining("inaccessible-encryption-credentials") as unknown,
    });
    expectUnchanged(aws, executed);
  });

  it.each([
    ["version", { EngineVersion: "16.9" }],
    ["key", { KmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/2" }],
    ["encryption", { StorageEncrypted: false }],
  ])("deletes a restored cluster of another %s, and does not switch tasks to it", async (_, restored) => {
    const aws = new FakeRewinds({}, restored);
    const executed = await rewind(aws);
    expect(executed.failure).toMatchObject({ error: "Rewind.VerificationFailed" });
    expect(actions(executed)).not.toContain("ssm:putParameter");
    expect(aws.deployments).toBe(0);
    expectUnchanged(aws, executed);
  });

  /** After the first change of a parameter, tasks may have written to the restored cluster. */
  const expectRolledBack = (aws: FakeRewinds, executed: Executed): void => {
    expect(Object.fromEntries(aws.parameters)).toEqual({
      [`${PATH}/cluster-identifier`]: LIVE,
      [`${PATH}/writer-endpoint`]: "writer.of.live",
      [`${PATH}/reader-endpoint`]: "reader.of.live",
    });
    expect(actions(executed).filter((action) => action.includes("delete"))).toEqual([]);
    expect(aws.clusters.size).toBe(2);
    expect(aws.messages).toContainEqual(expect.stringMatching(/^KEPT.*switched back to aurora-test-1-us-east-1.*may contain writes/));
    expect(aws.messages.at(-1)).toMatch(/^FAILED/);
  };

  it("replaces the tasks of exactly the services that use the database", async () => {
    const aws = new FakeRewinds();
    const services = { ledger: { called_by: ["payments"], access: ["database"] }, risk: { called_by: ["ledger"] } };
    const images = { ledger: "registry.bank.test/ledger:1.0.0", risk: "registry.bank.test/risk:1.0.0" };
    const stack = regionStack({ ...EVERY_STORE, discovery: "dns", services, service_images: images });
    const executed = await rewind(aws, stack);
    expect(executed.failure).toBeUndefined();
    const rolled = executed.calls.filter(({ action }) => action === "ecs:updateService").map(({ parameters }) => parameters["Service"]);
    expect(rolled.sort()).toEqual(["service-ledger-test-1", "service-test-1"]);
  });

  it("replaces no tasks and deletes the restored cluster when not even the first parameter can be changed", async () => {
    const aws = new FakeRewinds().fail("ssm:putParameter", "Ssm.TooManyUpdatesException");
    const executed = await rewind(aws);
    expect(executed.failure).toMatchObject({ error: "Ssm.TooManyUpdatesException" });
    expect(aws.deployments).toBe(0);
    expect(aws.messages.map((message) => message.split(":")[0])).toEqual(["STARTED", "IN PROGRESS", "FAILED"]);
    expectUnchanged(aws, executed);
  });

  it("switches the tasks back and keeps the restored cluster when the first parameter has changed despite an error", async () => {
    const aws = new FakeRewinds().fail("ssm:putParameter", "Ssm.SsmException", 1, 4);
    const executed = await execute(rewindOf(postgresql), { to: TO }, async (call) => {
      if (call.action === "ssm:putParameter") aws.ssm_putParameter(call.parameters);
      return aws.perform(call);
    });
    expect(executed.failure).toMatchObject({ error: "Ssm.SsmException" });
    expect(aws.deployments).toBe(1);
    expectRolledBack(aws, executed);
  });

  it("switches the tasks back and keeps the restored cluster when it cannot read whether a parameter has changed", async () => {
    const aws = new FakeRewinds()
      .fail("ssm:putParameter", "Ssm.TooManyUpdatesException", 1, 1)
      .fail("ssm:getParameter", "Ssm.SsmException", 5);
    const executed = await rewind(aws);
    expect(executed.failure).toMatchObject({ error: "Ssm.TooManyUpdatesException" });
    expectRolledBack(aws, executed);
  });

  it("switches the tasks back and keeps the restored cluster when a parameter cannot be changed", async () => {
    const aws = new FakeRewinds().fail("ssm:putParameter", "Ssm.TooManyUpdatesException", 2, 2);
    const executed = await rewind(aws);
    expect(executed.failure).toMatchObject({ error: "Ssm.TooManyUpdatesException" });
    expect(aws.deployments).toBe(1);
    expectRolledBack(aws, executed);
  });

  it("switches the tasks back and keeps the restored cluster when they cannot be replaced", async () => {
    const aws = new FakeRewinds().fail("ecs:updateService", "Ecs.ServiceNotActiveException", 1, 1);
    const executed = await rewind(aws);
    expect(executed.failure).toMatchObject({ error: "Ecs.ServiceNotActiveException" });
    expectRolledBack(aws, executed);
  });

  it.each([
    ["fail", { state: "FAILED" }],
    ["are rolled back by the circuit breaker", { state: "COMPLETED", id: "ecs-svc/9" }],
    ["never become healthy", { state: "IN_PROGRESS" }],
  ])("switches the tasks back and keeps the restored cluster when the new tasks %s", async (_, rollout) => {
    const aws = new FakeRewinds();
    aws.rollout = rollout;
    const executed = await rewind(aws);
    expect(executed.failure).toMatchObject({ error: "Rewind.TasksFailed" });
    expect(aws.deployments).toBe(2);
    expectRolledBack(aws, executed);
  });

  it("deletes nothing and reports HALFWAY when the parameters can be switched neither forward nor back", async () => {
    const aws = new FakeRewinds().fail("ssm:putParameter", "Ssm.TooManyUpdatesException", 2);
    const executed = await rewind(aws);
    expect(executed.failure).toMatchObject({ error: "Ssm.TooManyUpdatesException" });
    expect(actions(executed).filter((action) => action.includes("delete"))).toEqual([]);
    expect(aws.messages).toContainEqual(expect.stringMatching(new RegExp(`^HALFWAY.*${PATH}/writer-endpoint`)));
  });

  it("deletes its restored cluster when another rewind has switched the tasks in the meantime", async () => {
    const aws = new FakeRewinds();
    const executed = await execute(rewindOf(postgresql), { to: TO }, (call) => {
      if (call.action === "rds:createDBInstance") aws.parameters.set(`${PATH}/cluster-identifier`, "aurora-rewind-other");
      return aws.perform(call);
    });
    expect(executed.failure).toMatchObject({ error: "Rewind.Superseded" });
    expect([...aws.clusters.keys()]).toEqual([LIVE]);
    expect(aws.parameters.get(`${PATH}/cluster-identifier`)).toBe("aurora-rewind-other");
  });

  it("retries calls that read after any error, so that throttling does not end a restore", () => {
    for (const [name, state] of statesOf(rewindOf(postgresql)).filter(([, { Type }]) => Type === "Task")) {
      const [, operation = ""] = actionOf(state).split(":");
      const retried = (state["Retry"] as { ErrorEquals: string[] }[]).flatMap(({ ErrorEquals }) => ErrorEquals);
      if (/^(describe|get)/.test(operation))
        expect({ name, retried: retried.sort() }).toEqual({ name, retried: ["States.TaskFailed", "States.Timeout"] });
      else expect(retried.length).toBeGreaterThan(0);
    }
  });

  it("stays within 25,000 events in an execution, with the maximum number of instances", () => {
    const EVENTS_PER_ATTEMPT = 11;
    const attempts = statesOf(rewindOf(regionStack({ ...EVERY_STORE, database: { readers: 14 } })))
      .filter(([name]) => /^Check\w+Status$/.test(name))
      .map(([name, { Choices }]) => {
        const limit =
          (Choices as { NumericGreaterThanEquals?: number }[]).find((choice) => choice.NumericGreaterThanEquals)
            ?.NumericGreaterThanEquals ?? 0;
        return name === "CheckInstanceStatus" ? limit * 15 : limit;
      });
    expect(attempts).toHaveLength(5);
    expect(attempts.reduce((sum, count) => sum + count) * EVENTS_PER_ATTEMPT).toBeLessThan(20_000);
  });

  it("reports a restored cluster that it cannot delete", async () => {
    const aws = new FakeRewinds({}, { EngineVersion: "16.9" }).fail("rds:deleteDBCluster", "Rds.RdsException");
    const executed = await rewind(aws);
    expect(executed.failure).toMatchObject({ error: "Rewind.VerificationFailed" });
    expect(aws.messages.filter((message) => message.startsWith("LEFT BEHIND"))).toHaveLength(1);
  });

  it("succeeds when its messages cannot be sent", async () => {
    const aws = new FakeRewinds().fail("sns:publish", "Sns.SnsException");
    expect((await rewind(aws)).failure).toBeUndefined();
    expect(aws.deployments).toBe(1);
  });

  it("enables deletion protection on the restored cluster in a protected environment", async () => {
    const aws = new FakeRewinds();
    const protectedStack = regionStack({ ...EVERY_STORE, protect: true });
    expect((await rewind(aws, protectedStack)).failure).toBeUndefined();
    const restored = aws.parameters.get(`${PATH}/cluster-identifier`) ?? "";
    expect(aws.clusters.get(restored)).toMatchObject({ DeletionProtection: true });
  });
});

describe("a rewind by backtrack", () => {
  const live = { EarliestBacktrackTime: "2026-11-20T08:00:00.000Z" };

  it("backtracks the cluster, waits until it is available, and reports how to undo the rewind", async () => {
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
      "lambda:invoke",
      "rds:describeDBClusters",
      "rds:describeDBClusters",
      "rds:describeDBClusters",
      "sns:publish",
    ]);
    expect(aws.passwordsSet).toEqual([LIVE]);
    expect(executed.calls[2]?.parameters).toEqual({
      DbClusterIdentifier: LIVE,
      BacktrackTo: TO,
      UseEarliestTimeOnPointInTimeUnavailable: false,
    });
    expect(aws.messages.at(-1)).toMatch(/^DONE.*To undo this, rewind to 2026-11-21T08:00:00/);
  });

  it.each([
    ["a time before the backtrack window", { to: "2026-11-20T07:59:59Z" }, live, "Rewind.TooOld"],
    ["a time in the future", { to: "2999-01-01T00:00:00Z" }, live, "Rewind.TooNew"],
    ["a cluster without a backtrack window", { to: TO }, {}, "Rewind.NoBacktrack"],
  ])("rejects %s, and changes nothing", async (_, input, cluster, error) => {
    const executed = await rewind(new FakeRewinds(cluster), mysql, input);
    expect(executed.failure).toMatchObject({ error, cause: expect.stringContaining("Nothing was changed") as unknown });
    expect(actions(executed)).toEqual(["rds:describeDBClusters", "sns:publish"]);
  });

  it("fails with the error of AWS when it refuses the backtrack", async () => {
    const aws = new FakeRewinds(live).fail("rds:backtrackDBCluster", "Rds.InvalidDbClusterStateException");
    expect((await rewind(aws, mysql)).failure).toEqual({
      error: "Rds.InvalidDbClusterStateException",
      cause: "rds:backtrackDBCluster was refused",
    });
  });

  it("fails when the backtrack fails, and when the cluster is not available after it", async () => {
    expect((await rewind(new FakeRewinds(live, { Backtrack: "failed" }), mysql)).failure).toMatchObject({
      error: "Rewind.BacktrackFailed",
    });
    const unhealthy = new FakeRewinds({ ...live, Status: "inaccessible-encryption-credentials" });
    expect((await rewind(unhealthy, mysql)).failure).toMatchObject({ error: "Rewind.VerificationFailed" });
  });

  it.each([
    ["the change is refused", new FakeRewinds(live).fail("lambda:invoke", "AccessDeniedException"), "AccessDeniedException"],
    [
      "the cluster does not become available",
      Object.assign(new FakeRewinds(live), { statusAfterPassword: "failed" }),
      "Rewind.PasswordFailed",
    ],
    [
      "the cluster cannot be described",
      new FakeRewinds(live).fail("rds:describeDBClusters", "Rds.RdsException", 3, 99),
      "Rds.RdsException",
    ],
  ])("reports the command that sets the password when %s", async (_, aws, error) => {
    expect((await rewind(aws, mysql)).failure).toMatchObject({ error });
    expect(aws.messages).toContainEqual(
      expect.stringMatching(
        /^PASSWORD NOT SET: .*CRITICAL: the database has the data of 2026-11-20T12:00:00Z, .*aws rds modify-db-cluster --region us-east-1 --db-cluster-identifier aurora-test-1-us-east-1 --apply-immediately --master-user-password "\$\(aws secretsmanager get-secret-value .* \| jq -r .password\)"/,
      ),
    );
    expect(aws.messages.at(-1)).toMatch(/^FAILED/);
  });

  it("sets the user of the services in place, and reports the command that sets it when that fails", async () => {
    const aws = new FakeRewinds(live);
    expect((await rewind(aws, mysqlWithUser)).failure).toBeUndefined();
    expect(aws.usersSet).toEqual(["writer.of.live"]);
    const failing = new FakeRewinds(live).fail("lambda:invoke", "Error", 2, 99);
    expect((await rewind(failing, mysqlWithUser)).failure).toMatchObject({ error: "Error" });
    expect(failing.messages).toContainEqual(
      expect.stringMatching(
        /^SERVICE USER NOT SET: .*CRITICAL: the database has the data of 2026-11-20T12:00:00Z, .*aws lambda invoke --region us-east-1 --function-name \S+ \/dev\/stdout/,
      ),
    );
    expect(failing.messages.at(-1)).toMatch(/^FAILED/);
  });

  it("sets no password where RDS manages it", async () => {
    const managed = regionStack({ ...MYSQL, terraform_version: "1.10" });
    const aws = new FakeRewinds(live);
    expect((await rewind(aws, managed)).failure).toBeUndefined();
    expect(aws.passwordsSet).toEqual([]);
    expect(managed.all("aws_lambda_function").map(({ address }) => address)).not.toContainEqual(expect.stringContaining("rewind_"));
  });
});
