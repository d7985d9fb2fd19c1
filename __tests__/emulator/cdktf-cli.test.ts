import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { DescribeGlobalClustersCommand, RDSClient } from "@aws-sdk/client-rds";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Names } from "../../config/naming";
import { Cloud, describeGlobal } from "../support/cloud";
import { MINIMAL } from "../support/config";

jest.setTimeout(3 * 60 * 60 * 1000);

const STACKS = ["global", "us-east-1", "us-west-2", "failover"];
const SUFFIX = "it-3";
/** The outputs of the first region: docs/ci.md. */
const OUTPUTS = [
  "alerts_topic_arn",
  "backup_verification_runbook_arn",
  "database_reader_endpoint",
  "database_secret_arn",
  "health_check_runbook_arn",
  "load_balancer_dns_name",
  "region_takeover_command",
  "region_takeover_runbook_arn",
  "rewind_runbook_arn",
  "zonal_shift_runbook_arn",
];

describeGlobal("the cdktf command line", () => {
  const outdir = mkdtempSync(join(tmpdir(), "standfast-cli-"));
  let cloud: Cloud;

  beforeAll(async () => {
    cloud = await Cloud.open(SUFFIX, {}, { keepsProvider: false });
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

  it("finds nothing to do in a stack that it has deployed", async () => {
    expect(await cloud.cdktf("diff", outdir, "us-east-1")).toContain("No changes.");
  });

  it("deploys one stack only, and leaves the others alone", async () => {
    const output = await cloud.cdktf("deploy", outdir, "us-west-2", "--ignore-missing-stack-dependencies");
    expect(output).toContain("No changes.");
    expect(output).not.toMatch(/^(global|us-east-1|failover) /m);
  });

  it("gives the outputs of a stack, all of them or one", async () => {
    const file = join(outdir, "outputs.json");
    const output = await cloud.cdktf("output", outdir, "us-east-1", "--outputs-file", file);
    const outputs = (JSON.parse(readFileSync(file, "utf8")) as Record<string, Record<string, string>>)["us-east-1"] ?? {};
    expect(Object.keys(outputs).sort()).toEqual(OUTPUTS);
    // It breaks lines after 80 characters: values are for the file.
    for (const name of OUTPUTS) expect(output).toContain(`${name} =`);
    const { stdout } = await cloud.terraformIn(outdir, "us-east-1").run("output", "-raw", "load_balancer_dns_name");
    expect(stdout).toBe(outputs["load_balancer_dns_name"]);
    expect(stdout).not.toBe("");
  });

  it("destroys one stack only: the regions continue without the records that resolve to them", async () => {
    await cloud.cdktf("destroy", outdir, "failover");
    expect(await cloud.terraformIn(outdir, "failover").state("list")).toBe("");
    expect(await cloud.terraformIn(outdir, "us-east-1").state("list")).toContain("aws_lb.");
  });

  it("destroys all four in reverse, and leaves nothing behind", async () => {
    await cloud.cdktf("destroy", outdir, ...STACKS);
    expect(await cloud.leftovers()).toEqual([]);
  });
});
