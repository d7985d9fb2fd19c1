import type { Construct } from "constructs";
import type { Alerts } from "../monitoring/alerts";

export interface DatabaseEventsProps {
  /** Receives the alarms and the events. */
  readonly alerts: Alerts;
  /** Identifier of the cluster as a reference: the source of an event subscription must exist. */
  readonly clusterId: string;
  /** ARN of the cluster as a literal, for event patterns. */
  readonly clusterArn: string;
  /** The instances that Terraform creates, by their identifiers as references. */
  readonly instances: readonly { readonly id: string }[];
  /** Parameter group of the instances, as a reference: on-call is notified of every change, also outside Terraform. */
  readonly parameterGroup: string;
}

/**
 * A failover consists of several events. On-call receives its end or its failure; all of them, and those of the instances, are details.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Events.Messages.html
 */
export function databaseEvents(scope: Construct, { alerts, clusterArn, clusterId, instances, parameterGroup }: DatabaseEventsProps): void {
  alerts.event(scope, "database-failover", {
    means: "The database failed over, or a failover failed",
    clients: "errors for up to a minute",
    pattern: {
      source: ["aws.rds"],
      "detail-type": ["RDS DB Cluster Event"],
      // 0069: failed. 0071: completed.
      detail: { SourceArn: [clusterArn], EventID: ["RDS-EVENT-0069", "RDS-EVENT-0071"] },
    },
    paths: { message: "$.detail.Message", cluster: "$.detail.SourceArn" },
    sentence: "<cluster>: <message>",
    runbook: "database.md#failover",
  });
  alerts.databaseEvents(
    scope,
    "db-cluster",
    "on-call",
    "db-cluster",
    [clusterId],
    ["failure", "global-failover", "maintenance", "notification"],
  );
  alerts.databaseEvents(scope, "db-cluster-details", "details", "db-cluster", [clusterId], ["failover"]);
  const ids = instances.map(({ id }) => id);
  if (ids.length > 0) {
    alerts.databaseEvents(scope, "db-instance", "on-call", "db-instance", ids, [
      "configuration change",
      "failure",
      "low storage",
      "maintenance",
    ]);
    alerts.databaseEvents(scope, "db-instance-details", "details", "db-instance", ids, ["availability", "recovery"]);
  }
  alerts.databaseEvents(scope, "db-parameter-group", "on-call", "db-parameter-group", [parameterGroup], ["configuration change"]);
}
