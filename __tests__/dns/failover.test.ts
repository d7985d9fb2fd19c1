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
  const health = (id: string): string => `\${aws_route53_health_check.dns_health-check-${id}.id}`;
  /** The check that decides about the records of a region. */
  const serves = (region: string): string => `\${aws_route53_health_check.dns_serves-${region}.id}`;
  const calculated = (stack: Synthesized, region: string): object => {
    const check = stack.resource(`aws_route53_health_check.dns_serves-${region}`);
    expect(check["type"]).toBe("CALCULATED");
    return { children: check["child_healthchecks"], threshold: check["child_health_threshold"] };
  };

  it("resolves to the primary while it is healthy and to the standby otherwise, with a TTL of 30 seconds", () => {
    expect(records(failover)).toEqual([
      ["pay.standfast.test", "PRIMARY", "primary", 30, "us-east-1.pay.standfast.test", serves(PRIMARY)],
      ["pay.standfast.test", "SECONDARY", "secondary", 30, "us-west-2.pay.standfast.test", serves(STANDBY)],
    ]);
  });

  it("treats the primary as healthy while it answers and the standby does not hold DNS, the standby while it answers or holds DNS", () => {
    expect(calculated(failover, PRIMARY)).toEqual({ children: [health(PRIMARY), health(`${STANDBY}-not-holds`)], threshold: 2 });
    expect(calculated(failover, STANDBY)).toEqual({ children: [health(STANDBY), health(`${STANDBY}-holds`)], threshold: 1 });
  });

  it("requests the hold from the region that holds; a region that does not respond is not seen to hold DNS", () => {
    const hold = { fqdn: "us-west-2.pay.standfast.test", resource_path: "/.well-known/standfast/hold", type: "HTTPS" };
    expect(failover.resource(`aws_route53_health_check.dns_health-check-${STANDBY}-holds`)).toMatchObject(hold);
    expect(failover.resource(`aws_route53_health_check.dns_health-check-${STANDBY}-holds`)).not.toHaveProperty("invert_healthcheck");
    expect(failover.resource(`aws_route53_health_check.dns_health-check-${STANDBY}-not-holds`)).toMatchObject({
      ...hold,
      invert_healthcheck: true,
    });
    expect(standby.resource("aws_lb_listener_rule.load-balancer_hold")).toMatchObject({
      priority: 1,
      condition: [{ path_pattern: { values: [hold.resource_path] } }],
      action: [{ type: "fixed-response", fixed_response: { status_code: "404" } }],
      lifecycle: { ignore_changes: ["action"] },
    });
  });

  it("checks each region by its own name: HTTPS with SNI, every 10 seconds, unhealthy after two failures", () => {
    const checks = failover.all("aws_route53_health_check").filter((check) => check["resource_path"] === "/health");
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
    expect(others).toEqual([]);
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
      ["pay.standfast.test", "PRIMARY", "primary", 30, "us-east-1.pay.standfast.test", serves(PRIMARY)],
      ["pay.standfast.test", "SECONDARY", "secondary", 30, "us-west-2.next.pay.standfast.test", serves(`${STANDBY}-next`)],
      ["us-west-2.next.pay.standfast.test", "PRIMARY", "primary", 30, "us-west-2.pay.standfast.test", serves(STANDBY)],
      ["us-west-2.next.pay.standfast.test", "SECONDARY", "secondary", 30, "eu-west-1.pay.standfast.test", serves("eu-west-1")],
    ]);
    // While no region of the chain answers or holds DNS, clients are routed to the primary, which can write.
    expect(calculated(three, `${STANDBY}-next`)).toEqual({
      children: [health(STANDBY), health(`${STANDBY}-holds`), health("eu-west-1"), health("eu-west-1-holds")],
      threshold: 1,
    });
    // A sum: the region answers or holds DNS (one each), and the third does not hold DNS (two).
    expect(calculated(three, STANDBY)).toEqual({
      children: [health(STANDBY), health(`${STANDBY}-holds`), health("eu-west-1-not-holds"), health("eu-west-1-not-holds-again")],
      threshold: 3,
    });
    expect(calculated(three, PRIMARY)).toEqual({
      children: [health(PRIMARY), health(`${STANDBY}-not-holds`), health("eu-west-1-not-holds")],
      threshold: 3,
    });
  });

  it("is a primary record without a secondary for one region, and resolves to the fallback host if one is configured", () => {
    expect(records(failoverStack(ONE_REGION))).toEqual([
      ["pay.standfast.test", "PRIMARY", "primary", 30, "us-east-1.pay.standfast.test", health(PRIMARY)],
    ]);
    expect(records(failoverStack({ ...ONE_REGION, failover: { fallback_host: "sorry.bank.net" } }))).toEqual([
      ["pay.standfast.test", "PRIMARY", "primary", 30, "us-east-1.pay.standfast.test", health(PRIMARY)],
      ["pay.standfast.test", "SECONDARY", "secondary", 30, "sorry.bank.net", undefined],
    ]);
  });

  it("resolves to the fallback host when no region answers, also while one of them holds DNS", () => {
    const stack = failoverStack({ failover: { fallback_host: "sorry.bank.net" } });
    expect(records(stack).map(([, role, set, , , check]) => [role, set, check])).toEqual([
      ["PRIMARY", "primary", serves(PRIMARY)],
      ["SECONDARY", "secondary", undefined],
      ["PRIMARY", "primary", health(STANDBY)],
      ["SECONDARY", "secondary", undefined],
    ]);
  });

  it("prefers another region that has become the primary region permanently: the same records have other targets", () => {
    const moved = failoverStack({ primary_region: STANDBY, regions: regionsOf("hot", STANDBY, PRIMARY).reverse() });
    expect(records(moved)).toEqual([
      ["pay.standfast.test", "PRIMARY", "primary", 30, "us-west-2.pay.standfast.test", serves(STANDBY)],
      ["pay.standfast.test", "SECONDARY", "secondary", 30, "us-east-1.pay.standfast.test", serves(PRIMARY)],
    ]);
    const addresses = (stack: Synthesized) => stack.all("aws_route53_record").map(({ address }) => address);
    expect(addresses(moved)).toEqual(addresses(failover));
    expect(calculated(moved, STANDBY)).toEqual({ children: [health(STANDBY), health(`${PRIMARY}-not-holds`)], threshold: 2 });
    expect(calculated(moved, PRIMARY)).toEqual({ children: [health(PRIMARY), health(`${PRIMARY}-holds`)], threshold: 1 });
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
        record["health_check_id"],
        record["alias"],
      ]),
    ).toEqual([
      ["A", "PRIMARY", serves(PRIMARY), expect.objectContaining({ name: "us-east-1.pay.standfast.test", evaluate_target_health: false })],
      ["A", "SECONDARY", serves(STANDBY), expect.objectContaining({ name: "us-west-2.pay.standfast.test", evaluate_target_health: false })],
    ]);
    expect(regionStack({ dns }).only("aws_acm_certificate")).toMatchObject({
      subject_alternative_names: ["pay.standfast.test", "standfast.test"],
    });
    expect(globalStack({ dns }).only("aws_acm_certificate")).toMatchObject({
      domain_name: "pay.standfast.test",
      subject_alternative_names: ["standfast.test"],
    });
  });

  it("chains the aliases of the apex for three regions, as it chains the records of the service", () => {
    const dns = { zone_name: "standfast.test", zone_id: "Z0123456789EXAMPLE", apex: true };
    const three = failoverStack({ dns, regions: regionsOf("hot", PRIMARY, STANDBY, "eu-west-1") })
      .all("aws_route53_record")
      .filter((record) => record["type"] === "A");
    expect(
      three.map((record) => [
        record["name"],
        (record["failover_routing_policy"] as { type: string }).type,
        (record["alias"] as { name: string }).name,
        record["health_check_id"],
      ]),
    ).toEqual([
      ["standfast.test", "PRIMARY", "us-east-1.pay.standfast.test", serves(PRIMARY)],
      ["standfast.test", "SECONDARY", "us-west-2.next.standfast.test", serves(`${STANDBY}-next`)],
      ["us-west-2.next.standfast.test", "PRIMARY", "us-west-2.pay.standfast.test", serves(STANDBY)],
      ["us-west-2.next.standfast.test", "SECONDARY", "eu-west-1.pay.standfast.test", serves("eu-west-1")],
    ]);
  });
});
