import { describe, expect, it } from "@jest/globals";
import { check } from "../../modules/runbooks/check-backups/check";
import { alarmsComputedFrom, periodOf } from "../support/alarms";
import { DATA, EVERY_STORE } from "../support/config";
import { statements } from "../support/policies";
import { oneRegion, regionStack, type Synthesized } from "../support/synthesized";

const everything = regionStack(EVERY_STORE);
const plain = oneRegion();
const [here, there] = [0, 1].map((index) => regionStack(DATA, index)) as [Synthesized, Synthesized];

describe("backups", () => {
  it("include every data store that AWS Backup supports; the service export has the versions of its bucket", () => {
    expect(everything.only("aws_backup_selection")["resources"]).toEqual([
      "arn:aws:rds:us-east-1:123456789012:cluster:aurora-test-1-us-east-1",
      "arn:aws:dynamodb:us-east-1:123456789012:table/table-sessions-test-1",
      "arn:aws:s3:::bucket-transaction-logs-test-1-123456789012-us-east-1",
      "arn:aws:s3:::bucket-application-data-test-1-123456789012-us-east-1",
    ]);
    expect(plain.only("aws_backup_selection")["resources"]).toEqual(["arn:aws:rds:us-east-1:123456789012:cluster:aurora-test-1-us-east-1"]);
    expect(oneRegion({ backup: { enabled: false } }).all("aws_backup_vault")).toEqual([]);
  });

  it("leave continuous backups of Aurora to Aurora", () => {
    for (const rule of everything.only("aws_backup_plan")["rule"] as object[]) expect(rule).not.toHaveProperty("enable_continuous_backup");
    expect(plain.only("aws_rds_cluster")).toMatchObject({ backup_retention_period: 7 });
  });

  it.each([
    [1, "cron(0 0/1 * * ? *)"],
    [6, "cron(0 0/6 * * ? *)"],
    [24, "cron(0 0 * * ? *)"],
  ])("are created every %s hours", (every_hours, schedule) => {
    expect(oneRegion({ backup: { every_hours } }).only("aws_backup_plan")["rule"]).toMatchObject([{ schedule }]);
  });

  it("have a role that reads the existing data stores and no others", () => {
    const sids = (stack: typeof plain) =>
      statements(stack)
        .filter(({ address }) => address === "aws_iam_role_policy.backup_role_permissions")
        .map(({ Sid }) => Sid);
    expect(sids(plain)).not.toEqual(expect.arrayContaining(["BackUpTables"]));
    expect(sids(plain)).not.toEqual(expect.arrayContaining(["ReadBuckets"]));
    expect(sids(everything)).toEqual(expect.arrayContaining(["SnapshotClusters", "BackUpTables", "ReadBuckets", "ReadObjects"]));
    const keys = statements(everything).find(
      ({ address, Sid }) => address === "aws_iam_role_policy.backup_role_permissions" && Sid === "UseKeys",
    );
    expect(keys?.Condition).toEqual({
      "ForAnyValue:StringEquals": {
        "kms:ResourceAliases": ["backup", "database", "sessions", "storage"].map((purpose) => `alias/key-${purpose}-test-1`),
      },
    });
  });

  it("can be tested by a restore into the data tier, to which no security group allows ingress", () => {
    expect(everything.only("aws_backup_restore_testing_selection")).toMatchObject({
      protected_resource_type: "Aurora",
      restore_metadata_overrides: {
        dbSubnetGroupName: "subnets-test-1",
        vpcSecurityGroupIds: "${jsonencode([aws_security_group.restore-testing_security-group_group.id])}",
      },
    });
    const rules = everything.json.resource?.["aws_vpc_security_group_ingress_rule"] ?? {};
    expect(Object.keys(rules).filter((rule) => rule.startsWith("restore-testing"))).toEqual([]);
    expect(plain.all("aws_backup_restore_testing_plan")).toEqual([]);
  });

  it("are tested once a week, and the runbook that checks for tests allows that week and one more day", async () => {
    const now = new Date("2026-11-21T12:00:00Z");
    let since = now;
    await check(
      [],
      {
        vaultCreatedAt: () => Promise.resolve(new Date(0)),
        recoveryPoints: () => Promise.resolve([]),
        restoreMetadata: () => Promise.resolve({}),
        completedRestoreTests: (from) => Promise.resolve((since = from)).then(() => 1),
      },
      now,
    );
    // One day of the week, at one time.
    expect(everything.only("aws_backup_restore_testing_plan")["schedule_expression"]).toMatch(/^cron\(\d+ \d+ \? \* [A-Z]{3} \*\)$/);
    expect((now.getTime() - since.getTime()) / 86_400_000).toBe(7 + 1);
  });

  it("of the service configuration are created after each deployment and at the interval of the other backups", () => {
    const rules = everything.all("aws_cloudwatch_event_rule").filter(({ address }) => address.includes("service-export"));
    expect(rules.map(({ schedule_expression: schedule }) => schedule).filter(Boolean)).toEqual(["rate(6 hours)"]);
    expect(JSON.parse(String(rules.find((rule) => rule["event_pattern"])?.["event_pattern"]))).toEqual({
      source: ["aws.ecs"],
      "detail-type": ["ECS Deployment State Change"],
      resources: ["arn:aws:ecs:us-east-1:123456789012:service/ecs-test-1/service-test-1"],
      detail: { eventName: ["SERVICE_DEPLOYMENT_COMPLETED"] },
    });
    expect(everything.resource("aws_lambda_function.service-export_function_function")).toMatchObject({
      runtime: "nodejs22.x",
      tracing_config: { mode: "Active" },
    });
    for (const permission of everything.all("aws_lambda_permission"))
      expect(permission).toMatchObject({
        principal: "events.amazonaws.com",
        source_arn: expect.stringMatching(/^\$\{aws_cloudwatch_event_rule\./) as unknown,
      });
    const permissions = everything.all("aws_lambda_permission").filter(({ address }) => address.includes("service-export"));
    expect(permissions).toHaveLength(2);
    expect(plain.all("aws_lambda_function").filter(({ address }) => address.includes("service-export"))).toEqual([]);
  });
});

describe("the data of two regions", () => {
  it("is backed up every six hours in the primary region, and once a day with a copy in the vault of the standby region", () => {
    const rule = {
      target_vault_name: "${aws_backup_vault.vault_vault.name}",
      start_window: 60,
      completion_window: 1440,
      lifecycle: { delete_after: 35 },
      recovery_point_tags: expect.objectContaining({ EnvironmentSuffix: "test-1" }) as unknown,
    };
    expect(here.only("aws_backup_plan")["rule"]).toEqual([
      { ...rule, rule_name: "every-6-hours", schedule: "cron(0 6,12,18 * * ? *)", copy_action: [] },
      {
        ...rule,
        rule_name: "copied-every-24-hours",
        schedule: "cron(0 0 * * ? *)",
        copy_action: [
          {
            destination_vault_arn: "arn:aws:backup:us-west-2:123456789012:backup-vault:vault-test-1",
            lifecycle: { delete_after: 35 },
          },
        ],
      },
    ]);
    expect(here.resource("aws_backup_selection.backup_selection")["resources"]).toEqual([
      "arn:aws:dynamodb:us-east-1:123456789012:table/table-sessions-test-1",
      "arn:aws:s3:::bucket-transaction-logs-test-1-123456789012-us-east-1",
      "arn:aws:s3:::bucket-application-data-test-1-123456789012-us-east-1",
    ]);
    expect(there.only("aws_backup_vault")).toMatchObject({ name: "vault-test-1", force_destroy: true });
  });

  it("is copied in one rule when every backup is", () => {
    const every = regionStack({ ...DATA, backup: { copy_every_hours: 6 } });
    expect(every.only("aws_backup_plan")["rule"]).toMatchObject([
      { rule_name: "every-6-hours", schedule: "cron(0 0/6 * * ? *)", copy_action: [{ lifecycle: { delete_after: 35 } }] },
    ]);
  });

  it("is backed up in the standby region when it has the writer, by the same rules, with a copy in the vault of the primary region", () => {
    const [rule, copied] = here.only("aws_backup_plan")["rule"] as object[];
    const copy = {
      destination_vault_arn: "arn:aws:backup:us-east-1:123456789012:backup-vault:vault-test-1",
      lifecycle: { delete_after: 35 },
    };
    expect(there.only("aws_backup_plan")["rule"]).toEqual([rule, { ...copied, copy_action: [copy] }]);
    expect(there.only("aws_backup_selection").address).toBe("aws_backup_selection.backup_writer-selection");
    const snapshots = statements(there).find(
      ({ address, Sid }) => address === "aws_iam_role_policy.backup_role_permissions" && Sid === "SnapshotClusters",
    );
    expect(snapshots?.Resource).toEqual([
      "arn:aws:rds:us-west-2:123456789012:cluster:aurora-test-1-us-west-2",
      "arn:aws:rds:*:123456789012:cluster-snapshot:awsbackup:*",
    ]);
  });

  it.each([
    ["us-east-1", here],
    ["us-west-2", there],
  ])("includes the cluster in %s only while its tag marks it as the writer, which Terraform ignores", (region, stack) => {
    expect(stack.resource("aws_backup_selection.backup_writer-selection")).toMatchObject({
      resources: [`arn:aws:rds:${region}:123456789012:cluster:aurora-test-1-${region}`],
      condition: [{ string_equals: [{ key: "aws:ResourceTag/standfast:writer", value: "true" }] }],
    });
    expect(stack.json["provider"]).toMatchObject({ aws: [{ ignore_tags: [{ keys: ["standfast:writer"] }] }] });
  });

  it("is in every region missing only when neither a backup nor a copy has arrived, which takes a day longer than its interval", () => {
    const missing = [here, there, plain].map((stack) => stack.resource("aws_cloudwatch_metric_alarm.backup_alarm-backup-missing"));
    expect(alarmsComputedFrom(here, "NumberOfRecoveryPointsCompleted")).toEqual([missing[0]]);
    expect(alarmsComputedFrom(there, "NumberOfRecoveryPointsCompleted")).toEqual([missing[1]]);
    expect(alarmsComputedFrom(plain, "NumberOfBackupJobsCompleted")).toEqual([missing[2]]);
    for (const alarm of missing) {
      expect(periodOf(alarm)).toBe(3600);
      expect(alarm).toMatchObject({ threshold: 1, comparison_operator: "LessThanThreshold" });
    }
    expect(missing.map(({ evaluation_periods: hours }) => hours)).toEqual([51, 51, 9]);
  });

  it("is not missing in the hours before the creation of the environment: without flow log records an hour counts as one with a backup", () => {
    const [computed, ...parts] = plain.resource("aws_cloudwatch_metric_alarm.backup_alarm-backup-missing")["metric_query"] as readonly {
      readonly id: string;
      readonly expression?: string;
      readonly metric?: { readonly dimensions: object };
    }[];
    expect(computed?.expression).toBe("IF(FILL(alive, 0) > 0, SUM([FILL(arrivals, 0), 0 * FILL(alive, 0)]), 1)");
    expect(parts.find(({ id }) => id === "alive")?.metric).toMatchObject({
      metric_name: "IncomingLogEvents",
      dimensions: { LogGroupName: plain.resource("aws_cloudwatch_log_group.network_flow-logs_log_group")["name"] },
    });
  });

  it("is verified in every region by the newest backup of whichever cluster was the writer", () => {
    for (const [stack, hours] of [
      [here, [9, 51]],
      [there, [51, 9]],
    ] as const) {
      const { environment } = stack.resource("aws_lambda_function.backup-verification_function_function") as unknown as {
        environment: { variables: { OBJECTIVES: string } };
      };
      expect((JSON.parse(environment.variables.OBJECTIVES) as object[])[0]).toEqual([
        { resourceArn: "arn:aws:rds:us-east-1:123456789012:cluster:aurora-test-1-us-east-1", maxAgeHours: hours[0] },
        { resourceArn: "arn:aws:rds:us-west-2:123456789012:cluster:aurora-test-1-us-west-2", maxAgeHours: hours[1] },
      ]);
    }
  });
});

describe("the data of one region", () => {
  it("is backed up without a condition, and Terraform ignores no tag", () => {
    expect(plain.only("aws_backup_selection")).not.toHaveProperty("condition");
    expect(JSON.stringify(plain.json["provider"])).not.toContain("ignore_tags");
  });
});
