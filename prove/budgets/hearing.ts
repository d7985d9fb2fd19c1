import { alarmsOf, type Fault, firing, UNCHANGED } from "../alarms/alarms";
import { intervalOf } from "../alarms/events";
import { type Fired, type Message, messagesAfter } from "../alarms/messages";
import { EVALUATED, type Metric, secondsUntilAlarm } from "../alarms/metric-alarm";
import { hostsIn, regionsWithHosts } from "../dns/hosts";
import type { Graph } from "../graph/graph";
import { blocks, type Resource } from "../graph/values";
import { type Budget, budget, type Kind, type Phase } from "./budget";
import { PLEDGES } from "./promises";
import { targetsOf } from "./targets";

const SUPPRESSED = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-suppression.html";
const CANARY_RUNS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Canaries_metrics.html";
const SERVER_ERRORS = /^HTTPCode_(ELB|Target)_5XX_Count$/;

/** What HTTP errors count when every request of a busy minute fails. */
const ALL_REQUESTS = 6000;

/** When on-call is notified of a lost task, of a lost writer, of errors and of a lost region, by alarms. Events are best effort, and extra. */
export function hearingBudgets(graph: Graph, stacks: readonly Graph[]): readonly Budget[] {
  const { metric, composite } = alarmsOf(graph);
  if (metric.size + composite.size === 0) return [];
  const hearing = (kind: Kind, failure: string, { address }: Resource, fault: Fault): Budget =>
    heard(graph, stacks, kind, failure, address, firedBy(graph, fault));
  return [
    ...targetsOf(graph).map(({ service, group }) =>
      hearing("hear-task", `a task of ${service.resource.address}`, service.resource, (metric) => {
        const left = service.tasks === undefined ? UNCHANGED : service.tasks - 1;
        if (metric.name === "RunningTaskCount" && isOf(graph, metric, "ServiceName", service.resource)) return left;
        if (!isOf(graph, metric, "TargetGroup", group) || "AvailabilityZone" in metric.dimensions) return UNCHANGED;
        return metric.name === "HealthyHostCount" ? left : metric.name === "UnHealthyHostCount" ? 1 : UNCHANGED;
      }),
    ),
    ...graph
      .all("aws_rds_cluster")
      .filter((cluster) => graph.referring("aws_rds_cluster_instance", "cluster_identifier", cluster).length > 0)
      .map((cluster) =>
        // After a failover the engine of the writer has just started.
        hearing("hear-writer", `the writer of ${cluster.address}`, cluster, (metric) =>
          metric.name === "EngineUptime" && isOf(graph, metric, "DBClusterIdentifier", cluster) ? 0 : UNCHANGED,
        ),
      ),
    ...graph
      .all("aws_lb")
      .filter(() => targetsOf(graph).length > 0)
      .map((balancer) =>
        hearing("hear-errors", `errors that clients of ${balancer.address} get`, balancer, (metric) =>
          SERVER_ERRORS.test(metric.name) && isOf(graph, metric, "LoadBalancer", balancer) && !("AvailabilityZone" in metric.dimensions)
            ? ALL_REQUESTS
            : UNCHANGED,
        ),
      ),
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
        const every = intervalOf(graph.text(blocks(canary.values["schedule"])[0]?.["expression"])) ?? 0;
        const fault: Fault = (metric) => (metric.name === "SuccessPercent" && isOf(graph, metric, "CanaryName", canary) ? 0 : UNCHANGED);
        return firedBy(graph, fault).map(({ alarm, seconds }) => ({
          alarm,
          seconds: seconds + alarm.datapoints * Math.max(0, every - alarm.period),
        }));
      });
    return heard(graph, stacks, "hear-region", `the region ${lost}`, lost, fired, CANARY_RUNS);
  });
}

function firedBy(graph: Graph, fault: Fault): readonly Fired[] {
  return firing(alarmsOf(graph), fault).flatMap((alarm) => {
    const seconds = secondsUntilAlarm(alarm);
    return seconds === undefined ? [] : [{ alarm, seconds }];
  });
}

function heard(
  graph: Graph,
  stacks: readonly Graph[],
  kind: Kind,
  failure: string,
  subject: string,
  fired: readonly Fired[],
  source = EVALUATED,
): Budget {
  const [first] = messagesAfter(graph, stacks, fired);
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
    failure: `on-call is notified of ${failure}`,
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
            what: `${from.address} waits for its suppressor`,
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
  const written = value.startsWith("${") ? value.slice(2).split(/[.}]/).slice(0, 2).join(".") : undefined;
  if (written === resource.address) return true;
  const names = ["name", "cluster_identifier"].map((argument) => graph.text(resource.values[argument]));
  const found = graph.text(value);
  return found !== undefined && names.includes(found);
}
