import { describe, expect, it } from "@jest/globals";
import { alarmsIn } from "../support/alarms";
import { DATA, EVERY_STORE } from "../support/config";
import { list, statements, taskRoleStatements, withSid } from "../support/policies";
import { failoverStack, regionStack, type Synthesized } from "../support/synthesized";

const everything = regionStack(EVERY_STORE);
const program = taskRoleStatements(everything);
const [here, there] = [0, 1].map((index) => regionStack(DATA, index)) as [Synthesized, Synthesized];
const joined = failoverStack(DATA);

describe("sessions in DynamoDB", () => {
  const table = everything.only("aws_dynamodb_table");

  it("are billed on demand, expire automatically, and can be restored to any second", () => {
    expect(table).toMatchObject({
      address: "aws_dynamodb_table.sessions",
      billing_mode: "PAY_PER_REQUEST",
      hash_key: "session_id",
      ttl: { enabled: true, attribute_name: "expires_at" },
      point_in_time_recovery: { enabled: true, recovery_period_in_days: 35 },
      deletion_protection_enabled: false,
    });
    expect(table).not.toHaveProperty("stream_enabled");
    for (const key of ["read_capacity", "write_capacity"]) expect(table).not.toHaveProperty(key);
  });

  it("can be used by the service one by one, and no role may list them", () => {
    expect(withSid(program, "UseSessions")).toMatchObject({
      Action: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
      Resource: "arn:aws:dynamodb:us-east-1:123456789012:table/table-sessions-test-1",
    });
    expect(withSid(program, "DecryptSessions").Condition).toEqual({
      StringEquals: { "kms:ViaService": "dynamodb.us-east-1.amazonaws.com" },
    });
    const all = statements(everything).flatMap(({ Action }) => list(Action));
    expect(all.filter((action) => /^dynamodb:(Scan|Query|Batch|\*)/.test(action))).toEqual([]);
  });

  it("have alarms for throttled requests and for errors of DynamoDB", () => {
    expect(alarmsIn(everything, "AWS/DynamoDB").map(({ metric_name: name, dimensions }) => [name, dimensions])).toEqual([
      ["SystemErrors", { TableName: "table-sessions-test-1", Operation: "DeleteItem" }],
      ["SystemErrors", { TableName: "table-sessions-test-1", Operation: "GetItem" }],
      ["SystemErrors", { TableName: "table-sessions-test-1", Operation: "PutItem" }],
      ["SystemErrors", { TableName: "table-sessions-test-1", Operation: "UpdateItem" }],
      ["ReadThrottleEvents", { TableName: "table-sessions-test-1" }],
      ["WriteThrottleEvents", { TableName: "table-sessions-test-1" }],
    ]);
  });

  it("are in one table, with a replica in the standby region under the key of that region", () => {
    expect(here.only("aws_dynamodb_table")).toMatchObject({
      name: "table-sessions-test-1",
      stream_enabled: true,
      stream_view_type: "NEW_AND_OLD_IMAGES",
      lifecycle: { ignore_changes: ["replica"] },
    });
    expect(there.all("aws_dynamodb_table")).toEqual([]);
    expect(joined.only("aws_dynamodb_table_replica")).toMatchObject({
      global_table_arn: "arn:aws:dynamodb:us-east-1:123456789012:table/table-sessions-test-1",
      kms_key_arn: "${data.aws_kms_alias.sessions-us-west-2_key.target_key_arn}",
      point_in_time_recovery: true,
      provider: "aws.us-west-2",
    });
    const grants = [here, there].map((stack) => statements(stack).find(({ Sid }) => Sid === "UseSessions")?.Resource);
    expect(grants).toEqual([
      "arn:aws:dynamodb:us-east-1:123456789012:table/table-sessions-test-1",
      "arn:aws:dynamodb:us-west-2:123456789012:table/table-sessions-test-1",
    ]);
  });

  it("have alarms in both regions, also on the replication to the other", () => {
    for (const [stack, other] of [
      [here, "us-west-2"],
      [there, "us-east-1"],
    ] as const) {
      const alarms = stack.all("aws_cloudwatch_metric_alarm").filter(({ namespace }) => namespace === "AWS/DynamoDB");
      expect(alarms).toHaveLength(7);
      expect(alarms.filter((alarm) => alarm["metric_name"] === "ReplicationLatency")).toMatchObject([
        { dimensions: { ReceivingRegion: other }, threshold: 60_000 },
      ]);
    }
  });
});
