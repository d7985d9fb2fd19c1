import { describe, expect, it } from "@jest/globals";
import { DATA, EVERY_STORE } from "../support/config";
import { list, statements, taskRoleStatements, withSid } from "../support/policies";
import { failoverStack, regionStack, type Resource, target } from "../support/synthesized";

const PRIMARY = "us-east-1";
const STANDBY = "us-west-2";
const everything = regionStack(EVERY_STORE);
const program = taskRoleStatements(everything);
const joined = failoverStack(DATA);

describe("buckets", () => {
  const ofType = (type: string, stack = everything): [string, Resource][] =>
    stack.all(type).map((resource) => [
      target(resource["bucket"])
        .replace("aws_s3_bucket.", "")
        .replace(/_bucket$/, ""),
      resource,
    ]);
  const DATA_BUCKETS = ["application-data", "service-configuration", "transaction-logs"];
  const ALL = ["access-logs", ...DATA_BUCKETS];

  it.each([
    ["aws_s3_bucket_versioning", { versioning_configuration: { status: "Enabled" } }],
    ["aws_s3_bucket_ownership_controls", { rule: { object_ownership: "BucketOwnerEnforced" } }],
    [
      "aws_s3_bucket_public_access_block",
      { block_public_acls: true, block_public_policy: true, ignore_public_acls: true, restrict_public_buckets: true },
    ],
  ])("all have %s", (type, expected) => {
    const found = ofType(type);
    expect(found.map(([bucket]) => bucket).sort()).toEqual(ALL);
    for (const [, resource] of found) expect(resource).toMatchObject(expected);
  });

  it("all require TLS", () => {
    const denied = statements(everything).filter(
      ({ address, Sid }) => address.startsWith("aws_s3_bucket_policy.") && Sid === "EncryptedTransportOnly",
    );
    expect(denied).toHaveLength(ALL.length);
    for (const statement of denied)
      expect(statement).toMatchObject({
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      });
  });

  it("move older data to cheaper storage, and delete noncurrent versions", () => {
    const lifecycles = Object.fromEntries(
      ofType("aws_s3_bucket_lifecycle_configuration").map(([bucket, { rule }]) => [bucket, (rule as Resource[])[0]]),
    );
    expect(Object.keys(lifecycles).sort()).toEqual(ALL);
    for (const [, { transition_default_minimum_object_size: smallest }] of ofType("aws_s3_bucket_lifecycle_configuration"))
      expect(smallest).toBe("all_storage_classes_128K");
    for (const bucket of DATA_BUCKETS)
      expect(lifecycles[bucket]).toMatchObject({
        status: "Enabled",
        filter: [{ prefix: "" }],
        transition: [
          { days: 30, storage_class: "STANDARD_IA" },
          { days: 90, storage_class: "GLACIER_IR" },
        ],
        noncurrent_version_expiration: [{ noncurrent_days: 90 }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
      });
    expect(lifecycles["transaction-logs"]?.["expiration"]).toEqual([{ days: 2557 }]);
    expect(lifecycles["application-data"]?.["expiration"]).toEqual([{ expired_object_delete_marker: true }]);
  });

  it("with data log their requests to the bucket of the access logs", () => {
    const logged = ofType("aws_s3_bucket_logging");
    expect(logged.map(([bucket]) => bucket).sort()).toEqual(DATA_BUCKETS);
    for (const [, logging] of logged) {
      expect(target(logging["target_bucket"])).toBe("aws_s3_bucket.access-logs_bucket");
      expect(logging["target_prefix"]).toMatch(/^s3\/bucket-/);
    }
    expect(statements(everything).find(({ Sid }) => Sid === "BucketsWriteLogs")).toMatchObject({
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    });
  });

  it("allow the service only to add to the logs, and to use its own data", () => {
    expect(withSid(program, "TransactionLogsAppend")).toMatchObject({
      Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
      Resource: "arn:aws:s3:::bucket-transaction-logs-test-1-123456789012-us-east-1/*",
    });
    expect(withSid(program, "ApplicationDataReadWrite")).toMatchObject({
      Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
      Resource: "arn:aws:s3:::bucket-application-data-test-1-123456789012-us-east-1/*",
    });
    const onLogs = program.filter(({ Resource }) => list(Resource).some((resource) => resource.includes("bucket-transaction-logs")));
    expect(onLogs.flatMap(({ Action }) => list(Action))).toEqual(["s3:PutObject", "s3:AbortMultipartUpload"]);
  });

  it("have the configured object lock in a protected environment", () => {
    const locked = regionStack({
      ...EVERY_STORE,
      protect: true,
      storage: { transaction_logs: true, object_lock: { mode: "COMPLIANCE", days: 365 } },
    });
    expect(ofType("aws_s3_bucket_object_lock_configuration", locked)).toMatchObject([
      ["service-configuration", {}],
      ["transaction-logs", { rule: { default_retention: { mode: "COMPLIANCE", days: 365 } } }],
    ]);
    expect(everything.all("aws_s3_bucket_object_lock_configuration")).toEqual([]);
  });
});

describe("new objects in two regions", () => {
  it("are replicated from either region to the other, under the key of the destination", () => {
    const rules = joined.all("aws_s3_bucket_replication_configuration");
    expect(rules.map(({ bucket }) => bucket).sort()).toEqual(
      ["transaction-logs", "application-data"]
        .flatMap((what) => [PRIMARY, STANDBY].map((place) => `bucket-${what}-test-1-123456789012-${place}`))
        .sort(),
    );
    for (const rule of rules) {
      const to = String(rule["bucket"]).endsWith(PRIMARY) ? STANDBY : PRIMARY;
      expect(rule["rule"]).toMatchObject([
        {
          status: "Enabled",
          delete_marker_replication: { status: "Disabled" },
          source_selection_criteria: { sse_kms_encrypted_objects: { status: "Enabled" } },
          destination: {
            bucket: `arn:aws:s3:::${String(rule["bucket"]).replace(/us-(east-1|west-2)$/, to)}`,
            encryption_configuration: { replica_kms_key_id: expect.stringContaining(`key-${to}.target_key_arn`) as unknown },
            metrics: { status: "Enabled" },
          },
        },
      ]);
    }
  });

  it("are watched: failures in the region of the source, and the lag in the region of the destination", () => {
    const bucket = (place: string) => `bucket-transaction-logs-test-1-123456789012-${place}`;
    const dimensions = (from: string, to: string) => ({ SourceBucket: bucket(from), DestinationBucket: bucket(to), RuleId: to });
    for (const [index, here, there] of [
      [0, PRIMARY, STANDBY],
      [1, STANDBY, PRIMARY],
    ] as const) {
      const alarms = regionStack(DATA, index)
        .all("aws_cloudwatch_metric_alarm")
        .filter(({ namespace, dimensions: of }) => namespace === "AWS/S3" && JSON.stringify(of).includes("transaction-logs"));
      expect(alarms).toMatchObject([
        { metric_name: "OperationsFailedReplication", dimensions: dimensions(here, there), threshold: 0 },
        { metric_name: "ReplicationLatency", dimensions: dimensions(there, here), threshold: 900 },
      ]);
    }
  });
});
