import { describe, expect, it } from "@jest/globals";
import { statesOf } from "../support/state-machine";
import type { Definition } from "../../modules/runbooks/states";
import { allows, type Request } from "../support/access";
import { DATA, EVERYTHING, MYSQL } from "../support/config";
import { type PolicyStatement, statements } from "../support/policies";
import { failoverStack, regionStack, type Resource, type Synthesized, target } from "../support/synthesized";

const ACCOUNT = "123456789012";
const everything = regionStack(EVERYTHING);

const PLATFORMS: [string, Synthesized][] = [
  ["a region with everything", everything],
  ["a region with Aurora MySQL", regionStack(MYSQL)],
  ["a primary region", regionStack()],
  ["a standby region", regionStack({}, 1)],
  ["what joins the regions", failoverStack(DATA)],
];

/** What services send with every request. */
const OVER_TLS = { "aws:SecureTransport": "true" };
const FOR_THIS_ACCOUNT = { ...OVER_TLS, "aws:SourceAccount": ACCOUNT };
const FOR_ANOTHER_ACCOUNT = { ...OVER_TLS, "aws:SourceAccount": "210987654321" };

const regionOf = (stack: Synthesized): string => (stack.json["provider"] as { aws: [{ region: string }] }).aws[0].region;
const reference = (resource: Resource, attribute = "arn"): string => `\${${resource.address}.${attribute}}`;

/** The statements of the policies that are attached to a resource by a resource of another type. */
function policyOf(stack: Synthesized, type: string, attribute: string, resource: Resource): PolicyStatement[] {
  const carriers = stack.all(type).filter((candidate) => target(candidate[attribute]) === resource.address);
  return statements(stack).filter(({ address }) => carriers.some((carrier) => carrier.address === address));
}

/** The statements of the policy that a resource carries itself: of a key, and the trust of a role. */
const ownPolicy = (stack: Synthesized, { address }: Resource): PolicyStatement[] =>
  statements(stack).filter((statement) => statement.address === address);

const topicOf = (stack: Synthesized): Resource => stack.only("aws_sns_topic");
const literalArn = (stack: Synthesized, service: string, name: unknown): string =>
  `arn:aws:${service}:${regionOf(stack)}:${ACCOUNT}:${String(name)}`;
const keyOf = (stack: Synthesized, resource: Resource): Resource => stack.resource(target(resource["kms_master_key_id"]));

/** Whether a caller may use a key as those do who write what is encrypted under it. */
function mayEncrypt(key: readonly PolicyStatement[], caller: Pick<Request, "service" | "context">, resource = "*"): boolean {
  return ["kms:GenerateDataKey", "kms:Decrypt"].every((action) => allows(key, { ...caller, action, resource }));
}

/** Whether a service may publish to the topic: the topic's own policy, and its key's. */
function mayPublish(stack: Synthesized, service: string, context: Record<string, string>): { topic: boolean; key: boolean } {
  const topic = topicOf(stack);
  return {
    topic: allows(policyOf(stack, "aws_sns_topic_policy", "arn", topic), {
      service,
      action: "sns:Publish",
      resource: literalArn(stack, "sns", topic["name"]),
      context,
    }),
    key: mayEncrypt(ownPolicy(stack, keyOf(stack, topic)), { service, context }),
  };
}

/** Whether a service may send to a queue: the queue's own policy, and its key's. */
function maySend(
  stack: Synthesized,
  queue: Resource,
  service: string,
  forQueue: Record<string, string>,
  forKey: Record<string, string>,
): { queue: boolean; key: boolean } {
  return {
    queue: allows(policyOf(stack, "aws_sqs_queue_policy", "queue_url", queue), {
      service,
      action: "sqs:SendMessage",
      resource: literalArn(stack, "sqs", queue["name"]),
      context: { ...OVER_TLS, ...forQueue },
    }),
    key: mayEncrypt(ownPolicy(stack, keyOf(stack, queue)), { service, context: forKey }),
  };
}

/** Policies of a role. */
const rolePolicy = (stack: Synthesized, role: Resource): PolicyStatement[] => policyOf(stack, "aws_iam_role_policy", "role", role);

const busOf = (stack: Synthesized, resource: Resource): Resource | undefined =>
  resource["event_bus_name"] === undefined ? undefined : stack.resource(target(resource["event_bus_name"]));

/** ARN of a rule; on a bus that is not the default one, the bus is part of it. */
function ruleArn(stack: Synthesized, rule: Resource): string {
  const bus = busOf(stack, rule);
  return literalArn(stack, "events", `rule/${bus ? `${String(bus["name"])}/` : ""}${String(rule["name"])}`);
}

interface Delivery {
  readonly rule: Resource;
  readonly to: Resource;
  readonly via: Resource;
}

/** Every rule with what it leads to. */
function deliveries(stack: Synthesized, ...types: string[]): Delivery[] {
  return stack
    .all("aws_cloudwatch_event_target")
    .map((via) => ({ via, rule: stack.resource(target(via["rule"])), to: stack.resource(target(via["arn"])) }))
    .filter(({ to }) => types.length === 0 || types.includes(to.resourceType));
}

/** The queue for what could not be delivered, of whatever has one. */
function deadLettersOf(stack: Synthesized, resource: Resource): Resource | undefined {
  const config = resource["dead_letter_config"] as { arn?: string; target_arn?: string } | undefined;
  return config && stack.resource(target(config.arn ?? config.target_arn));
}

/** Permissions to call a function, for a caller and on behalf of something. */
function mayInvoke(stack: Synthesized, callee: Resource, principal: string, sources: readonly string[]): Resource[] {
  const isAlias = callee.resourceType === "aws_lambda_alias";
  const lambda = isAlias ? target(callee["function_name"]) : callee.address;
  return stack.all("aws_lambda_permission").filter(
    (permission) =>
      permission["action"] === "lambda:InvokeFunction" &&
      permission["principal"] === principal &&
      target(permission["function_name"]) === lambda &&
      // The permission of a function is none of its alias, and the other way round.
      permission["qualifier"] === (isAlias ? callee["name"] : undefined) &&
      sources.includes(String(permission["source_arn"])),
  );
}

const YES = { topic: true, key: true };

describe.each(PLATFORMS)("the ways to people in %s", (_, stack) => {
  const topic = topicOf(stack);
  const alarms = [...stack.all("aws_cloudwatch_metric_alarm"), ...stack.all("aws_cloudwatch_composite_alarm")];

  it("begin at every alarm, with the topic of its own region, when it rings and when it stops", () => {
    expect(alarms.length).toBeGreaterThan(0);
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({ alarm_actions: [reference(topic)], ok_actions: [reference(topic)] });
      expect(alarm).not.toHaveProperty("actions_enabled", false);
      // In the region of the stack, as the topic is.
      expect([alarm["provider"], topic["provider"]]).toEqual([undefined, undefined]);
    }
  });

  it("are open to CloudWatch for alarms of this account, and of no other", () => {
    expect(mayPublish(stack, "cloudwatch.amazonaws.com", FOR_THIS_ACCOUNT)).toEqual(YES);
    expect(mayPublish(stack, "cloudwatch.amazonaws.com", FOR_ANOTHER_ACCOUNT)).toEqual({ topic: false, key: false });
  });

  it("are open to EventBridge, which says nothing about itself, wherever a rule leads to the topic", () => {
    const rules = deliveries(stack, "aws_sns_topic");
    expect(rules.map(({ to }) => to.address)).toEqual(rules.map(() => topic.address));
    expect(mayPublish(stack, "events.amazonaws.com", OVER_TLS)).toEqual(YES);
  });

  it("are open to RDS for subscriptions of this account, and of no other", () => {
    for (const subscription of stack.all("aws_db_event_subscription")) expect(subscription["sns_topic"]).toBe(reference(topic));
    expect(mayPublish(stack, "events.rds.amazonaws.com", FOR_THIS_ACCOUNT)).toEqual(YES);
    expect(mayPublish(stack, "events.rds.amazonaws.com", FOR_ANOTHER_ACCOUNT)).toEqual({ topic: false, key: false });
  });

  it("are closed to everybody else, and to messages in the clear", () => {
    expect(mayPublish(stack, "s3.amazonaws.com", FOR_THIS_ACCOUNT)).toEqual({ topic: false, key: false });
    expect(mayPublish(stack, "events.amazonaws.com", { "aws:SecureTransport": "false" }).topic).toBe(false);
  });

  it("are open to every runbook: its role may publish, and use the topic's key", () => {
    const machines = stack.all("aws_sfn_state_machine");
    for (const machine of machines) {
      const told = statesOf(JSON.parse(String(machine["definition"])) as Definition).flatMap(([, state]) =>
        state["Resource"] === "arn:aws:states:::sns:publish" ? [(state["Parameters"] as { TopicArn: string }).TopicArn] : [],
      );
      expect([machine.address, new Set(told)]).toEqual([machine.address, new Set([reference(topic)])]);
      const policy = rolePolicy(stack, stack.resource(target(machine["role_arn"])));
      expect(allows(policy, { action: "sns:Publish", resource: reference(topic) })).toBe(true);
      expect(mayEncrypt(policy, {}, reference(keyOf(stack, topic)))).toBe(true);
    }
  });

  it("end at whoever subscribes to the topic, and is ready for it", () => {
    const subscriptions = stack.all("aws_sns_topic_subscription");
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
            maySend(stack, stack.resource(target(endpoint)), "sns.amazonaws.com", { "aws:SourceArn": reference(topic) }, FOR_THIS_ACCOUNT),
          ).toEqual({ queue: true, key: true });
          break;
        case "lambda":
          expect(mayInvoke(stack, stack.resource(target(endpoint)), "sns.amazonaws.com", [reference(topic)])).toHaveLength(1);
          break;
        default:
          throw new Error(`nobody knows how alerts get to ${String(protocol)}`);
      }
    }
  });
});

describe.each(PLATFORMS.filter(([, stack]) => stack.all("aws_cloudwatch_event_rule").length > 0))("events in %s", (_, stack) => {
  it("are delivered: every rule leads somewhere, on the bus on which it listens", () => {
    const led = new Set(deliveries(stack).map(({ rule }) => rule.address));
    expect(
      stack
        .all("aws_cloudwatch_event_rule")
        .map(({ address }) => address)
        .filter((address) => !led.has(address)),
    ).toEqual([]);
    for (const { rule, via } of deliveries(stack)) expect(via["event_bus_name"]).toBe(rule["event_bus_name"]);
  });

  it("are delivered to nothing but topics, functions and runbooks, the ways to which are proven here", () => {
    const known = deliveries(stack, "aws_sns_topic", "aws_lambda_function", "aws_lambda_alias", "aws_sfn_state_machine");
    expect(known.length).toBe(deliveries(stack).length);
  });

  it("call functions that let in the very rule, and under the alias if it calls the alias", () => {
    for (const { rule, to } of deliveries(stack, "aws_lambda_function", "aws_lambda_alias"))
      expect([rule.address, mayInvoke(stack, to, "events.amazonaws.com", [reference(rule), ruleArn(stack, rule)]).length]).toEqual([
        rule.address,
        1,
      ]);
  });

  it("start runbooks under a role that EventBridge may take on for this account, and that may start this runbook", () => {
    const started = deliveries(stack, "aws_sfn_state_machine");
    expect(started.length).toBeGreaterThan(0);
    for (const { to, via } of started) {
      const role = stack.resource(target(via["role_arn"]));
      const takenOn = (context: Record<string, string>) =>
        allows(ownPolicy(stack, role), { service: "events.amazonaws.com", action: "sts:AssumeRole", resource: role.address, context });
      expect([takenOn(FOR_THIS_ACCOUNT), takenOn(FOR_ANOTHER_ACCOUNT)]).toEqual([true, false]);
      expect(allows(rolePolicy(stack, role), { action: "states:StartExecution", resource: reference(to) })).toBe(true);
    }
  });
});

describe("queues of a region with everything", () => {
  const stack = everything;
  const withQueue = (type: string) =>
    stack.all(type).flatMap((resource) => {
      const queue = deadLettersOf(stack, resource);
      return queue ? [{ resource, queue }] : [];
    });

  it("admit what a rule cannot deliver, of this rule and of none on another bus; to the key, EventBridge says nothing about itself", () => {
    const targets = withQueue("aws_cloudwatch_event_target");
    expect(targets.length).toBeGreaterThan(0);
    for (const { resource, queue } of targets) {
      const arn = ruleArn(stack, stack.resource(target(resource["rule"])));
      const sent = (source: string) => maySend(stack, queue, "events.amazonaws.com", { "aws:SourceArn": source }, {});
      expect(sent(arn)).toEqual({ queue: true, key: true });
      expect(sent(arn.replace("rule/events-test-1/", "rule/events-test-12/")).queue).toBe(false);
      expect(sent(arn.replace("rule/events-test-1/", "rule/")).queue).toBe(false);
    }
  });

  it("admit what the bus itself cannot deliver, and no other bus", () => {
    const buses = withQueue("aws_cloudwatch_event_bus");
    expect(buses.length).toBe(stack.all("aws_cloudwatch_event_bus").length);
    for (const { resource, queue } of buses) {
      const arn = literalArn(stack, "events", `event-bus/${String(resource["name"])}`);
      const sent = (source: string) => maySend(stack, queue, "events.amazonaws.com", { "aws:SourceArn": source }, {});
      expect(sent(arn)).toEqual({ queue: true, key: true });
      expect(sent(`${arn}2`).queue).toBe(false);
    }
  });

  it("admit what a function cannot work off: its role may send, and use the queue's key", () => {
    const functions = withQueue("aws_lambda_function");
    expect(functions.length).toBeGreaterThan(0);
    for (const { resource, queue } of functions) {
      const policy = rolePolicy(stack, stack.resource(target(resource["role"])));
      expect(allows(policy, { action: "sqs:SendMessage", resource: reference(queue) })).toBe(true);
      expect(mayEncrypt(policy, {}, reference(keyOf(stack, queue)))).toBe(true);
    }
  });

  it("for what was not delivered have an alarm, each of them", () => {
    const queues = ["aws_cloudwatch_event_target", "aws_cloudwatch_event_bus", "aws_lambda_function"].flatMap(withQueue);
    const watchedQueues = stack
      .all("aws_cloudwatch_metric_alarm")
      .map((alarm) => (alarm["dimensions"] as { QueueName?: string } | undefined)?.QueueName);
    for (const { queue } of queues) expect(watchedQueues).toContain(queue["name"]);
  });

  it("are under a key that SNS may use for topics of this account, and of no other", () => {
    for (const queue of stack.all("aws_sqs_queue")) {
      const key = ownPolicy(stack, keyOf(stack, queue));
      const sns = (context: Record<string, string>) => mayEncrypt(key, { service: "sns.amazonaws.com", context });
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
    expect([mayEncrypt(key, as(String(bus["name"]))), mayEncrypt(key, as("events-test-12"))]).toEqual([true, false]);
  });
});

describe("a policy", () => {
  const allow: PolicyStatement = {
    address: "aws_sns_topic_policy.policy",
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: ["sns:Pub*"],
    Resource: "arn:aws:sns:us-east-1:123456789012:alerts",
  };
  const request: Request = {
    service: "events.amazonaws.com",
    action: "sns:Publish",
    resource: "arn:aws:sns:us-east-1:123456789012:alerts",
    context: { "aws:SourceArn": "arn:aws:events:us-east-1:123456789012:rule/bus/one" },
  };
  const where = (Condition: PolicyStatement["Condition"]): PolicyStatement => ({ ...allow, ...(Condition && { Condition }) });

  it("lets through what it allows", () => {
    expect(allows([allow], request)).toBe(true);
    expect(allows([where({ ArnLike: { "aws:SourceArn": "arn:aws:events:us-east-1:123456789012:rule/bus/*" } })], request)).toBe(true);
    const ofARole: PolicyStatement = { address: allow.address, Effect: "Allow", Action: allow.Action, Resource: request.resource };
    expect(allows([ofARole], { action: request.action, resource: request.resource })).toBe(true);
  });

  it.each<[string, readonly PolicyStatement[]]>([
    ["that says nothing", []],
    ["for another service", [{ ...allow, Principal: { Service: ["sns.amazonaws.com"] } }]],
    ["for another action", [{ ...allow, Action: "sns:Subscribe" }]],
    ["for another resource", [{ ...allow, Resource: "arn:aws:sns:us-east-1:123456789012:alert" }]],
    ["with a condition that does not fit", [where({ ArnLike: { "aws:SourceArn": "arn:aws:events:us-east-1:123456789012:rule/one" } })]],
    ["with a condition on what the service does not say", [where({ StringEquals: { "aws:SourceAccount": "123456789012" } })]],
    ["with a prohibition beside the permission", [allow, { ...allow, Effect: "Deny", Principal: "*" }]],
  ])("%s lets nothing through", (_, policy) => {
    expect(allows(policy, request)).toBe(false);
  });

  it("with a condition that nobody knows cannot be judged", () => {
    expect(() => allows([where({ IpAddress: { "aws:SourceIp": "10.0.0.0/8" } })], request)).toThrow("unknown condition operator IpAddress");
  });
});
