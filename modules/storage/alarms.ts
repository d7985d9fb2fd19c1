import type { Construct } from "constructs";
import type { Alerts } from "../monitoring/alerts";
import type { Metric } from "../monitoring/metric";

/** A pair of buckets in two regions, between which S3 replicates objects. */
export interface ReplicatedPair {
  readonly source: string;
  readonly destination: string;
  /** Id of the replication rule. */
  readonly rule: string;
}

export interface ReplicationAlarmsProps {
  /** Receives the alarms and the events. */
  readonly alerts: Alerts;
  /** Distinguishes the alarms of a bucket: `transaction-logs`. */
  readonly purpose: string;
  /** The pairs from the region's own bucket, and to it, by the other region. */
  readonly from: ReadonlyMap<string, ReplicatedPair>;
  /** The pairs to the region's own bucket, by the other region. */
  readonly to: ReadonlyMap<string, ReplicatedPair>;
}

const MAX_LAG_SECONDS = 900;

/**
 * Alarms on the replication of one bucket. S3 publishes failures in the region of the source, and the lag in the region of the
 * destination.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/repl-metrics.html
 */
export function replicationAlarms(scope: Construct, { alerts, purpose, from, to }: ReplicationAlarmsProps): void {
  for (const [region, pair] of from)
    alerts.alarm(scope, `replication-failed-${purpose}-${region}`, {
      severity: "critical",
      means: `S3 did not replicate an object of ${purpose} to ${region}. The loss of this region would lose the object.`,
      metric: metric("OperationsFailedReplication", pair, "Sum", "failed operations"),
      when: { above: 0 },
      missingData: "notBreaching",
      runbook: "storage.md#replication-failed",
    });
  for (const [region, pair] of to)
    alerts.alarm(scope, `replication-late-${purpose}-${region}`, {
      severity: "warning",
      means: `Objects of ${purpose} from ${region} arrive more than ${MAX_LAG_SECONDS / 60} minutes late. The loss of ${region} would lose them.`,
      metric: metric("ReplicationLatency", pair, "Maximum", `seconds behind ${region}`),
      when: { above: MAX_LAG_SECONDS },
      missingData: "notBreaching",
      runbook: "storage.md#replication-late",
    });
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html#s3-cloudwatch-replication-metrics */
function metric(name: string, { source, destination, rule }: ReplicatedPair, statistic: "Maximum" | "Sum", label: string): Metric {
  return {
    namespace: "AWS/S3",
    name,
    dimensions: { SourceBucket: source, DestinationBucket: destination, RuleId: rule },
    statistic,
    label,
  };
}
