import { describe, expect, it } from "@jest/globals";
import { TerraformStack, Testing } from "cdktf";
import { Names } from "../../config/naming";
import { Alerts } from "../../modules/monitoring/alerts";
import { MINIMAL } from "../support/config";
import { PLATFORMS } from "../support/platforms";
import { Synthesized } from "../support/synthesized";

describe.each(PLATFORMS)("composite alarms of %s", (_, region) => {
  const alarms = region.all("aws_cloudwatch_metric_alarm");
  const composites = region.all("aws_cloudwatch_composite_alarm");

  it("are in ALARM while any of their critical alarms is, and do not include warnings", () => {
    expect(composites.map((composite) => composite["alarm_name"])).toEqual(
      expect.arrayContaining([
        "composite-backup-test-1",
        "composite-database-test-1",
        "composite-load-balancer-test-1",
        "composite-service-test-1",
      ]),
    );
    const members = composites.filter(({ alarm_name: name }) => name !== "composite-platform-test-1");
    const named = members.flatMap((composite) =>
      [...String(composite["alarm_rule"]).matchAll(/ALARM\("([^"]+)"\)/g)].map(([, name]) => name),
    );
    // Resources on which the service does not depend are in no composite alarm: functions, and dead-letter queues.
    const tiered = alarms.filter(
      (alarm) =>
        String(alarm["alarm_description"]).startsWith("CRITICAL") &&
        !["AWS/Lambda", "AWS/SQS", "AWS/Events"].includes(String(alarm["namespace"])),
    );
    expect(tiered.length).toBeLessThan(alarms.length);
    expect(named.sort()).toEqual(tiered.map((alarm) => String(alarm["alarm_name"])).sort());
  });

  it("are replaced when their alarms change: CloudWatch does not delete an alarm that a composite alarm names", () => {
    for (const composite of composites) {
      const named = [...String(composite["alarm_rule"]).matchAll(/ALARM\("([^"]+)"\)/g)].map(([, name]) => name);
      const { replace_triggered_by: triggers } = composite["lifecycle"] as { replace_triggered_by: string[] };
      const [members = "", ...others] = triggers;
      expect(region.resource(members)).toMatchObject({ input: { alarms: named } });
      const children = composites.filter((other) => named.includes(String(other["alarm_name"])));
      expect([...others].sort()).toEqual(children.map(({ address }) => address).sort());
    }
  });

  it("exist for each zone, and for the platform with all others as children", () => {
    const zones = ["us-east-1a", "us-east-1b", "us-east-1c"];
    for (const zone of zones) {
      const rule = String(composites.find(({ alarm_name: name }) => name === `composite-zone-${zone}-test-1`)?.["alarm_rule"]);
      for (const part of ["no-targets", "nat-ports", "instance-down"]) expect(rule).toContain(`ALARM("alarm-${part}-${zone}-test-1")`);
    }
    const platform = composites.find(({ alarm_name: name }) => name === "composite-platform-test-1");
    const others = composites.filter((composite) => composite !== platform && composite["alarm_actions"]);
    expect([...String(platform?.["alarm_rule"]).matchAll(/ALARM\("([^"]+)"\)/g)].map(([, name]) => String(name)).sort()).toEqual(
      others.map((composite) => String(composite["alarm_name"])).sort(),
    );
  });
});

describe("composite alarms", () => {
  it("have at most a hundred children each", () => {
    const stack = new TerraformStack(Testing.app(), "large");
    const alerts = new Alerts(stack, "alerts", {
      names: new Names("test-1", "us-east-1", MINIMAL.account_id),
      purpose: "alerts",
      region: "us-east-1",
      accountId: MINIMAL.account_id,
      keyArn: "arn:aws:kms:us-east-1:123456789012:key/1",
      emails: "[]",
      runbookBaseUrl: "docs/runbooks",
    });
    const many = Array.from({ length: 240 }, (_, index) =>
      alerts.alarm(stack, `node-down-${index}`, {
        severity: "critical",
        means: "A node is down.",
        metric: { namespace: "AWS/ElastiCache", name: "ReplicationLag", dimensions: {}, statistic: "Maximum", label: "lag" },
        when: { above: 0 },
        missingData: "breaching",
        runbook: "cache.md#composite-alarm",
      }),
    );
    alerts.composites.addComponent(stack, "cache", many, "cache.md#composite-alarm");
    const rules = new Synthesized(Testing.synth(stack)).all("aws_cloudwatch_composite_alarm");
    const named = rules.map(({ alarm_rule: rule }) => [...String(rule).matchAll(/ALARM\(/g)].length);
    expect(named.sort((one, other) => one - other)).toEqual([3, 40, 100, 100]);
    expect(rules.filter((rule) => rule["alarm_actions"]).map(({ alarm_name: name }) => name)).toEqual(["composite-cache-test-1"]);
    expect(rules.filter(({ alarm_rule: rule }) => String(rule).length > 10_240)).toEqual([]);
  });
});
