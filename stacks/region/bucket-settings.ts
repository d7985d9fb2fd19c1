import type { DataBucketProps } from "../../modules/storage/data-bucket";
import type { RegionContext } from "./context";

/** Common settings of the data buckets of a region. */
export function dataBucketSettings({
  config,
  scope,
  retention,
}: RegionContext): Omit<DataBucketProps, "purpose" | "keyArn" | "accessLogs" | "expireAfterDays"> {
  return { ...config.storage, names: scope.names, region: scope.region, forceDestroy: retention.forceDestroy };
}
