import { RdsGlobalCluster } from "@cdktf/provider-aws/lib/rds-global-cluster";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { type Engine, lifecycleSupport } from "./engine";

export interface GlobalDatabaseProps {
  readonly names: Names;
  /** Engine and version of every member. Changing the version upgrades them all, the secondaries first. */
  readonly engine: Engine;
  /** Whether the engine may run on, at a price, once its standard support has ended. The members' must be the same. */
  readonly extendedSupport: boolean;
  /** Changing it replaces the global cluster and all its data. */
  readonly databaseName: string;
  readonly deletionProtection: boolean;
}

/** Name of the global cluster, which knows no region: how each region's cluster joins it. */
export function globalDatabaseName(names: Names): string {
  return names.of("rds_global_cluster");
}

/**
 * The shell of an Aurora Global Database. The regions' clusters join it by its name, the primary's first; one after
 * the other they leave it before it can be deleted.
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
      // Members that an interrupted destroy left behind are let go instead of blocking the next one.
      forceDestroy: !deletionProtection,
    });
    cluster.overrideLogicalId("aurora");
  }
}
