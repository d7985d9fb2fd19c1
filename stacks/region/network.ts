import { primaryOf } from "../../config/capacity";
import { planNetwork } from "../../config/cidr";
import { primaryService, type RegionConfig } from "../../config/config";
import { keepsSessionsIn } from "../../config/stores";
import { CACHE_PORT } from "../../modules/cache/cache";
import { ENGINE_PORT } from "../../modules/database/engine";
import { ExistingNetwork } from "../../modules/network/existing-network";
import { InterfaceEndpoints } from "../../modules/network/interface-endpoints";
import type { Network } from "../../modules/network/network";
import { OwnNetwork } from "../../modules/network/own-network";
import type { RegionContext } from "./context";

/** The network of a region: the one that the region names, or one of the platform's own. */
export function createNetwork(context: RegionContext): Network {
  const { stack, config, region, scope, logs, alerts } = context;
  const { vpc, vpcCidr } = region;
  if (vpc) return existingNetwork(context, vpc);
  if (vpcCidr === undefined) throw new Error(`${region.name} has neither vpc_cidr nor vpc`);
  const cached = keepsSessionsIn(config, "redis");
  return new OwnNetwork(stack, "network", {
    ...scope,
    ...logs,
    vpcCidr,
    plan: planNetwork(vpcCidr, region.availabilityZones),
    nat: config.network.nat,
    endpointsOnlyFor: config.network.endpointPolicies ? config.accountId : undefined,
    servicePort: primaryService(config).port,
    dataPorts: [ENGINE_PORT[config.database.engine], ...(cached ? [CACHE_PORT] : [])],
    withinDataTier: cached || config.database.proxy,
    alerts,
  });
}

function existingNetwork(
  { stack, config, region, scope, capacity }: RegionContext,
  { id, publicSubnetIds, applicationSubnetIds, dataSubnetIds }: NonNullable<RegionConfig["vpc"]>,
): Network {
  const primary = primaryOf(capacity);
  return new ExistingNetwork(stack, "network", {
    ...scope,
    vpcId: id,
    zones: region.availabilityZones,
    subnetIds: { public: publicSubnetIds, application: applicationSubnetIds, data: dataSubnetIds },
    outboundCidrs: config.network.outboundCidrs,
    internetClients: !config.loadBalancer.internal,
    interfaceEndpoints: config.network.interfaceEndpoints,
    tasks: capacity.services.reduce(
      (sum, { tasksAsPrimary }) => sum + tasksAsPrimary.max,
      config.releaseInSteps ? primary.tasksAsPrimary.max : 0,
    ),
    taskGroupRole: "service",
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
