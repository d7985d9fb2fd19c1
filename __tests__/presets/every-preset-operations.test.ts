import { describe, expect, it } from "@jest/globals";
import { alarmsOn, notifiersOf } from "../support/alarms";
import { canPublish, FOR_THIS_ACCOUNT } from "../support/delivery";
import { GUARDS, namesOf, wellNamed } from "../support/invariants";
import { list, services, statements } from "../support/policies";
import { ALL_PRESETS } from "../support/preset";
import { stacksIn } from "../support/pages";
import { containers, target, valueAt } from "../support/synthesized";

const TOPIC = "${aws_sns_topic.alerts_topic.arn}";
const SOON = { period: 60, evaluation_periods: 1, datapoints_to_alarm: 1 };

describe.each(ALL_PRESETS)("monitoring of %s", (_, preset) => {
  it("sends every alarm, or the composite alarm that contains it, when it begins and when it ends, to an encrypted topic to which each e-mail address is subscribed", () => {
    const alerting = [...preset.stacks.values()].filter((stack) => stack.all("aws_cloudwatch_metric_alarm").length > 0);
    expect(alerting).toEqual([...preset.regions.map(({ stack }) => stack), preset.failover]);
    for (const stack of alerting) {
      const alarms = [...stack.all("aws_cloudwatch_metric_alarm"), ...stack.all("aws_cloudwatch_composite_alarm")];
      for (const alarm of alarms) {
        expect(alarm["ok_actions"]).toEqual(alarm["alarm_actions"]);
        expect(alarm).not.toHaveProperty("actions_enabled", false);
      }
      for (const alarm of stack.all("aws_cloudwatch_metric_alarm"))
        expect([alarm["alarm_name"], notifiersOf(stack, alarm, TOPIC)]).not.toEqual([alarm["alarm_name"], []]);
      for (const topic of stack.all("aws_sns_topic")) expect(target(topic["kms_master_key_id"])).toBe("aws_kms_key.alerts-key_key");
      expect(stack.only("aws_sns_topic_subscription")).toMatchObject({
        topic_arn: TOPIC,
        protocol: "email",
        for_each: "${var.alert_emails}",
      });
      expect(canPublish(stack, "cloudwatch.amazonaws.com", FOR_THIS_ACCOUNT)).toEqual({ topic: true, key: true });
      expect(stack.json["variable"]).toMatchObject({ alert_emails: { default: ["oncall@bank.test"], nullable: false } });
    }
  });

  it("reports a failover of the database as an event, and goes to ALARM while the writer is down or has just started", () => {
    for (const { stack } of preset.regions) {
      const cluster = stack.only("aws_rds_cluster");
      const source = { source_type: "db-cluster", source_ids: [`\${${cluster.address}.cluster_identifier}`] };
      expect(stack.resource("aws_db_event_subscription.database_events-db-cluster")).toMatchObject({
        ...source,
        sns_topic: TOPIC,
        event_categories: expect.arrayContaining(["failure", "global-failover"]),
      });
      expect(stack.resource("aws_db_event_subscription.database_events-db-cluster-details")).toMatchObject({
        ...source,
        event_categories: ["failover"],
      });
      const { event_pattern: pattern } = stack.resource("aws_cloudwatch_event_rule.database_event-database-failover");
      expect(JSON.parse(String(pattern))).toMatchObject({ source: ["aws.rds"], detail: { EventID: ["RDS-EVENT-0069", "RDS-EVENT-0071"] } });
      expect(stack.resource("aws_cloudwatch_event_target.database_event-database-failover-to-alerts")).toMatchObject({ arn: TOPIC });
    }
    const { region } = preset;
    const writer = alarmsOn(region, "EngineUptime").filter(({ dimensions }) => "Role" in (dimensions as object));
    expect(writer).toMatchObject([
      {
        dimensions: { DBClusterIdentifier: region.only("aws_rds_cluster")["cluster_identifier"], Role: "WRITER" },
        statistic: "Minimum",
        comparison_operator: "LessThanThreshold",
        threshold: 120,
        // With several regions, each region may have no writer. Then its fence reports a silent writer.
        treat_missing_data: preset.regions.length > 1 ? "notBreaching" : "breaching",
      },
    ]);
    if (preset.regions.length > 1)
      for (const { stack } of preset.regions)
        expect(alarmsOn(stack, "WriterSilent")).toMatchObject([{ ...SOON, comparison_operator: "GreaterThanThreshold", threshold: 0 }]);
  });

  it("goes to ALARM while a reader of the primary region is behind by more than a second, or reports no lag", () => {
    expect(alarmsOn(preset.region, "AuroraReplicaLagMaximum")).toMatchObject([
      {
        ...SOON,
        namespace: "AWS/RDS",
        dimensions: { DBClusterIdentifier: preset.region.only("aws_rds_cluster")["cluster_identifier"] },
        comparison_operator: "GreaterThanThreshold",
        threshold: 1000,
        treat_missing_data: preset.regions.length > 1 ? "notBreaching" : "breaching",
      },
    ]);
  });

  it("goes to ALARM while a target or container is unhealthy, too few tasks are running or healthy, or a zone has no healthy task", () => {
    for (const { stack, zones } of preset.regions) {
      const least = stack.only("aws_appautoscaling_target")["min_capacity"];
      const failing = { ...SOON, comparison_operator: "GreaterThanThreshold", threshold: 0 };
      const tooFew = { ...SOON, statistic: "Minimum", comparison_operator: "LessThanThreshold", treat_missing_data: "breaching" };
      for (const metric of ["UnHealthyHostCount", "UnHealthyContainerHealthStatus"])
        expect(alarmsOn(stack, metric)).toMatchObject([failing]);
      expect(alarmsOn(stack, "RunningTaskCount")).toMatchObject([
        {
          ...tooFew,
          threshold: least,
          dimensions: { ClusterName: stack.only("aws_ecs_cluster")["name"], ServiceName: stack.only("aws_ecs_service")["name"] },
        },
      ]);
      expect(stack.only("aws_ecs_cluster")["setting"]).toEqual([{ name: "containerInsights", value: "enhanced" }]);
      const healthy = alarmsOn(stack, "HealthyHostCount");
      for (const alarm of healthy) expect(alarm).toMatchObject(tooFew);
      const thresholds = healthy.map(({ dimensions, threshold }) => [
        (dimensions as { readonly AvailabilityZone?: string }).AvailabilityZone ?? "all",
        threshold,
      ]);
      expect(thresholds).toHaveLength(zones.length + 1);
      expect(Object.fromEntries(thresholds)).toEqual({ all: least, ...Object.fromEntries(zones.map((zone) => [zone, 1])) });
    }
  });

  it("logs traffic, requests, database, tasks, functions and runbooks, and retains every log for 90 days", () => {
    for (const { name, stack } of preset.regions) {
      expect(stack.only("aws_flow_log")).toMatchObject({ traffic_type: "ALL" });
      expect(stack.only("aws_lb")).toMatchObject({ access_logs: { enabled: true } });
      const { engine, enabled_cloudwatch_logs_exports: exported } = stack.only("aws_rds_cluster");
      expect(exported).toEqual(engine === "aurora-mysql" ? ["audit", "error", "slowquery"] : ["postgresql"]);
      expect(containers(stack)).toContain(
        `"awslogs-group" = aws_cloudwatch_log_group.service_log_group.name, "awslogs-region" = "${name}"`,
      );
      const functions = stack.all("aws_lambda_function");
      const runbooks = stack.all("aws_sfn_state_machine");
      expect([functions.length > 0, runbooks.length > 0]).toEqual([true, true]);
      for (const lambda of functions) {
        expect(target(valueAt(lambda, "logging_config.log_group"))).toMatch(/^aws_cloudwatch_log_group\./);
        expect(lambda).toMatchObject({ logging_config: { log_format: "JSON" }, tracing_config: { mode: "Active" } });
      }
      for (const machine of runbooks) expect(machine).toMatchObject({ logging_configuration: { level: "ALL" } });
      for (const group of stack.all("aws_cloudwatch_log_group")) expect(group).toMatchObject({ retention_in_days: 90 });
    }
  });
});

describe.each(ALL_PRESETS)("every resource of %s", (_, preset) => {
  it("has a name of its type and the environment suffix", () => {
    const names = preset.all().flatMap(namesOf);
    expect(names.length).toBeGreaterThan(100);
    expect(names.filter(({ value }) => !value.includes("test-1"))).toEqual([]);
    expect(names.filter(({ value }) => !wellNamed(value))).toEqual([]);
    const tags = preset.all().flatMap(({ tags: own }) => (own as { readonly Name?: string } | undefined)?.Name ?? []);
    expect(tags.length).toBeGreaterThan(40);
    expect([...names.map(({ value }) => value), ...tags]).toEqual(
      expect.arrayContaining(["vpc-test-1", "alb-test-1", "ecs-test-1", "service-test-1", "vault-test-1"]),
    );
    expect(tags.filter((name) => !/^[a-z][a-z0-9-]*-test-1(-|$)/.test(name))).toEqual([]);
  });

  it("can be destroyed: nothing is protected, retained, or kept with its data, its name or its function", () => {
    for (const [type, attribute, , free] of GUARDS)
      for (const resource of preset.all(type)) expect(resource).toMatchObject({ [attribute]: free });
    for (const resource of preset.all("aws_rds_global_cluster"))
      expect(resource).toMatchObject({ deletion_protection: false, force_destroy: true });
    for (const resource of preset.all("aws_service_discovery_service")) expect(resource).toMatchObject({ force_destroy: true });
    for (const secret of preset.all("aws_secretsmanager_secret")) expect(secret).toMatchObject({ recovery_window_in_days: 0 });
    for (const canary of preset.all("aws_synthetics_canary")) expect(canary).toMatchObject({ delete_lambda: true });
    expect(preset.all().filter((resource) => "final_snapshot_identifier" in resource)).toEqual([]);
    expect(JSON.stringify([...preset.stacks.values()].map(({ json }) => json))).not.toMatch(
      /prevent_destroy|skip_destroy|retain_on_delete/,
    );
  });

  it("belongs to the environment: no GuardDuty detector, Config recorder or service-linked role, of which an account has one", () => {
    expect(preset.all().filter(({ resourceType }) => /^aws_(guardduty|config)_|service_linked_role/.test(resourceType))).toEqual([]);
    for (const { json } of preset.stacks.values()) expect(JSON.stringify(json)).not.toMatch(/AWS_?ConfigRole|config\.amazonaws\.com/);
  });
});

describe.each(ALL_PRESETS)("permissions of %s", (_, preset) => {
  it("allow no role all actions or all actions of a service, and only one service to assume each role", () => {
    const all = [...preset.stacks.values()].flatMap(statements).filter(({ address }) => !address.startsWith("aws_kms_key."));
    const allowed = all.filter(({ Effect }) => Effect === "Allow");
    expect(allowed.length).toBeGreaterThan(50);
    expect(allowed.filter(({ Action }) => list(Action).some((action) => /^\*$|:\*$/.test(action)))).toEqual([]);
    const trust = all.filter(({ Action }) => Action === "sts:AssumeRole");
    expect(trust).toHaveLength(preset.all("aws_iam_role").length);
    for (const statement of trust) expect(services(statement)).toHaveLength(1);
  });
});

describe.each(ALL_PRESETS)("the documentation", (_, preset) => {
  const ofPreset = (names: readonly string[]): string[] => names.filter((name) => preset.stacks.has(name));

  it("deploys and destroys the stacks of %s in their order", () => {
    expect(ofPreset(stacksIn("deploy"))).toEqual([...preset.stacks.keys()]);
    expect(ofPreset(stacksIn("destroy"))).toEqual([...preset.stacks.keys()]);
  });
});
