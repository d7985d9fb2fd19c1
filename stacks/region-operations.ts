import { AlertForwarding } from "../modules/alert-forwarding/alert-forwarding";
import { AlertQueue } from "../modules/alert-forwarding/alert-queue";
import { Canary } from "../modules/canary/canary";
import { BUCKETS } from "../config/stores";
import type { AccessLogBucket } from "../modules/storage/access-log-bucket";
import { Bucket } from "../modules/storage/bucket";
import type { Widget } from "../modules/monitoring/metric";
import { regionDomain, serviceDomain } from "./domains";
import { queueKey } from "./region-services";
import type { RegionStack } from "./region-stack";

const ARTIFACT_RETENTION_DAYS = 30;

/**
 * Canaries for the public name and for the other regions' entries: a region that is lost cannot say so itself. A single
 * region has nobody else to ask.
 */
export function canaries(stack: RegionStack, accessLogs: AccessLogBucket): { readonly widgets: readonly Widget[] } | undefined {
  const { config, names, region, place, logs, alerts, keep } = stack;
  if (!config.canaries.enabled) return undefined;
  const keyArn = stack.key("canaries").arn;
  const { bucketName, bucketArn } = new Bucket(stack, "canary-results", {
    names,
    holds: BUCKETS.canaryResults,
    keyArn,
    accessLogs,
    forceDestroy: keep.forceDestroy,
    lifecycle: {
      expiration: [{ days: ARTIFACT_RETENTION_DAYS }],
      noncurrentVersionExpiration: [{ noncurrentDays: 1 }],
    },
  });
  const others = config.regions.filter(({ name }) => name !== region.name);
  const regions = others.length > 0 ? others : config.regions;
  const targets = [
    { target: "public", host: serviceDomain(config) },
    ...regions.map(({ name }) => ({ target: name, host: regionDomain(config, name) })),
  ];
  const made = targets.map(
    ({ target, host }) =>
      new Canary(stack, `canary-${target}`, {
        ...config.canaries,
        ...place,
        ...logs,
        target,
        url: `https://${host}${config.frontDoor.healthCheck.path}`,
        artifacts: { bucketName, bucketArn, keyArn },
        alerts,
      }),
  );
  const [first] = made;
  if (first)
    alerts.tier(
      first,
      "canary",
      made.map(({ alarm }) => alarm),
      "canaries.md#failing",
    );
  return { widgets: [{ title: "Canaries: percent of runs that went well", metrics: made.map(({ metric }) => metric) }] };
}

/** Where alerts go beside e-mail. */
export function forwarding(stack: RegionStack): { readonly queueUrl?: string } {
  const { config, place, logs, alerts, keep } = stack;
  if (config.monitoring.chat)
    new AlertForwarding(stack, "alert-forwarding", {
      ...place,
      ...logs,
      keyArn: stack.key("alert-forwarding").arn,
      queueKeyArn: queueKey(stack),
      recoveryDays: keep.secretRecoveryDays,
      alerts,
    });
  if (!config.monitoring.queue) return {};
  return { queueUrl: new AlertQueue(stack, "alert-queue", { ...place, keyArn: queueKey(stack), alerts }).url };
}
