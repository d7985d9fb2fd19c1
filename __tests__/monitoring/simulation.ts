import { queriesOf, startedBy } from "../support/alarms";
import { valueOf, type Sample } from "../support/alarm-math";
import { evaluate } from "../support/alarm-rule";
import { CERTIFICATE, type PlatformEvent } from "../support/aws-events";
import { matchesPattern } from "../support/event-pattern";
import { type Resource, type Synthesized, target } from "../support/synthesized";
import { watchedBy, type Watched } from "./alarm-table";
import { type Fact, type Failure, normal, type Place } from "./failures";

/** A message to on-call. */
export interface Message {
  /** What sends it: an alarm, an event rule or a runbook, without type and suffix. */
  readonly from: string;
  /** Maximum seconds after the failure; undefined for events, which arrive within seconds. */
  readonly seconds?: number;
}

/** Seconds of a runbook's first decision after the alarm that starts it: it waits before it reads the alarm again. */
const RUNBOOK_SECONDS = 120;
const TOPIC = "${aws_sns_topic.alerts_topic.arn}";

const nameOf = (alarm: Resource): string => String(alarm["alarm_name"]);
const shortName = (name: string): string => name.replace(/^(alarm|rule)-/, "").replace(/-test-1$/, "");

/** The messages that a failure sends to on-call, from the alarms, the rules and the composite alarms of the stacks. */
export function messagesOf(failure: Failure, stacks: Readonly<Record<Place, Synthesized>>): Message[] {
  return (Object.entries(stacks) as [Place, Synthesized][]).flatMap(([place, stack]) => {
    const facts = failure.facts.filter((fact) => (fact.in ?? "first region") === place);
    const events = place === "first region" ? (failure.events ?? []) : [];
    return [...alarmMessages(stack, facts), ...events.flatMap((event) => eventMessages(stack, event))];
  });
}

function alarmMessages(stack: Synthesized, facts: readonly Fact[]): Message[] {
  const composites = stack.all("aws_cloudwatch_composite_alarm");
  const firing = stack.all("aws_cloudwatch_metric_alarm").filter((alarm) => isInAlarm(alarm, facts));
  const latency = new Map(firing.map((alarm) => [nameOf(alarm), latencyOf(alarm)]));
  // Composite alarms name others: until none changes.
  for (let before = -1; before !== latency.size;) {
    before = latency.size;
    for (const composite of composites) {
      const rule = String(composite["alarm_rule"]);
      if (latency.has(nameOf(composite)) || !evaluate(rule, new Set(latency.keys()))) continue;
      const seconds = [...latency.values()].sort((one, other) => one - other).find((time) => evaluate(rule, firingBy(latency, time)));
      if (seconds !== undefined) latency.set(nameOf(composite), seconds);
    }
  }
  return [...stack.all("aws_cloudwatch_metric_alarm"), ...composites].flatMap((alarm) => {
    const seconds = latency.get(nameOf(alarm));
    if (seconds === undefined) return [];
    const suppressor = alarm["actions_suppressor"] as { readonly alarm: string; readonly wait_period: number } | undefined;
    const notifies = JSON.stringify(alarm["alarm_actions"]) === JSON.stringify([TOPIC]) && !(suppressor && latency.has(suppressor.alarm));
    const runbooks = startedBy(stack, alarm).map((address) => String(stack.resource(address)["name"]));
    return [
      ...(notifies ? [{ from: shortName(nameOf(alarm)), seconds: seconds + (suppressor?.wait_period ?? 0) }] : []),
      ...runbooks.map((from) => ({ from: shortName(from), seconds: seconds + RUNBOOK_SECONDS })),
    ];
  });
}

/** A pattern with the certificate of the sample events in the place of the one that Terraform creates. */
function patternOf(text: unknown): object {
  return JSON.parse(String(text).replaceAll(/\$\{aws_acm_certificate[^}]*\}/g, CERTIFICATE)) as object;
}

/** The alarms that are in ALARM after some seconds. */
const firingBy = (latency: ReadonlyMap<string, number>, time: number): Set<string> =>
  new Set([...latency].flatMap(([name, seconds]) => (seconds <= time ? [name] : [])));

function eventMessages(stack: Synthesized, event: PlatformEvent): Message[] {
  return stack
    .all("aws_cloudwatch_event_target")
    .filter(({ arn }) => arn === TOPIC)
    .map(({ rule }) => stack.resource(target(rule)))
    .filter(({ event_bus_name: bus, event_pattern: pattern }) => bus === undefined && matchesPattern(patternOf(pattern), event))
    .map(({ name }) => ({ from: shortName(String(name)) }));
}

/** Seconds from the failure to the state change, as the description of the alarm states them. */
function latencyOf(alarm: Resource): number {
  const [, seconds] = /Maximum latency: (\d+) s\./.exec(String(alarm["alarm_description"])) ?? [];
  if (seconds === undefined) throw new Error(`${alarm.address} states no latency`);
  return Number(seconds);
}

/** Alarms on unusual values are left out: they need three periods of five minutes. */
function isInAlarm(alarm: Resource, facts: readonly Fact[]): boolean {
  const watched = watchedBy(alarm);
  if (watched.some(({ as }) => as === "anomaly")) return false;
  const changed = watched.map((each) => facts.find((fact) => isAbout(fact, each)));
  if (changed.every((fact) => fact === undefined)) return false;
  const values = watched.map((each, index) => (changed[index] ? changed[index].value : normal(each.metric, each.dimensions)));
  const queries = queriesOf(alarm);
  const parts = queries.filter(({ metric }) => metric);
  const expression = queries.find(({ expression: text }) => text !== undefined)?.expression;
  const value =
    expression === undefined ? values[0] : valueOf(expression, Object.fromEntries(parts.map(({ id }, index) => [id, values[index]])));
  return breaches(alarm, value);
}

function breaches(alarm: Resource, value: Sample): boolean {
  if (value === undefined || Number.isNaN(value)) return alarm["treat_missing_data"] === "breaching";
  const threshold = Number(alarm["threshold"]);
  return alarm["comparison_operator"] === "GreaterThanThreshold" ? value > threshold : value < threshold;
}

function isAbout({ metric, of = {}, without = [] }: Fact, watched: Watched): boolean {
  if (metric !== watched.metric || without.some((name) => name in watched.dimensions)) return false;
  return Object.entries(of).every(([name, part]) => watched.dimensions[name]?.includes(part));
}
