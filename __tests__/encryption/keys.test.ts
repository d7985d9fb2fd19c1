import { describe, expect, it } from "@jest/globals";
import { EVERYTHING, MYSQL } from "../support/config";
import { KEY_OF } from "../support/invariants";
import { list, permissionsOf, statements } from "../support/policies";
import { regionStack, type Resource, type Synthesized, target } from "../support/synthesized";

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

  it.each(["test-1", "a-very-long-suffix-0"])(
    "lets CloudWatch Logs use the key for each log group of suffix %s, and no other group",
    (suffix) => {
      const stacks = [EVERYTHING, MYSQL].map((overrides) => regionStack({ ...overrides, environment_suffix: suffix }));
      for (const stack of stacks) {
        const patterns = logKeyPatterns(stack);
        for (const group of stack.all("aws_cloudwatch_log_group")) {
          const name = logGroupName(stack, group);
          const allowed = patterns.some((pattern) => pattern.test(`arn:aws:logs:us-east-1:123456789012:log-group:${name}`));
          expect({ name, allowed }).toEqual({ name, allowed: true });
        }
        // The canaries of the suffixes test-10 and a-very-long-t.
        for (const name of [
          "/standfast/other/us-east-1/service",
          "/aws/lambda/cwsyn-canary-test-10-public-1",
          "/aws/lambda/cwsyn-canary-a-very-long-t-public-1",
        ]) {
          const other = `arn:aws:logs:us-east-1:123456789012:log-group:${name}`;
          expect({ name, allowed: patterns.some((pattern) => pattern.test(other)) }).toEqual({ name, allowed: false });
        }
      }
    },
  );

  it("lets a canary write to the log group of its function, whose name contains 21 characters of its own", () => {
    const stack = regionStack({ ...EVERYTHING, environment_suffix: "a-very-long-suffix-0" });
    for (const { address } of stack.all("aws_synthetics_canary")) {
      const group = stack.all("aws_cloudwatch_log_group").find(({ name }) => String(name).includes(`${address}.engine_arn`));
      const role = `${address.split(".")[1]?.replace(/_canary$/, "") ?? ""}_role`;
      const allowed = permissionsOf(stack, role).filter((permission) => permission.startsWith("logs:PutLogEvents"));
      const name = logGroupName(stack, group as Resource);
      const [pattern = ""] = allowed.map((permission) => permission.split(":log-group:")[1]?.replaceAll("*", ".*"));
      expect(name).toMatch(new RegExp(`^${pattern}$`));
    }
  });
});

function logKeyPatterns(stack: Synthesized): RegExp[] {
  const [logs] = statements(stack).filter(({ Sid }) => Sid === "CloudWatchLogs");
  return list(logs?.Condition?.["ArnLike"]?.["kms:EncryptionContext:aws:logs:arn"] as string[]).map(
    (pattern) => new RegExp(`^${pattern.replaceAll("*", ".*")}$`),
  );
}

/** The name of a log group. Synthetics names the function of a canary: 21 characters of the canary's name, and a UUID. */
function logGroupName(stack: Synthesized, { name }: Resource): string {
  return String(name).replace(/\$\{element\(split\(":", ([\w.-]+)\.engine_arn\), 6\)\}/, (_, address: string) => {
    const canary = stack.all("aws_synthetics_canary").find((candidate) => candidate.address === address);
    return `cwsyn-${String(canary?.["name"]).slice(0, 21)}-1b671a64-40d5-491e-99b0-da01ff1f3341`;
  });
}
