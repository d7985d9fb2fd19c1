import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter";
import type { Construct } from "constructs";
import { type Names, qualified } from "../../config/naming";
import type { Alerts } from "../monitoring/alerts";
import type { Metric, Widget } from "../monitoring/metric";

export interface LogMetricsProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** Distinguishes its names from those of other services. Empty for the primary service. */
  readonly qualifier: string;
  /** Name of the service, as part of the names of its metrics. */
  readonly service: string;
  /** Name of the log group of the service. */
  readonly logGroup: string;
  /** Namespace of the metrics. It belongs to this environment. */
  readonly namespace: string;
  /** Metrics by name, each with its filter pattern and the number of events in one minute above which its alarm fires. */
  readonly logMetrics: Readonly<Record<string, { readonly pattern: string; readonly alarmAbove?: number | undefined }>>;
  /** Whether the region runs tasks of the service. Without tasks, there are no alarms. */
  readonly running: boolean;
  /** Receives the alarms and the events. */
  readonly alerts: Alerts;
}

/**
 * Counts the log events of a service that match patterns.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html
 */
export function logMetrics(
  scope: Construct,
  props: LogMetricsProps,
): { readonly alarms: CloudwatchMetricAlarm[]; readonly widgets: Widget[] } {
  const { names, qualifier, service, logGroup, namespace, alerts } = props;
  const counted = Object.entries(props.logMetrics).map(([name, { pattern, alarmAbove }]) => {
    const metric: Metric = { namespace, name: qualified(service, name), dimensions: {}, statistic: "Sum", label: name };
    new CloudwatchLogMetricFilter(scope, `log-metric-${name}`, {
      name: names.of("cloudwatch_log_metric_filter", qualified(qualifier, name)),
      logGroupName: logGroup,
      pattern,
      metricTransformation: { namespace, name: metric.name, value: "1", unit: "Count" },
    });
    return { name, metric, alarmAbove };
  });
  const alarms = counted.flatMap(({ name, metric, alarmAbove }) =>
    alarmAbove === undefined || !props.running
      ? []
      : [
          alerts.alarm(scope, qualified(qualifier, "log", name), {
            severity: "warning",
            means: `More than ${alarmAbove} log events of ${service} match ${name} in one minute.`,
            metric,
            when: { above: alarmAbove },
            // A minute without a matching event has no data point.
            missingData: "notBreaching",
            runbook: "service.md#log-metrics",
          }),
        ],
  );
  if (counted.length === 0 || !props.running) return { alarms, widgets: [] };
  const ofService = qualifier === "" ? "" : ` of ${qualifier}`;
  return { alarms, widgets: [{ title: `Log events${ofService}`, metrics: counted.map(({ metric }) => metric) }] };
}
