import { describe, expect, it } from "@jest/globals";
import { EVERYTHING, MYSQL } from "../support/config";
import { KEY_OF } from "../support/invariants";
import { list, statements } from "../support/policies";
import { regionStack, type Resource, target } from "../support/synthesized";

const everything = regionStack(EVERYTHING);
const mysql = regionStack(MYSQL);

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
