import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { RdsGlobalCluster } from "@cdktf/provider-aws/lib/rds-global-cluster";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { GLOBAL_WRITER_ENDPOINT } from "./connection";
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
  /** The regions whose tasks use the global database, each with its names and its provider. */
  readonly regions: readonly { readonly name: string; readonly names: Names; readonly provider: AwsProvider }[];
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
  /** Host name that Aurora points to the writer of the primary region (known after apply). */
  readonly writerEndpoint: string;

  constructor(scope: Construct, id: string, props: GlobalDatabaseProps) {
    super(scope, id);
    const { names, engine, extendedSupport, databaseName, deletionProtection } = props;
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
    this.writerEndpoint = cluster.endpoint;
    for (const region of props.regions)
      new SsmParameter(this, `writer-endpoint-${region.name}`, {
        provider: region.provider,
        name: region.names.path(GLOBAL_WRITER_ENDPOINT),
        type: "String",
        value: cluster.endpoint,
        lifecycle: {
          // A rewind switches the tasks to another cluster with this parameter.
          ignoreChanges: ["value"],
          // A new global cluster has another endpoint.
          replaceTriggeredBy: [`${cluster.terraformResourceType}.${cluster.friendlyUniqueId}.global_cluster_resource_id`],
        },
      });
  }
}
