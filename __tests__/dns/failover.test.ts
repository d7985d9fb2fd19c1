import { describe, expect, it } from "@jest/globals";
import { ONE_REGION, regionsOf } from "../support/config";
import { failoverStack, globalStack, regionStack, type Synthesized } from "../support/synthesized";

const PRIMARY = "us-east-1";
const STANDBY = "us-west-2";
const primary = regionStack();
const standby = regionStack({}, 1);
const shared = globalStack();
const failover = failoverStack();

describe("failover by DNS", () => {
  const records = (stack: Synthesized) =>
    stack
      .all("aws_route53_record")
      .map(
        (record) =>
          [
            record["name"],
            (record["failover_routing_policy"] as { type: string } | undefined)?.type,
            record["set_identifier"],
            record["ttl"],
            (record["records"] as string[] | undefined)?.[0],
            record["health_check_id"],
          ] as unknown[],
      )
      .sort();
  const health = (region: string): string => `\${aws_route53_health_check.dns_health-check-${region}.id}`;

  it("resolves to the primary while it is healthy and to the standby otherwise, with a TTL of 30 seconds", () => {
    expect(records(failover)).toEqual([
      ["pay.standfast.test", "PRIMARY", PRIMARY, 30, "us-east-1.pay.standfast.test", health(PRIMARY)],
      ["pay.standfast.test", "SECONDARY", STANDBY, 30, "us-west-2.pay.standfast.test", undefined],
    ]);
  });

  it("checks each region by its own name: HTTPS with SNI, every 10 seconds, unhealthy after two failures", () => {
    const checks = failover.all("aws_route53_health_check");
    expect(checks.map((check) => check["fqdn"])).toEqual(["us-east-1.pay.standfast.test", "us-west-2.pay.standfast.test"]);
    for (const check of checks)
      expect(check).toMatchObject({
        type: "HTTPS",
        port: 443,
        resource_path: "/health",
        request_interval: 10,
        failure_threshold: 2,
        enable_sni: true,
      });
  });

  it("finds those names in each region's own stack, which serve certificates for them and for the shared name", () => {
    for (const [stack, region] of [
      [primary, PRIMARY],
      [standby, STANDBY],
    ] as const) {
      expect(stack.all("aws_route53_record").find(({ alias }) => alias)).toMatchObject({
        name: `${region}.pay.standfast.test`,
      });
      expect(stack.only("aws_acm_certificate")).toMatchObject({
        domain_name: `${region}.pay.standfast.test`,
        subject_alternative_names: ["pay.standfast.test"],
      });
    }
  });

  it("has the shared name validated once, in a stack that is destroyed with no region", () => {
    expect(shared.only("aws_acm_certificate")).toMatchObject({ domain_name: "pay.standfast.test" });
    for (const stack of [primary, standby]) {
      const proofs = stack.all("aws_route53_record").filter((record) => String(record["name"]).includes("domain_validation_options"));
      expect(proofs).toHaveLength(1);
    }
  });

  it("has its alarms in us-east-1, where Route 53 reports, independent of the regions", () => {
    const europe = failoverStack({ regions: regionsOf("hot", "eu-west-1", "eu-central-1") });
    const providers = (europe.json["provider"] as { aws: { region: string }[] }).aws;
    const [first, ...others] = providers.map(({ region }) => region);
    expect(first).toBe("us-east-1");
    // Runbooks find the ids of the health checks there.
    expect(others).toEqual(["eu-west-1", "eu-central-1"]);
    expect(europe.json["terraform"]).toMatchObject({
      backend: { s3: { bucket: "standfast-state-123456789012-eu-west-1", region: "eu-west-1" } },
    });
    expect(europe.all("aws_cloudwatch_metric_alarm").map((alarm) => [alarm["metric_name"], alarm["alarm_name"]])).toEqual([
      ["HealthCheckStatus", "alarm-region-down-eu-central-1-test-1"],
      ["HealthCheckStatus", "alarm-region-down-eu-west-1-test-1"],
    ]);
  });

  it("chains three regions", () => {
    const three = failoverStack({ regions: regionsOf("hot", PRIMARY, STANDBY, "eu-west-1") });
    expect(records(three)).toEqual([
      ["pay.standfast.test", "PRIMARY", PRIMARY, 30, "us-east-1.pay.standfast.test", health(PRIMARY)],
      ["pay.standfast.test", "SECONDARY", "us-west-2-and-next", 30, "us-west-2.next.pay.standfast.test", undefined],
      ["us-west-2.next.pay.standfast.test", "PRIMARY", STANDBY, 30, "us-west-2.pay.standfast.test", health(STANDBY)],
      ["us-west-2.next.pay.standfast.test", "SECONDARY", "eu-west-1", 30, "eu-west-1.pay.standfast.test", undefined],
    ]);
  });

  it("is a simple record for one region, and resolves to the fallback host if one is configured", () => {
    expect(records(failoverStack(ONE_REGION))).toEqual([
      ["pay.standfast.test", undefined, undefined, 30, "us-east-1.pay.standfast.test", undefined],
    ]);
    expect(records(failoverStack({ ...ONE_REGION, failover: { fallback_host: "sorry.bank.net" } }))).toEqual([
      ["pay.standfast.test", "PRIMARY", PRIMARY, 30, "us-east-1.pay.standfast.test", health(PRIMARY)],
      ["pay.standfast.test", "SECONDARY", "fallback", 30, "sorry.bank.net", undefined],
    ]);
  });

  it("has an alias for the apex if configured, with certificates that cover it", () => {
    const dns = { zone_name: "standfast.test", zone_id: "Z0123456789EXAMPLE", apex: true };
    const apex = failoverStack({ dns })
      .all("aws_route53_record")
      .filter((record) => record["name"] === "standfast.test");
    expect(
      apex.map((record) => [
        record["type"],
        (record["failover_routing_policy"] as { type: string }).type,
        (record["alias"] as { name: string; evaluate_target_health: boolean }).name,
      ]),
    ).toEqual([
      ["A", "PRIMARY", "us-east-1.pay.standfast.test"],
      ["A", "SECONDARY", "us-west-2.pay.standfast.test"],
    ]);
    expect(regionStack({ dns }).only("aws_acm_certificate")).toMatchObject({
      subject_alternative_names: ["pay.standfast.test", "standfast.test"],
    });
    expect(globalStack({ dns }).only("aws_acm_certificate")).toMatchObject({
      domain_name: "pay.standfast.test",
      subject_alternative_names: ["standfast.test"],
    });
  });
});
