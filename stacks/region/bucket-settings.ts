import type { DataBucketProps } from "../../modules/storage/data-bucket";
import type { RegionContext } from "./context";

/** What the buckets of a region have in common. */
export function dataBucketSettings({
  config,
  scope,
  retention,
}: RegionContext): Omit<DataBucketProps, "holds" | "keyArn" | "accessLogs" | "expireAfterDays"> {
  return { ...config.storage, names: scope.names, region: scope.region, forceDestroy: retention.forceDestroy };
}
