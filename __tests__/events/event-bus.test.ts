import { describe, expect, it } from "@jest/globals";
import { EVERYTHING } from "../support/config";
import { statements } from "../support/policies";
import { regionStack } from "../support/synthesized";

const everything = regionStack(EVERYTHING);

describe("the event bus", () => {
  it("retains undeliverable events of every rule in a dead-letter queue", () => {
    const targets = everything.all("aws_cloudwatch_event_target").filter((candidate) => candidate["event_bus_name"] !== undefined);
    expect(targets.length).toBeGreaterThan(3);
    for (const { address, dead_letter_config: kept, depends_on: after } of targets) {
      expect({ address, kept }).toEqual({ address, kept: { arn: "${aws_sqs_queue.events_dead-letters_queue.arn}" } });
      expect(after).toContain("aws_sqs_queue_policy.events_dead-letters_policy");
    }
  });

  it("is encrypted, archives every event except those that may contain card data, and accepts events of known senders only", () => {
    expect(everything.only("aws_cloudwatch_event_bus")).toMatchObject({
      name: "events-test-1",
      kms_key_identifier: "${aws_kms_key.events-key_key.arn}",
      dead_letter_config: { arn: "${aws_sqs_queue.events_dead-letters_queue.arn}" },
    });
    expect(JSON.parse(String(everything.only("aws_cloudwatch_event_archive")["event_pattern"]))).toEqual({
      source: ["standfast.payments", "standfast.validation"],
      "detail-type": [{ "anything-but": ["PaymentSubmitted"] }],
    });
    expect(statements(everything).find(({ Sid }) => Sid === "KnownSendersOnly")).toMatchObject({
      Effect: "Deny",
      Condition: { "ForAnyValue:StringNotEquals": { "events:source": ["standfast.payments", "standfast.validation"] } },
    });
  });

  it("retries for a day, then moves the event to a dead-letter queue with an alarm", () => {
    const targets = everything.all("aws_cloudwatch_event_target").filter(({ address }) => address.includes("_rule-"));
    expect(targets.length).toBeGreaterThanOrEqual(2);
    for (const found of targets)
      expect(found).toMatchObject({
        retry_policy: { maximum_event_age_in_seconds: 86400, maximum_retry_attempts: 185 },
        dead_letter_config: { arn: "${aws_sqs_queue.events_dead-letters_queue.arn}" },
      });
    expect(everything.resource("aws_cloudwatch_metric_alarm.events_dead-letters_alarm-event-dead-letters-waiting")).toMatchObject({
      threshold: 0,
    });
  });

  it("accepts events of the service under its own source only", () => {
    const put = statements(everything).find(({ address, Sid }) => address.includes("service_task-role") && Sid === "PutEvents");
    expect(put?.Condition).toEqual({
      "ForAllValues:StringEquals": { "events:source": "standfast.payments" },
      Null: { "events:source": "false" },
    });
  });
});
