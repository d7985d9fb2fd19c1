import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import type { Alerts } from "../monitoring/alerts";
import type { ComputedMetric, Metric } from "../monitoring/metric";

export interface ErrorAlarmsProps {
  /** Receives the alarms and the events. */
  readonly alerts: Alerts;
  /** Requests, and the errors of the load balancer and of its targets, each as a sum. */
  readonly metrics: { readonly requests: Metric; readonly errors: Metric; readonly targetErrors: Metric };
  /** The objective: percentage of requests in 30 days without a server error. */
  readonly availabilityPercent: number;
}

/** With fewer errors, their share of the requests says nothing: at night one error can be the answer to one request in a hundred. */
const MIN_ERRORS = 10;
/** Share of the requests of one minute above which the service is down for a part of its clients. */
const OUTAGE_PERCENT = 5;

/**
 * The errors that the objective allows in 30 days are its error budget. An alarm fires when a part of it, in percent, is used within
 * some hours.
 * @see https://sre.google/workbook/alerting-on-slos/
 */
const BUDGET_ALARMS = [
  { id: "error-budget-fast", severity: "critical", hours: 1, percent: 2 },
  { id: "error-budget-slow", severity: "warning", hours: 6, percent: 5 },
] as const;
const BUDGET_HOURS = 30 * 24;

const RUNBOOK = "load-balancer.md#errors";

interface ErrorAlarms {
  /** In ALARM while the service is down for a part of its clients. */
  readonly outage: CloudwatchMetricAlarm;
  readonly budget: readonly CloudwatchMetricAlarm[];
}

/** Alarms on the share of the requests that end in a server error, of the load balancer or of its targets. */
export function errorAlarms(scope: Construct, { alerts, metrics, availabilityPercent }: ErrorAlarmsProps): ErrorAlarms {
  const metric = errorPercent(metrics);
  const budget = 100 - availabilityPercent;
  return {
    outage: alerts.alarm(scope, "error-rate-high", {
      severity: "critical",
      means: `More than ${OUTAGE_PERCENT} % of the requests of one minute, and at least ${MIN_ERRORS}, ended in a server error (5xx).`,
      metric,
      when: { above: OUTAGE_PERCENT },
      missingData: "notBreaching",
      runbook: RUNBOOK,
    }),
    budget: BUDGET_ALARMS.map(({ id, severity, hours, percent }) =>
      alerts.alarm(scope, id, {
        severity,
        means: `Server errors (5xx) have used more than ${percent} % of the monthly error budget within ${hours === 1 ? "one hour" : `${hours} hours`}. The objective is ${availabilityPercent} % of requests without one.`,
        metric,
        periodSeconds: hours * 3600,
        when: { above: rounded((budget * (percent / 100) * BUDGET_HOURS) / hours) },
        missingData: "notBreaching",
        runbook: RUNBOOK,
      }),
    ),
  };
}

/**
 * RequestCount does not count the requests for which the load balancer found no target. Those that failed later are counted in both
 * terms, so that the value is between half of the share and the share.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
function errorPercent({ requests, errors, targetErrors }: ErrorAlarmsProps["metrics"]): ComputedMetric {
  // SUM counts also while one of its metrics has never had a value.
  const failed = "SUM([FILL(errors, 0), FILL(target_errors, 0)])";
  const all = "SUM([FILL(requests, 0), FILL(errors, 0)])";
  return {
    expression: `IF(${failed} >= ${MIN_ERRORS}, 100 * ${failed} / ${all}, 0)`,
    metrics: { requests, errors, target_errors: targetErrors },
    label: "percent of requests with a server error",
  };
}

/** Without the noise of binary fractions: 100 - 99.99 is 0.010000000000005. */
const rounded = (value: number): number => Number(value.toPrecision(6));
