import { Backup } from "../../modules/backup/backup-plan";
import { RestoreTesting } from "../../modules/backup/restore-testing";
import { ServiceExport } from "../../modules/backup/service-export-function";
import { Vault, vaultArn } from "../../modules/backup/vault";
import type { Aurora } from "../../modules/database/aurora";
import { keyAlias } from "../../modules/encryption/key";
import type { Network } from "../../modules/network/network";
import type { Sessions } from "../../modules/sessions/sessions";
import type { AccessLogBucket } from "../../modules/storage/access-log-bucket";
import { DataBucket } from "../../modules/storage/data-bucket";
import { dataBucketSettings } from "./bucket-settings";
import type { RegionContext } from "./context";
import type { KeyPurpose } from "./keys";

interface BackupDependencies {
  readonly network: Network;
  readonly database: Aurora;
  readonly sessions: Sessions | undefined;
  readonly buckets: readonly DataBucket[];
  readonly accessLogs: AccessLogBucket;
}

const SERVICE_CONFIGURATION = "service-configuration";
/** Keys that encrypt the data and the vaults. */
const DATA_KEYS = ["backup", "database", "sessions", "storage"] as const satisfies readonly KeyPurpose[];

/** Every region has a vault. The backup plan of the primary region stores backups in its vault and copies in the others. */
export function createBackup(
  context: RegionContext,
  data: BackupDependencies,
): { readonly plan?: Backup; readonly restoreTestingPlanArn?: string | undefined } {
  const { stack, config, scope, isPrimary, keys, retention, alerts } = context;
  const { names } = scope;
  const { accountId, backup } = config;
  if (!backup.enabled) return {};
  const key = keys.get("backup");
  const vault = new Vault(stack, "vault", { names, keyArn: key.arn, forceDestroy: retention.forceDestroy });
  if (backup.serviceConfiguration) createServiceExport(context, data.accessLogs);
  if (!isPrimary) return {};
  const keyAliases = DATA_KEYS.map((purpose) => keyAlias(names, purpose));
  const restoreTesting = backup.restoreTesting
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
      tables: data.sessions ? [data.sessions.tableArn] : [],
      buckets: data.buckets.map((bucket) => bucket.bucketArn),
    },
    everyHours: backup.everyHours,
    retentionDays: backup.retentionDays,
    copies: config.regions.slice(1).map(({ name }) => ({
      vaultArn: vaultArn(names.in(name), name, accountId),
      retentionDays: backup.copyRetentionDays,
    })),
    keyAliases,
    alerts,
  });
  return { plan, restoreTestingPlanArn: restoreTesting?.planArn };
}

function createServiceExport(context: RegionContext, accessLogs: AccessLogBucket): void {
  const { stack, config, scope, logs, keys, alerts } = context;
  const { names } = scope;
  const keyArn = keys.arn(SERVICE_CONFIGURATION);
  const bucket = new DataBucket(stack, SERVICE_CONFIGURATION, {
    ...dataBucketSettings(context),
    purpose: SERVICE_CONFIGURATION,
    keyArn,
    accessLogs,
  });
  new ServiceExport(stack, "service-export", {
    ...scope,
    ...logs,
    cluster: names.of("ecs_cluster"),
    service: names.of("ecs_service"),
    bucketName: bucket.bucketName,
    append: bucket.grantAppend("Exports"),
    everyHours: config.backup.everyHours,
    keyArn,
    alerts,
  });
}
