import { describe, expect, it } from "@jest/globals";
import type { Definition } from "../../modules/runbooks/states";
import { allows } from "../support/access";
import { faultAlarms, notifiersOf } from "../support/alarms";
import { DELIVERING } from "../support/platforms";
import {
  deliveries,
  FOR_ANOTHER_ACCOUNT,
  FOR_THIS_ACCOUNT,
  keyOf,
  canEncrypt,
  invokePermissions,
  canPublish,
  canSend,
  OVER_TLS,
  detailsTopicOf,
  heartbeatTopicOf,
  reference,
  rolePolicy,
  topicOf,
} from "../support/delivery";
import { statesOf } from "../support/state-machine";
import { target } from "../support/synthesized";

const YES = { topic: true, key: true };

describe.each(DELIVERING)("the delivery of alerts in %s", (_, stack) => {
  const topic = topicOf(stack);
  const alarms = [...faultAlarms(stack), ...stack.all("aws_cloudwatch_composite_alarm")];

  it("begins with every alarm on a fault, which notifies a topic of its region when it goes to ALARM and when it returns to OK", () => {
    expect(alarms.length).toBeGreaterThan(0);
    const topics = [topic, detailsTopicOf(stack)].flatMap((each) => (each ? [[reference(each)]] : []));
    for (const alarm of alarms) {
      expect(topics).toContainEqual(alarm["alarm_actions"]);
      expect(alarm["ok_actions"]).toEqual(alarm["alarm_actions"]);
      expect(alarm).not.toHaveProperty("actions_enabled", false);
      // In the region of the stack, as the topic is.
      expect([alarm["provider"], topic["provider"]]).toEqual([undefined, undefined]);
    }
  });

  it("reaches on-call from every metric alarm on a fault, directly or by a composite alarm, and never by both", () => {
    for (const alarm of faultAlarms(stack)) {
      const notifiers = notifiersOf(stack, alarm, reference(topic));
      expect([alarm["alarm_name"], notifiers.length]).not.toEqual([alarm["alarm_name"], 0]);
      if (notifiers.includes(String(alarm["alarm_name"]))) expect(notifiers).toEqual([alarm["alarm_name"]]);
    }
  });

  it("is allowed to CloudWatch for alarms of this account and of no other", () => {
    expect(canPublish(stack, "cloudwatch.amazonaws.com", FOR_THIS_ACCOUNT)).toEqual(YES);
    expect(canPublish(stack, "cloudwatch.amazonaws.com", FOR_ANOTHER_ACCOUNT)).toEqual({ topic: false, key: false });
  });

  it("is allowed to EventBridge, which passes no condition key, for every rule with the topic as a target", () => {
    const rules = deliveries(stack, "aws_sns_topic");
    expect(rules.map(({ to }) => to.address)).toEqual(rules.map(() => topic.address));
    expect(canPublish(stack, "events.amazonaws.com", OVER_TLS)).toEqual(YES);
  });

  it("is allowed to RDS for subscriptions of this account and of no other", () => {
    const topics = [topic, detailsTopicOf(stack)].flatMap((each) => (each ? [reference(each)] : []));
    for (const subscription of stack.all("aws_db_event_subscription")) expect(topics).toContain(subscription["sns_topic"]);
    expect(canPublish(stack, "events.rds.amazonaws.com", FOR_THIS_ACCOUNT)).toEqual(YES);
    expect(canPublish(stack, "events.rds.amazonaws.com", FOR_ANOTHER_ACCOUNT)).toEqual({ topic: false, key: false });
  });

  it("is denied to all other services, and without TLS", () => {
    expect(canPublish(stack, "s3.amazonaws.com", FOR_THIS_ACCOUNT)).toEqual({ topic: false, key: false });
    expect(canPublish(stack, "events.amazonaws.com", { "aws:SecureTransport": "false" }).topic).toBe(false);
  });

  it("is allowed to every runbook: its role may publish, and may use the key of the topic", () => {
    const machines = stack.all("aws_sfn_state_machine");
    for (const machine of machines) {
      const topics = statesOf(JSON.parse(String(machine["definition"])) as Definition).flatMap(([, state]) =>
        state["Resource"] === "arn:aws:states:::sns:publish" ? [(state["Parameters"] as { TopicArn: string }).TopicArn] : [],
      );
      expect([machine.address, new Set(topics)]).toEqual([machine.address, new Set([reference(topic)])]);
      const policy = rolePolicy(stack, stack.resource(target(machine["role_arn"])));
      expect(allows(policy, { action: "sns:Publish", resource: reference(topic) })).toBe(true);
      expect(canEncrypt(policy, {}, reference(keyOf(stack, topic)))).toBe(true);
    }
  });

  it("ends at every subscriber of the topic, whose permissions are complete", () => {
    const heartbeat = heartbeatTopicOf(stack);
    const subscriptions = stack
      .all("aws_sns_topic_subscription")
      .filter(({ topic_arn: arn }) => !heartbeat || arn !== reference(heartbeat));
    expect(subscriptions.length).toBeGreaterThan(0);
    for (const subscription of subscriptions) {
      const { protocol, endpoint } = subscription;
      expect(subscription["topic_arn"]).toBe(reference(topic));
      switch (protocol) {
        case "email":
          expect(subscription).toMatchObject({ endpoint: "${each.value}", for_each: "${var.alert_emails}" });
          break;
        case "sqs":
          expect(
            canSend(stack, stack.resource(target(endpoint)), "sns.amazonaws.com", { "aws:SourceArn": reference(topic) }, FOR_THIS_ACCOUNT),
          ).toEqual({ queue: true, key: true });
          break;
        case "lambda":
          expect(invokePermissions(stack, stack.resource(target(endpoint)), "sns.amazonaws.com", [reference(topic)])).toHaveLength(1);
          break;
        default:
          throw new Error(`the protocol ${String(protocol)} is not tested`);
      }
    }
  });
});
