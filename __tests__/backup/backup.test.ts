import { describe, expect, it } from "@jest/globals";
import { check } from "../../modules/runbooks/check-backups/check";
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
    expect(everything.all("aws_lambda_permission")).toHaveLength(2);
    expect(plain.all("aws_lambda_function").filter(({ address }) => address.includes("service-export"))).toEqual([]);
  });
});

describe("the data of two regions", () => {
  it("is backed up every six hours in the primary region, with a copy in the vault of the standby region", () => {
    expect(here.only("aws_backup_plan")["rule"]).toEqual([
      {
        rule_name: "every-6-hours",
        schedule: "cron(0 0/6 * * ? *)",
        target_vault_name: "${aws_backup_vault.vault_vault.name}",
        start_window: 60,
        completion_window: 1440,
        lifecycle: { delete_after: 35 },
        copy_action: [
          {
            destination_vault_arn: "arn:aws:backup:us-west-2:123456789012:backup-vault:vault-test-1",
            lifecycle: { delete_after: 35 },
          },
        ],
      },
    ]);
    expect(here.only("aws_backup_selection")["resources"]).toEqual([
      "arn:aws:rds:us-east-1:123456789012:cluster:aurora-test-1-us-east-1",
      "arn:aws:dynamodb:us-east-1:123456789012:table/table-sessions-test-1",
      "arn:aws:s3:::bucket-transaction-logs-test-1-123456789012-us-east-1",
      "arn:aws:s3:::bucket-application-data-test-1-123456789012-us-east-1",
    ]);
    expect(there.only("aws_backup_vault")).toMatchObject({ name: "vault-test-1", force_destroy: true });
    expect(there.all("aws_backup_plan")).toEqual([]);
  });
});
