import { describe, expect, it } from "@jest/globals";
import { Graph } from "../../prove/graph/graph";
import { checkPasses, lead } from "../../prove/losses/dns";
import { platformOf } from "../../prove/losses/model";
import { Outage } from "../../prove/losses/outage";

const graph = new Graph("main", {
  provider: { aws: [{ region: "eu-west-1" }] },
  resource: {
    aws_lb: { web: {} },
    aws_lb_target_group: { web: {} },
    aws_lb_listener: {
      web: {
        load_balancer_arn: "${aws_lb.web.arn}",
        port: 443,
        default_action: [{ type: "forward", target_group_arn: "${aws_lb_target_group.web.arn}" }],
      },
    },
    aws_lb_listener_rule: {
      hold: {
        listener_arn: "${aws_lb_listener.web.arn}",
        priority: 1,
        condition: [{ path_pattern: { values: ["/hold*"] } }],
        action: [{ type: "fixed-response", fixed_response: { status_code: "404" } }],
      },
    },
    aws_lb_target_group_attachment: { web: { target_group_arn: "${aws_lb_target_group.web.arn}", target_id: "10.0.0.1" } },
    aws_route53_record: {
      web: { name: "web.test", type: "A", alias: [{ name: "${aws_lb.web.dns_name}", evaluate_target_health: true }] },
      primary: {
        name: "shop.test",
        type: "CNAME",
        records: ["web.test"],
        set_identifier: "1",
        failover_routing_policy: [{ type: "PRIMARY" }],
        health_check_id: "${aws_route53_health_check.both.id}",
      },
      secondary: {
        name: "shop.test",
        type: "CNAME",
        records: ["sorry.test"],
        set_identifier: "2",
        failover_routing_policy: [{ type: "SECONDARY" }],
      },
    },
    aws_route53_health_check: {
      web: { type: "HTTPS", fqdn: "web.test", port: 443, resource_path: "/health" },
      hold: { type: "HTTPS", fqdn: "web.test", port: 443, resource_path: "/hold" },
      free: { type: "HTTPS", fqdn: "web.test", port: 443, resource_path: "/hold", invert_healthcheck: true },
      closed: { type: "HTTP", fqdn: "web.test", port: 80 },
      disabled: { type: "HTTP", fqdn: "web.test", port: 80, disabled: true },
      both: {
        type: "CALCULATED",
        child_health_threshold: 2,
        child_healthchecks: ["${aws_route53_health_check.web.id}", "${aws_route53_health_check.free.id}"],
      },
      all: {
        type: "CALCULATED",
        child_health_threshold: 2,
        child_healthchecks: ["${aws_route53_health_check.web.id}", "${aws_route53_health_check.hold.id}"],
      },
    },
  },
});
const whole = new Outage(platformOf([graph]), []);
const broken = new Outage(platformOf([graph]), ["main/aws_lb.web"]);

describe("a health check of Route 53", () => {
  it.each([
    ["web", true, false],
    ["hold", false, false],
    ["free", true, true],
    ["closed", false, false],
    ["disabled", true, true],
    ["both", true, false],
    ["all", false, false],
  ])("%s passes: %s, and without its load balancer: %s", (id, before, after) => {
    const check = graph.all("aws_route53_health_check").find(({ address }) => address.endsWith(`.${id}`));
    if (!check) throw new Error(id);
    expect([checkPasses(whole, graph, check), checkPasses(broken, graph, check)]).toEqual([before, after]);
  });

  it("decides to which record of a failover pair a name leads", () => {
    expect(lead(whole, "shop.test")).toEqual([expect.objectContaining({ region: "eu-west-1", by: "PRIMARY" })]);
    expect(lead(broken, "shop.test")).toEqual([{ balancer: undefined, region: undefined, host: "sorry.test", by: "SECONDARY" }]);
    expect(lead(whole, "nowhere.test")).toEqual([]);
  });
});
