import { type Alarms, alarmsOf, type Fault, firing, inAlarm, UNCHANGED } from "../alarms/alarms";
import { type MetricAlarm, secondsOf } from "../alarms/metric-alarm";
import { eventNotices, noticesOf } from "../alarms/notifications";
import { arnIn } from "../alarms/permissions";
import {
  attributeOf,
  cacheThings,
  instanceThings,
  natThings,
  tasksOf,
  targetThings,
  serviceThings,
  type Thing,
  zonesIn,
} from "../alarms/things";
import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";
import { type Claim, decided, notApplicable } from "./claim";

const MOST_MESSAGES = 3;
/** Seconds that CloudWatch needs at most for a data point to arrive, and to evaluate an alarm after it. */
const INGESTION = 60;
const EVALUATION = 60;
/** Requests of a minute, and how many of them the load balancer rejects in the first minute. */
const REQUESTS = 6000;
const REJECTED = 400;
/** Seconds since the new writer started. */
const UPTIME = 30;

export const ZONE_LOSS_CLAIM: Claim = {
  id: "A9",
  title: "The loss of a zone sends at least one and at most three messages: alarms on its parts are suppressed by the alarm of the zone",
  decide: (graph, stacks) => {
    const alarms = alarmsOf(graph);
    const zones = zonesIn(graph);
    const parts = [...targetThings(graph, zones), ...natThings(graph), ...instanceThings(graph)];
    if (alarms.composite.size === 0 || zones.length < 2 || parts.length === 0)
      return notApplicable("There is no composite alarm, or no part in several zones.");
    const losses = zones.flatMap((zone) => {
      const lost = parts.filter((part) => part.zone === zone);
      return lost.length === 0 ? [] : [{ zone, senders: sendersOf(graph, stacks, alarms, zone) }];
    });
    const faults = losses.flatMap(({ zone, senders }) => {
      if (senders.length === 0) return [`The loss of ${zone} does not notify on-call.`];
      return senders.length <= MOST_MESSAGES
        ? []
        : [`The loss of ${zone} sends ${senders.length} messages, more than ${MOST_MESSAGES}: by ${senders.join(", ")}.`];
    });
    return decided(
      faults,
      losses.map(({ zone, senders }) => `${zone}: ${senders.join(", ")}`),
      "The alarm of the zone, or its runbook, speaks for the others.",
    );
  },
};

/** What sends messages after the loss of a zone with the writer of the database in it. */
function sendersOf(graph: Graph, stacks: readonly Graph[], alarms: Alarms, zone: string): readonly string[] {
  const fired = firing(alarms, zoneLoss(graph, zone));
  const states = inAlarm(
    alarms,
    fired.map(({ name }) => name),
  );
  const late = lateSuppressions(alarms, fired);
  const notices = [
    ...noticesOf(graph, stacks, states),
    // These have spoken before their suppressor was in ALARM.
    ...late.flatMap((name) => noticesOf(graph, stacks, new Set([name]))),
    ...graph
      .all("aws_rds_cluster")
      .flatMap((cluster) => (hasFailover(graph, cluster, zone) ? eventNotices(graph, stacks, failedOver(graph, cluster)) : [])),
  ];
  return [...new Set(notices.map(({ by }) => by.address))];
}

const hasFailover = (graph: Graph, cluster: Resource, zone: string): boolean => {
  const instances = graph.referring("aws_rds_cluster_instance", "cluster_identifier", cluster);
  return instances.length > 1 && instances.some(({ values }) => values["availability_zone"] === zone);
};

function failedOver(graph: Graph, cluster: Resource) {
  const SourceArn = arnIn(graph, cluster);
  return {
    source: "aws.rds",
    "detail-type": "RDS DB Cluster Event",
    resources: [SourceArn],
    detail: { SourceArn, EventID: "RDS-EVENT-0071", EventCategories: ["failover"] },
  };
}

/** What the loss of a zone makes of the metrics of a minute, until services have replaced what is lost. */
function zoneLoss(graph: Graph, zone: string): Fault {
  const share = 1 / Math.max(zonesIn(graph).length, 1);
  const lostOf = (tasks: number): number => Math.ceil(tasks * share);
  const dead = [
    ...targetThings(graph, [zone]),
    ...[...natThings(graph), ...instanceThings(graph)].filter((thing) => thing.zone === zone),
    ...shardNodes(graph),
  ];
  const groups = targetThings(graph, [undefined]).map((thing) => ({ thing, tasks: tasksOf(graph, thing.resource) ?? 0 }));
  const services = serviceThings(graph).map((thing) => ({ thing, tasks: Number(graph.text(thing.resource.values["desired_count"]) ?? 0) }));
  const clusters = graph
    .all("aws_rds_cluster")
    .filter((cluster) => hasFailover(graph, cluster, zone))
    .map((cluster) => attributeOf(graph, cluster, "cluster_identifier"));
  return (metric) => {
    const { namespace, name, dimensions } = metric;
    if (dead.some(({ isOn }) => isOn(metric)) || dimensions["AvailabilityZone"] === zone) return undefined;
    if (namespace === "AWS/RDS" && name === "EngineUptime" && dimensions["Role"] === "WRITER")
      return clusters.includes(dimensions["DBClusterIdentifier"] ?? "") ? UPTIME : UNCHANGED;
    const group = groups.find(({ thing }) => thing.isOn(metric));
    if (group && name === "HealthyHostCount") return group.tasks - lostOf(group.tasks);
    if (group && name === "UnHealthyHostCount") return lostOf(group.tasks);
    const service = services.find(({ thing }) => thing.isOn(metric));
    if (service && name === "RunningTaskCount") return service.tasks - lostOf(service.tasks);
    if (namespace === "AWS/ApplicationELB" && !("AvailabilityZone" in dimensions))
      return name === "HTTPCode_ELB_5XX_Count" ? REJECTED : name === "RequestCount" && groups.length > 0 ? REQUESTS : UNCHANGED;
    return UNCHANGED;
  };
}

/** One node of each shard of a cache: its nodes are in different zones. */
const shardNodes = (graph: Graph): readonly Thing[] => cacheThings(graph).filter(({ what }) => what.includes("-001 "));

/** Names of the suppressed alarms that may have sent a message before their suppressor was in ALARM. */
function lateSuppressions(alarms: Alarms, fired: readonly MetricAlarm[]): readonly string[] {
  const earliest = new Map(fired.map((alarm) => [alarm.name, secondsOf(alarm)]));
  const latest = new Map(fired.map((alarm) => [alarm.name, secondsOf(alarm, true) + INGESTION + EVALUATION]));
  return [...alarms.composite.values()].flatMap(({ name, suppressor }) => {
    if (!suppressor) return [];
    const own = timeOf(alarms, name, earliest);
    const other = timeOf(alarms, suppressor.alarm, latest);
    return own !== undefined && other !== undefined && other > own + suppressor.wait ? [name] : [];
  });
}

/** The first second at which an alarm is in ALARM, with metric alarms that go to ALARM at these seconds. */
function timeOf(alarms: Alarms, name: string, seconds: ReadonlyMap<string, number>): number | undefined {
  const times = [...new Set(seconds.values())].sort((one, other) => one - other);
  return times.find((time) =>
    inAlarm(
      alarms,
      [...seconds].flatMap(([alarm, at]) => (at <= time ? [alarm] : [])),
    ).has(name),
  );
}
