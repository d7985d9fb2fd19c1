import type { Construct } from "constructs";
import type { Alerts } from "../monitoring/alerts";
import type { Metric, Widget } from "../monitoring/metric";

export interface SessionAlarmsProps {
  readonly alerts: Alerts;
  readonly table: string;
  /** API operations that the service uses: DynamoDB counts its own errors for each. */
  readonly operations: readonly string[];
}

/** Alarms and widgets of one table. */
export function sessionAlarms(scope: Construct, { alerts, table, operations }: SessionAlarmsProps): Widget[] {
  const throttled = (["Read", "Write"] as const).map((kind) =>
    alerts.alarm(scope, `sessions-${kind.toLowerCase()}-throttled`, {
      severity: "critical",
      means: `DynamoDB turns ${kind.toLowerCase()}s of sessions away: more than the table takes at this moment, or too many for one session.`,
      metric: throttles(table, kind),
      when: { above: 0 },
      missingData: "notBreaching",
      runbook: "sessions.md#throttling",
    }),
  );
  const errors = operations.map((operation) =>
    alerts.alarm(scope, `sessions-errors-${operation}`, {
      severity: "critical",
      means: `${operation} on the sessions fails inside DynamoDB.`,
      metric: systemErrors(table, operation),
      when: { above: 0 },
      missingData: "notBreaching",
      runbook: "sessions.md#system-errors",
    }),
  );
  alerts.composites.tier(scope, "sessions", [...throttled, ...errors], "sessions.md#tier");
  return [
    { title: "Sessions turned away", metrics: [throttles(table, "Read"), throttles(table, "Write")] },
    { title: "Errors inside DynamoDB", metrics: operations.map((operation) => systemErrors(table, operation)) },
  ];
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html */
function throttles(table: string, kind: "Read" | "Write"): Metric {
  return {
    namespace: "AWS/DynamoDB",
    name: `${kind}ThrottleEvents`,
    dimensions: { TableName: table },
    statistic: "Sum",
    label: `${kind.toLowerCase()}s turned away`,
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
