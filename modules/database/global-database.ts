import { RdsGlobalCluster } from "@cdktf/provider-aws/lib/rds-global-cluster";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { type Engine, lifecycleSupport } from "./engine";

export interface GlobalDatabaseProps {
  readonly names: Names;
  /** Engine and version of every member. Changing the version upgrades all members, the secondaries first. */
  readonly engine: Engine;
  /** Whether RDS Extended Support, which is charged, starts when standard support ends. Must be the same for all members. */
  readonly extendedSupport: boolean;
  /** Changing it replaces the global cluster and all its data. */
  readonly databaseName: string;
  readonly deletionProtection: boolean;
}

/** Name of the global cluster, by which the cluster of each region joins it. */
export function globalDatabaseName(names: Names): string {
  return names.of("rds_global_cluster");
}

/**
 * The global cluster of an Aurora Global Database. The clusters of the regions join it by its name, the primary first. Each
 * of them must leave it before it can be deleted.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.html
 */
export class GlobalDatabase extends Construct {
  constructor(scope: Construct, id: string, { names, engine, extendedSupport, databaseName, deletionProtection }: GlobalDatabaseProps) {
    super(scope, id);
    const cluster = new RdsGlobalCluster(this, "cluster", {
      globalClusterIdentifier: globalDatabaseName(names),
      engine: engine.kind,
      engineVersion: engine.version,
      engineLifecycleSupport: lifecycleSupport(extendedSupport),
      databaseName,
      storageEncrypted: true,
      deletionProtection,
      // Members that remain after an interrupted destroy are removed and do not block the next one.
      forceDestroy: !deletionProtection,
    });
    cluster.overrideLogicalId("aurora");
  }
}
