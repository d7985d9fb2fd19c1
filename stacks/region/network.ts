import { planNetwork } from "../../config/cidr";
import { primaryService } from "../../config/config";
import { keepsSessionsIn } from "../../config/stores";
import { CACHE_PORT } from "../../modules/cache/cache";
import { ENGINE_PORT } from "../../modules/database/engine";
import { InterfaceEndpoints } from "../../modules/network/interface-endpoints";
import { Network } from "../../modules/network/network";
import type { RegionContext } from "./context";

export function createNetwork({ stack, config, region, scope, logs, alerts }: RegionContext): Network {
  const cached = keepsSessionsIn(config, "redis");
  return new Network(stack, "network", {
    ...scope,
    ...logs,
    vpcCidr: region.vpcCidr,
    plan: planNetwork(region.vpcCidr, region.availabilityZones),
    nat: config.network.nat,
    endpointsOnlyFor: config.network.endpointPolicies ? config.accountId : undefined,
    servicePort: primaryService(config).port,
    dataPorts: [ENGINE_PORT[config.database.engine], ...(cached ? [CACHE_PORT] : [])],
    withinDataTier: cached || config.database.proxy,
    alerts,
  });
}

/** Interface endpoints of the AWS services that the tasks of this configuration call, if they are configured. */
export function createInterfaceEndpoints({ stack, config, scope }: RegionContext, network: Network): InterfaceEndpoints | undefined {
  if (!config.network.interfaceEndpoints) return undefined;
  return new InterfaceEndpoints(stack, "interface-endpoints", {
    ...scope,
    vpcId: network.vpcId,
    subnetIds: network.applicationSubnetIds,
    onlyAccount: config.network.endpointPolicies ? config.accountId : undefined,
    additionalServices: [
      ...(config.events.enabled ? ["events"] : []),
      ...(config.validation.enabled ? ["lambda"] : []),
      ...(config.services.some(({ exec }) => exec) ? ["ssmmessages"] : []),
      ...(config.services.some(({ tracing }) => tracing) ? ["xray"] : []),
    ],
  });
}
