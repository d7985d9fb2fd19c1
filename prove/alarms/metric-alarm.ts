import type { Graph } from "../graph/graph";
import { block, blocks, type Resource, text, type Values } from "../graph/values";
import { mathValue, type Sample } from "./metric-math";

export interface Metric {
  readonly namespace: string;
  readonly name: string;
  /** With references in the place of what they are, as far as it is known before an apply. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  /** Seconds. */
  readonly period: number;
}

export interface MetricAlarm {
  readonly resource: Resource;
  readonly name: string;
  readonly metrics: readonly Metric[];
  /** The value that is compared. Undefined if its metrics or its threshold cannot be read. */
  readonly value: (sample: (metric: Metric) => Sample) => Sample | "unknown";
  /** Seconds of a data point. */
  readonly period: number;
  readonly periods: number;
  readonly datapoints: number;
}

/** What an alarm does while its metrics stay as they are. */
export type Reaction = "ALARM" | "OK" | "INSUFFICIENT_DATA" | "unchanged" | "unknown";

const COMPARISONS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** What each treatment of missing data makes of silence. */
const SILENCE: Readonly<Record<string, Reaction>> = {
  breaching: "ALARM",
  notBreaching: "OK",
  ignore: "unchanged",
  missing: "INSUFFICIENT_DATA",
};

const MINUTE = 60;
const DEFAULT_PERIOD = 300;

/** A namespace of AWS: its metrics have one data point a minute, or fewer. */
export const isOfAws = (namespace: string): boolean => /^(AWS\/|ECS\/|CloudWatchSynthetics$)/.test(namespace);

export function metricAlarm(graph: Graph, resource: Resource): MetricAlarm {
  const { values } = resource;
  const queries = blocks(values["metric_query"]).filter((query) => typeof query === "object");
  const single = queries.length === 0 ? metricOf(graph, values) : undefined;
  const parts = new Map(
    queries.flatMap((query) => {
      const metric = block(query["metric"]);
      return query["metric"] === undefined ? [] : [[String(query["id"]), metricOf(graph, metric)] as const];
    }),
  );
  const metrics = single ? [single] : [...parts.values()];
  const periods = Number(graph.text(values["evaluation_periods"]) ?? 1);
  return {
    resource,
    name: graph.text(values["alarm_name"]) ?? resource.address,
    metrics,
    value: single ? (sample) => sample(single) : (sample) => returned(queries, parts, sample),
    period: Math.max(...metrics.map(({ period }) => period), 0),
    periods,
    datapoints: Number(graph.text(values["datapoints_to_alarm"]) ?? periods),
  };
}

/** The value of the query whose data the alarm compares. */
function returned(queries: readonly Values[], parts: ReadonlyMap<string, Metric>, sample: (metric: Metric) => Sample): Sample | "unknown" {
  const valueOf = (id: string, depth: number): Sample | "unknown" => {
    const metric = parts.get(id);
    if (metric) return sample(metric);
    const expression = text(queries.find((query) => query["id"] === id)?.["expression"]);
    if (expression === undefined || depth > queries.length) return "unknown";
    return mathValue(expression, (name) => valueOf(name, depth + 1));
  };
  const main = queries.find((query) => String(query["return_data"]) === "true") ?? (queries.length === 1 ? queries[0] : undefined);
  return main ? valueOf(String(main["id"]), 0) : "unknown";
}

function metricOf(graph: Graph, values: Values): Metric {
  return {
    namespace: graph.text(values["namespace"]) ?? "",
    name: graph.text(values["metric_name"]) ?? "",
    dimensions: Object.fromEntries(
      Object.entries((values["dimensions"] ?? {}) as Values).map(([name, value]) => [name, graph.text(value) ?? ""]),
    ),
    statistic: graph.text(values["statistic"] ?? values["extended_statistic"] ?? values["stat"]) ?? "",
    period: Number(graph.text(values["period"]) ?? DEFAULT_PERIOD),
  };
}

/**
 * What an alarm does while its metrics have these values, for as long as it takes.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function reaction(alarm: MetricAlarm, sample: (metric: Metric) => Sample): Reaction {
  const { resource, metrics, period, periods, datapoints } = alarm;
  const { values } = resource;
  if (metrics.length === 0 || !(datapoints >= 1 && datapoints <= periods)) return "unknown";
  // A shorter period than the one of the data points lapses into INSUFFICIENT_DATA.
  if (period < MINUTE && metrics.some(({ namespace }) => isOfAws(namespace))) return "INSUFFICIENT_DATA";
  const isBand = values["threshold_metric_id"] !== undefined && metrics.some((metric) => sample(metric) !== undefined);
  const value = values["threshold_metric_id"] === undefined ? alarm.value(sample) : isBand ? "unknown" : undefined;
  if (value === "unknown") return "unknown";
  if (value === undefined || Number.isNaN(value)) return onSilence(alarm);
  const threshold = Number(text(values["threshold"]) ?? NaN);
  const compares = COMPARISONS[String(values["comparison_operator"])];
  if (!compares || Number.isNaN(threshold)) return "unknown";
  return compares(value, threshold) ? "ALARM" : "OK";
}

/**
 * Alarms on metrics of DynamoDB ignore missing data, whatever their setting is.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
function onSilence({ resource, metrics }: MetricAlarm): Reaction {
  if (metrics.every(({ namespace }) => namespace === "AWS/DynamoDB")) return "unchanged";
  return SILENCE[text(resource.values["treat_missing_data"]) ?? "missing"] ?? "unknown";
}

/** Seconds of a lasting fault until enough data points are breaching. Those of silence are missing in every period. */
export function secondsOf({ period, periods, datapoints }: MetricAlarm, isSilence = false): number {
  return period * (isSilence ? periods : datapoints);
}
