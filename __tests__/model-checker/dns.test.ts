import { describe, expect, it } from "@jest/globals";
import { regionsOf, twoRegions } from "../support/config";
import { Graph } from "../../prove/graph/graph";
import { failoverStack } from "../support/synthesized";
import { answeredHost, type CheckSettings, type Dns, type Endpoints, isHealthy, readDns } from "../../prove/model-checker/dns";

const [E, W, THIRD] = ["us-east-1", "us-west-2", "eu-west-1"];
const dnsOf = (overrides: Readonly<Record<string, unknown>>): Dns => readDns(new Graph("failover", failoverStack(overrides).json));
const hostOf = (region: string): string => `${region}.pay.standfast.test`;
const CHECK_OF_E = `aws_route53_health_check.dns_health-check-${E}`;

/** What the checkers see when only some regions respond. */
const seeing = (up: readonly string[], settings: Readonly<Record<string, CheckSettings>> = {}): Endpoints => ({
  answers: (host, path) => !path.endsWith("/hold") && up.some((region) => host.startsWith(`${region}.`)),
  settings: (check) => settings[check],
});

/** A record of the first region with a calculated health check: it responds, and the second region does not hold clients. */
const calculated: Dns = readDns(
  new Graph("failover", {
    resource: {
      aws_route53_health_check: {
        answers: { type: "HTTPS", fqdn: hostOf(E), resource_path: "/health" },
        "not-held": { type: "HTTPS", fqdn: hostOf(W), resource_path: "/.well-known/standfast/hold", invert_healthcheck: true },
        both: {
          type: "CALCULATED",
          child_health_threshold: 2,
          child_healthchecks: ["${aws_route53_health_check.answers.id}", "${aws_route53_health_check.not-held.id}"],
        },
      },
      aws_route53_record: {
        first: {
          type: "CNAME",
          name: "pay",
          records: [hostOf(E)],
          failover_routing_policy: { type: "PRIMARY" },
          health_check_id: "${aws_route53_health_check.both.id}",
        },
        second: { type: "CNAME", name: "pay", records: [hostOf(W)], failover_routing_policy: { type: "SECONDARY" } },
      },
    },
  }),
);

describe("DNS, as the model checker reads it from the failover stack", () => {
  const two = dnsOf(twoRegions("hot"));
  const three = dnsOf({ regions: regionsOf("hot", E, W, THIRD) });

  it.each([
    ["the first region while it responds", two, [E, W], E],
    ["the second region while the first one does not respond", two, [W], W],
    ["the first region when no region responds: both records are unhealthy", two, [], E],
    ["the first of three regions", three, [E, W, THIRD], E],
    ["the second of three regions", three, [W, THIRD], W],
    ["the third of three regions", three, [THIRD], THIRD],
  ])("answers %s", (_, dns, up, region) => {
    expect(answeredHost(dns, seeing(up))).toBe(hostOf(region));
  });

  it("counts a disabled health check as healthy, and one that is also inverted as unhealthy", () => {
    const disabled = (inverted: boolean) => seeing([W], { [CHECK_OF_E]: { disabled: true, inverted } });
    expect(isHealthy(two, CHECK_OF_E, disabled(false))).toBe(true);
    expect(isHealthy(two, CHECK_OF_E, disabled(true))).toBe(false);
  });

  it("calculates a health check from its children, and inverts one that is inverted", () => {
    const held = (isHeld: boolean): Endpoints => ({
      answers: (host, path) => (path.endsWith("/hold") ? isHeld : host === hostOf(E)),
      settings: () => undefined,
    });
    expect(answeredHost(calculated, held(false))).toBe(hostOf(E));
    expect(answeredHost(calculated, held(true))).toBe(hostOf(W));
  });

  it("answers the primary record when both records are unhealthy", () => {
    const unhealthy = {
      ...calculated,
      records: calculated.records.map((record) => ({ ...record, check: "aws_route53_health_check.both" })),
    };
    expect(answeredHost(unhealthy, { answers: () => false, settings: () => undefined })).toBe(hostOf(E));
  });
});
