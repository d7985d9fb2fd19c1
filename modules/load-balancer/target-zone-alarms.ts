import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import { qualified } from "../../config/naming";
import type { Alerts } from "../monitoring/alerts";
import type { Metric } from "../monitoring/metric";

interface TargetZoneAlarmProps {
  /** Receives the alarms and the events. */
  readonly alerts: Alerts;
  /** Distinguishes the alarms from those of other services: `ledger`. Empty for the primary service. */
  readonly qualifier: string;
}

/** Fewer anomalous targets are a fault of a task, and not of its zone. */
const MIN_ANOMALOUS = 2;
/** Share of all anomalous targets, in percent, above which the zone of most of them is at fault. */
const ANOMALOUS_PERCENT = 66;

export function noTargetsAlarm(
  scope: Construct,
  { alerts, qualifier }: TargetZoneAlarmProps,
  zone: string,
  metric: Metric,
): CloudwatchMetricAlarm {
  return alerts.alarm(scope, qualified(qualifier, `no-targets-${zone}`), {
    severity: "critical",
    means: `No task in ${zone} is healthy. The tasks in the other zones handle its load.`,
    metric,
    when: { below: 1 },
    missingData: "breaching",
    runbook: "zone.md#no-targets",
  });
}

/**
 * The load balancer compares the errors of each target with those of the others of its group, and counts the anomalous ones by their
 * zone. Unlike the counts of errors, this metric belongs to the zone of the target also with cross-zone load balancing.
 * @see https://github.com/awslabs/multi-az-workshop/blob/main/content/lab-6/index.en.md
 */
export function anomalousTargetsAlarm(
  scope: Construct,
  { alerts, qualifier }: TargetZoneAlarmProps,
  zone: string,
  metrics: { readonly anomalous: Metric; readonly anomalousIn: (zone: string) => Metric },
): CloudwatchMetricAlarm {
  return alerts.alarm(scope, qualified(qualifier, `anomalous-targets-${zone}`), {
    severity: "warning",
    means: `At least ${MIN_ANOMALOUS} tasks in ${zone} have more errors than the others, and more than ${ANOMALOUS_PERCENT} % of all such tasks are in this zone.`,
    metric: {
      expression: `IF(FILL(zone_anomalous, 0) >= ${MIN_ANOMALOUS}, 100 * zone_anomalous / anomalous, 0)`,
      metrics: { zone_anomalous: metrics.anomalousIn(zone), anomalous: metrics.anomalous },
      label: "percent of the anomalous targets",
    },
    when: { above: ANOMALOUS_PERCENT },
    missingData: "notBreaching",
    runbook: "zone.md#one-zone-is-worse",
  });
}
