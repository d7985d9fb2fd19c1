import { DescribeDBClustersCommand, DescribeGlobalClustersCommand, RDSClient, SwitchoverGlobalClusterCommand } from "@aws-sdk/client-rds";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";

/** What a runbook asks for that reaches beyond its own region: Step Functions calls none but its own. */
export type Request =
  | { readonly do: "inspect" }
  | { readonly do: "switch-over"; readonly from: string }
  | { readonly do: "set-writes"; readonly region: string; readonly to: "allowed" | "frozen" };

/** The global database, as seen from one of its regions. */
export interface Seen {
  /** Where the cluster of this region stands: it writes, it follows, something is under way, or it is no member. */
  readonly phase: "primary" | "secondary" | "changing" | "missing";
  readonly primaryRegion: string;
  /** Whether this region's cluster gets what the primary writes. */
  readonly connected: boolean;
}

/** @throws when AWS refuses, with AWS's own reason */
export async function handler(request: Request): Promise<Seen | Record<string, never>> {
  switch (request.do) {
    case "inspect":
      return inspect();
    case "switch-over":
      await switchOver(request.from);
      return {};
    case "set-writes":
      await setWrites(request.region, request.to);
      return {};
  }
}

async function inspect(): Promise<Seen> {
  const region = given("AWS_REGION");
  const { GlobalClusters: [found] = [] } = await new RDSClient({}).send(
    new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: given("GLOBAL_CLUSTER") }),
  );
  const members = found?.GlobalClusterMembers ?? [];
  const writer = members.find(({ IsWriter }) => IsWriter);
  const own = members.find(({ DBClusterArn = "" }) => regionOf(DBClusterArn) === region);
  const settled = found?.Status === "available";
  const writes = own?.IsWriter === true && (settled || (await ownClusterWrites(own.DBClusterArn)));
  return {
    phase: !own ? "missing" : writes ? "primary" : settled ? "secondary" : "changing",
    primaryRegion: regionOf(writer?.DBClusterArn ?? ""),
    connected: own !== undefined && own.SynchronizationStatus !== "pending-resync",
  };
}

/**
 * Whether the promotion has come to its end in this region. That the global database is available again before the lost
 * region has joined it, which may be days later, is nowhere said.
 */
async function ownClusterWrites(arn: string | undefined): Promise<boolean> {
  const { DBClusters: [cluster] = [] } = await new RDSClient({}).send(new DescribeDBClustersCommand({ DBClusterIdentifier: arn }));
  return cluster?.Status === "available" && (cluster.DBClusterMembers ?? []).some(({ IsClusterWriter }) => IsClusterWriter === true);
}

/**
 * A switchover is asked for in the region of the present primary.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html
 */
async function switchOver(from: string): Promise<void> {
  await new RDSClient({ region: from }).send(
    new SwitchoverGlobalClusterCommand({
      GlobalClusterIdentifier: given("GLOBAL_CLUSTER"),
      TargetDbClusterIdentifier: given("OWN_CLUSTER_ARN"),
    }),
  );
}

/** Tells a region's program whether it may write: it reads the parameter every few seconds. */
async function setWrites(region: string, to: "allowed" | "frozen"): Promise<void> {
  const parameters = JSON.parse(given("WRITES_PARAMETERS")) as Record<string, string>;
  const Name = parameters[region];
  if (Name === undefined) throw new Error(`${region} is no region of this platform`);
  await new SSMClient({ region }).send(new PutParameterCommand({ Name, Value: to, Overwrite: true }));
}

function regionOf(arn: string): string {
  return arn.split(":")[3] ?? "";
}

function given(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`the environment variable ${variable} is missing`);
  return value;
}
