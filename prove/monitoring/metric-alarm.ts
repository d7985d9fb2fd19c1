import type { Graph } from "../graph/graph";
import { type Resource, text, type Values } from "../graph/values";

/** An alarm on one metric. */
export interface MetricAlarm {
  readonly resource: Resource;
  readonly metric: string;
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, string | undefined>>;
  readonly statistic: string;
  readonly unit: string | undefined;
  readonly comparison: string;
  readonly threshold: number;
  readonly periodSeconds: number;
  readonly periods: number;
  /** How many of the periods must breach the threshold. */
  readonly datapoints: number;
  readonly missing: string;
  /** Whether its actions are switched on, and one of them is a topic of this JSON. */
  readonly notifies: boolean;
}

/** The alarms of a stack on one metric. Alarms on expressions are not among them. */
export function metricAlarms(graph: Graph): readonly MetricAlarm[] {
  return graph.all("aws_cloudwatch_metric_alarm").flatMap((resource) => {
    const { values } = resource;
    const metric = graph.text(values["metric_name"]);
    if (metric === undefined) return [];
    const dimensions = Object.entries((values["dimensions"] ?? {}) as Values).map(([name, value]) => [name, graph.text(value)]);
    return [
      {
        resource,
        metric,
        namespace: graph.text(values["namespace"]) ?? "",
        dimensions: Object.fromEntries(dimensions) as MetricAlarm["dimensions"],
        statistic: graph.text(values["statistic"] ?? values["extended_statistic"]) ?? "",
        unit: graph.text(values["unit"]),
        comparison: graph.text(values["comparison_operator"]) ?? "",
        threshold: Number(graph.text(values["threshold"])),
        periodSeconds: Number(graph.text(values["period"])),
        periods: Number(graph.text(values["evaluation_periods"])),
        datapoints: Number(graph.text(values["datapoints_to_alarm"] ?? values["evaluation_periods"])),
        missing: graph.text(values["treat_missing_data"]) ?? "missing",
        notifies:
          text(values["actions_enabled"]) !== "false" &&
          graph.targets(values["alarm_actions"]).some((action) => action?.type === "aws_sns_topic"),
      },
    ];
  });
}

/** Statistics of which the value of a metric that does not change is one. */
const OF_VALUE = /^(Average|Minimum|Maximum|Sum|IQM|(p|tm|wm)\d+(\.\d+)?)$/;

/**
 * Whether an alarm goes to ALARM while its metric, which is published once a minute, keeps one value.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export function fires({ comparison, threshold, statistic, periodSeconds, periods, datapoints }: MetricAlarm, value: number): boolean {
  // A shorter period than that of the metric has no data; AWS refuses what is no multiple of a minute, and more datapoints than periods.
  if (!OF_VALUE.test(statistic) || !(periodSeconds >= 60) || periodSeconds % 60 !== 0) return false;
  if (!(periods >= 1) || !(datapoints >= 1) || datapoints > periods) return false;
  if (comparison === "GreaterThanThreshold") return value > threshold;
  if (comparison === "GreaterThanOrEqualToThreshold") return value >= threshold;
  if (comparison === "LessThanThreshold") return value < threshold;
  return comparison === "LessThanOrEqualToThreshold" && value <= threshold;
}

/** A metric of AWS is published up to a minute late, and an alarm is evaluated once a minute. */
const PUBLISHED_AND_EVALUATED_SECONDS = 120;

/** Seconds until an alarm goes to ALARM, at most, after the metric has got a value that makes it fire. */
export function secondsToRing({ periodSeconds, periods }: MetricAlarm): number {
  return periodSeconds * periods + PUBLISHED_AND_EVALUATED_SECONDS;
}

/**
 * Whether an alarm goes to ALARM when nothing is published any more.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html#alarms-and-missing-data
 */
export function ringsInSilence({ missing }: MetricAlarm): boolean {
  return missing === "breaching";
}
