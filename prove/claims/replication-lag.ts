import { alarmsOf } from "../alarms/alarms";
import { goesToAlarm, type Metric, type MetricAlarm, reaction, secondsUntilAlarm } from "../alarms/metric-alarm";
import { notifies } from "../alarms/notifications";
import type { Graph } from "../graph/graph";
import { text } from "../graph/values";
import { type Claim, decided, notApplicable } from "./claim";
import { type Cluster, clustersOf, otherMembers, placeName } from "./clusters";
import { functionMay, type ScheduledFunction, scheduledFunctions } from "./scheduled-functions";

/** Most seconds of data that a failover may lose without an alarm. */
const MOST_LAG_SECONDS = 60;
/** Most seconds until an alarm on one minute of a metric fires. */
const MOST_SECONDS_TO_RING = 180;
const MILLISECONDS = 1000;

/**
 * What Aurora publishes in milliseconds for a cluster of a standby, in its region.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
 */
const LAG_METRICS = ["AuroraGlobalDBReplicationLag", "AuroraGlobalDBRPOLag", "AuroraGlobalDBProgressLag"];

export const REPLICATION_LAG_CLAIMS: readonly Claim[] = [
  {
    id: "B5",
    title: "A standby that is more than 60 s behind makes an alarm fire, in its own region and within three minutes",
    decide: (graph, stacks) => {
      const members = membersOf(graph, stacks);
      if (members.length === 0) return notApplicable("No cluster has a counterpart in another region.");
      const alarms = singleAlarms(graph).filter((alarm) => LAG_METRICS.includes(metricOf(alarm).name));
      const faults = members.flatMap((cluster) => lagFaults(cluster, alarms, stacks));
      return decided(
        faults,
        alarms.map(({ resource, threshold }) => `${resource.address} fires above ${threshold} ms`),
        "The alarm of each region fires, whichever region is the standby.",
      );
    },
  },
  {
    id: "B5b",
    title: "A standby that gets nothing from the primary region any more makes an alarm fire, although no lag is published",
    decide: (graph, stacks) => {
      const members = membersOf(graph, stacks);
      if (members.length === 0) return notApplicable("No cluster has a counterpart in another region.");
      const faults = members.flatMap((cluster) => silenceFaults(cluster, stacks));
      return decided(
        faults,
        members.map(({ resource }) => `the silence of ${resource.address} fires`),
        "Missing data are a fault, or a function that reads them reports one, and its own silence fires.",
      );
    },
  },
];

function membersOf(graph: Graph, stacks: readonly Graph[]): readonly Cluster[] {
  return clustersOf(graph).filter((cluster) => otherMembers(stacks, cluster).length > 0);
}

/** The alarms of a stack on one metric. Alarms on expressions are not among them. */
const singleAlarms = (graph: Graph): readonly MetricAlarm[] =>
  [...alarmsOf(graph).metric.values()].filter(({ resource }) => resource.values["metric_name"] !== undefined);

const metricOf = ({ metrics }: MetricAlarm): Metric => metrics[0] as Metric;

/** Whether an alarm notifies on-call when it alone is in ALARM: by its own actions, or by a composite alarm. */
const isHeard = (graph: Graph, stacks: readonly Graph[], { name }: MetricAlarm): boolean => notifies(graph, stacks, name).length > 0;

const ringsInSilence = (alarm: MetricAlarm): boolean => reaction(alarm, () => undefined) === "ALARM";

const isInTime = (alarm: MetricAlarm, isSilence = false): boolean =>
  (secondsUntilAlarm(alarm, isSilence) ?? Infinity) <= MOST_SECONDS_TO_RING;

function lagAlarmsOf({ graph, resource }: Cluster, alarms: readonly MetricAlarm[]): readonly MetricAlarm[] {
  const identifier = graph.text(resource.values["cluster_identifier"]);
  return alarms.filter((alarm) => {
    const { name, namespace, dimensions } = metricOf(alarm);
    const isOfCluster = identifier !== undefined && dimensions["DBClusterIdentifier"] === identifier;
    return LAG_METRICS.includes(name) && namespace === "AWS/RDS" && isOfCluster;
  });
}

function lagFaults(cluster: Cluster, alarms: readonly MetricAlarm[], stacks: readonly Graph[]): string[] {
  if (cluster.instances.length === 0) return [noInstance(cluster)];
  const own = lagAlarmsOf(cluster, alarms);
  if (own.length === 0) return [`No alarm in ${placeName(cluster)} is on the replication lag of ${cluster.resource.address}.`];
  const faults = own.map((alarm) => alarmFault(cluster.graph, stacks, alarm));
  return faults.includes(undefined) ? [] : faults.flatMap((fault) => fault ?? []);
}

/** Why an alarm does not report a standby that is behind from one that is not, in time. */
function alarmFault(graph: Graph, stacks: readonly Graph[], alarm: MetricAlarm): string | undefined {
  const { resource } = alarm;
  const { unit } = metricOf(alarm);
  if (!goesToAlarm(alarm, MOST_LAG_SECONDS * MILLISECONDS + 1))
    return `${resource.address} does not fire while the standby is ${MOST_LAG_SECONDS} s behind, which a failover then loses.`;
  if (goesToAlarm(alarm, MILLISECONDS))
    return `${resource.address} fires also while the standby is one second behind, so that a greater lag is not noticed.`;
  if (unit !== undefined && unit !== "Milliseconds")
    return `${resource.address} gets no data: the lag has the unit Milliseconds, not ${unit}.`;
  if (!isInTime(alarm)) return `${resource.address} fires after up to ${secondsUntilAlarm(alarm) ?? "?"} s.`;
  return isHeard(graph, stacks, alarm) ? undefined : `${resource.address} notifies no topic with a subscription.`;
}

/** A cluster without an instance publishes no lag. */
const noInstance = ({ resource }: Cluster): string => `${resource.address} has no instance: Aurora publishes no lag of it.`;

function silenceFaults(cluster: Cluster, stacks: readonly Graph[]): string[] {
  if (cluster.instances.length === 0) return [noInstance(cluster)];
  const alarms = singleAlarms(cluster.graph);
  if (lagAlarmsOf(cluster, alarms).some((alarm) => ringsInSilence(alarm) && alarmFault(cluster.graph, stacks, alarm) === undefined))
    return [];
  const watching = scheduledFunctions(cluster.graph).filter((one) => readsLag(cluster, one));
  const reasons = watching.flatMap((one) => watcherFaults(one, alarms, stacks));
  if (reasons.includes(undefined)) return [];
  const [reason] = reasons;
  return [
    reason ?? `In ${placeName(cluster)}, no alarm takes missing data of the replication lag of ${cluster.resource.address} as a fault.`,
  ];
}

/** Whether a function can read the metrics of a cluster every minute: it has its name, and its role the permission. */
function readsLag({ graph, resource }: Cluster, lambda: ScheduledFunction): boolean {
  const identifier = graph.text(resource.values["cluster_identifier"]) ?? "";
  const reads = ["cloudwatch:GetMetricStatistics", "cloudwatch:GetMetricData"];
  return (
    lambda.everyMinutes <= 1 &&
    lambda.environment.some((value) => value === identifier || value.endsWith(`:cluster:${identifier}`)) &&
    reads.some((action) => functionMay(lambda, { action, resource: "*" }))
  );
}

/** Why what such a function reports makes no alarm fire: one reason for each alarm. Undefined for an alarm that fires. */
function watcherFaults(
  lambda: ScheduledFunction,
  alarms: readonly MetricAlarm[],
  stacks: readonly Graph[],
): readonly (string | undefined)[] {
  const published = alarms.filter((alarm) => isOf(lambda, alarm));
  const heartbeat = published.some(
    (alarm) => ringsInSilence(alarm) && isElsewhere(lambda, alarm, stacks) && isInTime(alarm, true) && isHeard(lambda.graph, stacks, alarm),
  );
  const [missing] = twinsOf(lambda, stacks).flatMap(({ variables }) => variables.filter((name) => !lambda.variables.includes(name)));
  if (missing !== undefined)
    return [`${lambda.resource.address} has no variable ${missing}, which the same program has in another region.`];
  return published
    .filter((alarm) => /replication|lag/i.test(metricOf(alarm).name))
    .map((alarm) => {
      const { resource } = alarm;
      if (!goesToAlarm(alarm, 1) || goesToAlarm(alarm, 0))
        return `${resource.address} does not report a standby without data from one with data.`;
      if (!isElsewhere(lambda, alarm, stacks)) return `${resource.address} is on ${metricOf(alarm).name}, which no other region has.`;
      if (!isInTime(alarm)) return `${resource.address} fires after up to ${secondsUntilAlarm(alarm) ?? "?"} s.`;
      if (!isHeard(lambda.graph, stacks, alarm)) return `${resource.address} notifies no topic with a subscription.`;
      return heartbeat || ringsInSilence(alarm)
        ? undefined
        : `When ${lambda.resource.address} reports nothing, ${resource.address} does not fire, and no other alarm on its metrics does.`;
    });
}

/** Whether a function publishes the metric of an alarm: it has the name of the namespace and of each dimension, and the permission. */
function isOf(lambda: ScheduledFunction, alarm: MetricAlarm): boolean {
  const { namespace, dimensions } = metricOf(alarm);
  const { environment } = lambda;
  return (
    environment.includes(namespace) &&
    Object.values(dimensions).every((value) => value !== "" && environment.includes(value)) &&
    functionMay(lambda, { action: "cloudwatch:PutMetricData", resource: "*", context: { "cloudwatch:namespace": namespace } })
  );
}

/** Functions of other regions with the same program. */
function twinsOf({ graph, resource }: ScheduledFunction, stacks: readonly Graph[]): readonly ScheduledFunction[] {
  const code = text(resource.values["source_code_hash"]);
  const others = stacks.filter((other) => other !== graph).flatMap((other) => scheduledFunctions(other));
  return others.filter((one) => code !== undefined && text(one.resource.values["source_code_hash"]) === code);
}

/** The same program publishes the same metrics, with the same dimensions, in every region. */
function isElsewhere(lambda: ScheduledFunction, alarm: MetricAlarm, stacks: readonly Graph[]): boolean {
  const labelOf = ({ name, dimensions }: Metric): string => [name, ...Object.keys(dimensions).sort()].join();
  const label = labelOf(metricOf(alarm));
  return twinsOf(lambda, stacks).every(({ graph }) => singleAlarms(graph).some((other) => labelOf(metricOf(other)) === label));
}
