import type { Graph } from "../graph/graph";
import type { Resource, Values } from "../graph/values";
import { exists, isSet } from "./alarms";
import { matchesPattern } from "./event-pattern";
import { perGraph } from "./per-graph";

/** A rule of EventBridge. */
export interface Rule {
  readonly resource: Resource;
  readonly bus: string;
  readonly isEnabled: boolean;
  /** With references in the place of what they are. Undefined for a schedule. */
  readonly pattern: unknown;
}

const DEFAULT_BUS = "default";

export const rulesOf = perGraph((graph): readonly Rule[] =>
  graph
    .all("aws_cloudwatch_event_rule")
    .filter(exists)
    .map((resource) => ruleOf(graph, resource)),
);

function ruleOf(graph: Graph, resource: Resource): Rule {
  const { values } = resource;
  return {
    resource,
    bus: busOf(graph, values),
    isEnabled: (graph.text(values["state"]) ?? "ENABLED").startsWith("ENABLED") && isSet(graph, values["is_enabled"], true),
    pattern: values["event_pattern"] === undefined ? undefined : resolved(graph, graph.document(values["event_pattern"])),
  };
}

const busOf = (graph: Graph, values: Values): string => graph.text(values["event_bus_name"])?.replace(/^.*event-bus\//, "") ?? DEFAULT_BUS;

/** A document with the texts that its references stand for. */
function resolved(graph: Graph, document: unknown): unknown {
  if (Array.isArray(document)) return document.map((item) => resolved(graph, item));
  if (typeof document === "object" && document !== null)
    return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, resolved(graph, value)]));
  return typeof document === "string" ? graph.text(document) : document;
}

/** The enabled rules that match an event of AWS, which is on the default event bus. */
export function rulesFor(graph: Graph, event: Values): readonly Rule[] {
  return rulesOf(graph).filter(({ bus, isEnabled, pattern }) => isEnabled && bus === DEFAULT_BUS && matchesPattern(pattern, event));
}

/** The targets of a rule. A target of another event bus is not one of it. */
export function targetsOf(graph: Graph, { resource, bus }: Rule): readonly Resource[] {
  const name = graph.text(resource.values["name"]);
  return graph
    .all("aws_cloudwatch_event_target")
    .filter((target) => exists(target) && busOf(graph, target.values) === bus)
    .filter(({ values }) => {
      const rule = graph.target(values["rule"]);
      return rule ? rule === resource : name !== undefined && graph.text(values["rule"]) === name;
    });
}

const UNITS: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: 86_400 };
const EVERY_MINUTE = /^cron\(\s*(\*|\*\/1|0\/1)\s+\*\s+(\*\s+\*\s+\?|\?\s+\*\s+\*)(\s+\*)?\s*\)$/;

/**
 * Seconds between two runs of a schedule. Undefined if it has no regular interval, or runs once.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function intervalOf(schedule: string | undefined): number | undefined {
  const [, count = "", unit = ""] = /^rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)$/.exec(schedule ?? "") ?? [];
  const seconds = Number(count) * (UNITS[unit] ?? 0);
  if (seconds > 0) return seconds;
  return EVERY_MINUTE.test(schedule ?? "") ? 60 : undefined;
}
