import type { Construct } from "constructs";
import type { Alerts } from "../monitoring/alerts";
import type { Metric, Widget } from "../monitoring/metric";

export interface SessionAlarmsProps {
  readonly alerts: Alerts;
  readonly table: string;
  /** API operations of the service: DynamoDB publishes system errors for each. */
  readonly operations: readonly string[];
}

/** Alarms and widgets of one table. */
export function sessionAlarms(scope: Construct, { alerts, table, operations }: SessionAlarmsProps): Widget[] {
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
  alerts.composites.addComponent(scope, "sessions", [...throttled, ...errors], "sessions.md#composite-alarm");
  return [
    { title: "Throttled session requests", metrics: [throttles(table, "Read"), throttles(table, "Write")] },
    { title: "System errors of DynamoDB (sessions)", metrics: operations.map((operation) => systemErrors(table, operation)) },
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

function systemErrors(table: string, operation: string): Metric {
  return {
    namespace: "AWS/DynamoDB",
    name: "SystemErrors",
    dimensions: { TableName: table, Operation: operation },
    statistic: "Sum",
    label: operation,
  };
}
