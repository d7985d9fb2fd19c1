import { DescribeDBClustersCommand, DescribeGlobalClustersCommand, RDSClient, SwitchoverGlobalClusterCommand } from "@aws-sdk/client-rds";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";

/** The calls of the region takeover to other regions. Step Functions calls services of its own region only. */
export type Request =
  | { readonly action: "inspect" }
  | { readonly action: "switch-over"; readonly primaryRegion: string }
  | { readonly action: "set-writes"; readonly region: string; readonly writes: "allowed" | "frozen" };

/** The state of the global database, as one of its regions sees it. */
export interface GlobalDatabaseState {
  /** The state of this region's cluster: primary, secondary, in a change of the global database, or not a member of it. */
  readonly phase: "primary" | "secondary" | "changing" | "missing";
  readonly primaryRegion: string;
  /** Whether the primary replicates to this region's cluster. */
  readonly connected: boolean;
}

/** @throws the error of AWS when it refuses a call */
export async function handler(request: Request): Promise<GlobalDatabaseState | Record<string, never>> {
  switch (request.action) {
    case "inspect":
      return inspect();
    case "switch-over":
      await switchOver(request.primaryRegion);
      return {};
    case "set-writes":
      await setWrites(request.region, request.writes);
      return {};
  }
}

async function inspect(): Promise<GlobalDatabaseState> {
  const region = requiredVariable("AWS_REGION");
  const { GlobalClusters: [globalCluster] = [] } = await new RDSClient({}).send(
    new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: requiredVariable("GLOBAL_CLUSTER") }),
  );
  const members = globalCluster?.GlobalClusterMembers ?? [];
  const writer = members.find(({ IsWriter }) => IsWriter);
  const own = members.find(({ DBClusterArn = "" }) => regionOf(DBClusterArn) === region);
  const isSettled = globalCluster?.Status === "available";
  const isPrimary = own?.IsWriter === true && (isSettled || (await ownClusterHasWriter(own.DBClusterArn)));
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
async function ownClusterHasWriter(arn: string | undefined): Promise<boolean> {
  const { DBClusters: [cluster] = [] } = await new RDSClient({}).send(new DescribeDBClustersCommand({ DBClusterIdentifier: arn }));
  return cluster?.Status === "available" && (cluster.DBClusterMembers ?? []).some(({ IsClusterWriter }) => IsClusterWriter === true);
}

/**
 * A switchover must be requested in the region of the present primary.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html
 */
async function switchOver(primaryRegion: string): Promise<void> {
  await new RDSClient({ region: primaryRegion }).send(
    new SwitchoverGlobalClusterCommand({
      GlobalClusterIdentifier: requiredVariable("GLOBAL_CLUSTER"),
      TargetDbClusterIdentifier: requiredVariable("OWN_CLUSTER_ARN"),
    }),
  );
}

/** Allows or freezes the writes of a region's services, which read the parameter every few seconds. */
async function setWrites(region: string, writes: "allowed" | "frozen"): Promise<void> {
  const parameters = JSON.parse(requiredVariable("WRITES_PARAMETERS")) as Record<string, string>;
  const Name = parameters[region];
  if (Name === undefined) throw new Error(`${region} is not a region of this platform`);
  await new SSMClient({ region }).send(new PutParameterCommand({ Name, Value: writes, Overwrite: true }));
}

function regionOf(arn: string): string {
  return arn.split(":")[3] ?? "";
}

function requiredVariable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`the environment variable ${name} is missing`);
  return value;
}
