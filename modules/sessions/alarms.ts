import type { Construct } from "constructs";
import type { Alerts } from "../monitoring/alerts";
import type { Metric, Widget } from "../monitoring/metric";

export interface SessionAlarmsProps {
  /** Receives the alarms and the events. */
  readonly alerts: Alerts;
  /** Name of the table, as a dimension of its metrics. */
  readonly table: string;
  /** API operations of the service: DynamoDB publishes system errors for each. */
  readonly operations: readonly string[];
  /** The other regions with a replica of the table. */
  readonly otherRegions: readonly string[];
}

/** DynamoDB normally replicates within seconds. */
const MAX_REPLICATION_MILLISECONDS = 60_000;

/** Alarms and widgets of one table. */
export function sessionAlarms(scope: Construct, { alerts, table, operations, otherRegions }: SessionAlarmsProps): Widget[] {
  const throttled = (["Read", "Write"] as const).map((kind) =>
    alerts.alarm(scope, `sessions-${kind.toLowerCase()}-throttled`, {
      severity: "critical",
      means: `DynamoDB throttles ${kind.toLowerCase()}s of sessions: more than the current capacity of the table, or too many for one session.`,
      metric: throttles(table, kind),
      when: { above: 0 },
      missingData: "notBreaching",
      runbook: "sessions.md#throttling",
    }),
  );
  const errors = operations.map((operation) =>
    alerts.alarm(scope, `sessions-errors-${operation}`, {
      severity: "critical",
      means: `DynamoDB returned an internal error for ${operation} on the sessions.`,
      metric: systemErrors(table, operation),
      when: { above: 0 },
      missingData: "notBreaching",
      runbook: "sessions.md#system-errors",
    }),
  );
  for (const region of otherRegions)
    alerts.alarm(scope, `sessions-replication-slow-${region}`, {
      severity: "warning",
      means: `Sessions need more than ${MAX_REPLICATION_MILLISECONDS / 1000} s to arrive in ${region}. The loss of this region would lose them.`,
      metric: replication(table, region),
      when: { above: MAX_REPLICATION_MILLISECONDS },
      missingData: "notBreaching",
      runbook: "sessions.md#replication",
    });
  alerts.composites.addComponent(scope, "sessions", [...throttled, ...errors], {
    runbook: "sessions.md#composite-alarm",
    clients: "requests with a session may fail",
  });
  return [
    { title: "Capacity that requests for sessions consume", metrics: [consumed(table, "Read"), consumed(table, "Write")] },
    { title: "Throttled session requests", metrics: [throttles(table, "Read"), throttles(table, "Write")] },
    { title: "System errors of DynamoDB (sessions)", metrics: operations.map((operation) => systemErrors(table, operation)) },
    ...(otherRegions.length > 0
      ? [
          {
            title: "Replication latency of sessions",
            metrics: otherRegions.map((region) => replication(table, region)),
            threshold: { value: MAX_REPLICATION_MILLISECONDS, label: "limit" },
          },
        ]
      : []),
  ];
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html */
function throttles(table: string, kind: "Read" | "Write"): Metric {
  return {
    namespace: "AWS/DynamoDB",
    name: `${kind}ThrottleEvents`,
    dimensions: { TableName: table },
    statistic: "Sum",
    label: `throttled ${kind.toLowerCase()}s`,
  };
}

function consumed(table: string, kind: "Read" | "Write"): Metric {
  return {
    namespace: "AWS/DynamoDB",
    name: `Consumed${kind}CapacityUnits`,
    dimensions: { TableName: table },
    statistic: "Sum",
    label: `${kind.toLowerCase()} units a minute`,
  };
}

function replication(table: string, region: string): Metric {
  return {
    namespace: "AWS/DynamoDB",
    name: "ReplicationLatency",
    dimensions: { TableName: table, ReceivingRegion: region },
    statistic: "Maximum",
    label: `milliseconds to ${region}`,
  };
}

function systemErrors(table: string, operation: string): Metric {
  return {
    namespace: "AWS/DynamoDB",
    name: "SystemErrors",
    dimensions: { TableName: table, Operation: operation },
    statistic: "Sum",
    label: operation,
  };
}
