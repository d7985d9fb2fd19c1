import { DescribeNatGatewaysCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DescribeClustersCommand, DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient } from "@aws-sdk/client-ecs";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";

interface DeletionCheck {
  /** Matches the ARN's service and resource; the first group is the id. */
  readonly pattern: RegExp;
  readonly isDeleted: (region: string, id: string, arn: string) => Promise<boolean>;
}

/** Checks for resources that services still list after their deletion. */
const CHECKS: readonly DeletionCheck[] = [
  {
    // KMS deletes a key after a waiting period only.
    pattern: /^kms:key\/(.+)$/,
    isDeleted: async (region, KeyId) =>
      (await new KMSClient({ region }).send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState === "PendingDeletion",
  },
  {
    pattern: /^ec2:natgateway\/(.+)$/,
    isDeleted: async (region, id) => {
      const { NatGateways: [gateway] = [] } = await new EC2Client({ region }).send(new DescribeNatGatewaysCommand({ NatGatewayIds: [id] }));
      return gateway?.State === "deleted" || gateway?.State === "deleting";
    },
  },
  {
    pattern: /^ecs:cluster\/(.+)$/,
    isDeleted: async (region, id) =>
      (await new ECSClient({ region }).send(new DescribeClustersCommand({ clusters: [id] }))).clusters?.[0]?.status !== "ACTIVE",
  },
  {
    pattern: /^ecs:service\/([^/]+)\/.+$/,
    isDeleted: async (region, cluster, arn) => {
      // The services of a deleted cluster are deleted too, and can no longer be described.
      const { clusters } = await new ECSClient({ region }).send(new DescribeClustersCommand({ clusters: [cluster] }));
      if (clusters?.[0]?.status !== "ACTIVE") return true;
      const { services } = await new ECSClient({ region }).send(new DescribeServicesCommand({ cluster, services: [arn] }));
      return services?.[0]?.status === undefined || services[0].status === "INACTIVE";
    },
  },
  {
    pattern: /^ecs:task-definition\/(.+)$/,
    isDeleted: async (region, taskDefinition) =>
      (await new ECSClient({ region }).send(new DescribeTaskDefinitionCommand({ taskDefinition }))).taskDefinition?.status !== "ACTIVE",
  },
];

/** Whether a listed resource is deleted: AWS lists some resources for hours after their deletion. */
export async function isDeleted(arn: string): Promise<boolean> {
  const [, , service = "", region = "", , ...rest] = arn.split(":");
  const resource = `${service}:${rest.join(":")}`;
  for (const check of CHECKS) {
    const id = check.pattern.exec(resource)?.[1];
    if (id !== undefined) return check.isDeleted(region, id, arn);
  }
  return false;
}
