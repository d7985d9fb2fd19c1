import type { Metric } from "../monitoring/metric";

/**
 * Metrics of a load balancer with all of its targets. @param zone one of its zones. @default - all of them
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export function balancerMetrics(loadBalancer: string, zone?: string) {
  const of = {
    namespace: "AWS/ApplicationELB",
    dimensions: { ...(zone !== undefined && { AvailabilityZone: zone }), LoadBalancer: loadBalancer },
    statistic: "Sum",
  };
  return {
    requests: { ...of, name: "RequestCount", label: "requests" },
    errors: { ...of, name: "HTTPCode_ELB_5XX_Count", label: "5xx of the load balancer" },
    targetErrors: { ...of, name: "HTTPCode_Target_5XX_Count", label: "5xx of the tasks" },
    /** The number of reports, also of zero capacity: it is "always reported", by the minute. */
    reports: { ...of, name: "ConsumedLCUs", statistic: "SampleCount", label: "reports of the load balancer" },
    median: { ...of, name: "TargetResponseTime", statistic: "p50", label: "median seconds" },
  } satisfies Record<string, Metric>;
}
