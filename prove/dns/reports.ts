import type { Graph } from "../graph/graph";
import { regionOf } from "../graph/providers";
import { block, type Resource } from "../graph/values";
import { alarmsIn, isMet, readRule, type Rule } from "./alarm-rule";
import { delayOf, reactionTo } from "./alarms";
import type { Dns } from "./dns";
import { silenceOf } from "./notification";

/** So many alarms whose reaction is unknown are played in every combination. */
const MOST_UNKNOWN = 10;

/** Seconds within which a loss is reported. */
export const MOST_REPORT_SECONDS = 600;
const WATCHING = ["aws_synthetics_canary", "aws_route53_health_check"];

interface Composite {
  readonly alarm: Resource;
  readonly rule: Rule;
  readonly suppressor: string | undefined;
  /** Seconds for which its actions wait for what suppresses them. */
  readonly wait: number;
}

/** How the loss of a region is reported by the alarms of one stack in another region. */
export interface Report {
  /** Alarms that are certain to notify, or of which one does. */
  readonly certain: readonly string[];
  /** Why alarms that react notify nobody. */
  readonly silent: readonly string[];
  /** Whether it has something that requests regions. */
  readonly isKnown: boolean;
}

/** Plays the loss of a region for the alarms of a stack. What is unknown of them is played in every combination. */
export function reportOf(dns: Dns, graph: Graph, lost: string): Report {
  const isHere = (alarm: Resource): boolean => regionOf(graph, alarm) !== lost;
  const metrics = graph.all("aws_cloudwatch_metric_alarm").filter(isHere);
  const reactions = new Map(metrics.map((alarm) => [nameOf(graph, alarm), reactionTo(dns, graph, alarm, lost)]));
  const composites = compositesOf(graph, isHere, new Set(reactions.keys()));
  const fires = [...reactions].flatMap(([name, reaction]) => (reaction === "fires" ? [name] : []));
  const reached = closure(fires, composites);
  const involved = dependenciesOf(reached, composites);
  const sounding = new Map(
    [...metrics, ...[...composites.values()].map(({ alarm }) => alarm)]
      .filter((alarm) => involved.has(nameOf(graph, alarm)))
      .map((alarm) => [nameOf(graph, alarm), silenceOf(graph, alarm)]),
  );
  const unknown = [...involved].filter((name) => !composites.has(name) && reactions.get(name) === undefined);
  const delays = metrics.filter((alarm) => fires.includes(nameOf(graph, alarm))).map((alarm) => delayOf(graph, alarm) ?? Number.NaN);
  const inTime = (name: string): boolean => Math.max(...delays) + (composites.get(name)?.wait ?? 0) <= MOST_REPORT_SECONDS;
  const notifying = combinations(unknown.slice(0, MOST_UNKNOWN)).map((assumed) => {
    const inAlarm = evaluator(composites, (name) => fires.includes(name) || assumed.has(name));
    const wasInAlarm = evaluator(composites, () => false);
    return [...sounding].flatMap(([name, silence]) => {
      const suppressor = composites.get(name)?.suppressor;
      const isSuppressed = suppressor !== undefined && inAlarm(suppressor);
      return silence.length === 0 && inTime(name) && inAlarm(name) && !wasInAlarm(name) && !isSuppressed ? [name] : [];
    });
  });
  const isHeard = fires.length > 0 && notifying.every((names) => names.length > 0);
  return {
    certain: isHeard ? [...new Set(notifying.flat())] : [],
    silent: [...sounding.values()].flat(),
    isKnown: WATCHING.some((type) => graph.all(type).some(isHere)),
  };
}

const nameOf = (graph: Graph, { values, address }: Resource): string => graph.text(values["alarm_name"]) ?? address;

/** Composite alarms by name. One that names an alarm that does not exist cannot be created. */
function compositesOf(graph: Graph, isHere: (alarm: Resource) => boolean, metrics: ReadonlySet<string>): ReadonlyMap<string, Composite> {
  const found = new Map<string, Composite>();
  for (const alarm of graph.all("aws_cloudwatch_composite_alarm").filter(isHere)) {
    const rule = readRule(graph.text(alarm.values["alarm_rule"]) ?? "");
    const suppressor = graph.text(block(alarm.values["actions_suppressor"])["alarm"])?.split(":").at(-1);
    const wait = Number(graph.text(block(alarm.values["actions_suppressor"])["wait_period"]) ?? 0);
    if (rule) found.set(nameOf(graph, alarm), { alarm, rule, suppressor, wait });
  }
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const [name, { rule, suppressor }] of found) {
      const needed = [...alarmsIn(rule), ...(suppressor === undefined ? [] : [suppressor])];
      if (!needed.every((other) => metrics.has(other) || found.has(other))) found.delete(name);
    }
  }
  return found;
}

/** The alarms whose state depends on others, with these. */
function closure(names: readonly string[], composites: ReadonlyMap<string, Composite>): ReadonlySet<string> {
  const reached = new Set(names);
  for (let before = -1; before !== reached.size;) {
    before = reached.size;
    for (const [name, { rule, suppressor }] of composites) {
      if (alarmsIn(rule).some((other) => reached.has(other))) reached.add(name);
      if (reached.has(name) && suppressor !== undefined) reached.add(suppressor);
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
    if (!composite) return;
    const { rule, suppressor } = composite;
    for (const other of [...alarmsIn(rule), ...(suppressor === undefined ? [] : [suppressor])]) visit(other);
  };
  for (const name of names) visit(name);
  return visited;
}

function evaluator(composites: ReadonlyMap<string, Composite>, metric: (name: string) => boolean): (name: string) => boolean {
  const states = new Map<string, boolean>();
  const inAlarm = (name: string): boolean => {
    const composite = composites.get(name);
    const known = states.get(name);
    if (known !== undefined) return known;
    states.set(name, false);
    const state = composite ? isMet(composite.rule, inAlarm) : metric(name);
    states.set(name, state);
    return state;
  };
  return inAlarm;
}

function combinations(names: readonly string[]): readonly ReadonlySet<string>[] {
  return Array.from({ length: 2 ** names.length }, (_, bits) => new Set(names.filter((_, index) => ((bits >> index) & 1) === 1)));
}
