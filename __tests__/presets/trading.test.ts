import { describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { allows } from "../support/access";
import { alarmsComputedFrom, alarmsOn, notifiersOf, periodOf } from "../support/alarms";
import { list, statements } from "../support/policies";
import { Preset } from "../support/preset";
import { firstColumn, page, stacksIn } from "../support/pages";
import { PROJECT } from "../support/requirements";
import { parameterArn, regionStack, type Resource, target } from "../support/synthesized";

interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Next?: string;
  readonly Retry?: unknown;
  readonly Catch?: readonly { readonly Next: string }[];
}

const preset = new Preset("trading");
const { stacks, region, failover } = preset;
const TOPIC = "${aws_sns_topic.alerts_topic.arn}";
/** The target of the rule that lets events of a kind through. */
const targetOf = (detailType: string): Resource => {
  const rule = region.all("aws_cloudwatch_event_rule").find(({ event_pattern: pattern }) => String(pattern).includes(`"${detailType}"`));
  const found = region.all("aws_cloudwatch_event_target").find((candidate) => target(candidate["rule"]) === rule?.address);
  if (!found) throw new Error(`no rule has a target for ${detailType}`);
  return found;
};
const statesOf = (runbook: string): Record<string, State> =>
  (
    JSON.parse(String(region.resource(`aws_sfn_state_machine.${runbook}_runbook_machine`)["definition"])) as {
      States: Record<string, State>;
    }
  ).States;
const packageJson = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as Record<
  "scripts" | "engines" | "dependencies" | "devDependencies",
  Record<string, string>
>;
const textOf = (file: string): string => readFileSync(join(PROJECT, file), "utf8");

describe("the goal", () => {
  it("is in us-east-1 with all required components, and in no other region", () => {
    expect([...stacks.keys()]).toEqual(["global", "us-east-1", "failover"]);
    for (const { json } of stacks.values())
      expect((json["provider"] as { aws: { region: string }[] }).aws.map((provider) => provider.region)).toEqual(["us-east-1"]);
    const components = [
      "aws_rds_cluster",
      "aws_ecs_service",
      "aws_lb",
      "aws_vpc",
      "aws_dynamodb_table",
      "aws_route53_record",
      "aws_route53_health_check",
      "aws_s3_bucket",
      "aws_cloudwatch_event_bus",
      "aws_backup_plan",
      "aws_synthetics_canary",
      "aws_sfn_state_machine",
      "aws_ssm_parameter",
    ];
    expect(components.filter((type) => preset.all(type).length === 0)).toEqual([]);
  });

  it("needs less than five of fifteen minutes by its own settings when a zone is lost, without operator action", () => {
    const check = region.only("aws_lb_target_group")["health_check"] as Record<
      "interval" | "timeout" | "unhealthy_threshold" | "healthy_threshold",
      number
    >;
    const detected = check.interval * check.unhealthy_threshold + check.timeout;
    expect(detected).toBe(13);
    const replaced = Number(region.only("aws_ecs_service")["health_check_grace_period_seconds"]) + check.interval * check.healthy_threshold;
    const { request_interval: every, failure_threshold: times } = failover.only("aws_route53_health_check");
    const failedOver = Number(every) * Number(times) + Number(failover.only("aws_route53_record")["ttl"]);
    expect(detected + replaced + failedOver).toBeLessThan(300);
    expect(region.only("aws_ecs_service")).toMatchObject({ availability_zone_rebalancing: "ENABLED" });
    expect(region.all("aws_rds_cluster_instance").filter(({ promotion_tier: tier }) => Number(tier) > 0)).toHaveLength(2);
  });
});

describe("the database layer", () => {
  const cluster = region.only("aws_rds_cluster");
  const instances = region.all("aws_rds_cluster_instance");

  it("is Aurora PostgreSQL 14 with a writer and two readers", () => {
    expect(cluster).toMatchObject({ engine: "aurora-postgresql", engine_version: expect.stringMatching(/^14\./) as unknown });
    expect(region.only("aws_rds_cluster_parameter_group")).toMatchObject({ family: "aurora-postgresql14" });
  });

  it("runs on t4g instances of one size, so that any of them can take over", () => {
    expect(instances.map(({ instance_class: size }) => size)).toEqual(Array(3).fill("db.t4g.medium"));
  });

  it("is restored by the runbook to any second of its continuous backups", () => {
    expect(statesOf("rewind")["RestoreCluster"]).toMatchObject({
      Resource: "arn:aws:states:::aws-sdk:rds:restoreDBClusterToPointInTime",
      Parameters: { "RestoreToTime.$": "$.to", RestoreType: "full-copy" },
    });
  });
});

describe("the application layer", () => {
  it("runs six to twelve tasks", () => {
    expect(region.only("aws_appautoscaling_target")).toMatchObject({ min_capacity: 6, max_capacity: 12 });
  });
});

describe("session management", () => {
  const table = region.only("aws_dynamodb_table");

  it("stores sessions in a DynamoDB table, on-demand, restorable to any second of 35 days", () => {
    expect(table).toMatchObject({
      name: "table-sessions-test-1",
      billing_mode: "PAY_PER_REQUEST",
      point_in_time_recovery: { enabled: true, recovery_period_in_days: 35 },
      ttl: { enabled: true, attribute_name: "expires_at" },
    });
    for (const key of ["read_capacity", "write_capacity"]) expect(table).not.toHaveProperty(key);
    expect(region.resource("aws_ssm_parameter.parameters_sessions-store")).toMatchObject({ value: "dynamodb" });
    expect(region.resource("aws_ssm_parameter.parameters_sessions-table")).toMatchObject({ value: table["name"] });
  });
});

describe("DNS and health checks", () => {
  it("routes clients to it in the last stack only, when the service is stable and alarms and canaries exist", () => {
    const named = [...stacks].filter(([, each]) => each.all("aws_route53_record").some(({ name }) => name === "pay.standfast.test"));
    expect(named.map(([name]) => name)).toEqual([[...stacks.keys()].at(-1)]);
    expect(region.only("aws_ecs_service")).toMatchObject({ wait_for_steady_state: true });
    expect(region.all("aws_cloudwatch_metric_alarm").length).toBeGreaterThan(30);
    expect(region.all("aws_synthetics_canary")).toHaveLength(2);
    const [failover] = [...stacks.values()].slice(-1);
    expect(target(failover?.resource("aws_route53_record.dns_primary")["health_check_id"])).toBe(
      failover?.only("aws_route53_health_check").address,
    );
  });
});

describe("storage", () => {
  const settings = (type: string): Map<string, Resource> =>
    new Map(region.all(type).map((found) => [target(found["bucket"]).replace(/^aws_s3_bucket\.|_bucket$/g, ""), found]));
  const BUCKETS = ["access-logs", "application-data", "canary-results", "service-configuration"];

  it("has a bucket for application data that the service may read and write", () => {
    expect(region.resource("aws_s3_bucket.application-data_bucket")).toMatchObject({
      bucket: "bucket-application-data-test-1-123456789012-us-east-1",
    });
    const granted = statements(region).filter(
      ({ address, Sid }) => address.includes("service_task-role") && Sid === "ApplicationDataReadWrite",
    );
    expect(granted).toMatchObject([{ Resource: "arn:aws:s3:::bucket-application-data-test-1-123456789012-us-east-1/*" }]);
  });

  it("moves data to cheaper storage after 30 and after 90 days, and deletes noncurrent versions", () => {
    const lifecycles = settings("aws_s3_bucket_lifecycle_configuration");
    expect([...lifecycles.keys()].sort()).toEqual(BUCKETS);
    for (const bucket of ["application-data", "service-configuration"])
      expect(lifecycles.get(bucket)?.["rule"]).toMatchObject([
        {
          status: "Enabled",
          transition: [
            { days: 30, storage_class: "STANDARD_IA" },
            { days: 90, storage_class: "GLACIER_IR" },
          ],
          noncurrent_version_expiration: [{ noncurrent_days: 90 }],
        },
      ]);
    for (const bucket of ["access-logs", "canary-results"])
      expect(lifecycles.get(bucket)?.["rule"]).toMatchObject([
        { status: "Enabled", noncurrent_version_expiration: [{ noncurrent_days: 1 }] },
      ]);
  });

  it("encrypts application data with a customer-managed key", () => {
    expect(settings("aws_s3_bucket_server_side_encryption_configuration").get("application-data")?.["rule"]).toMatchObject([
      { apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: "${aws_kms_key.storage-key_key.arn}" } },
    ]);
  });
});

describe("event routing", () => {
  it("has an encrypted bus to which the service may put its own events", () => {
    const bus = region.only("aws_cloudwatch_event_bus");
    expect(target(bus["kms_key_identifier"])).toBe("aws_kms_key.events-key_key");
    const mayPut = (source: string): boolean =>
      allows(
        statements(region).filter(({ address }) => address === "aws_iam_role_policy.service_task-role_permissions"),
        {
          action: "events:PutEvents",
          resource: `arn:aws:events:us-east-1:123456789012:event-bus/${String(bus["name"])}`,
          context: { "events:source": source, "kms:ViaService": "events.us-east-1.amazonaws.com" },
        },
      );
    expect([mayPut("standfast.payments"), mayPut("aws.rds")]).toEqual([true, false]);
    expect(region.resource("aws_ssm_parameter.parameters_events-bus")["value"]).toBe(`\${${bus.address}.name}`);
  });

  it("routes AlertRaised events of the application to on-call, and HealthDoubted events to the health-check runbook", () => {
    expect(targetOf("AlertRaised")).toMatchObject({ event_bus_name: "${aws_cloudwatch_event_bus.events_bus.name}", arn: TOPIC });
    const doubted = targetOf("HealthDoubted");
    expect(doubted).toMatchObject({ event_bus_name: "${aws_cloudwatch_event_bus.events_bus.name}" });
    expect(target(doubted["arn"])).toBe("aws_sfn_state_machine.health-check_runbook_machine");
    const starter = target(doubted["role_arn"])
      .replace("aws_iam_role.", "aws_iam_role_policy.")
      .replace(/_role$/, "_permissions");
    expect(statements(region).filter(({ address }) => address === starter)).toMatchObject([
      { Action: "states:StartExecution", Resource: doubted["arn"] },
    ]);
  });

  it("retains undeliverable events in a dead-letter queue, and archives events for thirty days", () => {
    expect(target((targetOf("HealthDoubted")["dead_letter_config"] as { arn: string }).arn)).toBe(
      "aws_sqs_queue.events_dead-letters_queue",
    );
    const queues = ["queue-event-dead-letters-test-1", "queue-rule-dead-letters-test-1"];
    expect(region.all("aws_sqs_queue").map(({ name }) => name)).toEqual(expect.arrayContaining(queues));
    const alarms = alarmsOn(region, "ApproximateNumberOfMessagesVisible");
    expect(alarms.map(({ threshold, dimensions }) => [(dimensions as { QueueName: string }).QueueName, threshold]).sort()).toEqual(
      queues.map((queue) => [queue, 0]),
    );
    expect(region.only("aws_cloudwatch_event_archive")).toMatchObject({ retention_days: 30 });
  });
});

describe("backup and recovery", () => {
  const DATA = [
    "arn:aws:rds:us-east-1:123456789012:cluster:aurora-test-1-us-east-1",
    "arn:aws:dynamodb:us-east-1:123456789012:table/table-sessions-test-1",
    "arn:aws:s3:::bucket-application-data-test-1-123456789012-us-east-1",
  ];

  it("backs up database, sessions and application data every six hours, and retains the backups for 35 days", () => {
    const plan = region.only("aws_backup_plan");
    expect(plan["rule"]).toMatchObject([
      {
        schedule: "cron(0 0/6 * * ? *)",
        lifecycle: { delete_after: 35 },
        target_vault_name: `\${${region.only("aws_backup_vault").address}.name}`,
      },
    ]);
    expect(region.only("aws_backup_selection")).toMatchObject({ plan_id: `\${${plan.address}.id}`, resources: DATA });
  });

  it("writes the service's configuration to a versioned bucket, after each deployment and every six hours", () => {
    const lambda = region.resource("aws_lambda_function.service-export_function_function");
    const { variables } = lambda["environment"] as { variables: Record<"BUCKET" | "SERVICE", string> };
    expect(target(variables.BUCKET)).toBe("aws_s3_bucket.service-configuration_bucket");
    expect(variables.SERVICE).toBe(region.only("aws_ecs_service")["name"]);
    const callers = region.all("aws_cloudwatch_event_target").filter(({ arn }) => target(arn) === lambda.address);
    expect(
      callers
        .map(({ rule }) => region.resource(target(rule)))
        .map((rule) => rule["schedule_expression"] ?? (JSON.parse(String(rule["event_pattern"])) as unknown)),
    ).toEqual(
      expect.arrayContaining([
        "rate(6 hours)",
        expect.objectContaining({
          "detail-type": ["ECS Deployment State Change"],
          detail: { eventName: ["SERVICE_DEPLOYMENT_COMPLETED"] },
        }),
      ]),
    );
  });

  it("goes to ALARM when a backup fails or is missing, and checks every day that each can be restored", () => {
    const failed = alarmsOn(region, "NumberOfBackupJobsFailed");
    expect(failed).toMatchObject([{ threshold: 0 }]);
    const missing = alarmsComputedFrom(region, "NumberOfBackupJobsCompleted");
    expect(missing).toMatchObject([{ threshold: 1, comparison_operator: "LessThanThreshold" }]);
    for (const alarm of [...failed, ...missing]) expect(notifiersOf(region, alarm, TOPIC)).toHaveLength(1);
    const { variables } = region.resource("aws_lambda_function.backup-verification_function_function")["environment"] as {
      variables: { OBJECTIVES: string };
    };
    expect((JSON.parse(variables.OBJECTIVES) as { resourceArn: string }[][]).flat().map(({ resourceArn }) => resourceArn)).toEqual(DATA);
  });
});

describe("synthetic monitoring", () => {
  const canaries = region.all("aws_synthetics_canary");

  it("requests the public name and the region's own name every minute, as clients do, and requires a response within five seconds", () => {
    expect(canaries.map(({ run_config: config }) => (config as { environment_variables: unknown }).environment_variables)).toEqual([
      { TARGET_URL: "https://pay.standfast.test/health/deep", MAX_LATENCY_SECONDS: "5", WRITES: "false" },
      { TARGET_URL: "https://us-east-1.pay.standfast.test/health/deep", MAX_LATENCY_SECONDS: "5", WRITES: "false" },
    ]);
    for (const canary of canaries) expect(canary).toMatchObject({ start_canary: true, schedule: { expression: "rate(1 minute)" } });
  });

  it("goes to ALARM and notifies on-call when a run of a canary fails or is missing", () => {
    const canaryAlarms = alarmsOn(region, "SuccessPercent");
    expect(canaryAlarms.map(({ dimensions }) => (dimensions as { CanaryName: string }).CanaryName)).toEqual(
      canaries.map(({ name }) => name),
    );
    for (const alarm of canaryAlarms) {
      expect(alarm).toMatchObject({ comparison_operator: "LessThanThreshold", threshold: 100, treat_missing_data: "breaching" });
      expect(notifiersOf(region, alarm, TOPIC)).toEqual(["composite-canary-test-1"]);
    }
    expect(region.only("aws_sns_topic_subscription")).toMatchObject({
      protocol: "email",
      topic_arn: TOPIC,
      for_each: "${var.alert_emails}",
    });
  });

  it("has alarms on latency, errors, healthy targets and tasks in addition to the canaries", () => {
    for (const metric of ["TargetResponseTime", "HTTPCode_Target_5XX_Count", "UnHealthyHostCount", "RunningTaskCount"])
      expect(alarmsOn(region, metric).map((alarm) => notifiersOf(region, alarm, TOPIC).length)).toEqual([1]);
    const onErrors = alarmsComputedFrom(region, "HTTPCode_ELB_5XX_Count");
    expect(new Set(onErrors.map(periodOf))).toEqual(new Set([60, 3600, 6 * 3600]));
    for (const alarm of onErrors) expect(notifiersOf(region, alarm, TOPIC).length).toBeGreaterThan(0);
  });
});

describe("orchestration", () => {
  const RUNBOOKS = ["backup-verification", "health-check", "rewind", "zonal-shift"];

  it("has state machines for health checks, verification of backups and recovery; the read-only ones run every day", () => {
    expect(region.all("aws_sfn_state_machine").map(({ name }) => name)).toEqual(RUNBOOKS.map((runbook) => `runbook-${runbook}-test-1`));
    const daily = region.all("aws_cloudwatch_event_rule").filter(({ schedule_expression: at }) => String(at).startsWith("cron("));
    const started = region.all("aws_cloudwatch_event_target").filter(({ rule }) => daily.some(({ address }) => address === target(rule)));
    expect(started.map(({ arn }) => target(arn))).toEqual(
      ["backup-verification", "health-check"].map((runbook) => `aws_sfn_state_machine.${runbook}_runbook_machine`),
    );
  });

  it("checks service, targets and database; checks that backups can be restored; restores, and switches the service to the restored cluster", () => {
    const called = (runbook: string): string => JSON.stringify(statesOf(runbook));
    for (const call of ["ecs:describeServices", "elasticloadbalancingv2:describeTargetHealth", "rds:describeDBClusters"])
      expect(called("health-check")).toContain(`aws-sdk:${call}`);
    expect(called("backup-verification")).toContain("${aws_lambda_function.backup-verification_function_function.arn}");
    for (const call of ["rds:restoreDBClusterToPointInTime", "rds:createDBInstance", "ssm:putParameter", "ecs:updateService"])
      expect(called("rewind")).toContain(`aws-sdk:${call}`);
  });

  it("retries every call, catches the remaining failures, and rolls back a recovery that does not succeed", () => {
    for (const runbook of RUNBOOKS) {
      const calls = Object.entries(statesOf(runbook)).filter(([, { Type }]) => Type === "Task");
      expect(calls.length).toBeGreaterThan(0);
      expect(calls.filter(([, { Retry, Catch }]) => !Retry || !Catch).map(([name]) => name)).toEqual([]);
    }
    const rewind = statesOf("rewind");
    const onFailure = (name: string): unknown => rewind[name]?.Catch?.[0]?.Next;
    expect(["RestoreCluster", "CreateInstances"].map(onFailure)).toEqual(["DeleteInstances", "DeleteInstances"]);
    expect(["SwitchToRestoredCluster", "ReplaceTasks"].map(onFailure)).toEqual(["ReadFirstParameter", "RollBackParameters"]);
    expect(rewind["IsAnyParameterChanged"]).toMatchObject({ Choices: [{ Next: "DeleteInstances" }], Default: "RollBackParameters" });
    expect(rewind["DeleteInstances"]?.Next).toBe("NotifyDeletion");
    expect(rewind["NotifyDeletion"]?.Next).toBe("DeleteCluster");
    expect(rewind["RollBackParameters"]?.Next).toBe("RollBackTasks");
  });
});

describe("configuration management", () => {
  const parameters = new Map(
    region.all("aws_ssm_parameter").map((parameter) => [String(parameter["name"]).replace("/standfast/test-1/us-east-1/", ""), parameter]),
  );

  it("has the addresses of all resources in Parameter Store, below one path for each environment and region", () => {
    expect([...parameters.keys()].sort()).toEqual([
      "database/cluster-identifier",
      "database/name",
      "database/port",
      "database/reader-endpoint",
      "database/secret-arn",
      "database/writer-endpoint",
      "events/bus",
      "events/source",
      "sessions/expiry-attribute",
      "sessions/key-attribute",
      "sessions/store",
      "sessions/table",
      "storage/application-data-bucket",
    ]);
    const definitions = String(region.only("aws_ecs_task_definition")["container_definitions"]);
    for (const name of ["database/writer-endpoint", "database/port", "database/name", "sessions/table", "events/bus"])
      expect(definitions).toContain(`"valueFrom" = ${parameterArn(name)}`);
  });

  it("has the configured feature flags in Parameter Store", () => {
    const flagged = regionStack({ preset: "trading", feature_flags: { "new-ledger": "on" } });
    expect(flagged.all("aws_ssm_parameter").find(({ name }) => name === "/standfast/test-1/us-east-1/flags/new-ledger")).toMatchObject({
      value: "on",
    });
    expect([...parameters.keys()].filter((name) => name.startsWith("flags/"))).toEqual([]);
  });

  it("encrypts the ARN of the secret, and has no secret in the parameters", () => {
    expect(parameters.get("database/secret-arn")).toMatchObject({ type: "SecureString", key_id: "${aws_kms_key.parameters-key_key.arn}" });
    for (const { value } of parameters.values()) expect(String(value)).not.toMatch(/password|secret_string/);
  });
});

describe("technical requirements and constraints", () => {
  it("allows the program its own resources only: parameters, single sessions, its bucket, and the bus", () => {
    const actions = statements(region)
      .filter(({ address }) => address === "aws_iam_role_policy.service_task-role_permissions")
      .flatMap(({ Action }) => list(Action))
      .filter((action) => !action.startsWith("kms:"));
    expect([...new Set(actions)].sort()).toEqual([
      "dynamodb:DeleteItem",
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:UpdateItem",
      "events:PutEvents",
      "s3:AbortMultipartUpload",
      "s3:DeleteObject",
      "s3:GetObject",
      "s3:ListBucket",
      "s3:PutObject",
      "ssm:GetParameter",
      "ssm:GetParameters",
      "ssm:GetParametersByPath",
    ]);
  });

  it("pays by use where AWS offers it: requests, seconds of functions, small instances, a minimum number of tasks", () => {
    expect(preset.all("aws_dynamodb_table").map(({ billing_mode: mode }) => mode)).toEqual(["PAY_PER_REQUEST"]);
    for (const lambda of region.all("aws_lambda_function")) expect(lambda).toMatchObject({ architectures: ["arm64"], memory_size: 256 });
    expect(region.all("aws_appautoscaling_policy")).toHaveLength(2);
    expect(preset.all().filter(({ resourceType }) => /^aws_(instance|launch_template|autoscaling_group)$/.test(resourceType))).toEqual([]);
  });

  it("logs connections to the database and requests for objects", () => {
    for (const name of ["log_connections", "log_disconnections"])
      expect(region.only("aws_rds_cluster_parameter_group")["parameter"]).toContainEqual({ name, value: "1" });
    expect(region.all("aws_s3_bucket_logging").map(({ bucket }) => target(bucket))).toHaveLength(3);
  });

  it("uses CDK for Terraform, TypeScript 4.9 or newer, and Node 18 or newer", () => {
    const numbers = (text = ""): number[] => text.replace(/^\D+/, "").split(".").map(Number);
    const [cdktf, typescript, node] = [
      packageJson.dependencies["cdktf"],
      packageJson.devDependencies["typescript"],
      packageJson.engines["node"],
    ].map(numbers);
    expect(cdktf?.slice(0, 2)).toEqual([0, 21]);
    expect((typescript?.[0] ?? 0) * 100 + (typescript?.[1] ?? 0)).toBeGreaterThanOrEqual(409);
    expect(node?.[0]).toBeGreaterThanOrEqual(18);
  });

  it("checks types, style and dead code before any test", () => {
    expect(packageJson.scripts["test"]).toMatch(/^npm run check && /);
    for (const tool of ["tsc", "eslint .", "prettier --check .", "knip"]) expect(packageJson.scripts["check"]).toContain(tool);
    const { compilerOptions } = JSON.parse(textOf("tsconfig.json")) as { compilerOptions: unknown };
    expect(compilerOptions).toMatchObject({ strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true });
  });
});

describe("what is delivered", () => {
  it("documents its architecture, its behaviour in failures, and its deployment", () => {
    expect(firstColumn("docs/architecture.md", "How it is built")).toEqual(
      expect.arrayContaining(["`config/`", "`stacks/`", "`modules/`", "`docs/`"]),
    );
    expect(firstColumn("docs/availability.md", "What happens when something is lost")).toEqual(
      expect.arrayContaining(["a task", "a zone: tasks", "a zone: the writer", "wrong data"]),
    );
    expect(stacksIn("deploy").filter((name) => stacks.has(name))).toEqual([...stacks.keys()]);
    expect(page("docs/deploy.md")).toContain("npm run bootstrap");
  });

  it("documents each runbook that AWS executes, and each that an alarm or an event names", () => {
    const described = textOf("docs/runbooks/operations.md");
    for (const { name } of region.all("aws_sfn_state_machine"))
      expect(described).toContain(`| \`${String(name).replace(/^runbook-|-test-1$/g, "")}\` |`);
    const pages = new Map(region.all("aws_ssm_document").map(({ name, content }) => [name, String(content)]));
    const linked = [...JSON.stringify(preset.all()).matchAll(/Runbook: https:[^ ]+\/documents\/([\w-]+)\/[^ ]+ \(([^()]+)\)/g)];
    expect(new Set(linked.map(([text]) => text)).size).toBeGreaterThan(15);
    expect(linked.filter(([, page, title]) => !pages.get(page)?.includes(`## ${title}\\n`)).map(([text]) => text)).toEqual([]);
  });
});
