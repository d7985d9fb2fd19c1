import { describe, expect, it } from "@jest/globals";
import { alarmsIn, casesOf, holdsRule, readRule } from "../../prove/alarms/alarm-rule";
import { alarmsOf, inAlarm } from "../../prove/alarms/alarms";
import { matchesPattern } from "../../prove/alarms/event-pattern";
import { intervalOf } from "../../prove/alarms/events";
import { nameFaults } from "../../prove/alarms/known-metrics";
import { metricAlarm, reaction, secondsOf, uselessness } from "../../prove/alarms/metric-alarm";
import { mathValue } from "../../prove/alarms/metric-math";
import { notifies } from "../../prove/alarms/notifications";
import { Graph } from "../../prove/graph/graph";

const holds = (text: string, ...names: string[]): boolean | undefined => {
  const rule = readRule(text);
  return rule && holdsRule(rule, (name) => names.includes(name));
};

describe("the rule of a composite alarm", () => {
  it.each([
    ['ALARM("a") OR ALARM("b") AND ALARM("c")', ["a"], true],
    ['ALARM("a") OR ALARM("b") AND ALARM("c")', ["b"], false],
    ['(ALARM("a") OR ALARM("b")) AND ALARM("c")', ["a"], false],
    ['(ALARM("a") OR ALARM(b)) AND NOT ALARM("c")', ["b"], true],
    ['ALARM("a") AND NOT (ALARM("b") OR ALARM("c"))', ["a", "c"], false],
    ['ALARM("arn:aws:cloudwatch:us-east-1:123456789012:alarm:a b")', ["a b"], true],
    ['OK("a") AND NOT FALSE', [], true],
    ["TRUE AND NOT FALSE", [], true],
    ['OK("a") AND NOT INSUFFICIENT_DATA("b")', ["c"], true],
    ['ALARM(a) AND NOT (ALARM("b") OR ALARM("c"))', ["a"], true],
    ['(ALARM("a") OR ALARM(b)) AND NOT OK("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:c") OR FALSE', ["b", "c"], true],
    ['(ALARM("a") OR ALARM(b)) AND NOT OK("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:c") OR FALSE', ["a", "b"], false],
    ['(ALARM("a") OR ALARM(b)) AND NOT OK("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:c") OR FALSE', ["c"], false],
    ['INSUFFICIENT_DATA("a") OR TRUE', [], true],
  ])("%s with %j is %s", (text, names, expected) => {
    expect(holds(text, ...names)).toBe(expected);
  });

  it.each([
    'ALARM("a"',
    '(ALARM("a")',
    "ALARM(a",
    'ALARM("a") ALARM("b")',
    "ALARM(a b)",
    'ALARM["a"]',
    "",
    "AND",
    "garbage",
    "a OR b",
    'ALARM("a") AND',
    'RINGS("a")',
  ])("is not %s", (text) => {
    expect(readRule(text)).toBeUndefined();
  });

  it("has the alarms that it names, and the cases in which it holds", () => {
    const rule = readRule('(ALARM("a") OR ALARM("b")) AND ALARM("c") AND NOT ALARM("d")');
    if (!rule) throw new Error("the rule cannot be read");
    expect(alarmsIn(rule)).toEqual(["a", "b", "c", "d"]);
    expect(casesOf(rule, (name) => [[name]])).toEqual([
      ["a", "c"],
      ["b", "c"],
    ]);
  });
});

describe("metric math", () => {
  const values: Readonly<Record<string, number | undefined>> = { one: 1, ten: 10, none: undefined };
  it.each([
    ["one + ten * 2", 21],
    ["(one + ten) * 2", 22],
    ["100 * (ten - FILL(none, 0)) / ten", 100],
    ["none + one", undefined],
    ["IF(FILL(none, 0) >= 10, ten, 0)", 0],
    ["IF(none > 0, 1, 2)", undefined],
    ["SUM([none, one, ten])", 11],
    ["MAX([one, ten]) - MIN([one, ten])", 9],
    ["IF(one > 0 AND ten > 0 || none > 0, 5, 6)", undefined],
    ["IF(none, MINUTE(none), 60)", undefined],
    ["IF(one, MINUTE(one), 60)", "unknown"],
    ["ANOMALY_DETECTION_BAND(one, 2)", "unknown"],
    ["one +", "unknown"],
    ["{one}", "unknown"],
  ])("%s is %s", (expression, expected) => {
    expect(mathValue(expression, (id) => values[id])).toBe(expected);
  });
});

const alarmWith = (values: Readonly<Record<string, unknown>>) =>
  metricAlarm(new Graph("main", {}), {
    address: "aws_cloudwatch_metric_alarm.a",
    type: "aws_cloudwatch_metric_alarm",
    values: {
      namespace: "AWS/ECS",
      metric_name: "Count",
      period: 60,
      evaluation_periods: 1,
      comparison_operator: "LessThanThreshold",
      threshold: 6,
      ...values,
    },
  });

describe("a metric alarm", () => {
  it.each([
    ["breaching", "ALARM"],
    ["notBreaching", "OK"],
    ["ignore", "unchanged"],
    ["missing", "INSUFFICIENT_DATA"],
    [undefined, "INSUFFICIENT_DATA"],
  ])("with the treatment %s makes %s of silence", (treatment, expected) => {
    expect(reaction(alarmWith({ treat_missing_data: treatment }), () => undefined)).toBe(expected);
  });

  it.each([
    [5, {}, "ALARM"],
    [6, {}, "OK"],
    [6, { comparison_operator: "LessThanOrEqualToThreshold" }, "ALARM"],
    [7, { comparison_operator: "GreaterThanThreshold", threshold: "6" }, "ALARM"],
    [5, { period: 10 }, "INSUFFICIENT_DATA"],
    [5, { datapoints_to_alarm: 2 }, "unknown"],
    [5, { comparison_operator: "Odd" }, "unknown"],
    [5, { threshold: undefined }, "unknown"],
  ])("with %s and %j is in %s", (value, values, expected) => {
    expect(reaction(alarmWith(values), () => value)).toBe(expected);
  });

  it("on DynamoDB ignores silence, whatever its setting is", () => {
    expect(reaction(alarmWith({ namespace: "AWS/DynamoDB", treat_missing_data: "breaching" }), () => undefined)).toBe("unchanged");
  });

  it("needs its data points for a fault, and all of its periods for silence", () => {
    const alarm = alarmWith({ evaluation_periods: 5, datapoints_to_alarm: 2 });
    expect([secondsOf(alarm), secondsOf(alarm, true)]).toEqual([120, 300]);
  });
});

describe("an alarm that never fires", () => {
  it.each([
    [{}, undefined],
    [{ evaluation_periods: 0 }, "needs 0 data points in 0 periods"],
    [{ datapoints_to_alarm: 2 }, "needs 2 data points in 1 periods"],
    [{ period: 45 }, "has a period of 45 s"],
    [{ comparison_operator: "LessThan" }, "compares by LessThan, without a band"],
    [{ threshold: undefined }, "has no threshold"],
    [{ statistic: "Mean" }, "has a statistic Mean that does not exist"],
    [{ period: 10 }, "is never in ALARM, whatever its metrics are"],
  ])("is recognized by %j", (values, expected) => {
    expect(uselessness(alarmWith({ statistic: "Minimum", ...values }))).toBe(expected);
  });

  it.each([
    ["AWS/ECS", "CPUUtilization", { ClusterName: "a" }, []],
    ["AWS/ECS", "CPUUtilisation", { ClusterName: "a" }, ["AWS/ECS has no metric CPUUtilisation"]],
    ["AWS/ECS", "CPUUtilization", {}, ["CPUUtilization has no data without ClusterName"]],
    ["AWS/EC", "CPUUtilization", { ClusterName: "a" }, ["AWS/EC is not a namespace of AWS"]],
    ["AWS/RDS", "NewMetricOfAurora", {}, []],
    ["AWS/Unlisted", "Anything", {}, []],
    ["Payments", "Declined", {}, []],
    ["AWS/ECS", "", {}, ["it has no metric"]],
  ])("watches %s %s of %j: %j", (namespace, name, dimensions, expected) => {
    expect(nameFaults(new Graph("main", {}), { namespace, name, dimensions, statistic: "Sum", period: 60 })).toEqual(expected);
  });
});

describe("an event pattern", () => {
  const event = { source: "aws.rds", detail: { EventID: "RDS-EVENT-0071", reasons: [{ code: "A" }, { code: "B" }], count: 3 } };
  it.each([
    [{ source: ["aws.rds"] }, true],
    [{ source: ["aws.ecs"] }, false],
    [{ detail: { reasons: { code: ["B"] } } }, true],
    [{ detail: { EventID: [{ prefix: "RDS-EVENT-00" }], count: [{ numeric: [">", 2, "<=", 3] }] } }, true],
    [{ detail: { EventID: [{ "anything-but": ["RDS-EVENT-0071"] }] } }, false],
    [{ detail: { EventID: [{ "anything-but": { suffix: "72" } }] } }, true],
    [{ detail: { EventID: [{ wildcard: "RDS-*-0071" }] } }, true],
    [{ source: [{ "equals-ignore-case": "AWS.RDS" }], detail: { other: [{ exists: false }] } }, true],
    [{ $or: [{ source: ["aws.ecs"] }, { detail: { count: [3] } }] }, true],
    [{ source: [{ odd: "aws" }] }, false],
    [{ source: "aws.rds" }, false],
    [undefined, false],
  ])("%j matches: %s", (pattern, expected) => {
    expect(matchesPattern(pattern, event)).toBe(expected);
  });
});

it.each([
  ["rate(1 minute)", 60],
  ["rate(5 minutes)", 300],
  ["rate(6 hours)", 21_600],
  ["rate(0 minute)", undefined],
  ["cron(* * * * ? *)", 60],
  ["cron(0 8 * * ? *)", undefined],
  [undefined, undefined],
])("the schedule %s runs every %s s", (schedule, expected) => {
  expect(intervalOf(schedule)).toBe(expected);
});

const TOPIC = { name: "alerts" };
const metric = {
  namespace: "AWS/ECS",
  metric_name: "Count",
  evaluation_periods: 1,
  comparison_operator: "LessThanThreshold",
  threshold: 1,
};
const platform = (
  values: { readonly composite?: Readonly<Record<string, unknown>>; readonly protocol?: string; readonly endpoint?: string } = {},
) =>
  new Graph("main", {
    provider: { aws: [{ region: "us-east-1", allowed_account_ids: ["123456789012"] }] },
    resource: {
      aws_cloudwatch_metric_alarm: { one: { alarm_name: "one", ...metric }, other: { alarm_name: "other", ...metric } },
      aws_cloudwatch_composite_alarm: {
        both: {
          alarm_name: "both",
          alarm_rule: 'ALARM("${aws_cloudwatch_metric_alarm.one.alarm_name}")',
          alarm_actions: ["${aws_sns_topic.alerts.arn}"],
          ...values.composite,
        },
      },
      aws_sns_topic: { alerts: TOPIC },
      aws_sns_topic_subscription: {
        mail: {
          topic_arn: "${aws_sns_topic.alerts.arn}",
          protocol: values.protocol ?? "email",
          endpoint: values.endpoint ?? "oncall@bank.test",
        },
      },
    },
  });

describe("who is notified", () => {
  const senders = (graph: Graph, ...names: string[]): string[] => notifies(graph, [graph], ...names).map(({ by }) => by.address);

  it("is told by the composite alarm of an alarm, and by nothing else", () => {
    expect(senders(platform(), "one")).toEqual(["aws_cloudwatch_composite_alarm.both"]);
    expect(senders(platform(), "other")).toEqual([]);
  });

  it("knows the region of the path", () => {
    const graph = platform();
    expect(notifies(graph, [graph], "one")[0]).toMatchObject({ region: "us-east-1", readers: ["aws_sns_topic_subscription.mail"] });
  });

  it.each([
    ["a suppressor in ALARM", { composite: { actions_suppressor: { alarm: "other", wait_period: 60 } } }],
    ["actions that are switched off", { composite: { actions_enabled: false } }],
    ["a topic of another region", { composite: { alarm_actions: ["arn:aws:sqs:us-east-1:123456789012:queue"] } }],
    ["a subscriber without an endpoint", { endpoint: "" }],
    ["a function that is not in this JSON", { protocol: "lambda", endpoint: "${aws_lambda_function.gone.arn}" }],
  ])("is nobody with %s", (_, values) => {
    expect(senders(platform(values), "one", "other")).toEqual([]);
  });

  it("does not loop in rules that name each other", () => {
    const graph = platform({ composite: { alarm_rule: 'ALARM("both") OR ALARM("one")' } });
    expect([...inAlarm(alarmsOf(graph), ["one"])]).toEqual(["one", "both"]);
  });
});
