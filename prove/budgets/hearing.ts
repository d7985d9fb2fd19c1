import type { Graph } from "../graph/graph";
import { blocks, type Resource } from "../graph/values";
import { type Alarm, alarmsOf, EVALUATED, type Message, messagesAfter, type Metric } from "./alarms";
import { type Budget, budget, type Kind, numberOf, type Phase } from "./budget";
import { hostsIn, regionsWithHosts } from "./dns";
import { PLEDGES } from "./promises";
import { targetsOf } from "./targets";

const SUPPRESSED = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-suppression.html";
const CANARY_RUNS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Canaries_metrics.html";
const SERVER_ERRORS = /^HTTPCode_(ELB|Target)_5XX_Count$/;

/** When on-call hears of a lost task, of a lost writer, of errors and of a lost region, by alarms. Events are best effort, and extra. */
export function hearingBudgets(graph: Graph, stacks: readonly Graph[]): readonly Budget[] {
  if (alarmsOf(graph).length === 0) return [];
  return [
    ...targetsOf(graph).map(({ service, group }) => {
      const left = (service.tasks ?? Number.NaN) - 1;
      const fires = (alarm: Alarm): boolean =>
        alarm.metrics.some(
          (metric) =>
            (isOf(graph, metric, "TargetGroup", group) &&
              !("AvailabilityZone" in metric.dimensions) &&
              ((metric.name === "HealthyHostCount" && breaches(graph, alarm, left)) ||
                (metric.name === "UnHealthyHostCount" && breaches(graph, alarm, 1)))) ||
            (metric.name === "RunningTaskCount" && isOf(graph, metric, "ServiceName", service.resource) && breaches(graph, alarm, left)),
        );
      return heard(graph, "hear-task", `a task of ${service.resource.address}`, service.resource.address, firing(graph, fires));
    }),
    ...graph
      .all("aws_rds_cluster")
      .filter((cluster) => graph.referring("aws_rds_cluster_instance", "cluster_identifier", cluster).length > 0)
      .map((cluster) => {
        // After a failover the engine of the writer has just started.
        const fires = (alarm: Alarm): boolean =>
          alarm.metrics.some(
            (metric) => metric.name === "EngineUptime" && isOf(graph, metric, "DBClusterIdentifier", cluster) && breaches(graph, alarm, 0),
          );
        return heard(graph, "hear-writer", `the writer of ${cluster.address}`, cluster.address, firing(graph, fires));
      }),
    ...graph
      .all("aws_lb")
      .filter(() => targetsOf(graph).length > 0)
      .map((balancer) => {
        const fires = (alarm: Alarm): boolean =>
          alarm.metrics.some(
            (metric) =>
              SERVER_ERRORS.test(metric.name) &&
              isOf(graph, metric, "LoadBalancer", balancer) &&
              !("AvailabilityZone" in metric.dimensions),
          ) && breaches(graph, alarm, allRequestsFail(alarm));
        return heard(graph, "hear-errors", `errors that clients of ${balancer.address} get`, balancer.address, firing(graph, fires));
      }),
    ...regionBudgets(graph, stacks),
  ];
}

/** The loss of another region, as canaries and health checks see it from here. */
function regionBudgets(graph: Graph, stacks: readonly Graph[]): readonly Budget[] {
  const others = regionsWithHosts(stacks).filter((region) => region !== graph.region && hostsIn(stacks, graph.region).length > 0);
  if (hostsIn([graph], graph.region).length === 0) return [];
  return others.map((lost) => {
    const hosts = hostsIn(stacks, lost);
    const isCanary = (resource: Resource): boolean =>
      hosts.some((host) => JSON.stringify(resource.values["run_config"] ?? {}).includes(`//${host}/`));
    const fired = graph
      .all("aws_synthetics_canary")
      .filter((canary) => isCanary(canary) && graph.text(canary.values["start_canary"]) === "true")
      .flatMap((canary) => {
        const every = rateOf(graph.text(blocks(canary.values["schedule"])[0]?.["expression"]));
        const fires = (alarm: Alarm): boolean =>
          alarm.metrics.some((metric) => metric.name === "SuccessPercent" && isOf(graph, metric, "CanaryName", canary)) &&
          breaches(graph, alarm, 0);
        return firing(graph, fires).map(({ alarm, seconds }) => {
          const slowest = Math.max(...alarm.metrics.map(({ period }) => period));
          return { alarm, seconds: seconds + alarm.periods * Math.max(0, every - slowest) };
        });
      });
    return heard(graph, "hear-region", `the region ${lost}`, lost, fired, CANARY_RUNS);
  });
}

type Fired = readonly { readonly alarm: Alarm; readonly seconds: number }[];

function firing(graph: Graph, fires: (alarm: Alarm) => boolean): Fired {
  return alarmsOf(graph).flatMap((alarm) =>
    alarm.rule === undefined && alarm.seconds !== undefined && fires(alarm) ? [{ alarm, seconds: alarm.seconds }] : [],
  );
}

function heard(graph: Graph, kind: Kind, failure: string, subject: string, fired: Fired, source = EVALUATED): Budget {
  const [first] = messagesAfter(graph, fired);
  const faults =
    first !== undefined
      ? []
      : [
          fired.length === 0
            ? `No alarm of ${graph.name} fires for ${failure}.`
            : `${fired.map(({ alarm }) => alarm.resource.address).join(", ")}: no alarm after it sends a message to a topic with subscriptions.`,
        ];
  return budget(graph, {
    kind,
    subject,
    failure: `on-call hears of ${failure}`,
    phases: first ? phasesOf(first, source) : [],
    rpo: "none",
    faults,
    pledge: PLEDGES[kind],
  });
}

function phasesOf({ from, seconds, wait }: Message, source: string): Phase[] {
  return [
    {
      what: "an alarm on a metric fires",
      least: 0,
      most: seconds - wait,
      formula: `period × datapoints + 60 s of delivery + 60 s until the evaluation = ${seconds - wait} s`,
      source,
    },
    ...(wait === 0
      ? []
      : [
          {
            what: `${from.resource.address} waits for its suppressor`,
            least: 0,
            most: wait,
            formula: `wait_period ${wait} s`,
            source: SUPPRESSED,
          },
        ]),
  ];
}

/** Whether a dimension names a resource, by a reference or by its name. */
function isOf(graph: Graph, { dimensions }: Metric, dimension: string, resource: Resource | undefined): boolean {
  const value = dimensions[dimension];
  if (value === undefined || resource === undefined) return false;
  const written = typeof value === "string" && value.startsWith("${") ? value.slice(2).split(/[.}]/).slice(0, 2).join(".") : undefined;
  if (written === resource.address) return true;
  const names = ["name", "cluster_identifier"].map((argument) => graph.text(resource.values[argument]));
  const found = graph.text(value);
  return found !== undefined && names.includes(found);
}

/** Whether a value is beyond the threshold. An expression of several metrics is taken at its value. */
function breaches(graph: Graph, alarm: Alarm, value: number): boolean {
  const threshold = numberOf(graph, alarm.resource.values["threshold"], Number.NaN);
  if (threshold === undefined || Number.isNaN(threshold)) return true;
  switch (graph.text(alarm.resource.values["comparison_operator"])) {
    case "LessThanThreshold":
      return value < threshold;
    case "LessThanOrEqualToThreshold":
      return value <= threshold;
    case "GreaterThanOrEqualToThreshold":
      return value >= threshold;
    default:
      return value > threshold;
  }
}

/** What the metric is when every request fails: 100 for a share in percent, as many as there are for a count. */
function allRequestsFail({ resource }: Alarm): number {
  const shares = blocks(resource.values["metric_query"]).some(({ expression }) => /\b100\s*\*/.test(String(expression)));
  return shares ? 100 : Infinity;
}

/** Seconds between two runs: `rate(5 minutes)`. */
function rateOf(expression: string | undefined): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour)s?\)$/.exec(expression ?? "") ?? [];
  return Number(count ?? 0) * (unit === "hour" ? 3600 : 60);
}
