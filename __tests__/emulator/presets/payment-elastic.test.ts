import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { GetBucketLifecycleConfigurationCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, it, jest } from "@jest/globals";
import { describeLifecycle, effectsOf } from "../../support/deployment";
import { statedEffects } from "../../support/effects";
import { OF_PRESETS } from "../transitions/table";
import { describeEveryBucket } from "../../support/every-bucket";
import { continued, CONTINUATIONS } from "../../support/plain-terraform";
import { step } from "../../support/progress";

jest.setTimeout(3 * 60 * 60 * 1000);

const VALUES = { preset: "payment-elastic" };

describeLifecycle("elastic payments", "it-pe", VALUES, (deployed) => {
  it("changes as docs/reference/configuration.md says, in a plan", async () => {
    const changes = OF_PRESETS["payment-elastic"];
    expect(await effectsOf(deployed(), VALUES, changes)).toEqual(statedEffects(changes));
  });

  it.each(Object.keys(CONTINUATIONS))("continues without CDKTF as %s: no change, in a folder of its own", async (form) => {
    for (const stack of deployed().stacks) {
      const terraform = await continued(deployed().terraform(stack), form);
      // The first test has compared the state with what exists.
      const { changes, text } = await step(`plan of ${stack} as ${form}`, () => terraform.planHasChanges("-refresh=false"));
      expect({ stack, changes, text: changes ? text : "" }).toEqual({ stack, changes: false, text: "" });
    }
  });

  it("runs ten to fifty tasks, and follows the load of processor and memory", async () => {
    const { names, region } = deployed();
    const scaling = new ApplicationAutoScalingClient({ region });
    const ResourceId = `service/${names.of("ecs_cluster")}/${names.of("ecs_service")}`;
    const { ScalableTargets = [] } = await scaling.send(
      new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs", ResourceIds: [ResourceId] }),
    );
    expect(ScalableTargets).toMatchObject([{ MinCapacity: 10, MaxCapacity: 50 }]);
    const { ScalingPolicies = [] } = await scaling.send(new DescribeScalingPoliciesCommand({ ServiceNamespace: "ecs", ResourceId }));
    expect(
      ScalingPolicies.map(({ TargetTrackingScalingPolicyConfiguration: tracking }) => [
        tracking?.PredefinedMetricSpecification?.PredefinedMetricType,
        tracking?.TargetValue,
      ]).sort(),
    ).toEqual([
      ["ECSServiceAverageCPUUtilization", 60],
      ["ECSServiceAverageMemoryUtilization", 70],
    ]);
  });

  it("retains transaction logs for seven years, older ones in cheaper storage", async () => {
    const { names, region } = deployed();
    const { Rules = [] } = await new S3Client({ region, forcePathStyle: true }).send(
      new GetBucketLifecycleConfigurationCommand({ Bucket: names.of("s3_bucket", "transaction-logs") }),
    );
    expect(Rules).toMatchObject([
      {
        Expiration: { Days: 2557 },
        Transitions: expect.arrayContaining([
          { Days: 30, StorageClass: "STANDARD_IA" },
          { Days: 90, StorageClass: "GLACIER_IR" },
        ]),
      },
    ]);
  });

  describeEveryBucket(deployed, ["access-logs", "transaction-logs"]);
});
