import { CANDIDATE } from "../config/candidate";
import { capacity } from "../config/capacity";
import type { Config, RegionConfig } from "../config/config";
import { qualified } from "../config/naming";
import { keepsSessionsIn } from "../config/stores";
import { shiftsByRunbook } from "../config/zonal-shift";
import { canaryTargets } from "./domains";

/**
 * The composite alarms of a region that notify on-call of what is critical, by the component in their names: the failover stack shows them
 * and cannot read them from the region. A test compares them with the alarms of the region's stack.
 */
export function compositeAlarms(config: Config, region: RegionConfig): string[] {
  const { services, databaseInstances, cacheReplicas } = capacity(config, region);
  const running = services.filter(({ tasks }) => tasks.min > 0);
  const routed = services.filter(({ isDefault, paths }) => isDefault || paths.length > 0);
  const natGateways = region.vpc ? 0 : config.network.nat === "single" ? 1 : region.availabilityZones.length;
  const hasAlarms = (zoneIndex: number): boolean => running.length > 0 || zoneIndex < Math.max(natGateways, databaseInstances);
  const zones = region.availabilityZones.filter((_, index) => hasAlarms(index));
  return [
    ...(zones.length > 1 ? ["platform"] : []),
    "clients",
    ...routed.map(({ qualifier }) => qualified("load-balancer", qualifier)),
    ...(config.releaseInSteps ? [`load-balancer-${CANDIDATE}`] : []),
    ...running.map(({ qualifier }) => qualified("service", qualifier)),
    "database",
    ...(cacheReplicas === undefined ? [] : ["cache"]),
    ...(keepsSessionsIn(config, "dynamodb") ? ["sessions"] : []),
    ...(config.backup.enabled ? ["backup"] : []),
    "keys",
    ...(canaryTargets(config, region.name).length > 0 ? ["canary"] : []),
    ...(config.regions.length > 1 ? ["region"] : []),
    ...(config.canaries.enabled ? config.regions.filter(({ name }) => name !== region.name) : []).map(({ name }) => `region-lost-${name}`),
    ...(running.length > 0 && !shiftsByRunbook(config) ? region.availabilityZones.map((zone) => `zone-${zone}-impaired`) : []),
    ...zones.map((zone) => `zone-${zone}`),
  ];
}
