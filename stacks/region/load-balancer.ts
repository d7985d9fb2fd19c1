import { primaryOf } from "../../config/capacity";
import { HostedZoneLookup } from "../../modules/dns/hosted-zone-lookup";
import { RegionRecord } from "../../modules/dns/region-record";
import { LoadBalancer } from "../../modules/load-balancer/load-balancer";
import type { Network } from "../../modules/network/network";
import type { AccessLogBucket } from "../../modules/storage/access-log-bucket";
import { regionDomain, sharedDomains } from "../domains";
import type { RegionContext } from "./context";

/** The load balancer of a region, with the primary service, and the DNS record of the region. Other services add their own routes. */
export function createLoadBalancer(
  { stack, config, region, scope, logs, retention, capacity, alerts }: RegionContext,
  { network, accessLogs }: { readonly network: Network; readonly accessLogs: AccessLogBucket },
): LoadBalancer {
  const { waf, ...settings } = config.loadBalancer;
  const domainName = regionDomain(config, region.name);
  const { zoneId } = new HostedZoneLookup(stack, "zone", config.dns);
  const primary = primaryOf(capacity);
  const loadBalancer = new LoadBalancer(stack, "load-balancer", {
    ...settings,
    names: scope.names,
    vpcId: network.vpcId,
    subnetIds: network.publicSubnetIds,
    internetReady: network.internetReady,
    clientPrefixListIds: region.clientPrefixListIds,
    candidate: config.releaseInSteps,
    zones: region.availabilityZones,
    certificate: region.certificateArn ? { arn: region.certificateArn } : { domainName, sharedNames: sharedDomains(config), zoneId },
    accessLogs,
    deletionProtection: retention.deletionProtection,
    ...(waf.enabled ? { waf: { ...waf, ...logs, region: region.name } } : {}),
    defaultService: { ...primary, expectedTargets: primary.tasks.min },
    availabilityPercent: config.monitoring.availabilityPercent,
    anomalyDetection: config.monitoring.anomalyDetection,
    alerts,
  });
  // Every region has the rule, so that it is not deleted while the region holds DNS and becomes the primary region permanently.
  if (config.regions.length > 1) loadBalancer.addHold();
  new RegionRecord(stack, "region-record", { zoneId, domainName, loadBalancer: loadBalancer.aliasTarget });
  return loadBalancer;
}
