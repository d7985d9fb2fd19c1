import { ElastiCacheClient, paginateDescribeSnapshots } from "@aws-sdk/client-elasticache";
import { paginateDescribeDBClusterSnapshots, RDSClient } from "@aws-sdk/client-rds";
import type { Names } from "../config/naming";

/** A snapshot that a destroy has created. */
export interface FinalSnapshot {
  readonly arn: string;
  /** ARN of the key without which the snapshot cannot be restored. */
  readonly keyArn: string | undefined;
}

/** The final snapshots of the database and the cache of one region of an environment. */
export async function findFinalSnapshots(names: Names, region: string): Promise<FinalSnapshot[]> {
  const found: FinalSnapshot[] = [];
  const isOfCluster = hasFinalName(names.of("rds_cluster"));
  for await (const { DBClusterSnapshots = [] } of paginateDescribeDBClusterSnapshots(
    { client: new RDSClient({ region }) },
    { SnapshotType: "manual" },
  ))
    for (const { DBClusterSnapshotIdentifier: name, DBClusterSnapshotArn: arn, KmsKeyId: keyArn } of DBClusterSnapshots)
      if (arn !== undefined && isOfCluster(name)) found.push({ arn, keyArn });
  const isOfCache = hasFinalName(names.of("elasticache_replication_group"));
  for await (const { Snapshots = [] } of paginateDescribeSnapshots(
    { client: new ElastiCacheClient({ region }) },
    { SnapshotSource: "user" },
  ))
    for (const { SnapshotName: name, ARN: arn, KmsKeyId: keyArn } of Snapshots)
      if (arn !== undefined && isOfCache(name)) found.push({ arn, keyArn });
  return found;
}

/** Whether a name is that of a final snapshot of a cluster: `final-<identifier>-<time>`. Earlier revisions had no time. */
function hasFinalName(identifier: string): (name: string | undefined) => boolean {
  const pattern = new RegExp(`^final-${identifier}(-\\d{14})?$`);
  return (name) => name !== undefined && pattern.test(name);
}
