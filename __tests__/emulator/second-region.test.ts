import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import * as rds from "@aws-sdk/client-rds";
import { RemoveRegionsFromReplicationCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { Names } from "../../config/naming";
import { globalDatabaseName } from "../../modules/database/global-database";
import { Cloud, describeSimulated } from "../support/cloud";
import { FEW_RESOURCES, MINIMAL, ONE_REGION, twoRegions } from "../support/config";
import type { Pipeline } from "../support/pipeline";

jest.setTimeout(30 * 60 * 1000);

const PRIMARY = "us-east-1";
const STANDBY = "us-west-2";
const SUFFIX = "it-s";
const FIRST_IMAGE = "registry.bank.test/payments:1.4.0";
const SMALL = { container_image: FIRST_IMAGE, ...FEW_RESOURCES };
const ALONE = { ...SMALL, ...ONE_REGION };
const PAIR = { ...SMALL, ...twoRegions("pilot-light") };
/** A global database is upgraded while each region has an instance. */
const UPGRADABLE = { ...SMALL, ...twoRegions("warm") };
const NEXT_MAJOR = "17.7";

describeSimulated("a platform of two regions", () => {
  let cloud: Cloud;
  let pipeline: Pipeline;
  const names = new Names(SUFFIX, PRIMARY, MINIMAL.account_id);
  const DBClusterIdentifier = (region: string): string => names.in(region).of("rds_cluster");
  const clusterArn = (region: string): string => `arn:aws:rds:${region}:${MINIMAL.account_id}:cluster:${DBClusterIdentifier(region)}`;
  const database = (region: string): rds.RDSClient => new rds.RDSClient({ region });
  const GlobalClusterIdentifier = globalDatabaseName(names);
  let dataOf = "";
  let firstOutput = "";

  /** The identity of the data: it changes when the cluster is replaced. */
  const resourceId = async (): Promise<string> => {
    const { DBClusters: [cluster] = [] } = await database(PRIMARY).send(
      new rds.DescribeDBClustersCommand({ DBClusterIdentifier: DBClusterIdentifier(PRIMARY) }),
    );
    return cluster?.DbClusterResourceId ?? "";
  };
  const members = async (): Promise<(readonly [region: string | undefined, writes: boolean | undefined])[]> => {
    const { GlobalClusters = [] } = await database(PRIMARY).send(new rds.DescribeGlobalClustersCommand({}));
    return (GlobalClusters[0]?.GlobalClusterMembers ?? []).map(({ DBClusterArn, IsWriter }) => [DBClusterArn?.split(":")[3], IsWriter]);
  };
  /** Deploys as a pipeline does, and expects that nothing is left to change. */
  const deploy = async (overrides: Readonly<Record<string, unknown>>): Promise<void> => {
    await cloud.change(overrides);
    expect(await pipeline.deploy()).toEqual({ code: 0, changes: "" });
  };

  beforeAll(async () => {
    // A deployment of the emulator is complete at once.
    process.env["WAVE_CHECK_SECONDS"] = "0";
    cloud = await Cloud.open(SUFFIX, PAIR);
    await cloud.bootstrap();
    pipeline = cloud.pipeline(SUFFIX);
    await pipeline.synth();
    firstOutput = await pipeline.must("apply", "--waves");
    dataOf = await resourceId();
  });

  afterAll(() => cloud.close());

  it("is deployed in the usual order at first, also with --waves: nothing is left to change, and it passes npm run verify", async () => {
    expect(firstOutput).toContain(`${STANDBY} is not deployed yet, and the database of a standby region needs that of the primary region`);
    expect(firstOutput).toContain(`Applied: global ${PRIMARY} ${STANDBY} failover\nImages that run:\n`);
    for (const region of [PRIMARY, STANDBY]) expect(firstOutput).toContain(`  ${region}  ${names.of("ecs_service")}  ${FIRST_IMAGE}\n`);
    expect(await pipeline.shell("plan")).toMatchObject({ code: 0 });
    expect((await cloud.verify()).results.filter(({ result }) => result !== "pass")).toEqual([]);
  });

  it("rejects the removal of the region that is the writer, before it deletes anything", async () => {
    const switchTo = (region: string) =>
      database(PRIMARY).send(
        new rds.SwitchoverGlobalClusterCommand({ GlobalClusterIdentifier, TargetDbClusterIdentifier: clusterArn(region) }),
      );
    await switchTo(STANDBY);
    await cloud.change({ ...ALONE, removed_regions: [STANDBY] });
    await pipeline.synth();
    const { code, stderr } = await pipeline.shell("apply");
    expect(code).toBe(1);
    expect(stderr.replaceAll(/[\s│]+/g, " ")).toContain(`the removal of ${STANDBY} could delete the data`);
    await switchTo(PRIMARY);
  });

  it("stops before the last replica of the secret is removed, and prints the command that removes it", async () => {
    const { code, stderr } = await pipeline.shell("plan");
    expect(code).toBe(1);
    const [, SecretId = "", removed = ""] =
      /aws secretsmanager remove-regions-from-replication --region us-east-1 --secret-id (\S+) --remove-replica-regions (\S+)/.exec(
        stderr.replaceAll(/[\s│]+/g, " "),
      ) ?? [];
    expect(removed).toBe(STANDBY);
    await new SecretsManagerClient({ region: PRIMARY }).send(
      new RemoveRegionsFromReplicationCommand({ SecretId, RemoveReplicaRegions: [removed] }),
    );
  });

  it("becomes a platform of one region, and nothing of the second one is left", async () => {
    await deploy({ ...ALONE, removed_regions: [STANDBY] });
    await deploy(ALONE);
    expect(await resourceId()).toBe(dataOf);
    expect(await members()).toEqual([]);
    expect((await cloud.leftovers()).filter((resource) => resource.includes(STANDBY))).toEqual([]);
  });

  it("gets a second region again, whose cluster replicates the existing one", async () => {
    await deploy(PAIR);
    expect(await resourceId()).toBe(dataOf);
    expect(await members()).toEqual([
      [PRIMARY, true],
      [STANDBY, false],
    ]);
  });

  it("becomes a warm standby", async () => {
    await deploy(UPGRADABLE);
    const { DBClusters: [cluster] = [] } = await database(STANDBY).send(
      new rds.DescribeDBClustersCommand({ DBClusterIdentifier: DBClusterIdentifier(STANDBY) }),
    );
    expect(cluster?.DBClusterMembers).toHaveLength(1);
  });

  describe("in a release in waves", () => {
    const release = (tag: string, ...args: string[]) =>
      pipeline.shell("apply", ["--waves", ...args], { container_image: `registry.bank.test/payments:${tag}` });
    const service = names.of("ecs_service");

    it("keeps the former image in the primary region when the standby region does not become stable", async () => {
      const { code, stderr } = await release("broken-1.5.0");
      expect({ code, stopped: stderr.slice(stderr.indexOf("\nStopped at")).trim().split("\n") }).toEqual({
        code: 1,
        stopped: [
          `Stopped at ${STANDBY} (wave 1 of 2): see above.`,
          "  applied:      global",
          `  not started: ${PRIMARY} failover `,
          "Images that run:",
          `  ${PRIMARY}  ${service}  ${FIRST_IMAGE}`,
          `  ${STANDBY}  ${service}  ${FIRST_IMAGE}, and not the newest revision, which has registry.bank.test/payments:broken-1.5.0`,
          `The primary region, ${PRIMARY}, still runs the former release.`,
          "Correct the cause, then run: scripts/ci/apply.sh --waves",
          "To go back, run it with the values or the commit of the former release: it changes only the regions that have the new one.",
        ],
      });
      expect(stderr.replaceAll(/[\s│]+/g, " ")).toContain(`The deployment of ${service} failed, and ECS rolled it back`);
    });

    it("keeps the former image in the primary region when the check of the standby region fails", async () => {
      const { code, stderr } = await release("1.5.1", "--check", "test $REGION != us-west-2");
      expect(code).toBe(1);
      expect(stderr).toContain(`Stopped at ${STANDBY} (wave 1 of 2): it is applied, and its check failed: see above.\n`);
      expect(stderr).toContain(`  ${PRIMARY}  ${service}  ${FIRST_IMAGE}\n  ${STANDBY}  ${service}  registry.bank.test/payments:1.5.1\n`);
    });

    it("runs the new image in both regions after the verification of each, the standby region first", async () => {
      const { code, stderr } = await release("1.5.1");
      expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
      expect(
        [...stderr.matchAll(/^== (?:apply|check) .*|^\d+ of \d+ checks pass\.$/gm)].map(([line]) => line.replace(/^\d+ of \d+/, "all")),
      ).toEqual([
        "== apply global (1 of 4)",
        ...[`== apply ${STANDBY} (2 of 4) (wave 1 of 2)`, `== check ${STANDBY} (wave 1 of 2)`, "all checks pass."],
        ...[`== apply ${PRIMARY} (3 of 4) (wave 2 of 2)`, `== check ${PRIMARY} (wave 2 of 2)`, "all checks pass."],
        "== apply failover (4 of 4)",
      ]);
      for (const region of [PRIMARY, STANDBY]) expect(stderr).toContain(`  ${region}  ${service}  registry.bank.test/payments:1.5.1\n`);
    });
  });

  it("gets a new major version in both regions by one deploy, with the parameter groups of this version", async () => {
    await deploy({ ...UPGRADABLE, database: { ...SMALL.database, engine_version: NEXT_MAJOR } });
    for (const region of [PRIMARY, STANDBY]) {
      const { DBClusters: [cluster] = [] } = await database(region).send(
        new rds.DescribeDBClustersCommand({ DBClusterIdentifier: DBClusterIdentifier(region) }),
      );
      expect(cluster).toMatchObject({
        EngineVersion: NEXT_MAJOR,
        DBClusterParameterGroup: expect.stringMatching(/^cluster-parameters-.*17/) as unknown,
      });
    }
    expect(await resourceId()).toBe(dataOf);
  });

  it("is destroyed to nothing while the roles are swapped", async () => {
    await database(PRIMARY).send(
      new rds.SwitchoverGlobalClusterCommand({ GlobalClusterIdentifier, TargetDbClusterIdentifier: clusterArn(STANDBY) }),
    );
    const text = await pipeline.must("destroy");
    expect(text).toContain(`${STANDBY} is the last region that is destroyed.`);
    expect(text).toContain(`Destroyed: failover ${PRIMARY} ${STANDBY} global`);
    expect(await cloud.leftovers()).toEqual([]);
  });
});
