import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeClustersCommand, DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient } from "@aws-sdk/client-ecs";
import { DescribeKeyCommand, KMSClient, ScheduleKeyDeletionCommand } from "@aws-sdk/client-kms";
import { DeleteDBClusterSnapshotCommand, DescribeDBClusterSnapshotsCommand, RDSClient } from "@aws-sdk/client-rds";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { Names } from "../../config/naming";
import { Cloud, describeGlobal } from "../support/cloud";
import { MINIMAL, ONE_REGION } from "../support/config";
import type { Pipeline } from "../support/pipeline";

jest.setTimeout(3 * 60 * 60 * 1000);

const REGION = "us-east-1";
const STACKS = ["global", REGION, "failover"];
const NEXT_IMAGE = "registry.bank.test/payments:1.4.2";

/** Small, but with everything that could collide: network, load balancer, database, names in DNS. */
const SMALL = {
  ...ONE_REGION,
  ephemeral: true,
  backup: { enabled: false },
  runbooks: { enabled: false },
  database: { readers: 1, final_snapshot: true },
};

describeGlobal("environments that live as long as their pull requests", () => {
  let cloud: Cloud;
  let one: Pipeline;
  let other: Pipeline;

  beforeAll(async () => {
    cloud = await Cloud.open("pr", SMALL);
    await cloud.bootstrap();
    [one, other] = [cloud.pipeline("pr-42"), cloud.pipeline("pr-43")];
    await one.synth();
    await other.synth();
  });

  afterAll(async () => {
    // Whatever failed above, a test leaves nothing behind; the last test has normally done it already.
    await Promise.all([one.shell("destroy"), other.shell("destroy")]);
    await cloud.close();
  });

  it("are destroyed without an error before they were ever deployed", async () => {
    const output = await one.must("destroy");
    for (const stack of STACKS) expect(output).toContain(`nothing of ${stack} is deployed`);
  });

  it("are deployed side by side, in one account and zone, at the same time", async () => {
    const outputs = await Promise.all([one.must("apply"), other.must("apply")]);
    for (const text of outputs) expect(text).toContain(`Applied: ${STACKS.join(" ")}`);
    expect(await urls(one, other)).toEqual(["https://pay-pr-42.standfast.test", "https://pay-pr-43.standfast.test"]);
  });

  it("have nothing to change once they are there", async () => {
    const { code, stdout, stderr } = await one.shell("plan", ["--drift"]);
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("### Drift of `pr-42`: none");
    // The names of pr-42 end with this suffix too.
    expect(await cloud.orphans("42")).toEqual([]);
  });

  it("take a release as a variable: tasks are rolled, and nothing else is touched", async () => {
    const plan = await one.shell("plan", [], { container_image: NEXT_IMAGE });
    expect(plan).toMatchObject({ code: 2 });
    expect(plan.stdout).toMatch(
      /\| `global` \| 0 \| 0 \| 0 \| 0 \|\n\| `us-east-1` \| 0 \| \d \| 0 \| 1 \|\n\| `failover` \| 0 \| 0 \| 0 \| 0 \|/,
    );
    expect(plan.stdout).toMatch(/\*\*Replaced\*\*\n\n- `us-east-1`: `aws_ecs_task_definition\.\S+` \(`container_definitions`\)\n/);
    const before = await serviceOf(one);
    await one.must("apply", "--plans");
    const after = await serviceOf(one);
    expect(after.image).toBe(NEXT_IMAGE);
    expect(after).toMatchObject({ cluster: before.cluster, service: before.service });
    expect(after.createdAt).toEqual(before.createdAt);
  });

  it("are destroyed completely, while the other environment is unchanged", async () => {
    await one.must("destroy");
    expect(await cloud.orphans("pr-42")).toEqual([]);
    expect(await other.shell("plan")).toMatchObject({ code: 0, stdout: expect.stringContaining("### Plan of `pr-43`: nothing changes") });
  });

  it("are deployed again after RDS has created a log group that the destroy had deleted", async () => {
    const name = `/aws/rds/cluster/${new Names("pr-42", REGION, MINIMAL.account_id).of("rds_cluster")}/postgresql`;
    await new CloudWatchLogsClient({ region: REGION }).send(new CreateLogGroupCommand({ logGroupName: name }));
    expect((await cloud.orphans("pr-42")).map(({ arn }) => arn)).toEqual([expect.stringContaining(name)]);
    expect(await one.must("destroy")).toContain(`deleted the log group ${name}, which an AWS service has created again`);
    expect(await cloud.orphans("pr-42")).toEqual([]);
  });

  it("are created again immediately under the same name, while the other environment is destroyed", async () => {
    await Promise.all([one.must("apply"), other.must("destroy")]);
    expect((await serviceOf(one)).image).not.toBe(NEXT_IMAGE);
    expect(await cloud.orphans("pr-43")).toEqual([]);
  });

  it("leave a final snapshot of each, whose key is kept, and nothing else", async () => {
    expect(await one.must("destroy")).toMatch(/final snapshot arn:\S+:final-aurora-pr-42-us-east-1-\d{14}, encrypted with arn:aws:kms:/);
    const rds = new RDSClient({ region: REGION });
    const kms = new KMSClient({ region: REGION });
    const { DBClusterSnapshots = [] } = await rds.send(new DescribeDBClusterSnapshotsCommand({ SnapshotType: "manual" }));
    expect(DBClusterSnapshots.map(({ DBClusterSnapshotIdentifier: name }) => name?.replace(/\d{14}$/, "")).sort()).toEqual([
      ...["final-aurora-pr-42-us-east-1-", "final-aurora-pr-42-us-east-1-", "final-aurora-pr-43-us-east-1-"],
    ]);
    for (const { DBClusterSnapshotIdentifier, KmsKeyId } of DBClusterSnapshots) {
      expect((await kms.send(new DescribeKeyCommand({ KeyId: KmsKeyId }))).KeyMetadata).toMatchObject({ KeyState: "Enabled" });
      await rds.send(new DeleteDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier }));
      await kms.send(new ScheduleKeyDeletionCommand({ KeyId: KmsKeyId, PendingWindowInDays: 7 }));
    }
    expect(await cloud.leftovers()).toEqual([]);
  });
});

async function urls(...pipelines: Pipeline[]): Promise<unknown[]> {
  return Promise.all(
    pipelines.map(async (pipeline) => {
      const { stdout } = await pipeline.terraform("failover").run("output", "-json");
      return (JSON.parse(stdout) as { service_url: { value: string } }).service_url.value;
    }),
  );
}

/** The service of an environment as ECS has it, and the image that it runs. */
async function serviceOf({ suffix }: Pipeline) {
  const names = new Names(suffix, REGION, MINIMAL.account_id);
  const ecs = new ECSClient({ region: REGION });
  const { clusters: [cluster] = [] } = await ecs.send(new DescribeClustersCommand({ clusters: [names.of("ecs_cluster")] }));
  const { services: [service] = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster: names.of("ecs_cluster"), services: [names.of("ecs_service")] }),
  );
  const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: service?.taskDefinition }));
  return {
    cluster: cluster?.clusterArn,
    service: service?.serviceArn,
    createdAt: service?.createdAt,
    image: taskDefinition?.containerDefinitions?.[0]?.image,
  };
}
