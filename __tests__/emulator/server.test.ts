import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { ListHostedZonesCommand, Route53Client } from "@aws-sdk/client-route-53";
import { Emulator } from "../support/emulator";
import { findPythonWithMoto } from "../support/tools";

jest.setTimeout(60_000);

(findPythonWithMoto() || process.env["CI"] ? describe : describe.skip)("the emulator", () => {
  let emulator: Emulator;
  const client = (region: string) => ({
    region,
    endpoint: emulator.endpoint,
    maxAttempts: 1,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });

  beforeAll(async () => {
    emulator = await Emulator.start();
  });

  afterAll(() => emulator.stop());

  it("listens on loopback only", () => {
    expect(emulator.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it("answers what it lacks with 501 at once, and names it", async () => {
    const answer = await fetch(emulator.endpoint, {
      method: "POST",
      headers: {
        authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=0",
        "content-type": "application/x-www-form-urlencoded",
      },
      body: "Action=CreateNetworkInsightsPath&Version=2016-11-15",
    });
    expect(answer.status).toBe(501);
    expect(await answer.text()).toContain("CreateNetworkInsightsPath");
  });

  it("counts nothing that AWS itself puts into an account", async () => {
    await new EC2Client(client("us-east-1")).send(new DescribeVpcsCommand({}));
    expect(await emulator.inventory()).toEqual({});
  });

  it("cuts a region off and back on; services that know no region go on", async () => {
    await emulator.cutOff("us-east-1");
    await expect(new EC2Client(client("us-east-1")).send(new DescribeVpcsCommand({}))).rejects.toThrow();
    await expect(new EC2Client(client("us-west-2")).send(new DescribeVpcsCommand({}))).resolves.toBeDefined();
    await expect(new Route53Client(client("us-east-1")).send(new ListHostedZonesCommand({}))).resolves.toBeDefined();
    await emulator.cutOff();
    await expect(new EC2Client(client("us-east-1")).send(new DescribeVpcsCommand({}))).resolves.toBeDefined();
  });
});
