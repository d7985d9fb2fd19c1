import type { CloudwatchMetricAlarmConfig, CloudwatchMetricAlarmMetricQueryMetric } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { ComputedMetric, Metric } from "./metric";

/** What an alarm observes. */
export function observed(metric: Metric | ComputedMetric, period: number): Partial<CloudwatchMetricAlarmConfig> {
  if (!("expression" in metric)) {
    const { namespace, name: metricName, dimensions, statistic } = metric;
    const percentile = statistic.startsWith("p");
    return {
      namespace,
      metricName,
      dimensions: { ...dimensions },
      ...(percentile ? { extendedStatistic: statistic } : { statistic }),
      period,
    };
  }
  const { expression, label, metrics } = metric;
  const of = Object.entries(metrics).map(([id, each]) => ({ id, metric: queried(each, period), returnData: false }));
  return { metricQuery: [{ id: "computed", expression, label, returnData: true }, ...of] };
}

/** A metric as a part of a query. */
export function queried({ namespace, name, dimensions, statistic }: Metric, period: number): CloudwatchMetricAlarmMetricQueryMetric {
  return { namespace, metricName: name, dimensions: { ...dimensions }, stat: statistic, period };
}
