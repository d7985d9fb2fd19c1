import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import { cpuLimitForLoss } from "../../config/capacity";
import type { Metric, Widget } from "../monitoring/metric";
import { databaseEvents, type DatabaseEventsProps } from "./events";

export interface DatabaseAlarmsProps extends DatabaseEventsProps {
  /** Identifier of the cluster as a metric dimension. */
  readonly cluster: string;
  /** The instances that Terraform creates: identifier as a reference and as a metric dimension, placement name, and zone. */
  readonly instances: readonly { readonly id: string; readonly identifier: string; readonly placement: string; readonly zone: string }[];
  /** Role of the cluster in a global database when Terraform creates it. Runbooks may change the role. */
  readonly role: "alone" | "primary" | "secondary";
  /** Lag of a reader behind the writer, in milliseconds, above which an alarm fires. */
  readonly maxReplicaLagMilliseconds: number;
  /** Lag of a secondary behind the primary region above which the alarm fires. */
  readonly maxGlobalLagMilliseconds: number;
  /** Whether the cluster has backtrack. */
  readonly backtrack: boolean;
}

const MAX_WRITER_CPU_PERCENT = 90;
/** With two readers, each can take over what the other reads; with one, no other reader can. */
const MIN_READERS = 2;
/** An engine with a shorter uptime restarted or failed over within the last minutes. */
const MIN_ENGINE_UPTIME_SECONDS = 120;

/** Alarms, events and widgets of one Aurora cluster. */
export function databaseAlarms(
  scope: Construct,
  props: DatabaseAlarmsProps,
): { widgets: Widget[]; zoneAlarms: Map<string, CloudwatchMetricAlarm[]> } {
  const { alerts, cluster, instances } = props;
  const metrics = databaseMetrics(cluster);
  const alarms = [
    ...writerAlarms(scope, props, metrics),
    ...(props.role === "secondary" && instances.length < 2 ? [] : [replicaLagAlarm(scope, props, metrics)]),
    ...(props.role === "alone" ? [] : [globalLagAlarm(scope, props)]),
    ...(props.backtrack ? [backtrackAlarm(scope, props, metrics)] : []),
    ...(instances.length - 1 >= MIN_READERS ? [readersAlarm(scope, props, metrics)] : []),
  ];
  alerts.composites.addComponent(scope, "database", alarms, {
    runbook: "database.md#composite-alarm",
    clients: "writes may fail, reads may be slow",
    within: "zone",
  });
  databaseEvents(scope, props);
  return { widgets: widgets(props, metrics), zoneAlarms: instanceAlarms(scope, props) };
}

/** An alarm for each instance, regardless of its role: Aurora decides the roles. */
function instanceAlarms(scope: Construct, { alerts, instances }: DatabaseAlarmsProps): Map<string, CloudwatchMetricAlarm[]> {
  const alarms = new Map<string, CloudwatchMetricAlarm[]>();
  for (const { identifier, placement, zone } of instances) {
    const alarm = alerts.alarm(scope, `instance-down-${placement}`, {
      severity: "critical",
      means: `The database instance ${identifier} reports no metric. A failover has one candidate fewer.`,
      metric: {
        namespace: "AWS/RDS",
        name: "EngineUptime",
        dimensions: { DBInstanceIdentifier: identifier },
        statistic: "Minimum",
        label: placement,
      },
      when: { below: 1 },
      missingData: "breaching",
      runbook: "zone.md#database-instance",
    });
    alarms.set(zone, [...(alarms.get(zone) ?? []), alarm]);
  }
  return alarms;
}

function widgets(props: DatabaseAlarmsProps, metrics: ReturnType<typeof databaseMetrics>): Widget[] {
  const { cluster, role } = props;
  return [
    {
      title: "Replica lag of the database",
      metrics: [metrics.lag],
      threshold: { value: props.maxReplicaLagMilliseconds, label: "limit" },
    },
    { title: "Writer uptime (zero after a failover)", metrics: [metrics.uptime] },
    { title: "Writer", metrics: [metrics.cpu, metrics.connections] },
    { title: "Readers", metrics: [metrics.readersCpu, metrics.readersConnections] },
    { title: "Commit latency of the writer", metrics: [metrics.commitLatency] },
    ...(role === "alone"
      ? []
      : [
          {
            title: "Lag behind the primary region",
            metrics: [globalLag(cluster)],
            threshold: { value: props.maxGlobalLagMilliseconds, label: "limit" },
          },
        ]),
    ...(props.backtrack ? [{ title: "Backtrack window: minutes by which it is too short", metrics: [metrics.backtrackWindow] }] : []),
  ];
}

/**
 * In a global database only the primary has a writer, and a takeover changes the primary: missing data is not breaching. The
 * fence of the region reports a primary whose writer is silent.
 */
function writerAlarms(
  scope: Construct,
  { alerts, role }: DatabaseAlarmsProps,
  metrics: ReturnType<typeof databaseMetrics>,
): CloudwatchMetricAlarm[] {
  const down = alerts.alarm(scope, "writer-down", {
    severity: "critical",
    means: "The writer reports no metric, or started less than two minutes ago: it restarted or failed over.",
    metric: metrics.uptime,
    when: { below: MIN_ENGINE_UPTIME_SECONDS },
    missingData: role === "alone" ? "breaching" : "notBreaching",
    runbook: "database.md#writer-down",
  });
  const cpu = alerts.alarm(scope, "writer-cpu-high", {
    severity: "warning",
    means: `The writer uses more than ${MAX_WRITER_CPU_PERCENT} % of its CPU and has no capacity for more load.`,
    metric: metrics.cpu,
    when: { above: MAX_WRITER_CPU_PERCENT },
    missingData: "notBreaching",
    runbook: "database.md#writer-load",
  });
  return [down, cpu];
}

function readersAlarm(
  scope: Construct,
  { alerts, instances }: DatabaseAlarmsProps,
  metrics: ReturnType<typeof databaseMetrics>,
): CloudwatchMetricAlarm {
  const readers = instances.length - 1;
  const limit = cpuLimitForLoss(readers, 1);
  return alerts.alarm(scope, "readers-cpu-high", {
    severity: "warning",
    means: `The readers use more than ${limit} % of their CPU. When one of the ${readers} is lost, or becomes the writer, the others cannot take over its load.`,
    metric: metrics.readersCpu,
    when: { above: limit },
    missingData: "notBreaching",
    runbook: "database.md#reader-load",
  });
}

function replicaLagAlarm(
  scope: Construct,
  { alerts, role, maxReplicaLagMilliseconds }: DatabaseAlarmsProps,
  metrics: ReturnType<typeof databaseMetrics>,
): CloudwatchMetricAlarm {
  return alerts.alarm(scope, "replica-lag-high", {
    severity: "critical",
    means: `A reader is more than ${maxReplicaLagMilliseconds} ms behind the writer. It is a worse candidate for promotion.`,
    metric: metrics.lag,
    when: { above: maxReplicaLagMilliseconds },
    // AWS does not document whether a secondary of a global database reports this lag. Each instance has an alarm of its own.
    missingData: role === "alone" ? "breaching" : "notBreaching",
    runbook: "database.md#replica-lag",
  });
}

/**
 * The region of a secondary reports the lag between regions; a primary reports none. The fence of the region reports a
 * secondary without a lag.
 */
function globalLagAlarm(scope: Construct, { alerts, cluster, maxGlobalLagMilliseconds }: DatabaseAlarmsProps): CloudwatchMetricAlarm {
  return alerts.alarm(scope, "global-lag-high", {
    severity: "critical",
    means: `This region is more than ${maxGlobalLagMilliseconds} ms behind the primary. A failover to it at this moment would lose the difference.`,
    metric: globalLag(cluster),
    when: { above: maxGlobalLagMilliseconds },
    missingData: "notBreaching",
    runbook: "database.md#global-lag",
  });
}

/** Aurora shortens the window automatically when it cannot store all changes. */
function backtrackAlarm(
  scope: Construct,
  { alerts }: DatabaseAlarmsProps,
  metrics: ReturnType<typeof databaseMetrics>,
): CloudwatchMetricAlarm {
  return alerts.alarm(scope, "backtrack-window-short", {
    severity: "critical",
    means: "The backtrack window is shorter than configured: there are more changes than Aurora can store.",
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
  const readers = { ...whole, Role: "READER" };
  return {
    lag: { namespace, name: "AuroraReplicaLagMaximum", dimensions: whole, statistic: "Maximum", label: "milliseconds behind" },
    uptime: { namespace, name: "EngineUptime", dimensions: writer, statistic: "Minimum", label: "seconds up" },
    cpu: { namespace, name: "CPUUtilization", dimensions: writer, statistic: "Average", label: "CPU percent" },
    readersCpu: {
      namespace,
      name: "CPUUtilization",
      dimensions: readers,
      statistic: "Average",
      label: "CPU percent of the readers",
    },
    connections: { namespace, name: "DatabaseConnections", dimensions: writer, statistic: "Sum", label: "connections" },
    readersConnections: {
      namespace,
      name: "DatabaseConnections",
      dimensions: readers,
      statistic: "Sum",
      label: "connections of the readers",
    },
    commitLatency: { namespace, name: "CommitLatency", dimensions: writer, statistic: "Average", label: "milliseconds" },
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
