import { globalDatabaseName } from "../../modules/database/global-database";
import { RegionFence } from "../../modules/runbooks/regions/region-fence";
import { regionDomain, serviceDomain } from "../domains";
import { platformRegions } from "../platform-regions";
import type { RegionContext } from "./context";

/** The fence of this region. A single region needs none. */
export function createFence({
  stack,
  config,
  region,
  scope,
  logs,
  capacity,
  keys,
  alerts,
  ruleDeadLetters,
}: RegionContext): RegionFence | undefined {
  if (config.regions.length === 1) return undefined;
  return new RegionFence(stack, "region-fence", {
    ...scope,
    ...logs,
    regions: platformRegions(config, scope.names, region.name),
    globalCluster: globalDatabaseName(scope.names),
    environmentSuffix: config.environmentSuffix,
    serviceDomain: serviceDomain(config),
    regionDomain: regionDomain(config, region.name),
    databaseInstances: capacity.databaseInstances,
    keyArn: keys.arn("runbooks"),
    alerts,
    ruleDeadLetters,
  });
}
