import { regionsByPreference } from "../../config/config";
import { BUCKETS, bucketsOf, keepsSessionsIn } from "../../config/stores";
import { regionalWindow } from "../../config/maintenance-windows";
import { rewindsByRestore } from "../../config/rewind";
import { Cache } from "../../modules/cache/cache";
import { Aurora } from "../../modules/database/aurora";
import type { Network } from "../../modules/network/network";
import { Sessions } from "../../modules/sessions/sessions";
import type { AccessLogBucket } from "../../modules/storage/access-log-bucket";
import { type ReplicatedPair, replicationAlarms } from "../../modules/storage/alarms";
import { DataBucket } from "../../modules/storage/data-bucket";
import { replicationRule } from "../../modules/storage/replication";
import { engineOf, hasOwnSecret, membershipOf } from "../database-engine";
import { dataBucketSettings } from "./bucket-settings";
import type { RegionContext } from "./context";

export function createDatabase(context: RegionContext, network: Network): Aurora {
  const { stack, config, region, scope, logs, capacity, retention, keys, alerts } = context;
  return new Aurora(stack, "database", {
    ...config.database,
    ...retention,
    ...logs,
    ...scope,
    engine: engineOf(config),
    vpcId: network.vpcId,
    subnetIds: network.dataSubnetIds,
    availabilityZones: region.availabilityZones,
    instances: capacity.databaseInstances,
    membership: membershipOf(config, region.name, scope.names),
    password: hasOwnSecret(config) ? "own-secret" : "managed-by-rds",
    databaseName: config.database.name,
    maintenanceWindow: regionalWindow(config.database.maintenanceWindow, regionsByPreference(config), region.name),
    endpointsChangedByRunbook: rewindsByRestore(config.database.rewind, config.database.backtrackHours),
    keyArn: keys.arn("database"),
    alerts,
  });
}

export function createCache(
  { stack, config, region, scope, logs, capacity, retention, keys, alerts }: RegionContext,
  network: Network,
): Cache | undefined {
  const { cacheReplicas } = capacity;
  if (cacheReplicas === undefined) return undefined;
  return new Cache(stack, "cache", {
    ...config.cache,
    ...retention,
    ...logs,
    ...scope,
    replicas: cacheReplicas,
    maintenanceWindow: regionalWindow(config.cache.maintenanceWindow, regionsByPreference(config), region.name),
    vpcId: network.vpcId,
    subnetIds: network.dataSubnetIds,
    keyArn: keys.arn("cache"),
    alerts,
  });
}

export function createSessions(context: RegionContext): Sessions | undefined {
  const { stack, config, scope, isFirst, retention, keys, alerts } = context;
  if (!keepsSessionsIn(config, "dynamodb")) return undefined;
  return new Sessions(stack, "sessions", {
    ...scope,
    part: isFirst ? "table" : "replica",
    otherRegions: otherRegions(context),
    keyArn: keys.arn("sessions"),
    deletionProtection: retention.deletionProtection,
    alerts,
  });
}

/** The data buckets of the platform that are enabled. */
export interface Buckets {
  readonly transactionLogs?: DataBucket;
  readonly applicationData?: DataBucket;
}

/** The names of the platform's other regions. */
function otherRegions({ config, region }: RegionContext): string[] {
  return config.regions.map(({ name }) => name).filter((name) => name !== region.name);
}

/** Alarms on the replication of the data buckets, which the stack `failover` configures once all regions have their buckets. */
function createReplicationAlarms(context: RegionContext): void {
  const { stack, config, region, scope, alerts } = context;
  const others = otherRegions(context);
  for (const purpose of bucketsOf(config)) {
    const bucketIn = (name: string): string => scope.names.in(name).of("s3_bucket", purpose);
    const pair = (source: string, destination: string): ReplicatedPair => ({
      source: bucketIn(source),
      destination: bucketIn(destination),
      rule: replicationRule(destination),
    });
    replicationAlarms(stack, {
      alerts,
      purpose,
      from: new Map(others.map((other) => [other, pair(region.name, other)])),
      to: new Map(others.map((other) => [other, pair(other, region.name)])),
    });
  }
}

export function createBuckets(context: RegionContext, accessLogs: AccessLogBucket): Buckets {
  const { stack, config, keys } = context;
  const { storage } = config;
  if (bucketsOf(config).length === 0) return {};
  createReplicationAlarms(context);
  const settings = { ...dataBucketSettings(context), keyArn: keys.arn("storage"), accessLogs };
  return {
    ...(storage.transactionLogs && {
      transactionLogs: new DataBucket(stack, BUCKETS.transactionLogs, {
        ...settings,
        purpose: BUCKETS.transactionLogs,
        expireAfterDays: storage.transactionLogRetentionDays,
      }),
    }),
    ...(storage.applicationData && {
      applicationData: new DataBucket(stack, BUCKETS.applicationData, { ...settings, purpose: BUCKETS.applicationData }),
    }),
  };
}
