import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { DescribeGlobalClustersCommand, RDSClient } from "@aws-sdk/client-rds";
import { RemoveRegionsFromReplicationCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { describeSimulated } from "../support/cloud";
import { ONE_REGION, twoRegions } from "../support/config";
import { WITHOUT_REFRESH } from "../support/pipeline";
import { FIRST_IMAGE, PRIMARY, RegionPair, SMALL, STANDBY, WARM } from "../support/region-pair";

jest.setTimeout(30 * 60 * 1000);

const ALONE = { ...SMALL, ...ONE_REGION };
const PAIR = { ...SMALL, ...twoRegions("pilot-light") };

describeSimulated("a platform of two regions", () => {
  let pair: RegionPair;
  let dataOf = "";
  let firstOutput = "";

  const members = async (): Promise<(readonly [region: string | undefined, writes: boolean | undefined])[]> => {
    const { GlobalClusters = [] } = await new RDSClient({ region: PRIMARY }).send(new DescribeGlobalClustersCommand({}));
    return (GlobalClusters[0]?.GlobalClusterMembers ?? []).map(({ DBClusterArn, IsWriter }) => [DBClusterArn?.split(":")[3], IsWriter]);
  };

  beforeAll(async () => {
    pair = await RegionPair.open("it-s", PAIR);
    firstOutput = await pair.pipeline.must("apply", "--waves");
    dataOf = await pair.resourceId();
  });

  afterAll(() => pair.cloud.close());

  it("is deployed in the usual order at first, also with --waves: nothing is left to change, and it passes npm run verify", async () => {
    expect(firstOutput).toContain(`${STANDBY} is not deployed yet, and the database of a standby region needs that of the primary region`);
    expect(firstOutput).toContain(`Applied: global ${PRIMARY} ${STANDBY} failover\nImages that run:\n`);
    for (const region of [PRIMARY, STANDBY])
      expect(firstOutput).toContain(`  ${region}  ${pair.names.of("ecs_service")}  ${FIRST_IMAGE}\n`);
    expect(await pair.pipeline.shell("plan")).toMatchObject({ code: 0 });
    expect((await pair.cloud.verify()).results.filter(({ result }) => result !== "pass")).toEqual([]);
  });

  it("rejects the removal of the region that is the writer, before it deletes anything", async () => {
    await pair.switchTo(STANDBY);
    await pair.cloud.change({ ...ALONE, removed_regions: [STANDBY] });
    await pair.pipeline.synth();
    const { code, stderr } = await pair.pipeline.shell("apply");
    expect(code).toBe(1);
    expect(stderr.replaceAll(/[\s│]+/g, " ")).toContain(`the removal of ${STANDBY} could delete the data`);
    await pair.switchTo(PRIMARY);
  });

  it("stops before the last replica of the secret is removed, and prints the command that removes it", async () => {
    const { code, stderr } = await pair.pipeline.shell("plan");
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
    await pair.deploy({ ...ALONE, removed_regions: [STANDBY] });
    await pair.deploy(ALONE, ...WITHOUT_REFRESH);
    expect(await pair.resourceId()).toBe(dataOf);
    expect(await members()).toEqual([]);
    expect((await pair.cloud.leftovers()).filter((resource) => resource.includes(STANDBY))).toEqual([]);
  });

  it("gets a second region again, whose cluster replicates the existing one", async () => {
    await pair.deploy(PAIR, ...WITHOUT_REFRESH);
    expect(await pair.resourceId()).toBe(dataOf);
    expect(await members()).toEqual([
      [PRIMARY, true],
      [STANDBY, false],
    ]);
  });

  it("becomes a warm standby", async () => {
    await pair.deploy(WARM, ...WITHOUT_REFRESH);
    expect((await pair.cluster(STANDBY))?.DBClusterMembers).toHaveLength(1);
  });

  it("is destroyed to nothing", async () => {
    await pair.pipeline.must("destroy");
    expect(await pair.cloud.leftovers()).toEqual([]);
  });
});
