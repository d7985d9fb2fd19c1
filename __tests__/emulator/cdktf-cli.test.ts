import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { DescribeGlobalClustersCommand, RDSClient } from "@aws-sdk/client-rds";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Names } from "../../config/naming";
import { Cloud, describeGlobal } from "../support/cloud";
import { MINIMAL } from "../support/config";

jest.setTimeout(3 * 60 * 60 * 1000);

const STACKS = ["global", "us-east-1", "us-west-2", "failover"];
const SUFFIX = "it-3";

describeGlobal("the cdktf command line", () => {
  const outdir = mkdtempSync(join(tmpdir(), "standfast-cli-"));
  let cloud: Cloud;

  beforeAll(async () => {
    cloud = await Cloud.open(SUFFIX);
    await cloud.bootstrap();
  });

  afterAll(() => cloud.close());

  it("deploys all four stacks, each after those that it joins", async () => {
    await cloud.cdktf("deploy", outdir, ...STACKS);
    const { GlobalClusters: [cluster] = [] } = await new RDSClient({ region: "us-east-1" }).send(
      new DescribeGlobalClustersCommand({
        GlobalClusterIdentifier: new Names(SUFFIX, "us-east-1", MINIMAL.account_id).of("rds_global_cluster"),
      }),
    );
    expect(cluster?.GlobalClusterMembers).toHaveLength(2);
  });

  it("destroys all four in reverse, and leaves nothing behind", async () => {
    await cloud.cdktf("destroy", outdir, ...STACKS);
    expect(await cloud.leftovers()).toEqual([]);
  });
});
