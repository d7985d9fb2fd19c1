import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import type { Alerts } from "../monitoring/alerts";
import type { ComputedMetric } from "../monitoring/metric";
import { balancerMetrics } from "./balancer-metrics";

interface ZoneAlarmsProps {
  /** Receives the alarms and the events. */
  readonly alerts: Alerts;
  /** Name and id of the load balancer as a metric dimension: `app/<name>/<id>`. */
  readonly loadBalancer: string;
  readonly zones: readonly string[];
  /** Median of the response time, in seconds, above which a zone is slow. */
  readonly maxLatencySeconds: number;
}

/** With fewer errors or requests in a minute, a comparison of zones says nothing. */
const MIN_COUNT = 10;
/** How many times the errors or the latency of the other zones a zone must have. A zone with a third of the targets has its own noise. */
const MULTIPLE = 3;
/** Share of the requests of a zone, in percent, as in the alarm of the whole load balancer. */
const OUTAGE_PERCENT = 5;

const RUNBOOK = "zone.md#one-zone-is-worse";

/**
 * Alarms on a zone that has more errors, or is slower, than the others. A fault of all zones is no fault of a zone: the alarms of the
 * load balancer report it. AWS does not document whether the zone of these metrics is that of the target or that of the node of the
 * load balancer: with cross-zone load balancing, a node may report the errors of targets in other zones. Then all zones are alike, and
 * the alarms of the target groups on anomalous targets remain.
 * @see https://docs.aws.amazon.com/whitepapers/latest/advanced-multi-az-resilience-patterns/failure-detection-with-cloudwatch-composite-alarms.html
 */
export function zoneAlarms(scope: Construct, props: ZoneAlarmsProps): ReadonlyMap<string, readonly CloudwatchMetricAlarm[]> {
  const { alerts, zones, maxLatencySeconds } = props;
  return new Map(
    zones.map((zone) => [
      zone,
      [
        alerts.alarm(scope, `zone-errors-${zone}`, {
          severity: "warning",
          means: `More than ${OUTAGE_PERCENT} % of the requests of one minute in ${zone}, and at least ${MIN_COUNT}, ended in a server error (5xx): ${MULTIPLE} times the share in the other zones, or more.`,
          metric: errorPercent(props, zone),
          when: { above: OUTAGE_PERCENT },
          missingData: "notBreaching",
          runbook: RUNBOOK,
        }),
        alerts.alarm(scope, `zone-latency-${zone}`, {
          severity: "warning",
          means: `Half of the requests of one minute in ${zone}, of at least ${MIN_COUNT}, took longer than ${maxLatencySeconds} s: ${MULTIPLE} times the median of all zones, or more.`,
          metric: latency(props, zone),
          when: { above: maxLatencySeconds },
          missingData: "notBreaching",
          runbook: RUNBOOK,
        }),
      ],
    ]),
  );
}

/** The share of a zone's requests that failed, while it is a multiple of the others' share. Otherwise 0. */
function errorPercent({ loadBalancer }: ZoneAlarmsProps, zone: string): ComputedMetric {
  const own = balancerMetrics(loadBalancer, zone);
  const every = balancerMetrics(loadBalancer);
  // SUM counts also while one of its metrics has never had a value.
  const sum = (...metrics: readonly string[]): string => `SUM([${metrics.map((metric) => `FILL(${metric}, 0)`).join(", ")}])`;
  const failed = sum("zone_errors", "zone_target_errors");
  const all = sum("zone_requests", "zone_errors");
  const othersFailed = `(${sum("errors", "target_errors")} - ${failed})`;
  const othersAll = `(${sum("requests", "errors")} - ${all})`;
  // Products in place of quotients: the other zones may have no request.
  const isMultiple = `${failed} * ${othersAll} >= ${MULTIPLE} * ${othersFailed} * ${all}`;
  return {
    expression: `IF(${failed} >= ${MIN_COUNT} AND ${isMultiple}, 100 * ${failed} / ${all}, 0)`,
    metrics: {
      zone_requests: own.requests,
      zone_errors: own.errors,
      zone_target_errors: own.targetErrors,
      requests: every.requests,
      errors: every.errors,
      target_errors: every.targetErrors,
    },
    label: "percent of requests with a server error",
  };
}

/** The median of a zone's response times, while it is a multiple of the median of all zones. Otherwise 0. */
function latency({ loadBalancer }: ZoneAlarmsProps, zone: string): ComputedMetric {
  const { requests, median } = balancerMetrics(loadBalancer, zone);
  return {
    expression: `IF(FILL(zone_requests, 0) >= ${MIN_COUNT} AND zone_median >= ${MULTIPLE} * median, zone_median, 0)`,
    metrics: { zone_requests: requests, zone_median: median, median: balancerMetrics(loadBalancer).median },
    label: "median seconds",
  };
}
