import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { clientOptions, ownRegion, requiredVariable } from "./settings";

const PERIOD_SECONDS = 60;
/** A value that is older says nothing about the present. */
const WINDOW_SECONDS = 180;

/** The largest lag of this region behind the primary in the latest minute with a value, in milliseconds. */
export async function latestLag(): Promise<number | undefined> {
  return latest("AuroraGlobalDBReplicationLag", { DBClusterIdentifier: requiredVariable("OWN_CLUSTER") }, "Maximum");
}

/** The uptime of this region's writer in the latest minute with a value, in seconds. */
export async function latestWriterUptime(): Promise<number | undefined> {
  return latest("EngineUptime", { DBClusterIdentifier: requiredVariable("OWN_CLUSTER"), Role: "WRITER" }, "Minimum");
}

async function latest(
  MetricName: string,
  dimensions: Readonly<Record<string, string>>,
  statistic: "Maximum" | "Minimum",
): Promise<number | undefined> {
  const now = Date.now();
  const { Datapoints = [] } = await new CloudWatchClient(clientOptions(ownRegion())).send(
    new GetMetricStatisticsCommand({
      Namespace: "AWS/RDS",
      MetricName,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      StartTime: new Date(now - WINDOW_SECONDS * 1000),
      EndTime: new Date(now),
      Period: PERIOD_SECONDS,
      Statistics: [statistic],
    }),
  );
  const newest = [...Datapoints].sort((one, other) => (other.Timestamp?.getTime() ?? 0) - (one.Timestamp?.getTime() ?? 0))[0];
  return newest?.[statistic];
}
