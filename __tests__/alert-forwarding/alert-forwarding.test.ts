import { describe, expect, it, jest } from "@jest/globals";
import { failoverAlertsRegion } from "../../config/failover-alerts";
import { toAlert } from "../../modules/alert-forwarding/forward-alert/alert";
import { send } from "../../modules/alert-forwarding/forward-alert/endpoints";
import { faultAlarms } from "../support/alarms";
import { EVERYTHING, twoRegions } from "../support/config";
import { everyStack, oneRegion, regionStack } from "../support/synthesized";

const FAILOVER_TOPIC = "arn:aws:sns:us-east-1:123456789012:topic-failover-alerts-test-1";
const everything = regionStack(EVERYTHING);
const plain = oneRegion();

describe("forwarded alerts", () => {
  it("have their endpoints in a secret that Terraform never writes", () => {
    expect(everything.resource("aws_secretsmanager_secret.alert-forwarding_endpoints")).toMatchObject({ recovery_window_in_days: 0 });
    expect(everything.all("aws_secretsmanager_secret_version")).toEqual([]);
  });

  it("are not forwarded unless it is configured", () => {
    expect(plain.all("aws_sns_topic_subscription").map(({ protocol }) => protocol)).toEqual(["email"]);
    expect(
      everything
        .all("aws_sns_topic_subscription")
        .map(({ protocol }) => protocol)
        .sort(),
    ).toEqual(["email", "lambda", "lambda", "sqs"]);
  });

  it("of health checks, in us-east-1, reach the function and the queue of the last region that SNS delivers to", () => {
    const stacks = everyStack({ ...twoRegions("hot"), monitoring: { chat: true, queue: true } });
    const failover = stacks.get("failover");
    const subscribed = failover
      ?.all("aws_sns_topic_subscription")
      .map(({ protocol, endpoint, topic_arn: topic }) => [protocol, endpoint, topic]);
    const topic = "${aws_sns_topic.alerts_topic.arn}";
    expect(subscribed).toEqual(
      expect.arrayContaining([
        ["lambda", "arn:aws:lambda:us-west-2:123456789012:function:function-forward-alert-test-1", topic],
        ["sqs", "arn:aws:sqs:us-west-2:123456789012:queue-alerts-test-1", topic],
      ]),
    );
    const permitted = (region: string): unknown[] => {
      const stack = stacks.get(region);
      const senders = stack?.resource("aws_sqs_queue_policy.alert-queue_queue_policy")["policy"];
      const invokers = stack?.all("aws_lambda_permission").map(({ source_arn: arn }) => arn);
      return [String(senders).includes(FAILOVER_TOPIC), invokers?.includes(FAILOVER_TOPIC)];
    };
    expect([permitted("us-east-1"), permitted("us-west-2")]).toEqual([
      [false, false],
      [true, true],
    ]);
    expect(stacks.get("us-west-2")?.resource("aws_lambda_function.alert-forwarding_function_function")["function_name"]).toBe(
      "function-forward-alert-test-1",
    );
    expect(failover?.resource("aws_sns_topic.alerts_topic")["name"]).toBe("topic-failover-alerts-test-1");
  });

  it("of health checks are not subscribed by regions that do not forward alerts", () => {
    const protocols = everyStack(twoRegions("hot"))
      .get("failover")
      ?.all("aws_sns_topic_subscription")
      .map(({ protocol }) => protocol);
    expect(protocols).toEqual(["email"]);
  });

  it.each([
    { regions: ["us-west-2", "eu-west-1"], receives: "eu-west-1" },
    { regions: ["eu-west-1", "us-east-1"], receives: "us-east-1" },
    { regions: ["eu-west-1", "eu-south-1"], receives: "eu-west-1" },
    { regions: ["eu-south-1", "ap-northeast-3"], receives: undefined },
    { regions: ["me-central-1"], receives: undefined },
  ])("of health checks, with the regions $regions, are delivered to $receives", ({ regions, receives }) => {
    expect(failoverAlertsRegion(regions.map((name) => ({ name })))).toBe(receives);
  });

  it("have the severity of their alarm or their rule", () => {
    const severityOf = (Message: string) => toAlert({ MessageId: "1", Message }).severity;
    const alarms = faultAlarms(everything).map(({ alarm_description: description, tags }) => ({
      read: severityOf(JSON.stringify({ AlarmName: "alarm", NewStateValue: "ALARM", AlarmDescription: description })),
      configured: (tags as { readonly Severity: string }).Severity,
    }));
    expect(new Set(alarms.map(({ configured }) => configured))).toEqual(new Set(["critical", "warning"]));
    expect(alarms.filter(({ read: severity, configured }) => severity !== configured)).toEqual([]);
    const sentences = everything
      .all("aws_cloudwatch_event_target")
      .flatMap(
        ({ input_transformer: transformer }) => (transformer as { readonly input_template: string } | undefined)?.input_template ?? [],
      );
    expect(new Set(sentences.map(severityOf))).toEqual(new Set(["critical", "warning"]));
    for (const sentence of sentences) expect(JSON.parse(sentence)).toMatch(new RegExp(`^${severityOf(sentence).toUpperCase()}: `));
  });

  it("reach their timeout before the function does", async () => {
    const timeout = jest.spyOn(AbortSignal, "timeout").mockReturnValue(AbortSignal.abort());
    await expect(send({ kind: "json", url: "https://alerts.example" }, toAlert({ MessageId: "1", Message: "" }), "")).rejects.toThrow();
    const milliseconds = Math.max(...timeout.mock.calls.flat());
    expect(timeout).toHaveBeenCalledTimes(1);
    timeout.mockRestore();
    const { timeout: seconds } = everything.resource("aws_lambda_function.alert-forwarding_function_function");
    expect(milliseconds / 1000).toBeLessThan(Number(seconds));
  });
});
