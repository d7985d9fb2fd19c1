import { alarmsOf } from "../alarms/alarms";
import { type MetricAlarm, reaction, secondsOf } from "../alarms/metric-alarm";
import { notifies } from "../alarms/notifications";
import { roleAllows } from "../alarms/permissions";
import { customAlarms, type Publisher, publishersOf } from "../alarms/publishers";
import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";
import { type Claim, decided, notApplicable } from "./claim";

/** Seconds between two checks of the writer. */
const LIMIT = 60;
/** What a function needs to see whether metrics are silent. */
const READS = ["cloudwatch:GetMetricStatistics", "cloudwatch:GetMetricData"];

/** A cluster of a global database, in the stack of its region. */
interface Member {
  readonly graph: Graph;
  readonly cluster: Resource;
}

export const WRITER_CLAIM: Claim = {
  id: "A4",
  title: "In every region that can have the writer of the global database, the silence of the writer notifies on-call, as in the primary",
  decide: (graph, stacks) => {
    const members = stacks.flatMap((stack) => membersOf(stack));
    const own = membersOf(graph);
    if (members.length < 2 || own.length === 0) return notApplicable("There is no global database in several regions.");
    const alarms = own.flatMap((member) => watching(member));
    const faults = own.flatMap((member) => [
      ...silenceFaults(member, stacks),
      ...members.flatMap((other) => differences(member, other)),
      ...watching(member)
        .filter(({ name }) => notifies(graph, stacks, name).length === 0)
        .map(({ resource }) => `${resource.address} watches the writer and does not notify on-call.`),
    ]);
    return decided(
      [...new Set(faults)],
      alarms.map(({ resource }) => resource.address),
      "Each region has the same alarms on its writer, and one goes to ALARM when it is silent.",
    );
  },
};

function membersOf(graph: Graph): readonly Member[] {
  return graph
    .all("aws_rds_cluster")
    .filter(({ values }) => values["global_cluster_identifier"] !== undefined)
    .map((cluster) => ({ graph, cluster }));
}

/** The functions that check the cluster, and publish what they read. */
function observers({ graph, cluster }: Member): readonly Publisher[] {
  const names = [graph.text(cluster.values["cluster_identifier"]), graph.arn(cluster)].filter((name) => name !== undefined);
  return publishersOf(graph).filter(({ variables }) => names.some((name) => variables.split("\n").includes(name)));
}

/** The alarms on the writer: on its own metrics, and on what a function says of it. */
function watching(member: Member): readonly MetricAlarm[] {
  return [...onWriter(member), ...observed(member)];
}

function onWriter({ graph, cluster }: Member): readonly MetricAlarm[] {
  const id = graph.text(cluster.values["cluster_identifier"]);
  return [...alarmsOf(graph).metric.values()].filter(({ metrics }) =>
    metrics.some(
      ({ namespace, dimensions }) => namespace === "AWS/RDS" && dimensions["DBClusterIdentifier"] === id && dimensions["Role"] === "WRITER",
    ),
  );
}

function observed(member: Member): readonly MetricAlarm[] {
  const namespaces = observers(member).flatMap((publisher) => publisher.namespaces);
  return customAlarms(member.graph).filter(({ metrics }) => metrics.every(({ namespace }) => namespaces.includes(namespace)));
}

/** The values for which two alarms are compared. */
const SAMPLES = [undefined, 0, 1, 10, 59, 60, 90, 95, 100, 119, 120, 1000, 60_000, 1e9] as const;

/** What an alarm watches, and what it does with each value. */
function behaviour(alarm: MetricAlarm): string {
  const metrics = alarm.metrics.map(({ namespace, name, dimensions, statistic }) =>
    [namespace, name, statistic, ...Object.entries(dimensions).map(([key, value]) => (key === "Role" ? `${key} ${value}` : key))].join("/"),
  );
  return [...metrics, secondsOf(alarm), ...SAMPLES.map((sample) => reaction(alarm, () => sample))].join(" ");
}

/** What an alarm of another member watches and no alarm of this one does, or does otherwise. */
function differences(member: Member, other: Member): readonly string[] {
  const own = new Set(watching(member).map(behaviour));
  return watching(other)
    .filter((alarm) => !own.has(behaviour(alarm)))
    .map(
      ({ resource, metrics }) =>
        `${member.cluster.address} in ${String(member.graph.region)} has no alarm that does the same as ${resource.address} in ${String(other.graph.region)}, which watches ${metrics.map(({ name }) => name).join(" and ")}.`,
    );
}

/** Why on-call is not notified that the writer is silent, after this region has taken over. */
function silenceFaults(member: Member, stacks: readonly Graph[]): readonly string[] {
  const { graph, cluster } = member;
  const isHeard = (alarm: MetricAlarm): boolean => notifies(graph, stacks, alarm.name).length > 0;
  if (onWriter(member).some((alarm) => reaction(alarm, () => undefined) === "ALARM" && isHeard(alarm))) return [];
  const quick = observers(member).filter(
    ({ interval, role }) => interval !== undefined && interval <= LIMIT && role && READS.some((action) => roleAllows(role, action, "*")),
  );
  if (quick.length === 0)
    return [
      `The silence of the writer of ${cluster.address} is not breaching, and no function reads its metrics every minute and publishes what it sees.`,
    ];
  const alarms = observed(member);
  const onFact = alarms.filter(
    (alarm) => reaction(alarm, () => 1) === "ALARM" && reaction(alarm, () => 0) === "OK" && secondsOf(alarm) <= LIMIT,
  );
  const onSilence = alarms.filter((alarm) => reaction(alarm, () => undefined) === "ALARM" && secondsOf(alarm, true) <= LIMIT);
  return [
    ...(onFact.some((alarm) => !onSilence.includes(alarm) && isHeard(alarm))
      ? []
      : [`No alarm notifies of what ${quick[0]?.resource.address ?? ""} says of the writer.`]),
    ...(onSilence.some(isHeard) ? [] : [`No alarm notifies within ${LIMIT} s that ${quick[0]?.resource.address ?? ""} says nothing.`]),
  ];
}
