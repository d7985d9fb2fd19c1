import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient } from "@aws-sdk/client-ecs";
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { Cloud, describeGlobal } from "../support/cloud";
import { ONE_REGION } from "../support/config";
import type { Pipeline } from "../support/pipeline";

jest.setTimeout(60 * 60 * 1000);

const REGION = "us-east-1";
const SUFFIX = "it-r";
const NOW = "registry.bank.test/payments:1.4.2";
const NEXT = "registry.bank.test/payments:1.5.0";
const SMALL = {
  ...ONE_REGION,
  ephemeral: true,
  release_in_steps: true,
  backup: { enabled: false },
  runbooks: { enabled: false },
  canaries: { enabled: false },
  database: { readers: 1 },
};

describeGlobal("a release in steps", () => {
  let cloud: Cloud;
  let pipeline: Pipeline;

  /** Applies as a pipeline does, with the images of the release. */
  const apply = (container_image: string, candidate?: { readonly image: string; readonly percent: number }) =>
    pipeline.shell("apply", [], { container_image, ...(candidate && { candidate_release: JSON.stringify(candidate) }) });
  const must = async (...release: Parameters<typeof apply>): Promise<void> => {
    const { code, stderr } = await apply(...release);
    expect({ code, stderr: code === 0 ? "" : stderr.slice(-3000) }).toEqual({ code: 0, stderr: "" });
  };
  const ecs = new ECSClient({ region: REGION });
  const serviceOf = async (name: string) => {
    const { services: [service] = [] } = await ecs.send(new DescribeServicesCommand({ cluster: `ecs-${SUFFIX}`, services: [name] }));
    const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: service?.taskDefinition ?? "" }));
    return { tasks: service?.desiredCount, image: taskDefinition?.containerDefinitions?.[0]?.image };
  };
  const candidate = () => serviceOf(`service-candidate-${SUFFIX}`);
  const primary = async () => (await serviceOf(`service-${SUFFIX}`)).image;
  /** Shares of the primary service and the candidate in the rule between them. Undefined without the rule. */
  const shares = async (): Promise<readonly (number | undefined)[] | undefined> => {
    const elb = new ElasticLoadBalancingV2Client({ region: REGION });
    const { LoadBalancers: [balancer] = [] } = await elb.send(new DescribeLoadBalancersCommand({ Names: [`alb-${SUFFIX}`] }));
    const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn: balancer?.LoadBalancerArn }));
    const https = Listeners.find(({ Port }) => Port === 443);
    const { Rules = [] } = await elb.send(new DescribeRulesCommand({ ListenerArn: https?.ListenerArn }));
    const shared = Rules.find(({ Priority }) => Priority === "50000")?.Actions?.[0]?.ForwardConfig?.TargetGroups;
    // ELB returns the target groups of a rule in no particular order.
    const weightOf = (isCandidate: boolean) =>
      shared?.find(({ TargetGroupArn }) => TargetGroupArn?.includes("/tg-candidate-") === isCandidate)?.Weight;
    return shared && [weightOf(false), weightOf(true)];
  };

  beforeAll(async () => {
    cloud = await Cloud.open(SUFFIX, SMALL);
    await cloud.bootstrap();
    pipeline = cloud.pipeline(SUFFIX);
    await pipeline.synth();
    await must(NOW);
  });

  afterAll(() => cloud.close());

  it("starts the candidate beside the release that serves, without requests", async () => {
    expect(await candidate()).toMatchObject({ tasks: 0 });
    await must(NOW, { image: NEXT, percent: 0 });
    expect([await candidate(), await primary(), await shares()]).toEqual([{ tasks: 6, image: NEXT }, NOW, undefined]);
  });

  it("gives it a share of the requests, and more of them, while nothing else changes", async () => {
    await must(NOW, { image: NEXT, percent: 10 });
    expect(await shares()).toEqual([90, 10]);
    const { stdout } = await pipeline.shell("plan", [], {
      container_image: NOW,
      candidate_release: JSON.stringify({ image: NEXT, percent: 50 }),
    });
    expect(stdout).toMatch(/\| `us-east-1` \| 0 \| 1 \| 0 \| 0 \|/);
    await must(NOW, { image: NEXT, percent: 50 });
    expect([await shares(), await primary()]).toEqual([[50, 50], NOW]);
  });

  it("goes back in one apply, which ends the requests before it stops the tasks", async () => {
    const before = cloud.operations().length;
    await must(NOW);
    expect([await candidate(), await primary(), await shares()]).toEqual([{ tasks: 0, image: NOW }, NOW, undefined]);
    const calls = cloud
      .operations()
      .slice(before)
      .map(({ operation }) => operation);
    expect(calls.indexOf("DeleteRule")).toBeGreaterThan(-1);
    expect(calls.indexOf("UpdateService")).toBeGreaterThan(calls.indexOf("DeleteRule"));
  });

  it("gives no request to a candidate that does not start, and the apply fails with a message", async () => {
    const { code, stderr } = await apply(NOW, { image: "registry.bank.test/payments:broken-1", percent: 10 });
    expect(code).toBe(1);
    expect(stderr.replaceAll(/[\s│]+/g, " ")).toContain(`The deployment of service-candidate-${SUFFIX} failed, and ECS rolled it back`);
    expect([await primary(), await shares()]).toEqual([NOW, undefined]);
    await must(NOW);
  });

  it("goes forward in two: the release replaces the former one while the candidate serves, which then ends", async () => {
    await must(NOW, { image: NEXT, percent: 50 });
    await must(NEXT, { image: NEXT, percent: 50 });
    expect([await primary(), await shares()]).toEqual([NEXT, [50, 50]]);
    await must(NEXT);
    expect([await primary(), await shares(), (await candidate()).tasks]).toEqual([NEXT, undefined, 0]);
  });

  it("rejects a share without a candidate, before it changes anything", async () => {
    const { code, stderr } = await apply(NEXT, { image: "", percent: 10 });
    expect({ code, stderr: stderr.replaceAll(/[\s│]+/g, " ") }).toEqual({
      code: 1,
      stderr: expect.stringContaining("candidate_release.percent must be a whole number from 0 to 99, and 0 without an image."),
    });
  });

  it("is destroyed to nothing", async () => {
    await pipeline.must("destroy");
    expect(await cloud.leftovers()).toEqual([]);
  });
});
