import { EC2Client } from "@aws-sdk/client-ec2";
import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { deleteGuardDutyEndpoint } from "../../../commands/cleanup/guardduty";

interface Call {
  readonly constructor: { readonly name: string };
  readonly input: Readonly<Record<string, unknown>>;
}

afterEach(() => {
  jest.restoreAllMocks();
});

/** EC2 with one VPC, in which GuardDuty has an endpoint and a security group or nothing. */
function ec2(hasGuardDuty: boolean): Call[] {
  const calls: Call[] = [];
  let endpoints = hasGuardDuty ? [{ VpcEndpointId: "vpce-1", State: "available" }] : [];
  jest.spyOn(EC2Client.prototype, "send").mockImplementation(((call: Call) => {
    calls.push(call);
    if (call.constructor.name === "DeleteVpcEndpointsCommand") endpoints = [];
    return Promise.resolve({
      Vpcs: [{ VpcId: "vpc-1" }],
      VpcEndpoints: endpoints,
      SecurityGroups: hasGuardDuty ? [{ GroupId: "sg-1" }] : [],
    });
  }) as never);
  return calls;
}

const deletions = (calls: readonly Call[]) =>
  calls.filter(({ constructor }) => constructor.name.startsWith("Delete")).map(({ constructor, input }) => [constructor.name, input]);

describe("the endpoint of GuardDuty", () => {
  it("is deleted with its security group, in the VPC of the environment only", async () => {
    const calls = ec2(true);
    expect(await deleteGuardDutyEndpoint("us-east-1", "4")).toEqual(["vpce-1", "sg-1"]);
    expect(deletions(calls)).toEqual([
      ["DeleteVpcEndpointsCommand", { VpcEndpointIds: ["vpce-1"] }],
      ["DeleteSecurityGroupCommand", { GroupId: "sg-1" }],
    ]);
    const managed = { Name: "tag:GuardDutyManaged", Values: ["true"] };
    expect(calls.find(({ constructor }) => constructor.name === "DescribeVpcsCommand")?.input).toEqual({
      Filters: [
        { Name: "tag:EnvironmentSuffix", Values: ["4"] },
        { Name: "tag:ManagedBy", Values: ["standfast"] },
      ],
    });
    expect(calls.find(({ constructor }) => constructor.name === "DescribeVpcEndpointsCommand")?.input).toEqual({
      Filters: [
        { Name: "vpc-id", Values: ["vpc-1"] },
        { Name: "service-name", Values: ["com.amazonaws.us-east-1.guardduty-data"] },
        managed,
      ],
    });
    expect(calls.find(({ constructor }) => constructor.name === "DescribeSecurityGroupsCommand")?.input).toEqual({
      Filters: [{ Name: "vpc-id", Values: ["vpc-1"] }, { Name: "group-name", Values: ["GuardDutyManagedSecurityGroup-vpc-1"] }, managed],
    });
  });

  it("is nothing where GuardDuty does not manage an agent", async () => {
    const calls = ec2(false);
    expect(await deleteGuardDutyEndpoint("us-east-1", "4")).toEqual([]);
    expect(deletions(calls)).toEqual([]);
  });
});
