import { DescribeNatGatewaysCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DescribeClustersCommand, DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient } from "@aws-sdk/client-ecs";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";

interface Check {
  readonly of: RegExp;
  readonly isGone: (region: string, id: string, arn: string) => Promise<boolean>;
}

/** How to ask a service whether something that is still listed has been deleted. By the start of the ARN's last part. */
const CHECKS: readonly Check[] = [
  {
    // A key cannot be deleted at once: it waits for its end.
    of: /^kms:key\/(.+)$/,
    isGone: async (region, KeyId) =>
      (await new KMSClient({ region }).send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState === "PendingDeletion",
  },
  {
    of: /^ec2:natgateway\/(.+)$/,
    isGone: async (region, id) => {
      const { NatGateways: [gateway] = [] } = await new EC2Client({ region }).send(new DescribeNatGatewaysCommand({ NatGatewayIds: [id] }));
      return gateway?.State === "deleted" || gateway?.State === "deleting";
    },
  },
  {
    of: /^ecs:cluster\/(.+)$/,
    isGone: async (region, id) =>
      (await new ECSClient({ region }).send(new DescribeClustersCommand({ clusters: [id] }))).clusters?.[0]?.status !== "ACTIVE",
  },
  {
    of: /^ecs:service\/([^/]+)\/.+$/,
    isGone: async (region, cluster, arn) => {
      // A deleted cluster takes its services along, and can no longer be asked for them.
      const { clusters } = await new ECSClient({ region }).send(new DescribeClustersCommand({ clusters: [cluster] }));
      if (clusters?.[0]?.status !== "ACTIVE") return true;
      const { services } = await new ECSClient({ region }).send(new DescribeServicesCommand({ cluster, services: [arn] }));
      return services?.[0]?.status === undefined || services[0].status === "INACTIVE";
    },
  },
  {
    of: /^ecs:task-definition\/(.+)$/,
    isGone: async (region, taskDefinition) =>
      (await new ECSClient({ region }).send(new DescribeTaskDefinitionCommand({ taskDefinition }))).taskDefinition?.status !== "ACTIVE",
  },
];

/** Whether a thing is only still listed: AWS goes on showing some for hours after they were deleted. */
export async function isGone(arn: string): Promise<boolean> {
  const [, , service = "", region = "", , ...rest] = arn.split(":");
  const thing = `${service}:${rest.join(":")}`;
  for (const { of, isGone: ask } of CHECKS) {
    const id = of.exec(thing)?.[1];
    if (id !== undefined) return ask(region, id, arn);
  }
  return false;
}
