import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { promises as dns } from "node:dns";
import type { RegionFact } from "../../../config/region-facts";
import { isHeld, setHold } from "./dns-hold";
import { runningTakeovers } from "./executions";
import { inspect, markWriter } from "./global-database";
import { latestLag, latestWriterUptime } from "./lag";
import { clientOptions, ownRegion, requiredVariable } from "./settings";
import { readWrites, setWrites } from "./writes";

/** Longest chain of names of a failover between many regions. */
const MAX_NAMES = 12;

/**
 * Runs every minute in every region. A region whose cluster is not the writer of the global database freezes its own writes
 * and does not hold DNS: it was the primary and returned after another region had taken over, or its takeover did not
 * complete. It never allows writes, which only the takeover does. While a takeover runs in this region, it does neither. The
 * cluster of the writer has a tag, by which the backup plan of its region selects it.
 */
export async function fence(): Promise<void> {
  const region = ownRegion();
  const { primaryRegion } = await inspect();
  const isWriter = primaryRegion === region;
  // Without a writer, as before the first member exists, no region is fenced.
  if (!isWriter && primaryRegion !== "") await fenceOwnRegion(primaryRegion);
  await markWriter(isWriter);
  await publish(await facts(isWriter));
}

/**
 * Freezes the writes of this region and releases its hold. The executions are listed last, directly before the change: a
 * takeover that has started in the meantime holds DNS before it promotes the database.
 */
async function fenceOwnRegion(primaryRegion: string): Promise<void> {
  const region = ownRegion();
  const [writes, held] = await Promise.all([readWrites(region), isHeld(region)]);
  if (writes === "frozen" && !held) return;
  if ((await runningTakeovers(region)).length > 0) return;
  if (writes === "allowed") await setWrites(region, "frozen");
  if (held) await setHold(region, false);
  console.warn(JSON.stringify({ message: `${region} is fenced: ${primaryRegion} is the primary region`, writes, held }));
}

async function facts(isWriter: boolean): Promise<Readonly<Record<RegionFact, boolean>>> {
  const [resolvesHere, writes, uptime, lag] = await Promise.all([
    resolvesToOwnRegion(),
    readWrites(ownRegion()),
    latestWriterUptime(),
    latestLag(),
  ]);
  const canWrite = isWriter && writes === "allowed";
  return {
    DatabaseIsWriter: isWriter,
    ServiceResolvesHere: resolvesHere,
    WritesAllowed: writes === "allowed",
    ClientsWithoutWriter: resolvesHere && !canWrite,
    WriterSilent: isWriter && uptime === undefined,
    ReplicationSilent: !isWriter && lag === undefined && hasInstances(),
  };
}

/** A cluster without an instance reports no lag. */
function hasInstances(): boolean {
  return requiredVariable("OWN_INSTANCES") !== "0";
}

/** Follows the names of the failover records until one is the name of a region. */
async function resolvesToOwnRegion(): Promise<boolean> {
  const own = requiredVariable("REGION_DOMAIN");
  let name = requiredVariable("SERVICE_DOMAIN");
  for (let count = 0; count < MAX_NAMES && name !== own; count++) {
    const [target] = await dns.resolveCname(name).catch(() => []);
    if (target === undefined) return false;
    name = target.replace(/\.$/, "").toLowerCase();
  }
  return name === own;
}

async function publish(values: Readonly<Record<RegionFact, boolean>>): Promise<void> {
  const Dimensions = [{ Name: "EnvironmentSuffix", Value: requiredVariable("ENVIRONMENT_SUFFIX") }];
  await new CloudWatchClient(clientOptions(ownRegion())).send(
    new PutMetricDataCommand({
      Namespace: requiredVariable("METRIC_NAMESPACE"),
      MetricData: Object.entries(values).map(([MetricName, value]) => ({ MetricName, Dimensions, Value: value ? 1 : 0 })),
    }),
  );
}
