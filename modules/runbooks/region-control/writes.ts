import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { clientOptions, failedRegions, otherRegions, regionSettings, settingsOf } from "./settings";

export type Writes = "allowed" | "frozen";

/** Allows or freezes the writes of a region's services, which read the parameter every few seconds. */
export async function setWrites(region: string, writes: Writes): Promise<void> {
  const { writesParameter: Name } = settingsOf(region);
  await new SSMClient(clientOptions(region)).send(new PutParameterCommand({ Name, Value: writes, Overwrite: true }));
}

export async function readWrites(region: string): Promise<Writes> {
  return (await readParameter(region, settingsOf(region).writesParameter)) === "allowed" ? "allowed" : "frozen";
}

/** Freezes writes in all regions except this one. @returns the regions in which that failed */
export async function freezeOthers(): Promise<string[]> {
  return failedRegions(otherRegions(), (region) => setWrites(region, "frozen"));
}

/**
 * The identifier of a restored cluster that the tasks of a region use, after a rewind. Empty when all tasks use the clusters
 * of the global database. A region that does not respond is skipped.
 */
export async function restoredCluster(): Promise<string> {
  const found = await Promise.allSettled(
    [...regionSettings()].map(async ([region, { identifierParameter, clusterIdentifier }]) => {
      const used = await readParameter(region, identifierParameter);
      return used === clusterIdentifier ? "" : used;
    }),
  );
  return found.map((result) => (result.status === "fulfilled" ? result.value : "")).find((identifier) => identifier !== "") ?? "";
}

async function readParameter(region: string, Name: string): Promise<string> {
  const { Parameter } = await new SSMClient(clientOptions(region)).send(new GetParameterCommand({ Name }));
  return Parameter?.Value ?? "";
}
