import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";
import { holdsRule } from "./alarm-rule";
import { alarmsOf } from "./alarms";
import type { MetricAlarm } from "./metric-alarm";
import { actionNotices } from "./notifications";

/** A metric alarm, with the seconds from a fault until it is in ALARM. */
export interface Fired {
  readonly alarm: MetricAlarm;
  readonly seconds: number;
}

/** A message to on-call, of the actions of an alarm. */
export interface Message {
  readonly from: Resource;
  readonly seconds: number;
  /** Seconds of the wait for a suppressor, at the end of the others. */
  readonly wait: number;
}

/** The messages that follow when metric alarms go to ALARM, the first one first. */
export function messagesAfter(graph: Graph, stacks: readonly Graph[], fired: readonly Fired[]): readonly Message[] {
  const { metric, composite } = alarmsOf(graph);
  const since = sinceWhen(graph, fired);
  return [...since]
    .flatMap(([name, at]) => {
      const from = (metric.get(name) ?? composite.get(name))?.resource;
      const { alarm, wait } = composite.get(name)?.suppressor ?? { alarm: undefined, wait: 0 };
      // Nothing is sent if the suppressor goes to ALARM within the wait: its own message counts.
      const isSuppressed = alarm !== undefined && (since.get(alarm) ?? Infinity) <= at + wait;
      if (!from || isSuppressed || actionNotices(graph, stacks, from).length === 0) return [];
      return [{ from, seconds: at + wait, wait }];
    })
    .sort((one, other) => one.seconds - other.seconds);
}

/** The seconds after which alarms are in ALARM, by their names: the metric alarms, and the composite alarms whose rules they meet. */
function sinceWhen(graph: Graph, fired: readonly Fired[]): ReadonlyMap<string, number> {
  const since = new Map(fired.map(({ alarm, seconds }) => [alarm.name, seconds]));
  for (let changed = true; changed;) {
    changed = false;
    for (const { name, rule } of alarmsOf(graph).composite.values()) {
      const at = [...new Set(since.values())]
        .sort((one, other) => one - other)
        .find((seconds) => rule && holdsRule(rule, (child) => (since.get(child) ?? Infinity) <= seconds));
      if (at !== undefined && at < (since.get(name) ?? Infinity)) {
        since.set(name, at);
        changed = true;
      }
    }
  }
  return since;
}
