import { describe, expect, it } from "@jest/globals";
import { regionsOf } from "../support/config";
import { failoverStack, globalStack } from "../support/synthesized";

const PRIMARY = "us-east-1";
const STANDBY = "us-west-2";
const failover = failoverStack();

describe("the hosted zone", () => {
  it("is looked up, so that the plan fails if the id is that of another zone", () => {
    const zone = (
      failover.json["data"] as {
        aws_route53_zone: Record<string, { zone_id: string; lifecycle: { postcondition: { error_message: string }[] } }>;
      }
    ).aws_route53_zone["zone_zone"];
    expect(zone?.zone_id).toBe("Z0123456789EXAMPLE");
    expect(zone?.lifecycle.postcondition[0]?.error_message).toContain("Z0123456789EXAMPLE is not the id of the zone standfast.test");
  });

  it("is created if configured, and then looked up by its name", () => {
    const certificate = (region: string) => `arn:aws:acm:${region}:123456789012:certificate/1`;
    const overrides = {
      dns: { zone_name: "bank.net", zone_id: undefined, create_zone: true },
      regions: regionsOf("hot", PRIMARY, STANDBY).map((region) => ({ ...region, certificate_arn: certificate(region.name) })),
    };
    const made = globalStack(overrides);
    expect(made.only("aws_route53_zone")).toMatchObject({ name: "bank.net", force_destroy: true });
    expect(made.all("aws_acm_certificate")).toEqual([]);
    expect(failoverStack(overrides).json["data"]).toMatchObject({ aws_route53_zone: { zone_zone: { name: "bank.net" } } });
  });
});
