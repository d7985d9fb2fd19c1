import { describe, expect, it } from "@jest/globals";
import { ExpectedResources } from "../../../commands/verify/expected";
import { aConfig, given, OPERATING } from "../../support/config";

describe("the expected resources of an environment", () => {
  const overrides = { ...OPERATING, sessions: "dynamodb" };
  const expected = ExpectedResources.synthesize({ config: aConfig(overrides), given: given(overrides) });
  const one = (stack: string, type: string, id: string) => {
    const found = expected.find([stack], type).find((resource) => resource.id === id);
    if (!found) throw new Error(`${type}.${id}`);
    return found;
  };

  it("are found by stack and type", () => {
    expect(expected.find(["us-east-1"], "aws_vpc")).toHaveLength(1);
    expect(expected.find(["us-east-1", "us-west-2"], "aws_vpc").map(({ region }) => region)).toEqual(["us-east-1", "us-west-2"]);
    expect(expected.find(["failover"], "aws_vpc")).toEqual([]);
  });

  it("have the region of their provider", () => {
    expect(one("failover", "aws_dynamodb_table_replica", "sessions-us-west-2_replica").region).toBe("us-west-2");
    expect(one("global", "aws_kms_key", "secret-key-us-west-2_key").region).toBe("us-west-2");
    expect(one("failover", "aws_sns_topic", "alerts_topic").region).toBe("us-east-1");
  });

  it("have attributes as text, with references resolved", () => {
    const rule = one("us-east-1", "aws_cloudwatch_event_rule", "events_event-application-alert");
    expect(expected.text(rule, "name")).toBe("rule-application-alert-test-1");
    expect(expected.text(rule, "event_bus_name")).toBe("events-test-1");
    expect(expected.text(rule, "schedule_expression")).toBeUndefined();
  });

  it("have no value for what is known after apply only", () => {
    const names = expected.find(["us-east-1"], "aws_cloudwatch_log_group").map((group) => expected.text(group, "name"));
    expect(names).toContain("/standfast/test-1/us-east-1/service");
    expect(names.filter((name) => name === undefined)).toHaveLength(2); // The canaries' own.
    expect(names.filter((name) => name?.includes("${"))).toEqual([]);
  });

  it("are found by a reference, in the same stack only", () => {
    const reference = "${aws_sns_topic.alerts_topic.arn}";
    expect(expected.referenced("us-east-1", reference)?.values["name"]).toBe("topic-alerts-test-1");
    expect(expected.referenced("failover", reference)?.values["name"]).toBe("topic-failover-alerts-test-1");
    expect(expected.referenced("global", reference)).toBeUndefined();
  });
});
