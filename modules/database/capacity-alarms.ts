import { Construct } from "constructs";
import type { Alerts } from "../monitoring/alerts";
import type { Metric, Widget } from "../monitoring/metric";

export interface DatabaseCapacityAlarmsProps {
  /** Receives the alarms and the events. */
  readonly alerts: Alerts;
  /** Identifier of the cluster as a metric dimension. */
  readonly cluster: string;
  /** Engine of the cluster. The alarm on transaction IDs exists for PostgreSQL only. */
  readonly engine: "aurora-postgresql" | "aurora-mysql";
  /** Instance class: `db.t4g.medium`. */
  readonly instanceClass: string;
}

const MEBIBYTE = 2 ** 20;
/** With less, an instance is close to a restart for lack of memory, or to cancelled queries. */
const MIN_FREEABLE_MEMORY_BYTES = 256 * MEBIBYTE;
/** Local storage holds temporary tables and logs. Its size depends on the class. */
const MIN_FREE_LOCAL_STORAGE_BYTES = 2048 * MEBIBYTE;
/** Half of the transaction ids of PostgreSQL. Close to the other half, the engine rejects every write until a vacuum. */
const MAX_USED_TRANSACTION_IDS = 1_000_000_000;
/** RDS publishes credits every five minutes. A new instance starts without credits. */
const CREDITS = { periodSeconds: 300, periods: 3 };

/**
 * Warnings of what the instances of a cluster run out of, and widgets. Each metric is that of the worst instance.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
 */
export function databaseCapacityAlarms(
  scope: Construct,
  { alerts, cluster, engine, instanceClass }: DatabaseCapacityAlarmsProps,
): Widget[] {
  const metric = (name: string, statistic: "Maximum" | "Minimum", label: string): Metric => ({
    namespace: "AWS/RDS",
    name,
    dimensions: { DBClusterIdentifier: cluster },
    statistic,
    label,
  });
  const memory = metric("FreeableMemory", "Minimum", "bytes of freeable memory");
  const storage = metric("FreeLocalStorage", "Minimum", "bytes of local storage");
  // The alarms on the uptime report an instance without data.
  const warning = { severity: "warning", missingData: "notBreaching" } as const;
  const alarms = [
    alerts.alarm(scope, "database-memory-low", {
      ...warning,
      means: `An instance has less than ${MIN_FREEABLE_MEMORY_BYTES / MEBIBYTE} MiB of freeable memory. Without memory, the engine restarts.`,
      metric: memory,
      when: { below: MIN_FREEABLE_MEMORY_BYTES },
      runbook: "database.md#memory",
    }),
    alerts.alarm(scope, "database-local-storage-low", {
      ...warning,
      means: `An instance has less than ${MIN_FREE_LOCAL_STORAGE_BYTES / MEBIBYTE} MiB of local storage. Without it, large queries and index builds fail.`,
      metric: storage,
      when: { below: MIN_FREE_LOCAL_STORAGE_BYTES },
      runbook: "database.md#local-storage",
    }),
    alerts.alarm(scope, "database-deadlocks", {
      ...warning,
      means: "The engine ended a transaction because of a deadlock. The program must repeat it.",
      metric: metric("Deadlocks", "Maximum", "deadlocks a second"),
      when: { above: 0 },
      runbook: "database.md#deadlocks",
    }),
    ...(engine === "aurora-postgresql"
      ? [
          alerts.alarm(scope, "transaction-ids-high", {
            ...warning,
            means: `The oldest transaction id is more than ${MAX_USED_TRANSACTION_IDS} transactions old. Close to 2 billion, PostgreSQL rejects every write.`,
            metric: metric("MaximumUsedTransactionIDs", "Maximum", "transaction ids"),
            when: { above: MAX_USED_TRANSACTION_IDS },
            runbook: "database.md#transaction-ids",
          }),
        ]
      : []),
    ...(instanceClass.startsWith("db.t")
      ? [
          alerts.alarm(scope, "database-credits-low", {
            ...warning,
            ...CREDITS,
            means: `An instance of class ${instanceClass} has used all its CPU credits. AWS can charge for its CPU use above the baseline.`,
            metric: metric("CPUCreditBalance", "Minimum", "CPU credits"),
            when: { below: 1 },
            runbook: "database.md#cpu-credits",
          }),
        ]
      : []),
  ];
  alerts.composites.addComponent(new Construct(scope, "capacity"), "database-capacity", alarms, {
    runbook: "database.md#memory",
    clients: "writes will fail if nothing is done",
  });
  return [{ title: "Free memory and local storage of the worst database instance", metrics: [memory, storage] }];
}
