import type { Graph } from "../graph/graph";
import { block, blocks, type Resource, type Values } from "../graph/values";
import { ruleHolds } from "./alarm-rule";
import { numberOf } from "./budget";

/** From the end of a period until a metric of AWS is there. */
const DELIVERY = 60;
/** Alarms with periods of a minute or more are evaluated once a minute. */
const EVALUATION = 60;
/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html */
export const EVALUATED = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html";

export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Values;
  readonly period: number;
}

/** A metric alarm, or a composite alarm. */
export interface Alarm {
  readonly resource: Resource;
  readonly name: string;
  /** Empty for a composite alarm. */
  readonly metrics: readonly Metric[];
  /** From the fault until the state ALARM. Undefined for an expression. 0 for a composite alarm: those of its children. */
  readonly seconds: number | undefined;
  readonly periods: number;
  /** Whether a message of it reaches a topic that has subscriptions. */
  readonly isHeard: boolean;
  /** @default - a metric alarm */
  readonly rule: string | undefined;
  readonly suppressor: string | undefined;
  /** Seconds that it waits for its suppressor. */
  readonly wait: number;
}

const known = new WeakMap<Graph, readonly Alarm[]>();

/** The alarms of a stack. */
export function alarmsOf(graph: Graph): readonly Alarm[] {
  const before = known.get(graph);
  if (before) return before;
  const found = [...graph.all("aws_cloudwatch_metric_alarm"), ...graph.all("aws_cloudwatch_composite_alarm")].map((alarm) =>
    alarmOf(graph, alarm),
  );
  known.set(graph, found);
  return found;
}

function alarmOf(graph: Graph, resource: Resource): Alarm {
  const { values } = resource;
  const metrics = metricsOf(graph, values);
  const periods = numberOf(graph, values["datapoints_to_alarm"] ?? values["evaluation_periods"], 1);
  const suppressor = block(values["actions_suppressor"]);
  const rule = graph.text(values["alarm_rule"]);
  const slowest = Math.max(0, ...metrics.map(({ period }) => period));
  return {
    resource,
    name: graph.text(values["alarm_name"]) ?? resource.address,
    metrics,
    seconds: rule === undefined ? (periods === undefined || slowest === 0 ? undefined : periods * slowest + DELIVERY + EVALUATION) : 0,
    periods: periods ?? 1,
    isHeard:
      graph.text(values["actions_enabled"]) !== "false" &&
      graph.list(values["alarm_actions"]).some((action) => isSubscribed(graph, action)),
    rule,
    suppressor: graph.text(suppressor["alarm"])?.split(":alarm:").at(-1),
    wait: numberOf(graph, suppressor["wait_period"], 0) ?? 0,
  };
}

function metricsOf(graph: Graph, values: Values): readonly Metric[] {
  const own = values["metric_name"] === undefined ? [] : [values];
  const queried = blocks(values["metric_query"]).flatMap(({ metric }) => blocks(metric));
  return [...own, ...queried].map((metric) => ({
    namespace: graph.text(metric["namespace"]) ?? "",
    name: graph.text(metric["metric_name"]) ?? "",
    dimensions: block(metric["dimensions"]),
    period: numberOf(graph, metric["period"], 0) ?? 0,
  }));
}

/** Whether a topic has a subscription. A list of addresses that is empty makes none. */
function isSubscribed(graph: Graph, action: unknown): boolean {
  const topic = graph.target(action);
  if (topic?.type !== "aws_sns_topic") return false;
  return graph.referring("aws_sns_topic_subscription", "topic_arn", topic).some(({ values }) => !isEmpty(graph, values["for_each"]));
}

/** Whether `for_each` is an empty list, or a variable with one by default. */
function isEmpty(graph: Graph, each: unknown): boolean {
  const name = /^\$\{var\.([\w-]+)\}$/.exec(String(each))?.[1];
  const list = name === undefined ? each : graph.json.variable?.[name]?.["default"];
  return Array.isArray(list) && list.length === 0;
}

/** A message to on-call: the first alarm that sends one, after some alarms on metrics. */
export interface Message {
  readonly from: Alarm;
  readonly seconds: number;
  /** Seconds of the alarm on the metric, and of the wait for a suppressor. */
  readonly wait: number;
}

/** The messages that follow when metric alarms go to ALARM, the first one first. */
export function messagesAfter(graph: Graph, fired: readonly { readonly alarm: Alarm; readonly seconds: number }[]): readonly Message[] {
  const alarms = alarmsOf(graph);
  const since = new Map(fired.map(({ alarm, seconds }) => [alarm.name, seconds]));
  const composites = alarms.filter(({ rule }) => rule !== undefined);
  for (let changed = true; changed;) {
    changed = false;
    for (const { name, rule = "" } of composites) {
      const at = [...new Set(since.values())]
        .sort((one, other) => one - other)
        .find((seconds) => ruleHolds(rule, (child) => (since.get(child) ?? Infinity) <= seconds));
      if (at !== undefined && at < (since.get(name) ?? Infinity)) {
        since.set(name, at);
        changed = true;
      }
    }
  }
  return alarms
    .flatMap((from) => {
      const at = since.get(from.name);
      if (at === undefined || !from.isHeard) return [];
      const suppressed = from.suppressor === undefined ? undefined : since.get(from.suppressor);
      // Nothing is sent if the suppressor goes to ALARM within the wait: its own message counts.
      if (suppressed !== undefined && suppressed <= at + from.wait) return [];
      return [{ from, seconds: at + from.wait, wait: from.wait }];
    })
    .sort((one, other) => one.seconds - other.seconds);
}
