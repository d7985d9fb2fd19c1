import type { Resource, Synthesized } from "./synthesized";

/** The alarms on a metric, e.g. `RunningTaskCount`. */
export function alarmsOn(stack: Synthesized, metric: string): Resource[] {
  return stack.all("aws_cloudwatch_metric_alarm").filter((alarm) => alarm["metric_name"] === metric);
}

/** The alarms on metrics of a service, e.g. `AWS/DynamoDB`. */
export function alarmsIn(stack: Synthesized, namespace: string): Resource[] {
  return stack.all("aws_cloudwatch_metric_alarm").filter((alarm) => alarm["namespace"] === namespace);
}
