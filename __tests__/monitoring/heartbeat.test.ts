import { describe, expect, it } from "@jest/globals";
import { toAlert } from "../../modules/alert-forwarding/forward-alert/alert";
import { faultAlarms, namedIn, queriesOf } from "../support/alarms";
import { CONFIGURATIONS } from "../support/configurations";
import {
  canPublish,
  FOR_ANOTHER_ACCOUNT,
  FOR_THIS_ACCOUNT,
  heartbeatTopicOf,
  invokePermissions,
  keyOf,
  OVER_TLS,
  policyOf,
  reference,
  topicOf,
} from "../support/delivery";
import { everyStack, type Resource, type Synthesized, target } from "../support/synthesized";

const FUNCTION = "aws_lambda_function.alert-forwarding_function_function";

const heartbeatsOf = (stack: Synthesized): Resource[] => {
  const faults = new Set(faultAlarms(stack).map(({ address }) => address));
  return stack.all("aws_cloudwatch_metric_alarm").filter(({ address }) => !faults.has(address));
};
const forwards = (stack: Synthesized): boolean => stack.all("aws_lambda_function").some(({ address }) => address === FUNCTION);

const every = Object.entries(CONFIGURATIONS).flatMap(([title, overrides]) =>
  [...everyStack(overrides)].map(([name, stack]) => ({ title: `${name} of ${title}`, stack })),
);
const forwarding = every.filter(({ stack }) => forwards(stack));

describe("a heartbeat", () => {
  it("is in every region that forwards alerts, and in no other stack", () => {
    expect(forwarding.length).toBeGreaterThan(5);
    for (const { title, stack } of every) {
      const count = forwards(stack) ? 1 : 0;
      expect([title, heartbeatsOf(stack).length, heartbeatTopicOf(stack) ? 1 : 0]).toEqual([title, count, count]);
    }
  });
});

describe.each(forwarding.map(({ title, stack }) => [title, stack] as const))("the heartbeat in %s", (_, stack) => {
  const [alarm = fail()] = heartbeatsOf(stack);
  const topic = heartbeatTopicOf(stack) ?? fail();

  it("goes to ALARM by the clock, for the data that a metric of the region has in the first ten minutes of an hour", () => {
    const [minute, alive] = queriesOf(alarm);
    expect(minute).toMatchObject({ expression: "IF(alive, MINUTE(alive), 60)", return_data: true });
    expect(alarm).toMatchObject({ comparison_operator: "LessThanThreshold", threshold: 10 });
    expect(alive).toMatchObject({ id: "alive", metric: { period: 60 } });
    if (stack.all("aws_vpc").length === 0) {
      // The flow logs are those of the network's owner.
      const dimensions = { LoadBalancer: `\${${stack.only("aws_lb").address}.arn_suffix}` };
      expect(alive).toMatchObject({ metric: { metric_name: "ConsumedLCUs", stat: "SampleCount", dimensions } });
      return;
    }
    expect(alive).toMatchObject({ metric: { metric_name: "IncomingLogEvents", stat: "Sum" } });
    const group = alive?.metric?.dimensions["LogGroupName"];
    expect(stack.all("aws_cloudwatch_log_group").map(({ name }) => name)).toContain(group);
  });

  it("stops when the metric does: missing data is no ALARM, and neither is a minute in which nothing was counted", () => {
    expect(alarm["treat_missing_data"]).toBe("notBreaching");
    // The value of a minute with the count 0, which is false.
    const [, otherwise] = /, (\d+)\)$/.exec(String(queriesOf(alarm)[0]?.expression)) ?? [];
    expect(Number(otherwise)).toBeGreaterThanOrEqual(Number(alarm["threshold"]));
  });

  it("tolerates data that arrive five minutes late, and returns to OK within the hour", () => {
    expect(alarm).toMatchObject({ evaluation_periods: 5, datapoints_to_alarm: 1 });
    expect(Number(alarm["threshold"]) + Number(alarm["evaluation_periods"])).toBeLessThan(60);
  });

  it("publishes to a topic of its own only, when it goes to ALARM only", () => {
    expect(alarm["alarm_actions"]).toEqual([reference(topic)]);
    expect(alarm).not.toHaveProperty("ok_actions");
    expect(alarm).not.toHaveProperty("insufficient_data_actions");
    expect(alarm).not.toHaveProperty("actions_enabled", false);
    const publishers = stack.all("aws_cloudwatch_metric_alarm").filter((each) => JSON.stringify(each).includes(reference(topic)));
    expect(publishers.map(({ address }) => address)).toEqual([alarm.address]);
  });

  it("proves the way of the alerts: the topic has their key, and the statement that allows CloudWatch to publish", () => {
    expect(keyOf(stack, topic).address).toBe(keyOf(stack, topicOf(stack)).address);
    const statementOf = (each: Resource) => {
      const { Action, Condition, Principal } =
        policyOf(stack, "aws_sns_topic_policy", "arn", each).find(({ Sid }) => Sid === "AlarmsAndServiceEvents") ?? fail();
      return { Action, Condition, Principal };
    };
    expect(statementOf(topic)).toEqual(statementOf(topicOf(stack)));
    expect(canPublish(stack, "cloudwatch.amazonaws.com", FOR_THIS_ACCOUNT, topic)).toEqual({ topic: true, key: true });
    expect(canPublish(stack, "cloudwatch.amazonaws.com", FOR_ANOTHER_ACCOUNT, topic)).toEqual({ topic: false, key: false });
    expect(canPublish(stack, "events.amazonaws.com", OVER_TLS, topic).topic).toBe(false);
  });

  it("is sent to the function that forwards alerts, and to nobody else", () => {
    const subscriptions = stack.all("aws_sns_topic_subscription").filter(({ topic_arn: arn }) => arn === reference(topic));
    expect(subscriptions.map(({ protocol, endpoint }) => [protocol, target(endpoint)])).toEqual([["lambda", FUNCTION]]);
    const lambda = stack.resource(FUNCTION);
    expect(invokePermissions(stack, lambda, "sns.amazonaws.com", [reference(topic)])).toHaveLength(1);
    expect(lambda["environment"]).toMatchObject({ variables: { HEARTBEAT_TOPIC: reference(topic) } });
  });

  it("is no fault: no composite alarm and no dashboard contains it, and it says so itself", () => {
    const composites = stack.all("aws_cloudwatch_composite_alarm").flatMap(namedIn);
    expect(composites).not.toContain(alarm["alarm_name"]);
    for (const { dashboard_body: body } of stack.all("aws_cloudwatch_dashboard")) expect(body).not.toContain(alarm["alarm_name"]);
    expect(alarm["alarm_description"]).toMatch(
      /^INFO: This alarm is no fault\. .* Runbook: https:.*\/document-alerts-test-1\/.* \(Heartbeat\)$/,
    );
    expect(alarm["tags"]).toEqual({ Severity: "info" });
    const message = JSON.stringify({ AlarmName: "alarm", NewStateValue: "ALARM", AlarmDescription: alarm["alarm_description"] });
    expect(toAlert({ MessageId: "1", Message: message }).severity).toBe("info");
  });

  it("does not name the function, which ignores messages about itself", () => {
    expect(JSON.stringify(alarm)).not.toContain(String(stack.resource(FUNCTION)["function_name"]));
  });
});

function fail(): never {
  throw new Error("there is no heartbeat");
}
