import { copyVaultArns } from "../../config/backup-copies";
import { accountsOf } from "../../config/backup-vaults";
import { Backup } from "../../modules/backup/backup-plan";
import { RestoreTesting } from "../../modules/backup/restore-testing";
import { ServiceExport } from "../../modules/backup/service-export-function";
import { Vault, type VaultLock } from "../../modules/backup/vault";
import { protectedVaultPolicy } from "../../modules/backup/vault-policy";
import type { Aurora } from "../../modules/database/aurora";
import { keyAlias } from "../../modules/encryption/key";
import type { Widget } from "../../modules/monitoring/metric";
import type { LoadBalancer } from "../../modules/load-balancer/load-balancer";
import type { Network } from "../../modules/network/network";
import type { Sessions } from "../../modules/sessions/sessions";
import type { AccessLogBucket } from "../../modules/storage/access-log-bucket";
import { DataBucket } from "../../modules/storage/data-bucket";
import { aliveMetric } from "../alive-metric";
import { allTags } from "../tags";
import { dataBucketSettings } from "./bucket-settings";
import type { RegionContext } from "./context";
import type { KeyPurpose } from "./keys";

interface BackupDependencies {
  readonly network: Network;
  readonly loadBalancer: LoadBalancer;
  readonly database: Aurora;
  readonly sessions: Sessions | undefined;
  readonly buckets: readonly DataBucket[];
  readonly accessLogs: AccessLogBucket;
}

const SERVICE_CONFIGURATION = "service-configuration";
/** Keys that encrypt the data and the vaults. */
const DATA_KEYS = ["backup", "database", "sessions", "storage"] as const satisfies readonly KeyPurpose[];

/**
 * Every region has a vault, and a backup plan that stores backups in this vault and copies in the others. The plan of a
 * region backs up the region's cluster while it is the writer. The plan of the primary region also backs up the tables and
 * buckets, whose replicas in the other regions have the same data.
 */
export function createBackup(
  context: RegionContext,
  data: BackupDependencies,
): { readonly widgets: readonly Widget[]; readonly restoreTestingPlanArn?: string | undefined } {
  const { stack, config, region, scope, isFirst, isPrimary, keys, retention, alerts } = context;
  const { names } = scope;
  const { backup } = config;
  if (!backup.enabled) return { widgets: [] };
  const key = keys.get("backup");
  const vault = new Vault(stack, "vault", {
    names,
    keyArn: key.arn,
    forceDestroy: retention.forceDestroy,
    policy: config.protect ? protectedVaultPolicy(config.accountId, config.environmentSuffix) : undefined,
    lock: vaultLock(backup.vaultLock),
  });
  const serviceExport = backup.serviceConfiguration ? createServiceExport(context, data.accessLogs) : undefined;
  const keyAliases = DATA_KEYS.map((purpose) => keyAlias(names, purpose));
  const restoreTesting =
    backup.restoreTesting && isPrimary
      ? new RestoreTesting(stack, "restore-testing", {
          ...scope,
          vpcId: data.network.vpcId,
          vaultArn: vault.arn,
          clusterArn: data.database.clusterArn,
          subnetGroup: data.database.template.subnetGroup,
          keyAliases,
          alerts,
        })
      : undefined;
  const plan = new Backup(stack, "backup", {
    ...scope,
    vault,
    resources: {
      clusters: [data.database.clusterArn],
      tables: data.sessions && isFirst ? [data.sessions.tableArn] : [],
      buckets: isFirst ? data.buckets.map((bucket) => bucket.bucketArn) : [],
    },
    everyHours: backup.everyHours,
    alive: aliveMetric(data),
    retentionDays: backup.retentionDays,
    copies: {
      vaultArns: copyVaultArns(config, names, region.name),
      everyHours: backup.copyEveryHours,
      retentionDays: backup.copyRetentionDays,
    },
    otherAccounts: accountsOf(backup.copyVaultArns),
    tags: allTags(config),
    writerOnly: config.regions.length > 1,
    keyAliases,
    alerts,
  });
  return { widgets: [...plan.widgets, ...(serviceExport?.widgets ?? [])], restoreTestingPlanArn: restoreTesting?.planArn };
}

/** The mode follows from `changeable_for_days`, as in the API. */
function vaultLock(lock: RegionContext["config"]["backup"]["vaultLock"]): VaultLock | undefined {
  if (!lock) return undefined;
  const { minRetentionDays, maxRetentionDays, changeableForDays } = lock;
  return {
    minRetentionDays,
    ...(maxRetentionDays !== undefined && { maxRetentionDays }),
    ...(changeableForDays !== undefined && { changeableForDays }),
  };
}

function createServiceExport(context: RegionContext, accessLogs: AccessLogBucket): ServiceExport {
  const { stack, config, scope, logs, keys, alerts, ruleDeadLetters } = context;
  const { names } = scope;
  const keyArn = keys.arn(SERVICE_CONFIGURATION);
  const bucket = new DataBucket(stack, SERVICE_CONFIGURATION, {
    ...dataBucketSettings(context),
    purpose: SERVICE_CONFIGURATION,
    keyArn,
    accessLogs,
  });
  return new ServiceExport(stack, "service-export", {
    ...scope,
    ...logs,
    cluster: names.of("ecs_cluster"),
    service: names.of("ecs_service"),
    bucketName: bucket.bucketName,
    append: bucket.grantAppend("Exports"),
    everyHours: config.backup.everyHours,
    keyArn,
    alerts,
    ruleDeadLetters,
  });
}
