import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import type { Alerts } from "../monitoring/alerts";
import type { Metric, Widget } from "../monitoring/metric";

export interface DatabaseAlarmsProps {
  readonly alerts: Alerts;
  /** Identifier of the cluster, as metrics name it. */
  readonly cluster: string;
  /** The same as a reference: what events are subscribed to must exist. */
  readonly clusterId: string;
  /** The instances that Terraform made: identifier, as a reference and as metrics name it, place, and zone. */
  readonly instances: readonly { readonly id: string; readonly identifier: string; readonly place: string; readonly zone: string }[];
  /** Parameter group of the instances, as a reference: a change of it that nobody deployed is for people to know. */
  readonly parameterGroup: string;
  /** Where the cluster stands in a global database as Terraform made it; runbooks may change that. */
  readonly role: "alone" | "primary" | "secondary";
  readonly maxReplicaLagMilliseconds: number;
  /** Lag of a secondary behind the primary's region at which an alarm rings. */
  readonly maxGlobalLagMilliseconds: number;
  /** Whether the cluster can be taken back in place. */
  readonly backtrack: boolean;
}

/** Name of the alarm that rings while a region is too far behind the primary. */
export const GLOBAL_LAG_ALARM = "global-lag-high";

const MAX_WRITER_CPU_PERCENT = 90;
/** An engine younger than this has restarted or failed over within the last minutes. */
const YOUNG_ENGINE_SECONDS = 120;

/** Alarms, events and widgets of one Aurora cluster. */
export function databaseAlarms(
  scope: Construct,
  watched: DatabaseAlarmsProps,
): { widgets: Widget[]; zoneAlarms: Map<string, CloudwatchMetricAlarm[]> } {
  const { alerts, cluster, instances } = watched;
  const metrics = databaseMetrics(cluster);
  const alarms = [
    ...watchWriter(scope, watched, metrics),
    ...(watched.role === "secondary" ? [] : [watchReaders(scope, watched, metrics)]),
    ...(watched.backtrack ? [watchBacktrack(scope, watched, metrics)] : []),
  ];
  alerts.composites.tier(scope, "database", alarms, "database.md#tier");
  // In no tier: in a region that has taken over it rings until the roles are led back, and must not hide what comes then.
  if (watched.role !== "alone") watchGlobal(scope, watched);
  alerts.databaseEvents(
    scope,
    "db-cluster",
    "db-cluster",
    [watched.clusterId],
    ["failover", "failure", "global-failover", "maintenance", "notification"],
  );
  if (instances.length > 0)
    alerts.databaseEvents(
      scope,
      "db-instance",
      "db-instance",
      instances.map(({ id }) => id),
      ["availability", "configuration change", "failure", "low storage", "maintenance", "recovery"],
    );
  alerts.databaseEvents(scope, "db-parameter-group", "db-parameter-group", [watched.parameterGroup], ["configuration change"]);
  return { widgets: widgets(watched, metrics), zoneAlarms: watchZones(scope, watched) };
}

/** Whether each instance is there; what it does is the cluster's to decide. */
function watchZones(scope: Construct, { alerts, instances }: DatabaseAlarmsProps): Map<string, CloudwatchMetricAlarm[]> {
  const alarms = new Map<string, CloudwatchMetricAlarm[]>();
  for (const { identifier, place, zone } of instances) {
    const alarm = alerts.alarm(scope, `instance-down-${place}`, {
      severity: "critical",
      means: `The database instance ${identifier} reports nothing: one fewer to fail over to.`,
      metric: {
        namespace: "AWS/RDS",
        name: "EngineUptime",
        dimensions: { DBInstanceIdentifier: identifier },
        statistic: "Minimum",
        label: place,
      },
      when: { below: 1 },
      missingData: "breaching",
      runbook: "zone.md#database-instance",
    });
    alarms.set(zone, [...(alarms.get(zone) ?? []), alarm]);
  }
  return alarms;
}

function widgets(watched: DatabaseAlarmsProps, metrics: ReturnType<typeof databaseMetrics>): Widget[] {
  const { cluster, role } = watched;
  return [
    {
      title: "Replica lag",
      metrics: [metrics.lag],
      threshold: { value: watched.maxReplicaLagMilliseconds, label: "limit" },
    },
    { title: "Uptime of the writer: falls to zero at a failover", metrics: [metrics.uptime] },
    { title: "Writer", metrics: [metrics.cpu, metrics.connections] },
    ...(role === "alone"
      ? []
      : [
          {
            title: "Behind the primary region",
            metrics: [globalLag(cluster)],
            threshold: { value: watched.maxGlobalLagMilliseconds, label: "limit" },
          },
        ]),
    ...(watched.backtrack ? [{ title: "How far back the data can be taken", metrics: [metrics.backtrackWindow] }] : []),
  ];
}

/** A secondary has no writer until it takes over: until then, nobody reports, and that is well. */
function watchWriter(
  scope: Construct,
  { alerts, role }: DatabaseAlarmsProps,
  metrics: ReturnType<typeof databaseMetrics>,
): CloudwatchMetricAlarm[] {
  const down = alerts.alarm(scope, "writer-down", {
    severity: "critical",
    means: "The writer reports nothing, or has started within the last two minutes: it restarted or failed over.",
    metric: metrics.uptime,
    when: { below: YOUNG_ENGINE_SECONDS },
    missingData: role === "secondary" ? "notBreaching" : "breaching",
    runbook: "database.md#writer-down",
  });
  const cpu = alerts.alarm(scope, "writer-cpu-high", {
    severity: "warning",
    means: "The writer has no processor time left for more load.",
    metric: metrics.cpu,
    when: { above: MAX_WRITER_CPU_PERCENT },
    missingData: "notBreaching",
    runbook: "database.md#writer-load",
  });
  return [down, cpu];
}

function watchReaders(
  scope: Construct,
  { alerts, maxReplicaLagMilliseconds }: DatabaseAlarmsProps,
  metrics: ReturnType<typeof databaseMetrics>,
): CloudwatchMetricAlarm {
  return alerts.alarm(scope, "replica-lag-high", {
    severity: "critical",
    means: `A reader is more than ${maxReplicaLagMilliseconds} ms behind the writer, and would lose time when promoted.`,
    metric: metrics.lag,
    when: { above: maxReplicaLagMilliseconds },
    missingData: "breaching",
    runbook: "database.md#replica-lag",
  });
}

/** The lag between regions is measured, and reported, where the secondary is: in the primary's region once roles are changed. */
function watchGlobal(scope: Construct, { alerts, cluster, role, instances, maxGlobalLagMilliseconds }: DatabaseAlarmsProps): void {
  alerts.alarm(scope, GLOBAL_LAG_ALARM, {
    severity: "critical",
    means: `This region is more than ${maxGlobalLagMilliseconds} ms behind the primary: that much would be lost if it took over now.`,
    metric: globalLag(cluster),
    when: { above: maxGlobalLagMilliseconds },
    // Whether a cluster without an instance reports its lag is nowhere said.
    missingData: role === "primary" ? "notBreaching" : instances.length > 0 ? "breaching" : "missing",
    runbook: "database.md#global-lag",
  });
}

/** Aurora shortens the window by itself when changes are too many to keep. */
function watchBacktrack(
  scope: Construct,
  { alerts }: DatabaseAlarmsProps,
  metrics: ReturnType<typeof databaseMetrics>,
): CloudwatchMetricAlarm {
  return alerts.alarm(scope, "backtrack-window-short", {
    severity: "critical",
    means: "The data cannot be taken back as far as was asked for: there are too many changes to keep.",
    metric: metrics.backtrackAlert,
    when: { above: 0 },
    missingData: "notBreaching",
    runbook: "database.md#backtrack-window",
  });
}

/**
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
 */
function databaseMetrics(cluster: string) {
  const namespace = "AWS/RDS";
  const whole = { DBClusterIdentifier: cluster };
  const writer = { ...whole, Role: "WRITER" };
  return {
    lag: { namespace, name: "AuroraReplicaLagMaximum", dimensions: whole, statistic: "Maximum", label: "milliseconds behind" },
    uptime: { namespace, name: "EngineUptime", dimensions: writer, statistic: "Minimum", label: "seconds up" },
    cpu: { namespace, name: "CPUUtilization", dimensions: writer, statistic: "Average", label: "CPU percent" },
    connections: { namespace, name: "DatabaseConnections", dimensions: writer, statistic: "Sum", label: "connections" },
    backtrackAlert: { namespace, name: "BacktrackWindowAlert", dimensions: whole, statistic: "Sum", label: "window too short" },
    backtrackWindow: { namespace, name: "BacktrackWindowActual", dimensions: whole, statistic: "Minimum", label: "minutes" },
  } satisfies Record<string, Metric>;
}

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-monitoring.html */
function globalLag(cluster: string): Metric {
  return {
    namespace: "AWS/RDS",
    name: "AuroraGlobalDBReplicationLag",
    dimensions: { DBClusterIdentifier: cluster },
    statistic: "Maximum",
    label: "milliseconds behind the primary region",
  };
}
