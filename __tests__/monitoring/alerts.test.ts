import { describe, expect, it } from "@jest/globals";
import { EVERYTHING, regionsOf } from "../support/config";
import { PLATFORMS } from "../support/platforms";
import { linkedSection } from "../support/runbook-pages";
import { services, statements } from "../support/policies";
import { oneRegion, regionStack, type Synthesized, target } from "../support/synthesized";

const everything = regionStack(EVERYTHING);
const plain = oneRegion();
const TOPIC = "${aws_sns_topic.alerts_topic.arn}";

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

  const messages = region
    .all("aws_cloudwatch_event_target")
    .flatMap((rule) => (rule["input_transformer"] as { input_template: string } | undefined)?.input_template ?? []);
  const descriptions = [...alarms, ...composites].map((alarm) => String(alarm["alarm_description"]));
  const pages = new Map(region.all("aws_ssm_document").map(({ name, content }) => [name, String(content)]));

  it("state their maximum latency", () => {
    for (const alarm of alarms.filter((candidate) => !candidate["metric_query"]))
      expect(alarm["alarm_description"]).toContain(
        `Maximum latency: ${Number(alarm["period"]) * Number(alarm["evaluation_periods"]) + 120} s.`,
      );
  });

  it("end with a first command that only reads, and with the absolute link to a page that contains the section", () => {
    for (const text of [...descriptions.filter((each) => !each.startsWith("INFO:")), ...messages]) {
      const linked = linkedSection(text);
      expect({ text, linked }).toEqual({ text, linked: expect.anything() });
      expect(linked?.command).toMatch(/^aws (logs tail|s3 ls|[a-z0-9-]+ (describe|list|get)-[a-z0-9-]+) [^$<>]*--region [a-z0-9-]+/);
      expect(pages.get(linked?.document)).toContain(`## ${linked?.title}\\n`);
    }
  });

  it("say what clients notice, unless a composite alarm says it for them", () => {
    const notifying = [...alarms, ...composites].filter(({ alarm_actions: actions }) => String(actions) === TOPIC);
    expect(notifying.length).toBeGreaterThan(5);
    for (const { alarm_description: text } of notifying) expect(text).toMatch(/ Clients: [a-z].*\. .*First command:/);
    for (const message of messages) expect(message).toMatch(/ Clients: [a-z].*\. Since: <since>\. First command:/);
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

describe("the description of an alarm", () => {
  it.each([undefined, `https://${"w".repeat(192)}`])(
    "has at most 1024 characters with the longest names, with the base URL %s",
    (baseUrl) => {
      const stack = regionStack({
        ...EVERYTHING,
        environment_suffix: "s".repeat(20),
        regions: regionsOf("hot", "ap-southeast-2"),
        monitoring: { ...EVERYTHING.monitoring, ...(baseUrl && { runbook_base_url: baseUrl }) },
      });
      const alarms = [...stack.all("aws_cloudwatch_metric_alarm"), ...stack.all("aws_cloudwatch_composite_alarm")];
      const long = alarms.map(({ alarm_description: text }) => String(text)).filter((text) => text.length > 1024);
      expect(long).toEqual([]);
    },
  );
});
