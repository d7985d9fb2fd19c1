import {
  AddTagsToResourceCommand,
  type DBCluster,
  DescribeDBClustersCommand,
  DescribeGlobalClustersCommand,
  RDSClient,
  RemoveTagsFromResourceCommand,
  SwitchoverGlobalClusterCommand,
} from "@aws-sdk/client-rds";
import { clientOptions, ownRegion, regionOf, requiredVariable } from "./settings";

/** The state of the global database, as one of its regions sees it. */
export interface GlobalDatabaseState {
  /** The state of this region's cluster: primary, secondary, in a change of the global database, or not a member of it. */
  readonly phase: "primary" | "secondary" | "changing" | "missing";
  readonly primaryRegion: string;
  /** Whether the primary replicates to this region's cluster. */
  readonly connected: boolean;
}

export async function inspect(): Promise<GlobalDatabaseState> {
  const region = ownRegion();
  const { GlobalClusters: [globalCluster] = [] } = await new RDSClient(clientOptions(region)).send(
    new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: requiredVariable("GLOBAL_CLUSTER") }),
  );
  const members = globalCluster?.GlobalClusterMembers ?? [];
  const writer = members.find(({ IsWriter }) => IsWriter);
  const own = members.find(({ DBClusterArn = "" }) => regionOf(DBClusterArn) === region);
  const isSettled = globalCluster?.Status === "available";
  const isPrimary = own?.IsWriter === true && (isSettled || (await ownClusterHasWriter()));
  return {
    phase: !own ? "missing" : isPrimary ? "primary" : isSettled ? "secondary" : "changing",
    primaryRegion: regionOf(writer?.DBClusterArn ?? ""),
    connected: own !== undefined && own.SynchronizationStatus !== "pending-resync",
  };
}

/**
 * Whether the promotion of this region's cluster is complete. The status of the global database is not sufficient: AWS does
 * not document that it is available before the lost region has rejoined, which may take days.
 */
async function ownClusterHasWriter(): Promise<boolean> {
  const cluster = await describeCluster(ownRegion(), requiredVariable("OWN_CLUSTER_ARN"));
  return cluster?.Status === "available" && (cluster.DBClusterMembers ?? []).some(({ IsClusterWriter }) => IsClusterWriter === true);
}

export async function describeCluster(region: string, identifier: string): Promise<DBCluster | undefined> {
  const { DBClusters: [cluster] = [] } = await new RDSClient(clientOptions(region)).send(
    new DescribeDBClustersCommand({ DBClusterIdentifier: identifier }),
  );
  return cluster;
}

/** Sets or removes the tag of the writer at the cluster of this region. */
export async function markWriter(isWriter: boolean): Promise<void> {
  const ResourceName = requiredVariable("OWN_CLUSTER_ARN");
  const Key = requiredVariable("WRITER_TAG");
  const Value = requiredVariable("WRITER_TAG_VALUE");
  const cluster = await describeCluster(ownRegion(), ResourceName);
  const isMarked = (cluster?.TagList ?? []).some((tag) => tag.Key === Key && tag.Value === Value);
  if (isMarked === isWriter) return;
  const client = new RDSClient(clientOptions(ownRegion()));
  if (isWriter) await client.send(new AddTagsToResourceCommand({ ResourceName, Tags: [{ Key, Value }] }));
  else await client.send(new RemoveTagsFromResourceCommand({ ResourceName, TagKeys: [Key] }));
}

/**
 * A switchover must be requested in the region of the present primary.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html
 */
export async function switchOver(primaryRegion: string): Promise<void> {
  await new RDSClient(clientOptions(primaryRegion)).send(
    new SwitchoverGlobalClusterCommand({
      GlobalClusterIdentifier: requiredVariable("GLOBAL_CLUSTER"),
      TargetDbClusterIdentifier: requiredVariable("OWN_CLUSTER_ARN"),
    }),
  );
}
