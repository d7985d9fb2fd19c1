import { type MetricAlarm, reaction, secondsUntilAlarm, uselessness } from "../alarms/metric-alarm";
import type { Graph } from "../graph/graph";
import { regionOf } from "../graph/regions";
import { block, blocks, type Resource } from "../graph/values";
import type { Dns } from "./dns";
import { asName } from "./records";
import { ALL_HEALTHY, regionOfDestination, type State, stateOf } from "./states";

/** The only region with metrics of health checks. @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html */
export const HEALTH_METRICS_REGION = "us-east-1";

/** Whether an alarm is on a metric. */
function isOn({ values }: Resource, namespace: string, metric: string): boolean {
  return values["namespace"] === namespace && values["metric_name"] === metric;
}

/** The health check whose status an alarm watches. */
export function watchedCheck(graph: Graph, alarm: Resource): Resource | undefined {
  if (!isOn(alarm, "AWS/Route53", "HealthCheckStatus") || regionOf(graph, alarm) !== HEALTH_METRICS_REGION) return undefined;
  const check = graph.target(block(alarm.values["dimensions"])["HealthCheckId"]);
  return check?.type === "aws_route53_health_check" ? check : undefined;
}

/** The canary whose successful runs an alarm watches. It is in the region of the alarm. */
function watchedCanary(graph: Graph, alarm: Resource): Resource | undefined {
  if (!isOn(alarm, "CloudWatchSynthetics", "SuccessPercent")) return undefined;
  const name = graph.text(block(alarm.values["dimensions"])["CanaryName"]);
  const canary = graph.all("aws_synthetics_canary").find(({ values }) => name !== undefined && graph.text(values["name"]) === name);
  return canary && regionOf(graph, canary) === regionOf(graph, alarm) ? canary : undefined;
}

const SECONDS: Readonly<Record<string, number>> = { minute: 60, minutes: 60, hour: 3600, hours: 3600 };

/** Seconds between the runs of a canary. A cron expression is not read, and counts as every minute. Undefined if it does not run. */
function intervalOf(graph: Graph, { values }: Resource): number | undefined {
  const expression = graph.text(block(values["schedule"])["expression"]) ?? "";
  const [, number = "", unit = ""] = /^rate\(([1-9]\d*) (minutes?|hours?)\)$/.exec(expression) ?? [];
  const seconds = /^cron\(.+\)$/.test(expression) ? 60 : Number(number) * (SECONDS[unit] ?? 0);
  const hasRole =
    graph.target(values["execution_role_arn"])?.type === "aws_iam_role" ||
    (graph.text(values["execution_role_arn"])?.startsWith("arn:") ?? false);
  return values["start_canary"] === true && hasRole && seconds > 0 ? seconds : undefined;
}

/** Seconds after which a metric alarm has gone to ALARM at the latest. Undefined if CloudWatch refuses it. */
export function delayOf(graph: Graph, alarm: MetricAlarm): number | undefined {
  const seconds = uselessness(alarm) === undefined ? secondsUntilAlarm(alarm) : undefined;
  const canary = watchedCanary(graph, alarm.resource);
  return seconds === undefined ? undefined : seconds + (canary ? (intervalOf(graph, canary) ?? 0) : 0);
}

/** The regions to which the names resolve that a canary requests. */
function requestedRegions(dns: Dns, graph: Graph, canary: Resource, state: State): readonly (string | undefined)[] {
  const variables = Object.values(block(block(canary.values["run_config"])["environment_variables"]));
  return variables.flatMap((value) => {
    const host = /^https:\/\/([^/:?#]+)/.exec(graph.text(value) ?? "")?.[1];
    return host === undefined ? [] : [regionOfDestination(dns.resolve(asName(host), state))];
  });
}

/**
 * What an alarm on a metric does when a region is lost. `fires`: it was OK, and goes to ALARM. `rests`: it stays as it is.
 * Undefined if this JSON does not say what the metric is then.
 */
export function reactionTo(dns: Dns, graph: Graph, watching: MetricAlarm, lost: string): "fires" | "rests" | undefined {
  const alarm = watching.resource;
  if (blocks(alarm.values["metric_query"]).length > 0) return undefined;
  const state = stateOf(new Map([[lost, "lost"]]));
  const breaches = (value: number): boolean => reaction(watching, () => value) === "ALARM";
  const change = (before: number, after: number): "fires" | "rests" =>
    delayOf(graph, watching) !== undefined && !breaches(before) && breaches(after) ? "fires" : "rests";
  if (isOn(alarm, "AWS/Route53", "HealthCheckStatus")) {
    const check = watchedCheck(graph, alarm);
    const status = (when: State): number => Number(check !== undefined && dns.isCheckHealthy(graph, check, when));
    return check ? change(status(ALL_HEALTHY), status(state)) : "rests";
  }
  if (!isOn(alarm, "CloudWatchSynthetics", "SuccessPercent")) return undefined;
  const canary = watchedCanary(graph, alarm);
  if (!canary || intervalOf(graph, canary) === undefined) return "rests";
  const before = requestedRegions(dns, graph, canary, ALL_HEALTHY);
  if (!before.includes(lost)) return "rests";
  // A canary on a name that fails over fails until then only.
  return requestedRegions(dns, graph, canary, state).includes(lost) ? change(100, 0) : undefined;
}
