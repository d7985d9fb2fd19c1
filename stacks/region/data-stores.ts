import { regionsByPreference } from "../../config/config";
import { BUCKETS, bucketsOf, keepsSessionsIn } from "../../config/stores";
import { regionalWindow } from "../../config/maintenance-windows";
import { rewindsByRestore } from "../../config/rewind";
import { Cache } from "../../modules/cache/cache";
import { Aurora } from "../../modules/database/aurora";
import type { Network } from "../../modules/network/network";
import { Sessions } from "../../modules/sessions/sessions";
import type { AccessLogBucket } from "../../modules/storage/access-log-bucket";
import { DataBucket } from "../../modules/storage/data-bucket";
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

export function createSessions({ stack, config, scope, isFirst, retention, keys, alerts }: RegionContext): Sessions | undefined {
  if (!keepsSessionsIn(config, "dynamodb")) return undefined;
  return new Sessions(stack, "sessions", {
    ...scope,
    part: isFirst ? "table" : "replica",
    replicated: config.regions.length > 1,
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

export function createBuckets(context: RegionContext, accessLogs: AccessLogBucket): Buckets {
  const { stack, config, keys } = context;
  const { storage } = config;
  if (bucketsOf(config).length === 0) return {};
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
