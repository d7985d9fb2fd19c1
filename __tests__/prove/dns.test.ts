import { describe, expect, it } from "@jest/globals";
import { covers } from "../../prove/dns/certificates";
import { Dns } from "../../prove/dns/dns";
import { ALL_HEALTHY, type Condition, describeDestination, stateOf } from "../../prove/dns/states";
import { Graph, type TerraformJson } from "../../prove/graph/graph";
import { prove } from "../../prove/claims";

type Values = Readonly<Record<string, unknown>>;

const REGIONS = ["eu-west-1", "eu-central-1"];

/** A region whose load balancer forwards to targets that answer /up, and answers /hold itself. */
const region = (name: string): Graph =>
  new Graph(name, {
    provider: { aws: [{ region: name }] },
    resource: {
      aws_lb: { web: { name: "web", client_keep_alive: 60 } },
      aws_lb_target_group: { web: { health_check: { path: "/up" } } },
      aws_lb_listener: {
        https: {
          load_balancer_arn: "${aws_lb.web.arn}",
          port: 443,
          protocol: "HTTPS",
          default_action: [{ type: "forward", forward: [{ target_group: [{ arn: "${aws_lb_target_group.web.arn}", weight: 1 }] }] }],
        },
        http: { load_balancer_arn: "${aws_lb.web.arn}", port: 80, protocol: "HTTP", default_action: [{ type: "redirect" }] },
      },
      aws_lb_listener_rule: {
        hold: {
          listener_arn: "${aws_lb_listener.https.arn}",
          priority: 1,
          condition: [{ path_pattern: { values: ["/hold*"] } }],
          action: [{ type: "fixed-response", fixed_response: { status_code: "404" } }],
        },
      },
      aws_route53_record: {
        web: {
          name: `${name}.shop.test.`,
          type: "A",
          zone_id: "Z1",
          alias: { name: "${aws_lb.web.dns_name}", evaluate_target_health: true },
        },
      },
    },
  });

const record = (type: string, host: string, check?: string): Values => ({
  name: "www.shop.test",
  type: "CNAME",
  ttl: 30,
  zone_id: "Z1",
  records: [host],
  set_identifier: type,
  failover_routing_policy: { type },
  ...(check !== undefined && { health_check_id: `\${aws_route53_health_check.${check}.id}` }),
});

const endpoint = (name: string, path = "/up", more: Values = {}): Values => ({
  type: "HTTPS",
  fqdn: `${name}.shop.test`,
  port: 443,
  resource_path: path,
  ...more,
});

function failover(checks: Readonly<Record<string, Values>>, records: Readonly<Record<string, Values>>): Graph {
  const json: TerraformJson = { resource: { aws_route53_health_check: checks, aws_route53_record: records } };
  return new Graph("failover", json);
}

const [FIRST = "", SECOND = ""] = REGIONS;
const PAIR = {
  primary: record("PRIMARY", `${FIRST}.shop.test`, "first"),
  secondary: record("SECONDARY", `${SECOND}.shop.test`, "second"),
};

/** To what the name resolves while the regions have these conditions. */
function resolved(stacks: readonly Graph[], first: Condition, second: Condition, holder?: string): string {
  const conditions = new Map([
    [FIRST, first],
    [SECOND, second],
  ]);
  return describeDestination(Dns.of(stacks).resolve("www.shop.test", stateOf(conditions, holder)));
}

describe("Route 53", () => {
  const regions = REGIONS.map(region);
  const plain = [...regions, failover({ first: endpoint(FIRST), second: endpoint(SECOND) }, PAIR)];

  it.each<[Condition, Condition, string]>([
    ["healthy", "healthy", FIRST],
    ["healthy", "lost", FIRST],
    ["lost", "healthy", SECOND],
    ["unhealthy", "healthy", SECOND],
    ["unhealthy", "unhealthy", FIRST],
    ["lost", "lost", FIRST],
  ])("answers, while the first region is %s and the second %s, with %s", (first, second, expected) => {
    expect(resolved(plain, first, second)).toBe(expected);
  });

  it("answers with a secondary without a health check also while it is lost", () => {
    const unchecked = { ...PAIR, secondary: record("SECONDARY", `${SECOND}.shop.test`) };
    expect(resolved([...regions, failover({ first: endpoint(FIRST) }, unchecked)], "lost", "lost")).toBe(SECOND);
  });

  it("counts the healthy children of a calculated check, inverts after that, and takes a disabled check for healthy", () => {
    const children = ["${aws_route53_health_check.up.id}", "${aws_route53_health_check.free.id}"];
    const checks = {
      up: endpoint(FIRST),
      free: endpoint(SECOND, "/hold", { invert_healthcheck: true }),
      first: { type: "CALCULATED", child_healthchecks: children, child_health_threshold: 2 },
      second: endpoint(SECOND),
    };
    const held = [...regions, failover(checks, PAIR)];
    expect(resolved(held, "healthy", "healthy")).toBe(FIRST);
    expect(resolved(held, "healthy", "healthy", SECOND)).toBe(SECOND);
    expect(resolved(held, "healthy", "lost", SECOND)).toBe(FIRST);
    const first = (threshold: number) => ({ ...checks.first, child_health_threshold: threshold });
    expect(resolved([...regions, failover({ ...checks, first: first(0) }, PAIR)], "lost", "healthy")).toBe(FIRST);
    expect(resolved([...regions, failover({ ...checks, first: first(3) }, PAIR)], "healthy", "healthy")).toBe(SECOND);
    expect(
      resolved([...regions, failover({ ...checks, first: endpoint(FIRST, "/up", { disabled: true }) }, PAIR)], "lost", "healthy"),
    ).toBe(FIRST);
    const inverted = endpoint(FIRST, "/up", { disabled: true, invert_healthcheck: true });
    expect(resolved([...regions, failover({ ...checks, first: inverted }, PAIR)], "healthy", "healthy")).toBe(SECOND);
  });

  it("does not see targets behind a redirect, a fixed answer or TCP", () => {
    for (const blind of [endpoint(FIRST, "/up", { type: "HTTP", port: 80 }), endpoint(FIRST, "/up", { type: "TCP" })])
      expect(resolved([...regions, failover({ first: blind, second: endpoint(SECOND) }, PAIR)], "unhealthy", "healthy")).toBe(FIRST);
  });

  it.each([
    [{ resource_path: "/" }, "asks /, and"],
    [{ port: 8443 }, "no listener on port 8443"],
    [{ fqdn: "www.shop.test" }, "not the name of one load balancer"],
    [{ type: "HTTP" }, "expects HTTPS, and gets HTTP"],
    [{ type: "CLOUDWATCH_METRIC" }, "has the type CLOUDWATCH_METRIC"],
  ])("gets no answer to a check with %j", (more, because) => {
    const stacks = [...regions, failover({ first: endpoint(FIRST, "/up", more), second: endpoint(SECOND) }, PAIR)];
    const result = prove(stacks).find(({ id }) => id === "D1");
    expect(result?.status).toBe("refuted");
    expect(result?.because).toContain(because);
  });

  it("follows an alias, and the health of its target", () => {
    const alias = (type: string, name: string): Values => ({
      name: "www.shop.test",
      type: "A",
      zone_id: "Z1",
      set_identifier: type,
      failover_routing_policy: { type },
      alias: { name: `${name}.shop.test`, evaluate_target_health: true },
    });
    const stacks = [...regions, failover({}, { primary: alias("PRIMARY", FIRST), secondary: alias("SECONDARY", SECOND) })];
    expect(resolved(stacks, "healthy", "healthy")).toBe(FIRST);
    expect(resolved(stacks, "unhealthy", "healthy")).toBe(SECOND);
    expect(resolved(stacks, "lost", "lost")).toBe(FIRST);
  });

  it("says to what a name resolves that has no record, that points to itself, or that is outside", () => {
    const to = (host: string) => [...regions, failover({}, { primary: record("PRIMARY", host) })];
    expect(resolved(to("eu-wst-1.www.shop.test"), "healthy", "healthy")).toContain("has no record");
    expect(resolved(to("www.shop.test"), "healthy", "healthy")).toContain("resolves to itself");
    expect(resolved(to("sorry.bank.test"), "healthy", "healthy")).toBe("sorry.bank.test");
  });

  it("answers with every healthy record of a name without a failover policy, with the addresses of A, and not with AAAA or other types", () => {
    const weighted = (host: string): Values => ({
      ...record(host, `${host}.shop.test`),
      failover_routing_policy: undefined,
      weighted_routing_policy: { weight: 1 },
    });
    const plainRecord = (name: string, type: string, ...records: readonly string[]): Values => ({ name, type, zone_id: "Z1", records });
    const stacks = [
      ...regions,
      failover(
        { first: endpoint(FIRST) },
        {
          text: plainRecord("www.shop.test", "TXT", "v=spf1"),
          first: { ...weighted(FIRST), health_check_id: "${aws_route53_health_check.first.id}" },
          second: weighted(SECOND),
          static: plainRecord("static.shop.test", "A", "192.0.2.1", "192.0.2.2"),
          six: plainRecord("static.shop.test", "AAAA", "2001:db8::1"),
        },
      ),
    ];
    const all = (name: string, ...lost: readonly string[]) =>
      Dns.of(stacks)
        .resolveAll(name, stateOf(new Map(lost.map((one) => [one, "lost"]))))
        .map(describeDestination);
    expect(all("www.shop.test")).toEqual(REGIONS);
    expect(all("www.shop.test", FIRST)).toEqual([SECOND]);
    expect(all("static.shop.test")).toEqual(["192.0.2.1", "192.0.2.2"]);
    expect(Dns.of(stacks).publicNames).toEqual(["www.shop.test"]);
    expect(Dns.of(stacks).resolve("other.test", ALL_HEALTHY)).toEqual({ kind: "outside", host: "other.test" });
  });

  it("does not know about a health check or a certificate of another owner", () => {
    const foreign = { ...PAIR, primary: { ...PAIR.primary, health_check_id: "0f1e2d3c" } };
    const results = prove([...regions, failover({ second: endpoint(SECOND) }, foreign)]);
    expect(results.filter(({ id }) => ["D1", "D2", "D7"].includes(id)).map(({ status }) => status)).toEqual([
      "unknown",
      "unknown",
      "unknown",
    ]);
  });
});

describe("a certificate", () => {
  it("covers names, and one label by a wildcard", () => {
    const names = ["pay.shop.test", "*.pay.shop.test"];
    expect(["pay.shop.test", "a.pay.shop.test"].every((name) => covers(names, name))).toBe(true);
    expect(["shop.test", "a.b.pay.shop.test"].some((name) => covers(names, name))).toBe(false);
  });
});
