import type { Graph } from "../graph/graph";
import { blocks, type Resource, text, type Values } from "../graph/values";
import { mathValue, type Sample } from "./metric-math";

export interface Metric {
  readonly namespace: string;
  readonly name: string;
  /** With references in the place of what they are, as far as it is known before an apply. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  /** Seconds. */
  readonly period: number;
  /** @default - data of every unit */
  readonly unit?: string | undefined;
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
  /** NaN without one, and if it is unknown before an apply. */
  readonly threshold: number;
  readonly comparison: string;
  /** How missing data are treated. */
  readonly missing: string;
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
      const [metric] = blocks(query["metric"]);
      return metric === undefined ? [] : [[String(query["id"]), metricOf(graph, metric)] as const];
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
    threshold: thresholdOf(graph.text(values["threshold"])),
    comparison: graph.text(values["comparison_operator"]) ?? "",
    missing: graph.text(values["treat_missing_data"]) ?? "missing",
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
    unit: graph.text(values["unit"]),
  };
}

/**
 * What an alarm does while its metrics have these values, for as long as it takes.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function reaction(alarm: MetricAlarm, sample: (metric: Metric) => Sample): Reaction {
  const { metrics, period, periods, datapoints, threshold } = alarm;
  const { values } = alarm.resource;
  if (metrics.length === 0 || !(datapoints >= 1 && datapoints <= periods)) return "unknown";
  // A shorter period than the one of the data points lapses into INSUFFICIENT_DATA.
  if (period < MINUTE && metrics.some(({ namespace }) => isOfAws(namespace))) return "INSUFFICIENT_DATA";
  const isBand = values["threshold_metric_id"] !== undefined && metrics.some((metric) => sample(metric) !== undefined);
  const value = values["threshold_metric_id"] === undefined ? alarm.value(sample) : isBand ? "unknown" : undefined;
  if (value === "unknown") return "unknown";
  if (value === undefined || Number.isNaN(value)) return onSilence(alarm);
  const compares = COMPARISONS[alarm.comparison];
  if (!compares || Number.isNaN(threshold)) return "unknown";
  return compares(value, threshold) ? "ALARM" : "OK";
}

/**
 * Alarms on metrics of DynamoDB ignore missing data, whatever their setting is.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
function onSilence({ metrics, missing }: MetricAlarm): Reaction {
  if (metrics.every(({ namespace }) => namespace === "AWS/DynamoDB")) return "unchanged";
  return SILENCE[missing] ?? "unknown";
}

/** Seconds of a lasting fault until enough data points are breaching. Those of silence are missing in every period. */
export function secondsOf({ period, periods, datapoints }: MetricAlarm, isSilence = false): number {
  return period * (isSilence ? periods : datapoints);
}

/** From the end of a period until a metric of AWS is there. */
const DELIVERY = 60;
/** Alarms with periods of a minute or more are evaluated once a minute. */
const EVALUATION = 60;
/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html */
export const EVALUATED = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html";

/** Seconds from a lasting fault until the state ALARM, at most. Undefined if a period or a number is unknown before an apply. */
export function secondsUntilAlarm(alarm: MetricAlarm, isSilence = false): number | undefined {
  const seconds = secondsOf(alarm, isSilence);
  return seconds > 0 ? seconds + DELIVERY + EVALUATION : undefined;
}

/** Statistics of which the value of a metric that does not change is one. */
const OF_VALUE = /^(Average|Minimum|Maximum|Sum|IQM|(p|tm|wm)\d+(\.\d+)?)$/;

/** Whether CloudWatch accepts an alarm, and it goes to ALARM while its metric keeps one value. */
export const goesToAlarm = (alarm: MetricAlarm, value: number): boolean =>
  alarm.metrics.every(({ statistic }) => OF_VALUE.test(statistic)) &&
  reaction(alarm, () => value) === "ALARM" &&
  uselessness(alarm) === undefined;

/** A value far above and one far below every threshold. */
const EXTREMES = [1e15, 0, -1e15] as const;
const MOST_METRICS = 6;
const FEW_METRICS = 2;
const SIMPLE = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"];
/** Statistics of CloudWatch: the simple ones, and percentiles and their relatives. */
const STATISTIC = /^(SampleCount|Average|Sum|Minimum|Maximum|IQM|(p|tm|wm|tc|ts)\d{1,2}(\.\d+)?|p100|(TM|WM|TC|TS|PR)\(.*\))$/;

/** Why CloudWatch rejects an alarm, or why it is never in ALARM, whatever its metrics are. */
export function uselessness(alarm: MetricAlarm): string | undefined {
  const { metrics, period, periods, datapoints } = alarm;
  if (metrics.length === 0) return "has no metric";
  if (!(periods >= 1) || !(datapoints >= 1) || datapoints > periods) return `needs ${datapoints} data points in ${periods} periods`;
  if (!(period === 10 || period === 20 || period === 30 || (period > 0 && period % MINUTE === 0))) return `has a period of ${period} s`;
  const odd = metrics.find(({ statistic }) => !STATISTIC.test(statistic));
  if (odd) return `has a statistic ${odd.statistic} that does not exist`;
  const odds = formFault(alarm);
  if (odds !== undefined || metrics.length > MOST_METRICS) return odds;
  let isDecided = true;
  for (const values of assignments(metrics)) {
    const state = reaction(alarm, (metric) => values.get(metric));
    if (state === "ALARM") return undefined;
    isDecided &&= state !== "unknown";
  }
  return isDecided || !isMath(alarm) ? "is never in ALARM, whatever its metrics are" : undefined;
}

/** What PutMetricAlarm rejects of the form of an alarm. */
function formFault({ resource: { values }, comparison }: MetricAlarm): string | undefined {
  const isBand = values["threshold_metric_id"] !== undefined;
  if (!isBand && !(comparison in COMPARISONS)) return `compares by ${comparison}, without a band`;
  if (!isBand && (text(values["threshold"]) ?? "") === "") return "has no threshold";
  const simple = text(values["statistic"]);
  if (simple !== undefined && !SIMPLE.includes(simple)) return `has a statistic ${simple}, which is an extended_statistic`;
  const queries = blocks(values["metric_query"]).filter((query) => typeof query === "object");
  const returning = queries.filter((query) => text(query["return_data"]) === "true");
  if (queries.length > 1 && returning.length !== 1 && !isBand) return `compares ${returning.length} of its queries`;
  if (queries.some((query) => (query["expression"] === undefined) === (blocks(query["metric"]).length === 0)))
    return "has a query without a metric";
  const ids = queries.map(({ id }) => String(id));
  const used = queries.flatMap(({ expression }) => text(expression)?.match(/(?<![\w"'])[a-z]\w*(?!\w)/g) ?? []);
  const odd = used.find((id) => !ids.includes(id));
  return odd === undefined ? undefined : `computes with ${odd}, which is not one of its queries`;
}

const isMath = ({ resource }: MetricAlarm): boolean => resource.values["metric_query"] !== undefined;

/** Each metric with an extreme value, and silent. Of many metrics, only with a few of them. */
function assignments(metrics: readonly Metric[]): readonly ReadonlyMap<Metric, Sample>[] {
  const samples = metrics.length > FEW_METRICS ? EXTREMES.slice(0, 2) : [...EXTREMES, undefined];
  return metrics.reduce<readonly ReadonlyMap<Metric, Sample>[]>(
    (all, metric) => all.flatMap((values) => samples.map((value) => new Map([...values, [metric, value]]))),
    [new Map()],
  );
}

/** Not a number without a threshold: Number("") would be 0. */
function thresholdOf(text = ""): number {
  return text.trim() === "" ? NaN : Number(text);
}
