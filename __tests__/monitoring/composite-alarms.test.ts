import { describe, expect, it } from "@jest/globals";
import { TerraformStack, Testing } from "cdktf";
import { testAlerts } from "../support/test-alerts";
import { PLATFORMS } from "../support/platforms";
import { faultAlarms, namedIn } from "../support/alarms";
import { evaluate } from "../support/alarm-rule";
import { type Resource, Synthesized } from "../support/synthesized";

describe.each(PLATFORMS)("composite alarms of %s", (_, region) => {
  const alarms = faultAlarms(region);
  const composites = region.all("aws_cloudwatch_composite_alarm");

  const named = (name: string): Resource | undefined =>
    composites.find((composite) => composite["alarm_name"] === `composite-${name}-test-1`);
  const suppressorOf = (composite: Resource | undefined): unknown =>
    (composite?.["actions_suppressor"] as { alarm: string } | undefined)?.alarm;

  it("are in ALARM while an alarm of their severity is: the critical ones, and the warnings of a component", () => {
    expect(composites.map((composite) => composite["alarm_name"])).toEqual(
      expect.arrayContaining(["backup", "clients", "database", "load-balancer", "service"].map((name) => `composite-${name}-test-1`)),
    );
    // The alarms that compare zones have members of both severities.
    for (const composite of composites.filter(({ alarm_name: name }) => !String(name).endsWith("-impaired-test-1"))) {
      const [severity] = String(composite["alarm_description"]).split(":");
      for (const name of namedIn(composite)) {
        const member = [...alarms, ...composites].find((alarm) => alarm["alarm_name"] === name);
        expect(String(member?.["alarm_description"])).toMatch(new RegExp(`^${severity}:`));
      }
      expect(String(composite["alarm_name"]).endsWith("-warnings-test-1")).toBe(severity === "WARNING");
    }
  });

  it("contain every alarm except those of queues, of event rules and of AWS WAF, each of which is an incident of its own", () => {
    const members = new Set(composites.flatMap(namedIn));
    const alone = alarms.filter((alarm) => !members.has(String(alarm["alarm_name"])));
    expect(alone.filter((alarm) => !["AWS/SQS", "AWS/Events", "AWS/WAFV2"].includes(String(alarm["namespace"])))).toEqual([]);
    expect(alone.length).toBeLessThan(alarms.length / 4);
  });

  it("are replaced when their alarms change: CloudWatch does not delete an alarm that a composite alarm names", () => {
    for (const composite of composites) {
      const { replace_triggered_by: triggers } = composite["lifecycle"] as { replace_triggered_by: string[] };
      const [members = "", ...others] = triggers;
      expect(region.resource(members)).toMatchObject({ input: { alarms: namedIn(composite) } });
      const suppressor = suppressorOf(composite);
      const children = composites.filter(({ alarm_name: name }) => name === suppressor || namedIn(composite).includes(String(name)));
      expect([...others].sort()).toEqual(children.map(({ address }) => address).sort());
      expect(composite["depends_on"]).toEqual(expect.arrayContaining(children.map(({ address }) => address)));
    }
  });

  it("report a zone as impaired only while it alone is worse than the others", () => {
    const ruleOf = (component: string): string =>
      String(composites.find(({ alarm_name: name }) => name === `composite-${component}-test-1`)?.["alarm_rule"]);
    const zones = ["us-east-1a", "us-east-1b", "us-east-1c"];
    for (const zone of zones) {
      const [own = "", others = ""] = /^\((.+)\) AND NOT \((.+)\)$/.exec(ruleOf(`zone-${zone}-impaired`))?.slice(1) ?? [];
      for (const part of ["zone-errors", "zone-latency", "anomalous-targets"])
        for (const each of zones) expect(each === zone ? own : others).toContain(`ALARM("alarm-${part}-${each}-test-1")`);
      expect(zones.filter((each) => own.includes(each))).toEqual([zone]);
      expect(zones.filter((each) => others.includes(each))).toEqual(zones.filter((each) => each !== zone));
      for (const rule of [own, others]) {
        expect(rule.split(" OR ").filter((part) => !/^ALARM\("[\w-]+"\)$/.test(part))).toEqual([]);
        // The load balancer itself leaves a zone without healthy targets.
        expect(rule).not.toContain("no-targets");
      }
    }
  });

  it("exist for each zone, and for the platform while alarms of two zones are in ALARM", () => {
    const zones = ["us-east-1a", "us-east-1b", "us-east-1c"];
    const platform = String(named("platform")?.["alarm_rule"]);
    for (const zone of zones) {
      const members = namedIn(named(`zone-${zone}`) ?? fail());
      for (const part of ["no-targets", "nat-ports", "instance-down"]) expect(members).toContain(`alarm-${part}-${zone}-test-1`);
      expect(evaluate(platform, new Set(members))).toBe(false);
      for (const other of zones.filter((each) => each !== zone))
        for (const one of members)
          for (const second of namedIn(named(`zone-${other}`) ?? fail())) expect(evaluate(platform, new Set([one, second]))).toBe(true);
    }
  });

  it("are silent while a wider one notifies: components in a zone, zones in the platform, and clients never", () => {
    const zones = ["us-east-1a", "us-east-1b", "us-east-1c"];
    for (const zone of zones) {
      expect(suppressorOf(named(`zone-${zone}`))).toBe(`composite-zone-${zone}-suppressor-test-1`);
      const wider = ["composite-platform-test-1", `composite-zone-${zone}-impaired-test-1`];
      expect(namedIn(named(`zone-${zone}-suppressor`) ?? fail())).toEqual(wider);
    }
    const all = zones.flatMap((zone) => [`composite-zone-${zone}-test-1`, `composite-zone-${zone}-impaired-test-1`]);
    expect(namedIn(named("zones") ?? fail()).sort()).toEqual(all.sort());
    for (const component of ["database", "load-balancer", "service", "service-warnings"])
      expect(suppressorOf(named(component))).toBe("composite-zones-test-1");
    for (const component of ["clients", "backup", "platform", "zones"]) expect(suppressorOf(named(component))).toBeUndefined();
    for (const composite of composites.filter(suppressorOf)) {
      expect(composite["actions_suppressor"]).toMatchObject({ wait_period: 120, extension_period: 120 });
      expect(composite["alarm_description"]).toContain(`Waits up to 120 s for ${String(suppressorOf(composite))}, which notifies instead.`);
    }
  });
});

function fail(): never {
  throw new Error("there is no such composite alarm");
}

describe("composite alarms", () => {
  const large = () => {
    const stack = new TerraformStack(Testing.app(), "large");
    const alerts = testAlerts(stack);
    const alarms = (count: number, of = "node-down") =>
      Array.from({ length: count }, (_, index) =>
        alerts.alarm(stack, `${of}-${index}`, {
          severity: "critical",
          means: "A node is down.",
          metric: { namespace: "AWS/ElastiCache", name: "ReplicationLag", dimensions: {}, statistic: "Maximum", label: "lag" },
          when: { above: 0 },
          missingData: "breaching",
          runbook: "cache.md#composite-alarm",
        }),
      );
    return { stack, alerts, alarms };
  };

  it("have at most a hundred children each", () => {
    const { stack, alerts, alarms } = large();
    const many = alarms(240);
    alerts.composites.addComponent(stack, "cache", many, { runbook: "cache.md#composite-alarm" });
    const rules = new Synthesized(Testing.synth(stack)).all("aws_cloudwatch_composite_alarm");
    const named = rules.map(({ alarm_rule: rule }) => [...String(rule).matchAll(/ALARM\(/g)].length);
    expect(named.sort((one, other) => one - other)).toEqual([3, 40, 100, 100]);
    const notifying = rules.filter((rule) => !JSON.stringify(rule["alarm_actions"]).includes("details-topic"));
    expect(notifying.map(({ alarm_name: name }) => name)).toEqual(["composite-cache-test-1"]);
    expect(rules.filter(({ alarm_rule: rule }) => String(rule).length > 10_240)).toEqual([]);
  });

  it.each([
    [25, ["impaired", "impaired", "impaired", "impaired"]],
    [26, ["impaired", "impaired", "impaired", "impaired", "worse", "worse", "worse", "worse"]],
  ])("combine the alarms of each zone, where those of all zones are more than a hundred: %d in each of four", (count, kinds) => {
    const { stack, alerts, alarms } = large();
    const zones = new Map(["a", "b", "c", "d"].map((zone) => [zone, alarms(count, zone)]));
    alerts.composites.addImpairedZones(stack, zones, "zone.md#one-zone-is-worse", true);
    const composites = new Synthesized(Testing.synth(stack)).all("aws_cloudwatch_composite_alarm");
    expect(composites.map(({ alarm_name: name }) => /-(worse|impaired)-test-1$/.exec(String(name))?.[1]).sort()).toEqual(kinds);
    for (const { alarm_rule: rule } of composites) {
      expect([...String(rule).matchAll(/ALARM\(/g)].length).toBeLessThanOrEqual(100);
      expect(String(rule).length).toBeLessThanOrEqual(10_240);
    }
    if (kinds.includes("worse"))
      expect(composites.find(({ alarm_name: name }) => name === "composite-zone-b-impaired-test-1")?.["alarm_rule"]).toBe(
        '(ALARM("composite-zone-b-worse-test-1")) AND NOT (ALARM("composite-zone-a-worse-test-1") OR ALARM("composite-zone-c-worse-test-1") OR ALARM("composite-zone-d-worse-test-1"))',
      );
  });
});
