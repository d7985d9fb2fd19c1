import { describe, expect, it } from "@jest/globals";
import { TerraformStack, Testing } from "cdktf";
import { allows } from "../support/access";
import { EVERYTHING } from "../support/config";
import { testAlerts } from "../support/test-alerts";
import { CONFIGURATIONS } from "../support/configurations";
import {
  deadLettersOf,
  deliveries,
  FOR_ANOTHER_ACCOUNT,
  FOR_THIS_ACCOUNT,
  keyOf,
  literalArn,
  canEncrypt,
  invokePermissions,
  canSend,
  ownPolicy,
  reference,
  rolePolicy,
  ruleArn,
} from "../support/delivery";
import { DELIVERING } from "../support/platforms";
import { everyStack, regionStack, target } from "../support/synthesized";

const everything = regionStack(EVERYTHING);

describe.each(DELIVERING.filter(([, stack]) => stack.all("aws_cloudwatch_event_rule").length > 0))("events in %s", (_, stack) => {
  it("are delivered: every rule has a target, on the bus of the rule", () => {
    const routed = new Set(deliveries(stack).map(({ rule }) => rule.address));
    expect(
      stack
        .all("aws_cloudwatch_event_rule")
        .map(({ address }) => address)
        .filter((address) => !routed.has(address)),
    ).toEqual([]);
    for (const { rule, via } of deliveries(stack)) expect(via["event_bus_name"]).toBe(rule["event_bus_name"]);
  });

  it("are delivered only to topics, functions and runbooks, whose permissions are tested here", () => {
    const known = deliveries(stack, "aws_sns_topic", "aws_lambda_function", "aws_lambda_alias", "aws_sfn_state_machine");
    expect(known.length).toBe(deliveries(stack).length);
  });

  it("call functions that allow this rule to invoke them, under the alias if the rule calls the alias", () => {
    for (const { rule, to } of deliveries(stack, "aws_lambda_function", "aws_lambda_alias"))
      expect([rule.address, invokePermissions(stack, to, "events.amazonaws.com", [reference(rule), ruleArn(stack, rule)]).length]).toEqual([
        rule.address,
        1,
      ]);
  });

  it("start runbooks with a role that EventBridge may assume for this account and that may start this runbook", () => {
    const started = deliveries(stack, "aws_sfn_state_machine");
    expect(started.length).toBeGreaterThan(0);
    for (const { to, via } of started) {
      const role = stack.resource(target(via["role_arn"]));
      const canAssume = (context: Record<string, string>) =>
        allows(ownPolicy(stack, role), { service: "events.amazonaws.com", action: "sts:AssumeRole", resource: role.address, context });
      expect([canAssume(FOR_THIS_ACCOUNT), canAssume(FOR_ANOTHER_ACCOUNT)]).toEqual([true, false]);
      expect(allows(rolePolicy(stack, role), { action: "states:StartExecution", resource: reference(to) })).toBe(true);
    }
  });
});

describe.each(Object.entries(CONFIGURATIONS))("undeliverable events of %s", (_, overrides) => {
  const stacks = [...everyStack(overrides).values()];

  it("are retained: every target has a dead-letter queue, which exists before the first event, under a key that EventBridge may use", () => {
    const targets = stacks.flatMap((stack) => deliveries(stack).map((delivery) => ({ stack, ...delivery })));
    expect(targets.length).toBeGreaterThan(0);
    for (const { stack, rule, via } of targets) {
      const queue = deadLettersOf(stack, via);
      const bus = rule["event_bus_name"] === undefined ? "rule" : "event";
      expect([via.address, queue?.["name"]]).toEqual([via.address, `queue-${bus}-dead-letters-test-1`]);
      if (!queue) continue;
      const policies = stack.all("aws_sqs_queue_policy").filter((policy) => target(policy["queue_url"]) === queue.address);
      expect(via["depends_on"]).toEqual(expect.arrayContaining(policies.map(({ address }) => address)));
      // EventBridge passes no condition key to KMS.
      const sent = canSend(stack, queue, "events.amazonaws.com", { "aws:SourceArn": ruleArn(stack, rule) }, {});
      expect([rule.address, sent]).toEqual([rule.address, { queue: true, key: true }]);
    }
  });

  it("of AWS services are retained in a queue that accepts them of the rules of this environment on the default bus, and of nothing else", () => {
    for (const stack of stacks) {
      const targets = deliveries(stack).filter(({ rule }) => rule["event_bus_name"] === undefined);
      const queues = stack.all("aws_sqs_queue").filter(({ name }) => name === "queue-rule-dead-letters-test-1");
      expect(queues.length).toBe(targets.length > 0 ? 1 : 0);
      for (const queue of queues) {
        const arn = literalArn(stack, "events", "rule/");
        const accepts = (source: string, service = "events.amazonaws.com"): boolean =>
          canSend(stack, queue, service, { "aws:SourceArn": source }, {}).queue;
        expect(accepts(`${arn}rule-aws-health-test-1`)).toBe(true);
        expect(accepts(`${arn}rule-aws-health-test-12`)).toBe(false);
        expect(accepts(`${arn}aws-health-test-1`)).toBe(false);
        expect(accepts(`${arn}events-test-1/rule-aws-health-test-1`)).toBe(false);
        expect(accepts(`${arn}rule-aws-health-test-1`.replace("123456789012", "210987654321"))).toBe(false);
        expect(accepts(`${arn}rule-aws-health-test-1`, "sns.amazonaws.com")).toBe(false);
      }
    }
  });
});

describe("an event rule on the default bus", () => {
  it("cannot be created before its dead-letter queue is known", () => {
    const stack = new TerraformStack(Testing.app(), "rules");
    const alerts = testAlerts(stack);
    const create = (): void => {
      alerts.event(stack, "task-stopped", {
        means: "",
        pattern: {},
        paths: {},
        clients: "",
        sentence: "",
        runbook: "service.md#stopped-tasks",
      });
    };
    expect(create).toThrow(new Error("the event task-stopped has no dead-letter queue: call retainUndelivered() before event()"));
    alerts.retainUndelivered({ arn: "arn:aws:sqs:us-east-1:123456789012:queue", ready: { fqn: "aws_sqs_queue_policy.policy" } });
    expect(create).not.toThrow();
  });
});

describe("queues of a region with everything", () => {
  const stack = everything;
  const withQueue = (type: string) =>
    stack.all(type).flatMap((resource) => {
      const queue = deadLettersOf(stack, resource);
      return queue ? [{ resource, queue }] : [];
    });

  it("accept undeliverable events of a rule on the application's bus, and of no rule on another bus", () => {
    const targets = withQueue("aws_cloudwatch_event_target").filter(({ resource }) => resource["event_bus_name"] !== undefined);
    expect(targets.length).toBeGreaterThan(0);
    for (const { resource, queue } of targets) {
      const arn = ruleArn(stack, stack.resource(target(resource["rule"])));
      const sent = (source: string) => canSend(stack, queue, "events.amazonaws.com", { "aws:SourceArn": source }, {});
      expect(sent(arn.replace("rule/events-test-1/", "rule/events-test-12/")).queue).toBe(false);
      expect(sent(arn.replace("rule/events-test-1/", "rule/")).queue).toBe(false);
    }
  });

  it("accept undeliverable events of this bus and of no other", () => {
    const buses = withQueue("aws_cloudwatch_event_bus");
    expect(buses.length).toBe(stack.all("aws_cloudwatch_event_bus").length);
    for (const { resource, queue } of buses) {
      const arn = literalArn(stack, "events", `event-bus/${String(resource["name"])}`);
      const sent = (source: string) => canSend(stack, queue, "events.amazonaws.com", { "aws:SourceArn": source }, {});
      expect(sent(arn)).toEqual({ queue: true, key: true });
      expect(sent(`${arn}2`).queue).toBe(false);
    }
  });

  it("accept what a function failed to process: its role may send, and may use the key of the queue", () => {
    const functions = withQueue("aws_lambda_function");
    expect(functions.length).toBeGreaterThan(0);
    for (const { resource, queue } of functions) {
      const policy = rolePolicy(stack, stack.resource(target(resource["role"])));
      expect(allows(policy, { action: "sqs:SendMessage", resource: reference(queue) })).toBe(true);
      expect(canEncrypt(policy, {}, reference(keyOf(stack, queue)))).toBe(true);
    }
  });

  it("for undelivered messages have an alarm each", () => {
    const queues = ["aws_cloudwatch_event_target", "aws_cloudwatch_event_bus", "aws_lambda_function"].flatMap(withQueue);
    const watchedQueues = stack
      .all("aws_cloudwatch_metric_alarm")
      .map((alarm) => (alarm["dimensions"] as { QueueName?: string } | undefined)?.QueueName);
    for (const { queue } of queues) expect(watchedQueues).toContain(queue["name"]);
  });

  it("are under a key that SNS may use for topics of this account, and of no other", () => {
    for (const queue of stack.all("aws_sqs_queue")) {
      const key = ownPolicy(stack, keyOf(stack, queue));
      const sns = (context: Record<string, string>) => canEncrypt(key, { service: "sns.amazonaws.com", context });
      expect([sns(FOR_THIS_ACCOUNT), sns(FOR_ANOTHER_ACCOUNT), sns({})]).toEqual([true, false, false]);
    }
  });
});

describe("the event bus", () => {
  it("is under a key that EventBridge may use for this bus, and for no other", () => {
    const bus = everything.only("aws_cloudwatch_event_bus");
    const key = ownPolicy(everything, everything.resource(target(bus["kms_key_identifier"])));
    const as = (name: string) => ({
      service: "events.amazonaws.com",
      context: { "kms:EncryptionContext:aws:events:event-bus:arn": literalArn(everything, "events", `event-bus/${name}`) },
    });
    expect([canEncrypt(key, as(String(bus["name"]))), canEncrypt(key, as("events-test-12"))]).toEqual([true, false]);
  });
});
