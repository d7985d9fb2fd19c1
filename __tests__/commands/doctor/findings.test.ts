import { describe, expect, it } from "@jest/globals";
import { optInFinding, roleFinding, stateBucketFinding } from "../../../commands/doctor/account";
import { delegationFinding } from "../../../commands/doctor/dns";
import { examineAll, exitCode, type Finding, table } from "../../../commands/doctor/finding";
import { imageFinding } from "../../../commands/doctor/images";
import { nodeFinding, terraformFinding } from "../../../commands/doctor/machine";
import { quotaNeeds } from "../../../commands/doctor/needs";
import { quotaFinding } from "../../../commands/doctor/quotas";
import { subscriptionFinding } from "../../../commands/doctor/subscriptions";
import { ExpectedResources } from "../../../commands/verify/expected";
import { PRESETS } from "../../../config/presets";
import { aConfig, given, twoRegions } from "../../support/config";

const VPCS = { service: "vpc", code: "L-F678F1CE", what: "VPCs", needed: 1, counts: "region" } as const;

describe("a quota", () => {
  it("is enough if what is in use and what is needed fit into it", () => {
    expect(quotaFinding(VPCS, 5, 4, false, "us-east-1")).toEqual({ result: "ready", found: "5 allowed, 4 in use" });
  });

  it("is a problem with the command that requests the number that is missing", () => {
    expect(quotaFinding({ ...VPCS, because: "one each" }, 5, 5, false, "us-east-1")).toEqual({
      result: "problem",
      found: "5 allowed, 5 in use; one each",
      cure: "aws service-quotas request-service-quota-increase --service-code vpc --quota-code L-F678F1CE --desired-value 6 --region us-east-1",
    });
  });

  it("does not count a deployed platform twice", () => {
    expect(quotaFinding(VPCS, 5, 5, true, "us-east-1").result).toBe("ready");
    expect(quotaFinding({ ...VPCS, needed: 6 }, 5, 3, true, "us-east-1").result).toBe("problem");
  });
});

describe.each(Object.keys(PRESETS))("what the preset %s needs", (preset) => {
  const overrides = { preset };
  const config = aConfig(overrides);
  const expected = ExpectedResources.synthesize({ config, given: given(overrides) });
  const [region] = config.regions;
  if (!region) throw new Error("no region");
  const needs = new Map(quotaNeeds(config, region, expected).map(({ what, needed }) => [what, needed]));

  it("is an address for each NAT gateway, one VPC, one load balancer and an instance for each of its clusters' instances", () => {
    expect(needs.get("Elastic IP addresses")).toBe(expected.find([region.name], "aws_nat_gateway").length);
    expect(needs.get("VPCs")).toBe(1);
    expect(needs.get("Application Load Balancers")).toBe(1);
    expect(needs.get("DB instances")).toBe(expected.find([region.name], "aws_rds_cluster_instance").length);
  });

  it("is the vCPU of all tasks twice, because a deployment starts the new ones before it stops the others", () => {
    const vcpu = config.services.reduce((sum, { tasks, cpu }) => sum + (typeof tasks === "number" ? tasks : tasks.max) * (cpu / 1024), 0);
    expect(needs.get("vCPU of Fargate tasks")).toBeGreaterThanOrEqual(vcpu * 2);
  });
});

it("a warm standby needs the vCPU of the primary region, which it runs after a takeover", () => {
  const overrides = twoRegions("warm");
  const config = aConfig(overrides);
  const expected = ExpectedResources.synthesize({ config, given: given(overrides) });
  const [primary, standby] = config.regions.map((region) =>
    quotaNeeds(config, region, expected).find(({ service }) => service === "fargate"),
  );
  expect(standby?.needed).toBe(primary?.needed);
});

describe("the machine", () => {
  it.each([
    ["20.19.0", "ready"],
    ["22.13.0", "ready"],
    ["22.12.0", "problem"],
    ["26.0.0", "ready"],
    ["20.18.9", "problem"],
    ["18.20.4", "problem"],
  ])("with Node.js %s is %s", (version, result) => {
    expect(nodeFinding(version).result).toBe(result);
  });

  it.each([
    ["1.11.4", "ready"],
    ["1.12.0", "ready"],
    ["1.10.5", "problem"],
    [undefined, "problem"],
  ])("with Terraform %s is %s", (version, result) => {
    expect(terraformFinding(version, "1.11").result).toBe(result);
  });
});

describe("the account", () => {
  it("has a versioned state bucket, or npm run bootstrap makes it", () => {
    expect(stateBucketFinding("Enabled").result).toBe("ready");
    for (const state of [undefined, "off", "Suspended"])
      expect(stateBucketFinding(state)).toMatchObject({ result: "problem", cure: "npm run bootstrap" });
  });

  it("has opted in to backups of each service that has some", () => {
    expect(optInFinding(["Aurora"], { Aurora: true }, "us-east-1")).toMatchObject({ result: "ready", found: "Aurora" });
    expect(optInFinding(["Aurora", "S3"], { Aurora: true, S3: false }, "us-east-1")).toEqual({
      result: "problem",
      found: "no backups of S3",
      cure: "aws backup update-region-settings --resource-type-opt-in-preference S3=true --region us-east-1",
    });
  });

  it("may lack service-linked roles, which AWS creates", () => {
    expect(roleFinding(true, "ecs.amazonaws.com").result).toBe("ready");
    expect(roleFinding(false, "ecs.amazonaws.com")).toMatchObject({ result: "notice", cure: expect.stringContaining("ecs.amazonaws.com") });
  });
});

describe("the hosted zone", () => {
  it("is delegated if the name servers that a resolver finds are its own", () => {
    expect(delegationFinding("bank.test", ["ns-1.awsdns.com", "ns-2.awsdns.org"], ["NS-2.awsdns.org.", "ns-1.awsdns.com"]).result).toBe(
      "ready",
    );
  });

  it("is not if there are none, or others", () => {
    expect(delegationFinding("bank.test", ["ns-1.awsdns.com"], [])).toMatchObject({
      result: "problem",
      found: "no name server is found",
      cure: expect.stringContaining("ns-1.awsdns.com"),
    });
    expect(delegationFinding("bank.test", ["ns-1.awsdns.com"], ["ns.old.test"]).result).toBe("problem");
  });
});

describe("an image", () => {
  it.each([
    [200, false, "ready"],
    [404, false, "problem"],
    [401, false, "problem"],
    [401, true, "notice"],
  ])("whose registry answers %s, with a secret: %s, is %s", (status, secret, result) => {
    expect(imageFinding(status, "registry.bank.test", secret).result).toBe(result);
  });
});

describe("e-mail subscriptions", () => {
  const confirmed = { Endpoint: "a@bank.test", SubscriptionArn: "arn:aws:sns:us-east-1:123456789012:topic:1" };

  it("are confirmed, pending or missing", () => {
    expect(subscriptionFinding(["A@bank.test"], [confirmed]).result).toBe("ready");
    expect(
      subscriptionFinding(["a@bank.test", "b@bank.test"], [confirmed, { Endpoint: "b@bank.test", SubscriptionArn: "PendingConfirmation" }]),
    ).toMatchObject({
      result: "problem",
      found: "b@bank.test has not confirmed",
    });
    expect(subscriptionFinding(["b@bank.test"], [confirmed])).toMatchObject({ result: "problem", found: "b@bank.test is not subscribed" });
  });
});

describe("the findings", () => {
  const finding = (result: Finding["result"], cure?: string): Finding => ({
    scope: "account",
    need: "A zone",
    result,
    found: "none",
    cure,
  });

  it("are listed with their cures and counted", () => {
    expect(table([finding("problem", "make one"), { ...finding("ready"), scope: "us-east-1" }])).toBe(
      "account\n  ✗ A zone: none\n      make one\n\nus-east-1\n  ✓ A zone: none\n\n1 of 2 ready; problems: 1, notices: 0, unknown: 0.",
    );
  });

  it("decide the exit code: what could not be read comes first", () => {
    expect(exitCode([finding("ready"), finding("notice")])).toBe(0);
    expect(exitCode([finding("ready"), finding("problem")])).toBe(3);
    expect(exitCode([finding("problem"), finding("unknown")])).toBe(1);
  });

  it("are unknown with the error of AWS", async () => {
    const examine = () => Promise.reject(Object.assign(new Error("no permission"), { name: "AccessDenied" }));
    expect(await examineAll([{ scope: "account", need: "A zone", examine }])).toEqual([
      { scope: "account", need: "A zone", result: "unknown", found: "AccessDenied: no permission" },
    ]);
  });
});
