import {
  DeleteSecurityGroupCommand,
  DeleteVpcEndpointsCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { setTimeout } from "node:timers/promises";

const POLL_MILLISECONDS = 10_000;
/** Polls until the endpoint is deleted, five minutes. */
const MOST_POLLS = 30;

const MANAGED = { Name: "tag:GuardDutyManaged", Values: ["true"] };

/**
 * Deletes the VPC endpoint and the security group that GuardDuty Runtime Monitoring has created in the VPC of an environment.
 * GuardDuty creates them if the account manages its agent, and does not delete them before the VPC, which cannot be deleted
 * with them.
 * @see https://docs.aws.amazon.com/guardduty/latest/ug/how-runtime-monitoring-works-ecs-fargate.html
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/46747
 * @returns the ids of what was deleted
 */
export async function deleteGuardDutyEndpoint(region: string, suffix: string): Promise<string[]> {
  const ec2 = new EC2Client({ region });
  const { Vpcs = [] } = await ec2.send(
    new DescribeVpcsCommand({
      Filters: [
        { Name: "tag:EnvironmentSuffix", Values: [suffix] },
        { Name: "tag:ManagedBy", Values: ["standfast"] },
      ],
    }),
  );
  const deleted: string[] = [];
  for (const { VpcId = "" } of Vpcs) deleted.push(...(await deleteIn(ec2, region, VpcId)));
  return deleted;
}

async function deleteIn(ec2: EC2Client, region: string, vpcId: string): Promise<string[]> {
  const inVpc = { Name: "vpc-id", Values: [vpcId] };
  const service = { Name: "service-name", Values: [`com.amazonaws.${region}.guardduty-data`] };
  const endpoints = async (): Promise<string[]> => {
    const { VpcEndpoints = [] } = await ec2.send(new DescribeVpcEndpointsCommand({ Filters: [inVpc, service, MANAGED] }));
    return VpcEndpoints.filter(({ State }) => State?.toLowerCase() !== "deleted").flatMap(({ VpcEndpointId }) => VpcEndpointId ?? []);
  };
  const found = await endpoints();
  if (found.length > 0) await ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: found }));
  // The security group can be deleted after the network interfaces of the endpoint.
  for (let poll = 0; poll < MOST_POLLS && (await endpoints()).length > 0; poll++) await setTimeout(POLL_MILLISECONDS);
  const group = { Name: "group-name", Values: [`GuardDutyManagedSecurityGroup-${vpcId}`] };
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters: [inVpc, group, MANAGED] }));
  const groups = SecurityGroups.flatMap(({ GroupId }) => GroupId ?? []);
  for (const GroupId of groups) await ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
  return [...found, ...groups];
}
