import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { CopyObjectCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { Cloud, describeSimulated } from "../support/cloud";
import { MINIMAL } from "../support/config";
import { step } from "../support/progress";
import type { Terraform } from "../support/terraform";

jest.setTimeout(30 * 60 * 1000);

const REGION = "us-east-1";
const SUFFIX = "it-5";
const BUCKET = `standfast-state-${MINIMAL.account_id}-${REGION}`;
const KEY = `standfast/${SUFFIX}/failover.tfstate`;
/**
 * Records take a quarter of a minute: all else exists, and nothing is in flight but questions. What an interrupt cuts off
 * in flight may be created anyway, and Terraform does not receive the response.
 */
const IN_THE_MIDDLE = /aws_route53_record\S*: Still creating/;

/** The failover stack represents all: it is quick to create, and has resources that cannot be created twice. */
describeSimulated("the state", () => {
  let cloud: Cloud;
  let terraform: Terraform;

  beforeAll(async () => {
    cloud = await Cloud.open(SUFFIX, {}, { keepsProvider: false });
    await cloud.bootstrap();
    terraform = (await cloud.synth())("failover");
    await terraform.init();
  });

  afterAll(async () => {
    await terraform.destroy();
    await cloud.close();
  });

  it("is locked: of two simultaneous applies one fails, and nothing is lost", async () => {
    const [one, other] = await step("two simultaneous applies", () =>
      Promise.all([terraform.run("apply", "-auto-approve", "-input=false"), terraform.run("apply", "-auto-approve", "-input=false")]),
    );
    const refused = [one, other].filter(({ code }) => code !== 0);
    expect(refused).toHaveLength(1);
    expect(refused[0]?.stderr).toContain("Error acquiring the state lock");
    expect((await terraform.planHasChanges()).changes).toBe(false);
    await terraform.destroy();
  });

  it("survives an apply that is interrupted: the next one continues", async () => {
    const { code, stdout } = await step("apply, interrupted", () =>
      terraform.interrupt("SIGINT", IN_THE_MIDDLE, "apply", "-auto-approve", "-input=false"),
    );
    expect(code).toBe(1);
    expect(stdout).toContain("Interrupt received");
    await step("apply again", () => terraform.apply());
    expect((await terraform.planHasChanges()).changes).toBe(false);
  });

  it("is versioned: an earlier version can be restored", async () => {
    const s3 = new S3Client({ region: REGION });
    const versions = async () => {
      const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix: KEY }));
      return Versions.filter(({ Key }) => Key === KEY);
    };
    const [good] = (await versions()).filter(({ IsLatest }) => IsLatest);
    await terraform.state("rm", "aws_sns_topic.alerts_topic");
    expect((await terraform.planHasChanges()).changes).toBe(true);
    await s3.send(new CopyObjectCommand({ Bucket: BUCKET, Key: KEY, CopySource: `${BUCKET}/${KEY}?versionId=${good?.VersionId}` }));
    expect((await terraform.planHasChanges()).changes).toBe(false);
    await terraform.destroy();
  });

  it("survives an apply that is killed: unlock, inspect what it left, correct it, and apply again", async () => {
    await step("apply, killed", () => terraform.interrupt("SIGKILL", IN_THE_MIDDLE, "apply", "-auto-approve", "-input=false"));
    const locked = await terraform.run("apply", "-auto-approve", "-input=false");
    expect(locked.code).toBe(1);
    const [, lock = ""] = /ID:\s+([0-9a-f-]{36})/.exec(locked.stderr) ?? [];
    expect(lock).not.toBe("");
    expect(await terraform.run("force-unlock", "-force", lock)).toMatchObject({ code: 0 });
    const orphans = await cloud.orphans();
    expect(orphans.length).toBeGreaterThan(0);
    for (const { import: command } of orphans) {
      const [, address = "", id = ""] = /^terraform import '([^']+)' '([^']+)'$/.exec(command ?? "") ?? [];
      if (address) await terraform.run("import", "-input=false", address, id);
    }
    await step("apply again", () => terraform.apply());
    expect((await terraform.planHasChanges()).changes).toBe(false);
    expect(await cloud.orphans()).toEqual([]);
  });
});
