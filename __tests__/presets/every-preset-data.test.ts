import { describe, expect, it } from "@jest/globals";
import { alarmsComputedFrom, alarmsOn } from "../support/alarms";
import { KEY_OF } from "../support/invariants";
import { list, statements } from "../support/policies";
import { ALL_PRESETS } from "../support/preset";
import { type Resource, type Synthesized, target, valueAt } from "../support/synthesized";
import { subnetsOf, zonesOf } from "../support/traffic";

/** Resources whose policy denies access without TLS. */
const TLS_BY_POLICY = ["aws_s3_bucket", "aws_sns_topic", "aws_sqs_queue"];

describe.each(ALL_PRESETS)("the database of %s", (_, preset) => {
  it("has an instance in the data subnet of each of three zones", () => {
    for (const { stack, zones } of preset.regions) {
      const cluster = stack.only("aws_rds_cluster");
      const instances = stack.all("aws_rds_cluster_instance");
      expect(instances.map((instance) => instance["availability_zone"])).toEqual(zones);
      for (const instance of instances) {
        expect(target(instance["cluster_identifier"])).toBe(cluster.address);
        expect(instance["engine"]).toBe(cluster["engine"]);
      }
      const group = stack.only("aws_db_subnet_group");
      expect(target(cluster["db_subnet_group_name"])).toBe(group.address);
      expect((group["subnet_ids"] as string[]).map(target)).toEqual(subnetsOf(stack, "data").map(({ address }) => address));
      expect(zonesOf(stack, group["subnet_ids"])).toEqual(zones);
    }
    expect(preset.all("aws_db_instance")).toEqual([]);
  });

  it("promotes readers in a fixed order when the writer is lost, all of one instance class", () => {
    for (const { stack } of preset.regions) {
      const instances = stack.all("aws_rds_cluster_instance");
      expect(instances.map((instance) => instance["promotion_tier"])).toEqual([0, 1, 2]);
      expect(new Set(instances.map((instance) => instance["instance_class"])).size).toBe(1);
    }
  });

  it("retains continuous backups for seven days", () => {
    for (const { stack } of preset.regions) expect(stack.only("aws_rds_cluster")).toMatchObject({ backup_retention_period: 7 });
  });
});

describe.each(ALL_PRESETS)("backups of %s", (_, preset) => {
  const stack = preset.region;

  it("are created every six hours in an encrypted vault and retained for 35 days; alarms report failed and missing ones", () => {
    const rules = stack.only("aws_backup_plan")["rule"] as Resource[];
    const schedules = preset.regions.length > 1 ? ["cron(0 6,12,18 * * ? *)", "cron(0 0 * * ? *)"] : ["cron(0 0/6 * * ? *)"];
    expect(rules).toMatchObject(schedules.map((schedule) => ({ schedule, start_window: 60, lifecycle: { delete_after: 35 } })));
    const vault = stack.only("aws_backup_vault");
    for (const rule of rules) expect(target(rule["target_vault_name"])).toBe(vault.address);
    expect(target(vault["kms_key_arn"])).toBe("aws_kms_key.backup-key_key");
    expect(stack.only("aws_backup_selection")).toMatchObject({ plan_id: `\${${stack.only("aws_backup_plan").address}.id}` });
    expect(stack.only("aws_backup_selection")["resources"]).toContain(
      `arn:aws:rds:us-east-1:123456789012:cluster:${String(stack.only("aws_rds_cluster")["cluster_identifier"])}`,
    );
    const dimensions = { BackupVaultName: vault["name"] };
    expect(alarmsOn(stack, "NumberOfBackupJobsFailed")).toMatchObject([{ dimensions, threshold: 0 }]);
    // With several regions, the vault also receives copies.
    const arrivals = preset.regions.length > 1 ? "NumberOfRecoveryPointsCompleted" : "NumberOfBackupJobsCompleted";
    const missing = alarmsComputedFrom(stack, arrivals);
    expect(missing).toMatchObject([{ threshold: 1, comparison_operator: "LessThanThreshold" }]);
    expect(JSON.stringify(missing)).toContain(JSON.stringify(dimensions));
  });
});

describe.each(ALL_PRESETS)("buckets of %s", (_, preset) => {
  const settings = (stack: Synthesized, type: string): Resource[] => {
    const found = stack.all(type);
    expect(found.map(({ bucket }) => target(bucket)).sort()).toEqual(
      stack
        .all("aws_s3_bucket")
        .map(({ address }) => address)
        .sort(),
    );
    return found;
  };

  it("are versioned, private, and delete what has been replaced", () => {
    for (const { stack } of preset.regions) {
      expect(stack.all("aws_s3_bucket").length).toBeGreaterThan(0);
      for (const { versioning_configuration: versioning } of settings(stack, "aws_s3_bucket_versioning"))
        expect(versioning).toEqual({ status: "Enabled" });
      for (const block of settings(stack, "aws_s3_bucket_public_access_block"))
        expect(block).toMatchObject({
          block_public_acls: true,
          block_public_policy: true,
          ignore_public_acls: true,
          restrict_public_buckets: true,
        });
      for (const { rule } of settings(stack, "aws_s3_bucket_lifecycle_configuration"))
        expect(rule).toMatchObject([{ status: "Enabled", noncurrent_version_expiration: [{ noncurrent_days: expect.any(Number) }] }]);
    }
  });

  it("are encrypted with customer-managed keys, except for access logs, which load balancers write with S3's own key only", () => {
    for (const { stack } of preset.regions) {
      const [own, ...others] = settings(stack, "aws_s3_bucket_server_side_encryption_configuration").filter(
        (configuration) => valueAt(configuration, "rule.0.apply_server_side_encryption_by_default.sse_algorithm") !== "aws:kms",
      );
      expect(others).toEqual([]);
      expect(target(own?.["bucket"])).toBe(target(valueAt(stack.only("aws_lb"), "access_logs.bucket")));
      expect(own?.["rule"]).toEqual([{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }]);
    }
  });
});

describe.each(ALL_PRESETS)("encryption of %s", (_, preset) => {
  it("is with a customer-managed key for everything that stores data, and every key rotates once a year", () => {
    const stores = Object.entries(KEY_OF).flatMap(([type, keyOf]) =>
      preset.all(type).map((store) => ({ store: store.address, key: target(keyOf(store)) })),
    );
    expect(stores.length).toBeGreaterThan(20);
    expect([...new Set(stores.filter(({ key }) => !key.startsWith("aws_kms_key.")).map(({ store }) => store))]).toEqual([
      "aws_s3_bucket_server_side_encryption_configuration.access-logs_encryption",
    ]);
    for (const cluster of preset.all("aws_rds_cluster")) expect(cluster).toMatchObject({ storage_encrypted: true });
    // A global cluster that is created from a cluster is encrypted as that cluster is.
    for (const cluster of preset.all("aws_rds_global_cluster")) expect(cluster["storage_encrypted"]).toMatch(/ == 0 \? true : null\}$/);
    for (const key of preset.all("aws_kms_key")) expect(key).toMatchObject({ enable_key_rotation: true, rotation_period_in_days: 365 });
  });

  it("is required in transit: for clients, the database, buckets, topics and queues", () => {
    for (const { stack } of preset.regions) {
      const listeners = stack.all("aws_lb_listener");
      expect(listeners.find(({ port }) => port === 443)).toMatchObject({
        protocol: "HTTPS",
        ssl_policy: expect.stringMatching(/^ELBSecurityPolicy-TLS13-1-2-/),
      });
      expect(listeners.filter(({ protocol }) => protocol !== "HTTPS").map(({ default_action: action }) => action)).toMatchObject([
        [{ type: "redirect", redirect: { protocol: "HTTPS" } }],
      ]);
      expect(stack.only("aws_rds_cluster_parameter_group")["parameter"]).toContainEqual(
        stack.only("aws_rds_cluster")["engine"] === "aurora-mysql"
          ? { name: "require_secure_transport", value: "ON" }
          : { name: "rds.force_ssl", value: "1" },
      );
    }
    const guarded = TLS_BY_POLICY.flatMap((type) => preset.all(type)).length;
    expect(guarded).toBeGreaterThan(2);
    const denying = [...preset.stacks.values()]
      .flatMap(statements)
      .filter(
        ({ Effect, Principal, Condition }) =>
          Effect === "Deny" && Principal === "*" && Condition?.["Bool"]?.["aws:SecureTransport"] === "false",
      );
    expect(denying).toHaveLength(guarded);
  });

  it("covers the database password: it is in no variable and no argument, and only the task's start and a rewind read its secret", () => {
    for (const stack of preset.stacks.values()) {
      expect(Object.keys(stack.json["variable"] as object).filter((variable) => /password|secret/i.test(variable))).toEqual([]);
      expect(stack.all().filter((resource) => "master_password" in resource || "secret_string" in resource)).toEqual([]);
    }
    expect(preset.region.only("aws_rds_cluster")["master_password_wo"]).toMatch(/^\$\{jsondecode\(ephemeral\./);
    expect(preset.stack("global").only("aws_secretsmanager_secret_version")["secret_string_wo"]).toContain("ephemeral.");
    for (const { stack } of preset.regions) {
      const reading = statements(stack).filter(({ Action }) => list(Action).includes("secretsmanager:GetSecretValue"));
      expect(reading.map(({ address }) => address).sort()).toEqual([
        "aws_iam_role_policy.rewind_password-function_role_permissions",
        "aws_iam_role_policy.service_execution-role_permissions",
      ]);
    }
  });
});
