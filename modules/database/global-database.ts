import { DataAwsRdsCluster } from "@cdktf/provider-aws/lib/data-aws-rds-cluster";
import { DataAwsRdsClusters } from "@cdktf/provider-aws/lib/data-aws-rds-clusters";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { RdsGlobalCluster, type RdsGlobalClusterConfig } from "@cdktf/provider-aws/lib/rds-global-cluster";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { DataResource, Fn, Token } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { addressOf } from "../state/address";
import { GLOBAL_WRITER_ENDPOINT } from "./connection";
import { type Engine, lifecycleSupport } from "./engine";

export interface GlobalDatabaseProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** Engine and version of every member. Changing the version upgrades all members, the secondaries first. */
  readonly engine: Engine;
  /** Whether RDS Extended Support, which is charged, starts when standard support ends. Must be the same for all members. */
  readonly extendedSupport: boolean;
  /** Changing it replaces the global cluster and all its data. */
  readonly databaseName: string;
  /** Whether RDS rejects the deletion of the global cluster. Updated in place. */
  readonly deletionProtection: boolean;
  /** The regions whose tasks use the global database, the primary first, each with its names and its provider. */
  readonly regions: readonly { readonly name: string; readonly names: Names; readonly provider: AwsProvider }[];
}

type RdsGlobalClusterOrigin = Pick<
  RdsGlobalClusterConfig,
  "sourceDbClusterIdentifier" | "engine" | "engineVersion" | "databaseName" | "storageEncrypted"
>;

/** Name of the global cluster, by which the cluster of each region joins it. */
export function globalDatabaseName(names: Names): string {
  return names.of("rds_global_cluster");
}

/**
 * The global cluster of an Aurora Global Database. In a new platform it is created without members, and the clusters of the
 * regions join it by its name, the primary first. Where the cluster of the primary region exists already, the global cluster
 * is created from it, because an existing cluster cannot join later. Each member must leave it before it can be deleted.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.html
 */
export class GlobalDatabase extends Construct {
  /** Host name that Aurora points to the writer of the primary region (known after apply). */
  readonly writerEndpoint: string;
  /** HCL expression: whether no member other than the cluster of the primary region is the writer. */
  readonly primaryWrites: string;

  constructor(scope: Construct, id: string, props: GlobalDatabaseProps) {
    super(scope, id);
    const { names, deletionProtection } = props;
    const [primary] = props.regions;
    if (!primary) throw new Error("a global database without regions");
    const identifier = globalDatabaseName(names);
    const source = primary.names.of("rds_cluster");
    // The plural data source returns an empty list when there is no such cluster.
    const found = new DataAwsRdsClusters(this, "primary-cluster", {
      provider: primary.provider,
      filter: [{ name: "db-cluster-id", values: [source] }],
    });
    const arns = `${found.fqn}.cluster_arns`;
    const cluster = new RdsGlobalCluster(this, "cluster", {
      globalClusterIdentifier: identifier,
      ...this.origin(props, found),
      engineLifecycleSupport: lifecycleSupport(props.extendedSupport),
      deletionProtection,
      // Members that remain after an interrupted destroy are removed and do not block the next one.
      forceDestroy: !deletionProtection,
      lifecycle: {
        // They count at the creation only. A change of one of them would replace the global cluster.
        ignoreChanges: ["source_db_cluster_identifier", "engine", "database_name", "storage_encrypted"],
        postcondition: [
          {
            condition: `\${alltrue([for arn in ${arns} : contains([for member in self.global_cluster_members : member.db_cluster_arn], arn)])}`,
            errorMessage:
              `The cluster ${source} exists and is not a member of the global database ${identifier}. ` +
              "An existing cluster becomes a member only when the global database is created from it; until then, the first cluster of another region would become its writer, without data. " +
              `Remove the other members with aws rds remove-from-global-cluster, delete the global database with aws rds delete-global-cluster --global-cluster-identifier ${identifier}, and apply the stack global again before any other stack.`,
          },
        ],
      },
    });
    cluster.overrideLogicalId("aurora");
    this.writerEndpoint = cluster.endpoint;
    this.primaryWrites = `alltrue([for member in ${cluster.fqn}.global_cluster_members : !member.is_writer || endswith(member.db_cluster_arn, ":cluster:${source}")])`;
    // An ignored value changes only by a replacement, which the creation of another resource does not trigger, but its update does.
    const endpoint = new DataResource(this, "endpoint", { input: { endpoint: cluster.endpoint } });
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
          replaceTriggeredBy: [addressOf(endpoint)],
        },
      });
  }

  /**
   * The arguments of a new global cluster, or the cluster from which it is created. The API accepts only one of the two.
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateGlobalCluster.html
   */
  private origin({ engine, databaseName }: GlobalDatabaseProps, found: DataAwsRdsClusters): RdsGlobalClusterOrigin {
    const none = `length(${found.fqn}.cluster_arns) == 0`;
    const source = new DataAwsRdsCluster(this, "primary-version", { clusterIdentifier: Fn.one(found.clusterIdentifiers) as string });
    source.addOverride("count", `\${length(${found.fqn}.cluster_arns)}`);
    return {
      sourceDbClusterIdentifier: Token.asString(Fn.one(found.clusterArns)),
      engine: `\${${none} ? "${engine.kind}" : null}`,
      // A version other than that of the primary cluster is an upgrade of all members.
      engineVersion: `\${contains(${source.fqn}[*].engine_version, "${engine.version}") ? null : "${engine.version}"}`,
      databaseName: `\${${none} ? "${databaseName}" : null}`,
      storageEncrypted: Token.asAny(`\${${none} ? true : null}`),
    };
  }
}
