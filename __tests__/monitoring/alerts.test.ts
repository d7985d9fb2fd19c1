import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { EVERYTHING } from "../support/config";
import { PLATFORMS } from "../support/platforms";
import { services, statements } from "../support/policies";
import { oneRegion, regionStack, type Synthesized, target } from "../support/synthesized";

const everything = regionStack(EVERYTHING);
const plain = oneRegion();
const PROJECT = resolve(__dirname, "..", "..");

/** What is published every five minutes or less often, and what happens every six hours only. */
const SLOW_METRICS: Readonly<Record<string, { readonly period: number; readonly periods: number }>> = {
  NumberOfBackupJobsFailed: { period: 300, periods: 1 },
  DaysToExpiry: { period: 86400, periods: 1 },
  // Every five minutes, of which one run may be missing.
  UnusableKeys: { period: 900, periods: 1 },
};

describe.each(PLATFORMS)("alerts of %s", (_, region) => {
  const alarms = region.all("aws_cloudwatch_metric_alarm");
  const composites = region.all("aws_cloudwatch_composite_alarm");

  it("fire after one data point of the shortest period of the metric, and configure the treatment of missing data", () => {
    expect(alarms.length).toBeGreaterThan(10);
    for (const alarm of alarms) {
      if (alarm["metric_query"]) continue;
      const { period, periods } = SLOW_METRICS[String(alarm["metric_name"])] ?? { period: 60, periods: 1 };
      expect(alarm).toMatchObject({ period, evaluation_periods: periods, datapoints_to_alarm: periods });
      expect(["breaching", "notBreaching", "ignore"]).toContain(alarm["treat_missing_data"]);
      expect("statistic" in alarm).toBe(!("extended_statistic" in alarm));
    }
  });

  it("treat missing data of a heartbeat as breaching", () => {
    for (const metric of ["RunningTaskCount", "HealthyHostCount", "EngineUptime", "AuroraReplicaLagMaximum"])
      expect(alarms.find((alarm) => alarm["metric_name"] === metric)).toMatchObject({ treat_missing_data: "breaching" });
  });

  it("state their maximum latency and an existing section of a runbook", () => {
    const anchors = (file: string): string[] =>
      readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line.startsWith("## "))
        .map((line) => line.slice(3).toLowerCase().replaceAll(" ", "-"));
    const texts = [...alarms, ...composites].map((alarm) => String(alarm["alarm_description"]));
    const messages = region
      .all("aws_cloudwatch_event_target")
      .flatMap((rule) => (rule["input_transformer"] as { input_template: string } | undefined)?.input_template ?? []);
    for (const alarm of alarms.filter((candidate) => !candidate["metric_query"]))
      expect(alarm["alarm_description"]).toContain(
        `Maximum latency: ${Number(alarm["period"]) * Number(alarm["evaluation_periods"]) + 120} s.`,
      );
    for (const text of [...texts, ...messages]) {
      const [, file, anchor] = /Runbook: (docs\/runbooks\/[\w-]+\.md)#([\w-]+)/.exec(text) ?? [];
      expect(existsSync(join(PROJECT, file ?? ""))).toBe(true);
      expect(anchors(join(PROJECT, file ?? ""))).toContain(anchor);
    }
  });

  it("are events for failovers, stopped tasks, tasks that cannot start, failed deployments and failed backups", () => {
    expect(
      region
        .all("aws_db_event_subscription")
        .map(({ source_type: type, sns_topic: topic, event_categories: categories }) => [type, target(topic).split(".")[1], categories]),
    ).toEqual([
      ["db-cluster", "alerts_topic", ["failure", "global-failover", "maintenance", "notification"]],
      ["db-cluster", "alerts_details-topic", ["failover"]],
      ["db-instance", "alerts_topic", ["configuration change", "failure", "low storage", "maintenance"]],
      ["db-instance", "alerts_details-topic", ["availability", "recovery"]],
      ["db-parameter-group", "alerts_topic", ["configuration change"]],
    ]);
    const notifying = region.all("aws_cloudwatch_event_target").filter((rule) => rule["arn"] === "${aws_sns_topic.alerts_topic.arn}");
    const kinds = notifying.map(({ rule }) => {
      const matching = region.all("aws_cloudwatch_event_rule").find(({ address }) => address === target(rule));
      return (JSON.parse(String(matching?.["event_pattern"])) as { "detail-type": string[] })["detail-type"][0];
    });
    expect(kinds).toEqual(
      expect.arrayContaining([
        "Backup Job State Change",
        "Copy Job State Change",
        "ECS Deployment State Change",
        "ECS Service Action",
        "ECS Task State Change",
        "RDS DB Cluster Event",
        "Step Functions Execution Status Change",
      ]),
    );
  });

  it("are allowed by topic and key: each service that may publish may also encrypt", () => {
    const publishers = statements(region)
      .filter(({ address, Effect }) => address === "aws_sns_topic_policy.alerts_topic-policy" && Effect === "Allow")
      .flatMap(services);
    const encrypters = statements(region)
      .filter(({ address }) => address === "aws_kms_key.alerts-key_key")
      .flatMap(services);
    for (const needed of ["cloudwatch.amazonaws.com", "events.amazonaws.com", "events.rds.amazonaws.com"])
      expect(publishers).toContain(needed);
    expect([...encrypters].sort()).toEqual([...publishers].sort());
  });

  it("have no condition on EventBridge, which passes no condition key to topic or key", () => {
    const passed = statements(region).filter(
      (candidate) =>
        services(candidate).includes("events.amazonaws.com") && /\.alerts_topic-policy$|\.alerts-key_key$/.test(candidate.address),
    );
    expect(passed).toHaveLength(2);
    for (const statement of passed) expect(statement.Condition).toBeUndefined();
  });

  it("are sent to every address of alert_emails", () => {
    expect(region.resource("aws_sns_topic_subscription.alerts_email")).toMatchObject({
      protocol: "email",
      for_each: "${var.alert_emails}",
      endpoint: "${each.value}",
    });
  });

  it("are shown on one dashboard, with the widgets of each module in a row and none outside the grid", () => {
    const body = JSON.parse(String(region.only("aws_cloudwatch_dashboard")["dashboard_body"])) as {
      widgets: { x: number; y: number; width: number; properties: { title: string } }[];
    };
    expect(new Set(body.widgets.map(({ y }) => y)).size).toBeGreaterThanOrEqual(4);
    for (const { x, width } of body.widgets) expect(x + width).toBeLessThanOrEqual(24);
    expect(body.widgets.map(({ properties }) => properties.title)).toContain("Running tasks");
  });
});

describe("unusual load", () => {
  it("fires only where it is configured", () => {
    const unusual = (stack: Synthesized): unknown[] =>
      stack.all("aws_cloudwatch_metric_alarm").filter((alarm) => alarm["threshold_metric_id"]);
    expect(unusual(plain)).toEqual([]);
    // Requests of all, and latency of each service behind the load balancer.
    expect(unusual(everything)).toHaveLength(3);
  });
});
