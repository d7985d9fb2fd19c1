import { alarmsOf, firing } from "../alarms/alarms";
import { type MetricAlarm, reaction, secondsOf } from "../alarms/metric-alarm";
import { notifies } from "../alarms/notifications";
import { customAlarms, type Publisher, publishersOf } from "../alarms/publishers";
import {
  cacheThings,
  canaryThings,
  healthCheckThings,
  instanceThings,
  lossOf,
  natThings,
  serviceThings,
  targetThings,
  type Thing,
  zonesIn,
} from "../alarms/things";
import type { Graph } from "../graph/graph";
import { type Claim, decided, notApplicable } from "./claim";
import { WRITER_CLAIM } from "./alarm-writer";

/** Seconds of silence after which an alarm on a metric with one data point a minute is in ALARM. */
const LIMIT = 60;
/** Runs of a publisher that may fail before on-call is notified. */
const RUNS = 3;

export const SILENCE_CLAIMS: readonly Claim[] = [
  {
    id: "A3",
    title: "The silence of everything that reports every minute takes an alarm to ALARM within a minute",
    requirementIds: ["S004-8.2"],
    decide: (graph, stacks) => {
      const { metric } = alarmsOf(graph);
      if (metric.size === 0) return notApplicable("There is no metric alarm.");
      const things = [
        ...canaryThings(graph),
        ...serviceThings(graph),
        ...targetThings(graph, [undefined, ...zonesIn(graph)]),
        ...instanceThings(graph),
        ...cacheThings(graph),
        ...checkedHosts(graph, [...metric.values()]),
      ];
      const publishers = publishersOf(graph);
      const reporting = [...things, ...clusterThings(graph), ...natThings(graph)];
      if (things.length === 0 && publishers.length === 0) return notApplicable("Nothing reports every minute.");
      const faults = [
        ...things.flatMap((thing) => silenceFaults(graph, stacks, thing)),
        ...reporting.flatMap((thing) => deafFaults(graph, thing)),
        ...publisherFaults(graph, publishers),
      ];
      return decided(
        [...new Set(faults)],
        things.map(
          (thing) =>
            `${thing.what}: ${firing(alarmsOf(graph), lossOf(thing))
              .map(({ resource }) => resource.address)
              .join(", ")}`,
        ),
        "Each of them has an alarm for which silence is breaching.",
      );
    },
  },
  WRITER_CLAIM,
];

/** A thing of which on-call is not notified that it is dead. */
function silenceFaults(graph: Graph, stacks: readonly Graph[], thing: Thing): readonly string[] {
  const alarms = alarmsOf(graph);
  const onLifeline = firing(alarms, lossOf(thing)).filter(({ metrics }) =>
    metrics.some((one) => thing.isOn(one) && thing.lifelines.includes(one.name)),
  );
  const quick = onLifeline.filter((alarm) => secondsOf(alarm, true) <= LIMIT);
  const values = thing.zeroIsDead
    ? firing(alarms, lossOf(thing, 0)).filter((alarm) => onLifeline.includes(alarm) && secondsOf(alarm) <= LIMIT)
    : quick;
  if (onLifeline.length === 0) return [`No alarm goes to ALARM when ${thing.what} reports nothing.`];
  if (quick.length === 0)
    return [
      `${thing.what} is silent for ${secondsOf(onLifeline[0] as MetricAlarm, true)} s before an alarm goes to ALARM: more than ${LIMIT} s.`,
    ];
  if (values.length === 0) return [`No alarm goes to ALARM within ${LIMIT} s when ${thing.what} reports zero.`];
  return quick.some(({ name }) => notifies(graph, stacks, name).length > 0)
    ? []
    : [`On-call is not notified that ${thing.what} reports nothing.`];
}

/** Alarms on the sign of life of a thing for which silence is healthy. */
function deafFaults(graph: Graph, thing: Thing): readonly string[] {
  return [...alarmsOf(graph).metric.values()].flatMap((alarm) => {
    if (!alarm.metrics.some((one) => thing.isOn(one) && thing.lifelines.includes(one.name))) return [];
    const state = reaction(alarm, () => undefined);
    return state === "ALARM" ? [] : [`${alarm.resource.address} goes to ${state} when ${thing.what} reports nothing.`];
  });
}

/** The health checks with an alarm, or one of each host of which none has. */
function checkedHosts(graph: Graph, alarms: readonly MetricAlarm[]): readonly Thing[] {
  const checks = healthCheckThings(graph);
  const watched = checks.filter(({ isOn }) => alarms.some(({ metrics }) => metrics.some(isOn)));
  const unwatched = checks.filter(({ host }) => !watched.some((check) => check.host === host));
  return [...watched, ...new Map(unwatched.map((check) => [check.host, check])).values()];
}

/** Clusters whose writer always runs in this region. That of a global database may be in another one. */
function clusterThings(graph: Graph): readonly Thing[] {
  return graph.all("aws_rds_cluster").flatMap((resource) => {
    const instances = graph.referring("aws_rds_cluster_instance", "cluster_identifier", resource);
    if (instances.length === 0 || resource.values["global_cluster_identifier"] !== undefined) return [];
    const id = graph.text(resource.values["cluster_identifier"]);
    return [
      {
        resource,
        what: `the writer of ${resource.address}`,
        zone: undefined,
        isOn: ({ namespace, dimensions }) =>
          namespace === "AWS/RDS" && dimensions["DBClusterIdentifier"] === id && dimensions["Role"] !== "READER",
        lifelines: ["EngineUptime", ...(instances.length > 1 ? ["AuroraReplicaLagMaximum"] : [])],
        zeroIsDead: false,
      },
    ];
  });
}

/** Each publisher needs an alarm of its own on its silence: those of the quickest come first. */
function publisherFaults(graph: Graph, publishers: readonly Publisher[]): readonly string[] {
  const free = customAlarms(graph)
    .filter((alarm) => reaction(alarm, () => undefined) === "ALARM")
    .map((alarm) => ({ alarm, seconds: secondsOf(alarm, true) }))
    .sort((one, other) => other.seconds - one.seconds);
  const slowestFirst = [...publishers]
    .filter(({ interval }) => interval !== undefined)
    .sort((one, other) => Number(other.interval) - Number(one.interval));
  const idle = publishers
    .filter(({ interval }) => interval === undefined)
    .map(({ resource }) => `${resource.address} publishes metrics, and no enabled schedule invokes it.`);
  return [
    ...idle,
    ...slowestFirst.flatMap(({ resource, namespaces, interval = 0 }) => {
      const index = free.findIndex(
        ({ alarm, seconds }) =>
          seconds <= Math.max(interval * RUNS, LIMIT) && alarm.metrics.every(({ namespace }) => namespaces.includes(namespace)),
      );
      if (index < 0) return [`No alarm goes to ALARM after ${RUNS} missing runs of ${resource.address}, which runs every ${interval} s.`];
      free.splice(index, 1);
      return [];
    }),
  ];
}
