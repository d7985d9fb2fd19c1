import { alarmsIn, type Rule } from "../alarms/alarm-rule";
import { alarmsOf, type CompositeAlarm, inAlarm } from "../alarms/alarms";
import { silenceOf } from "../alarms/notifications";
import type { Graph } from "../graph/graph";
import { regionOf } from "../graph/regions";
import type { Resource } from "../graph/values";
import { delayOf, reactionTo } from "./alarms";
import type { Dns } from "./dns";

/** Alarms whose reaction is unknown are played in every combination up to this number. */
const MOST_UNKNOWN = 10;

/** Seconds within which a loss is reported. */
export const MOST_REPORT_SECONDS = 600;
const WATCHING = ["aws_synthetics_canary", "aws_route53_health_check"];

type Composite = CompositeAlarm & { readonly rule: Rule };

/** How the loss of a region is reported by the alarms of one stack in another region. */
export interface Report {
  /** Alarms that are certain to notify, or of which one does. */
  readonly certain: readonly string[];
  /** Why alarms that react reach no subscriber. */
  readonly silent: readonly string[];
  /** Whether it has something that requests regions. */
  readonly isKnown: boolean;
}

/** Plays the loss of a region for the alarms of a stack. What is unknown of them is played in every combination. */
export function reportOf(dns: Dns, graph: Graph, stacks: readonly Graph[], lost: string): Report {
  const isHere = ({ resource }: { readonly resource: Resource }): boolean => regionOf(graph, resource) !== lost;
  const metric = new Map([...alarmsOf(graph).metric].filter(([, alarm]) => isHere(alarm)));
  const reactions = new Map([...metric].map(([name, alarm]) => [name, reactionTo(dns, graph, alarm, lost)]));
  const composite = compositesOf(graph, isHere, metric);
  const fires = [...reactions].flatMap(([name, reaction]) => (reaction === "fires" ? [name] : []));
  const involved = dependenciesOf(closure(fires, composite), composite);
  const sounding = new Map(
    [...metric.values(), ...composite.values()]
      .filter(({ name }) => involved.has(name))
      .map(({ name, resource }) => [name, silenceOf(graph, stacks, resource)]),
  );
  const unknown = [...involved].filter((name) => !composite.has(name) && reactions.get(name) === undefined);
  const delays = [...metric.values()].filter(({ name }) => fires.includes(name)).map((alarm) => delayOf(graph, alarm) ?? Number.NaN);
  const inTime = (name: string): boolean => Math.max(...delays) + (composite.get(name)?.suppressor?.wait ?? 0) <= MOST_REPORT_SECONDS;
  const before = inAlarm({ metric, composite }, []);
  const notifying = combinations(unknown.slice(0, MOST_UNKNOWN)).map((assumed) => {
    const states = inAlarm({ metric, composite }, [...fires, ...assumed]);
    return [...sounding].flatMap(([name, silence]) => {
      const suppressor = composite.get(name)?.suppressor;
      const isSuppressed = suppressor !== undefined && states.has(suppressor.alarm);
      return silence.length === 0 && inTime(name) && states.has(name) && !before.has(name) && !isSuppressed ? [name] : [];
    });
  });
  const isHeard = fires.length > 0 && notifying.every((names) => names.length > 0);
  return {
    certain: isHeard ? [...new Set(notifying.flat())] : [],
    silent: [...sounding.values()].flat(),
    isKnown: WATCHING.some((type) => graph.all(type).some((resource) => isHere({ resource }))),
  };
}

/** Composite alarms by name. One that names an alarm that does not exist cannot be created. */
function compositesOf(
  graph: Graph,
  isHere: (alarm: CompositeAlarm) => boolean,
  metrics: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, Composite> {
  const found = new Map<string, Composite>();
  for (const alarm of [...alarmsOf(graph).composite.values()].filter(isHere)) {
    if (alarm.rule) found.set(alarm.name, { ...alarm, rule: alarm.rule });
  }
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const [name, alarm] of found) if (!namedBy(alarm).every((other) => metrics.has(other) || found.has(other))) found.delete(name);
  }
  return found;
}

/** The alarms that a composite alarm names: in its rule, and as its suppressor. */
const namedBy = ({ rule, suppressor }: Composite): readonly string[] => [...alarmsIn(rule), ...(suppressor ? [suppressor.alarm] : [])];

/** The alarms whose state depends on others, with these. */
function closure(names: readonly string[], composites: ReadonlyMap<string, Composite>): ReadonlySet<string> {
  const reached = new Set(names);
  for (let before = -1; before !== reached.size;) {
    before = reached.size;
    for (const [name, { rule, suppressor }] of composites) {
      if (alarmsIn(rule).some((other) => reached.has(other))) reached.add(name);
      if (reached.has(name) && suppressor) reached.add(suppressor.alarm);
    }
  }
  return reached;
}

/** Alarms with all on which they, and what suppresses them, depend. */
function dependenciesOf(names: ReadonlySet<string>, composites: ReadonlyMap<string, Composite>): ReadonlySet<string> {
  const visited = new Set<string>();
  const visit = (name: string): void => {
    if (visited.has(name)) return;
    visited.add(name);
    const composite = composites.get(name);
    for (const other of composite ? namedBy(composite) : []) visit(other);
  };
  for (const name of names) visit(name);
  return visited;
}

function combinations(names: readonly string[]): readonly ReadonlySet<string>[] {
  return Array.from({ length: 2 ** names.length }, (_, bits) => new Set(names.filter((_, index) => ((bits >> index) & 1) === 1)));
}
