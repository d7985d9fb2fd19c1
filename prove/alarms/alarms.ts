import type { Graph } from "../graph/graph";
import { block, type Resource, text } from "../graph/values";
import { alarmName, casesOf, holdsRule, readRule, type Rule } from "./alarm-rule";
import { type Metric, metricAlarm, type MetricAlarm, reaction } from "./metric-alarm";
import type { Sample } from "./metric-math";
import { perGraph } from "./per-graph";

export interface CompositeAlarm {
  readonly resource: Resource;
  readonly name: string;
  /** Undefined if it cannot be read. */
  readonly rule: Rule | undefined;
  /** The alarm that takes the actions away, and the seconds that this one waits for it. */
  readonly suppressor: { readonly alarm: string; readonly wait: number } | undefined;
}

/** The alarms of one stack, by their names. */
export interface Alarms {
  readonly metric: ReadonlyMap<string, MetricAlarm>;
  readonly composite: ReadonlyMap<string, CompositeAlarm>;
}

export const alarmsOf = perGraph((graph): Alarms => {
  const metric = graph
    .all("aws_cloudwatch_metric_alarm")
    .filter(exists)
    .map((resource) => metricAlarm(graph, resource));
  const composite = graph
    .all("aws_cloudwatch_composite_alarm")
    .filter(exists)
    .map((resource) => compositeAlarm(graph, resource));
  return {
    metric: new Map(metric.map((alarm) => [alarm.name, alarm])),
    composite: new Map(composite.map((alarm) => [alarm.name, alarm])),
  };
});

/** Whether a resource is created at all. */
export const exists = ({ values }: Resource): boolean => text(values["count"]) !== "0";

/** Whether a flag is set. @param otherwise the default of the provider */
export const isSet = (graph: Graph, flag: unknown, otherwise: boolean): boolean => (graph.text(flag) ?? String(otherwise)) === "true";

function compositeAlarm(graph: Graph, resource: Resource): CompositeAlarm {
  const { values } = resource;
  const suppressor = block(values["actions_suppressor"]);
  const alarm = graph.text(suppressor["alarm"]);
  return {
    resource,
    name: graph.text(values["alarm_name"]) ?? resource.address,
    rule: readRule(graph.text(values["alarm_rule"]) ?? ""),
    suppressor: alarm === undefined ? undefined : { alarm: alarmName(alarm), wait: Number(graph.text(suppressor["wait_period"]) ?? 0) },
  };
}

/** The alarms that are in ALARM while some metric alarms are: these, and the composite alarms whose rules hold. */
export function inAlarm({ metric, composite }: Alarms, metricAlarms: Iterable<string>): ReadonlySet<string> {
  const given = new Set(metricAlarms);
  const states = new Map<string, boolean>();
  const isInAlarm = (name: string): boolean => {
    const state = states.get(name);
    if (state !== undefined) return state;
    const rule = composite.get(name)?.rule;
    if (!rule) return given.has(name) && metric.has(name);
    // A rule that names itself has no state of its own.
    states.set(name, false);
    const holds = holdsRule(rule, isInAlarm);
    states.set(name, holds);
    return holds;
  };
  return new Set([...metric.keys(), ...composite.keys()].filter(isInAlarm));
}

const MOST_DEPTH = 8;

/** The smallest sets of metric alarms for which an alarm is in ALARM. */
export function causesOf(alarms: Alarms, name: string, depth = 0): readonly (readonly string[])[] {
  const rule = alarms.composite.get(name)?.rule;
  if (!rule) return alarms.metric.has(name) ? [[name]] : [];
  return depth > MOST_DEPTH ? [] : casesOf(rule, (member) => causesOf(alarms, member, depth + 1));
}

/** A metric whose value a fault does not change. */
export const UNCHANGED = Symbol("unchanged");

/** What a fault makes of a metric. */
export type Fault = (metric: Metric) => Sample | typeof UNCHANGED;

/** Values of a minute without a fault, for alarms that compute with several metrics. Every other metric reports nothing. */
const NORMAL: Readonly<Record<string, number>> = {
  RequestCount: 6000,
  TargetResponseTime: 0.1,
  ActiveConnectionCount: 200,
  ConnectionAttemptCount: 500,
  ConnectionEstablishedCount: 500,
  PacketsInFromSource: 100_000,
  PacketsInFromDestination: 100_000,
  IncomingLogEvents: 1000,
  ConsumedLCUs: 1,
};

/** The metric alarms that a fault takes to ALARM: only those with a metric that it changes. */
export function firing(alarms: Alarms, fault: Fault): readonly MetricAlarm[] {
  return [...alarms.metric.values()].filter((alarm) => {
    const values = new Map(alarm.metrics.map((metric) => [metric, fault(metric)]));
    if ([...values.values()].every((value) => value === UNCHANGED)) return false;
    return (
      reaction(alarm, (metric) => {
        const value = values.get(metric);
        return typeof value === "symbol" ? NORMAL[metric.name] : value;
      }) === "ALARM"
    );
  });
}
