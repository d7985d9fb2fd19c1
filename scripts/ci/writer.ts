import { DescribeGlobalClustersCommand, RDSClient } from "@aws-sdk/client-rds";

/** Time for one region to respond. A lost region may not respond at all. */
const TIMEOUT_MILLISECONDS = 10_000;

/** The region of the writer; `none` when there is no global database or no member; `unknown` when no region responds. */
export type Writer = { readonly region: string } | "none" | { readonly unknown: string };

/** Reads the region of the writer of a global database from the first region that responds. */
export async function readWriter(globalCluster: string, regions: readonly string[]): Promise<Writer> {
  try {
    return await Promise.any(regions.map((region) => readFrom(region, globalCluster)));
  } catch (error) {
    const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
    return { unknown: first instanceof Error ? first.message : String(first) };
  }
}

async function readFrom(region: string, GlobalClusterIdentifier: string): Promise<Writer> {
  const requestHandler = { connectionTimeout: TIMEOUT_MILLISECONDS, requestTimeout: TIMEOUT_MILLISECONDS, throwOnRequestTimeout: true };
  const client = new RDSClient({ region, maxAttempts: 2, requestHandler });
  try {
    const { GlobalClusters: [cluster] = [] } = await client.send(new DescribeGlobalClustersCommand({ GlobalClusterIdentifier }));
    const writer = cluster?.GlobalClusterMembers?.find(({ IsWriter }) => IsWriter)?.DBClusterArn?.split(":")[3];
    return writer === undefined ? "none" : { region: writer };
  } catch (error) {
    if (error instanceof Error && error.name === "GlobalClusterNotFoundFault") return "none";
    throw error;
  }
}
