import { runsTasks } from "../../config/capacity";
import { shiftsByRunbook } from "../../config/zonal-shift";
import type { LoadBalancer } from "../../modules/load-balancer/load-balancer";
import type { Network } from "../../modules/network/network";
import { ZonalAutoshift } from "../../modules/zonal-autoshift/zonal-autoshift";
import type { RegionContext } from "./context";

/**
 * A composite alarm for each zone that alone is worse than the others, and zonal autoshift if it is configured. Returns the names of the
 * alarms by zone. In a region that runs no task, nothing can be compared, shifted or practiced.
 */
export function createImpairedZoneAlarms(
  context: RegionContext,
  { network, loadBalancer }: { readonly network: Network; readonly loadBalancer: LoadBalancer },
): ReadonlyMap<string, string> {
  const { config, stack, region, capacity, alerts } = context;
  if (!runsTasks(capacity)) return new Map();
  if (config.zonalShift.autoshift) enableAutoshift(context, loadBalancer);
  // A single NAT gateway serves all zones: its faults are none of its zone.
  const natAlarms = (zone: string) => (config.network.nat === "per-az" ? (network.zoneAlarms.get(zone) ?? []) : []);
  const alarms = new Map(region.availabilityZones.map((zone) => [zone, [...loadBalancer.comparisonAlarms(zone), ...natAlarms(zone)]]));
  return alerts.composites.addImpairedZones(stack, alarms, "zone.md#one-zone-is-worse", !shiftsByRunbook(config));
}

function enableAutoshift({ stack, config, scope }: RegionContext, loadBalancer: LoadBalancer): void {
  new ZonalAutoshift(stack, "zonal-autoshift", {
    names: scope.names,
    loadBalancerArn: loadBalancer.arn,
    outcomeAlarmArn: loadBalancer.outageAlarmArn,
    blockedWindows: config.zonalShift.blockedWindows,
    after: loadBalancer.httpsListener,
  });
}
