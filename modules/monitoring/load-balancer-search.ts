import type { Names } from "../../config/naming";

/** Metrics of load balancers, by the sets of dimensions under which ELB publishes them. */
type Dimensions = "LoadBalancer" | "AvailabilityZone,LoadBalancer,TargetGroup";

/**
 * A search for metrics of the load balancer of one region. The value of its dimension, `app/<name>/<id>`, ends with an id that
 * another stack does not know. A term without quotes matches consecutive tokens of a value, and a term in quotes only the whole
 * value. So `app/alb-pr-4` finds the load balancer `alb-pr-4`, and not `alb-pr-42` or `alb-x-pr-4`. It also finds `alb-pr-4-b`: the
 * syntax has no end of a value.
 *
 * The search has the period of its widget. It finds metrics that have reported data within two weeks.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 * @param metrics names of the metrics that it finds
 */
export function loadBalancerSearch(names: Names, dimensions: Dimensions, metrics: readonly string[], statistic: string): string {
  const anyName = metrics.map((metric) => `MetricName="${metric}"`).join(" OR ");
  const filter = `LoadBalancer=app/${names.of("lb")} ${metrics.length > 1 ? `(${anyName})` : anyName}`;
  return `SEARCH('{AWS/ApplicationELB,${dimensions}} ${filter}', '${statistic}')`;
}
