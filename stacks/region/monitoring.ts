import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { failoverAlertsRegion } from "../../config/failover-alerts";
import { BUCKETS } from "../../config/stores";
import { AlertForwarding } from "../../modules/alert-forwarding/alert-forwarding";
import { AlertQueue } from "../../modules/alert-forwarding/alert-queue";
import { Canary } from "../../modules/canary/canary";
import type { Aurora } from "../../modules/database/aurora";
import type { LoadBalancer } from "../../modules/load-balancer/load-balancer";
import { Heartbeat } from "../../modules/monitoring/heartbeat";
import type { Widget } from "../../modules/monitoring/metric";
import type { Network } from "../../modules/network/network";
import type { AccessLogBucket } from "../../modules/storage/access-log-bucket";
import { Bucket } from "../../modules/storage/bucket";
import { aliveMetric } from "../alive-metric";
import { canaryTargets } from "../domains";
import { failoverAlertsTopicArn } from "../failover-alerts";
import type { RegionContext } from "./context";

const ARTIFACT_RETENTION_DAYS = 30;

/** Canaries that request the other regions: a lost region cannot report its own loss. */
export function createCanaries(
  { stack, config, region, scope, logs, keys, retention, alerts }: RegionContext,
  accessLogs: AccessLogBucket,
): { readonly widgets: readonly Widget[]; readonly alarms: ReadonlyMap<string, CloudwatchMetricAlarm> } | undefined {
  if (!config.canaries.enabled) return undefined;
  const keyArn = keys.arn("canaries");
  const { bucketName, bucketArn } = new Bucket(stack, "canary-results", {
    names: scope.names,
    purpose: BUCKETS.canaryResults,
    keyArn,
    accessLogs,
    forceDestroy: retention.forceDestroy,
    lifecycle: {
      expiration: [{ days: ARTIFACT_RETENTION_DAYS }],
      noncurrentVersionExpiration: [{ noncurrentDays: 1 }],
    },
  });
  const targets = canaryTargets(config, region.name);
  const canaries = targets.map(
    (target) =>
      new Canary(stack, `canary-${target.target}`, {
        ...config.canaries,
        ...scope,
        ...logs,
        ...target,
        artifacts: { bucketName, bucketArn, keyArn },
        alerts,
      }),
  );
  if (canaries.length > 0)
    alerts.composites.addComponent(
      new Construct(stack, "canaries"),
      "canary",
      canaries.map(({ alarm }) => alarm),
      { runbook: "canaries.md#failing", clients: "the canary gets errors or slow answers, and so may clients", within: "clients" },
    );
  return {
    widgets: [{ title: "Canaries: successful runs, in percent", metrics: canaries.map(({ metric }) => metric) }],
    alarms: new Map(canaries.map(({ alarm }, index) => [targets[index]?.target ?? "", alarm])),
  };
}

/**
 * An alarm for each other region: it is lost when its canary fails and, at the same time, this standby gets no data from it.
 * It is in this region, because the lost region and the metrics of its health check, in us-east-1, may not report.
 */
export function createRegionLostAlarms(
  { stack, config, region, capacity, alerts }: RegionContext,
  replicationSilent: CloudwatchMetricAlarm,
  canaries: ReadonlyMap<string, CloudwatchMetricAlarm>,
): void {
  // A cluster without an instance reports no lag: then the public name must fail as well.
  const confirmation = capacity.databaseInstances > 0 ? replicationSilent : canaries.get("public");
  for (const { name } of config.regions) {
    const canary = canaries.get(name);
    if (name !== region.name && canary && confirmation)
      alerts.composites.addRegionLost(stack, name, [canary, confirmation], "region.md#region-down");
  }
}

/** Destinations of alerts in addition to e-mail, and the events that reached no destination. */
export function createAlertForwarding(
  { stack, config, scope, logs, keys, retention, alerts, ruleDeadLetters }: RegionContext,
  parts: { readonly network: Network; readonly loadBalancer: LoadBalancer },
): {
  readonly queueUrl?: string | undefined;
  readonly widgets: readonly Widget[];
} {
  const isForFailover = failoverAlertsRegion(config.regions) === scope.region;
  const failoverTopicArn = isForFailover ? failoverAlertsTopicArn(scope) : undefined;
  const forwarding = config.monitoring.chat
    ? new AlertForwarding(stack, "alert-forwarding", {
        ...scope,
        ...logs,
        keyArn: keys.arn("alert-forwarding"),
        queueKeyArn: keys.arn("queues"),
        heartbeatTopicArn: new Heartbeat(stack, "heartbeat", {
          ...scope,
          keyArn: keys.arn("alerts"),
          alive: aliveMetric(parts),
          pages: alerts.pages,
        }).topicArn,
        failoverTopicArn,
        recoveryDays: retention.secretRecoveryDays,
        alerts,
      })
    : undefined;
  const queue = config.monitoring.queue
    ? new AlertQueue(stack, "alert-queue", { ...scope, keyArn: keys.arn("queues"), alerts, failoverTopicArn })
    : undefined;
  return { queueUrl: queue?.url, widgets: [...(forwarding?.widgets ?? []), ...(queue ? [queue.widget] : []), ruleDeadLetters.widget] };
}

/** Composite alarms for what clients see, for each zone, with the alarms of all modules in it, and for several zones at once. */
export function createCompositeAlarms(
  { stack, region, alerts }: RegionContext,
  { network, loadBalancer, database }: { readonly network: Network; readonly loadBalancer: LoadBalancer; readonly database: Aurora },
): void {
  // No other alarm suppresses it: errors of clients always notify.
  alerts.composites.addClients(new Construct(stack, "clients"), loadBalancer.clientAlarms(), "load-balancer.md#clients");
  for (const zone of region.availabilityZones) {
    const alarms = [...loadBalancer.zoneAlarms(zone), ...(network.zoneAlarms.get(zone) ?? []), ...(database.zoneAlarms.get(zone) ?? [])];
    if (alarms.length > 0) alerts.composites.addZone(stack, zone, alarms, "zone.md#zone");
  }
  alerts.composites.addPlatform(stack, "zone.md#platform");
}
