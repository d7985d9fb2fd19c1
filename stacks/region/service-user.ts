import { rewindsByRestore } from "../../config/rewind";
import type { Aurora } from "../../modules/database/aurora";
import { liveDatabase } from "../../modules/database/connection";
import { ServiceUserFunction } from "../../modules/database/service-user-function";
import type { InterfaceEndpoints } from "../../modules/network/interface-endpoints";
import type { Network } from "../../modules/network/network";
import { idOfCidr, SecurityGroup } from "../../modules/security/security-group";
import { membershipOf } from "../database-engine";
import type { ITerraformDependable } from "cdktf";
import type { RegionContext } from "./context";

interface ServiceUserDependencies {
  readonly network: Network;
  readonly database: Aurora;
  readonly endpoints: InterfaceEndpoints | undefined;
}

/** The function that creates the user, and what depends on the user. */
interface ServiceUserParts {
  readonly functionArn: string;
  readonly ready: readonly ITerraformDependable[];
}

/**
 * The database user of the services, and the function that creates it. The members of a global database share the user, so the apply of
 * the primary region creates it; in the other regions, the function is for a rewind after a takeover. A pilot light has no instance.
 */
export function createServiceUser(context: RegionContext, dependencies: ServiceUserDependencies): ServiceUserParts | undefined {
  const { stack, config, region, isPrimary, scope, logs, keys, alerts } = context;
  const { network, database, endpoints } = dependencies;
  const { serviceUser, ...settings } = config.database;
  if (!serviceUser || database.instances.length === 0) return undefined;
  const group = new SecurityGroup(stack, "service-user-security-group", {
    names: scope.names,
    vpcId: network.vpcId,
    role: "service-user",
    asyncDeletion: true,
  });
  const rules = [
    ...database.securityGroup.allowFrom(group, "the function creates the user of the services"),
    ...(endpoints?.securityGroup.allowFrom(group, "secrets and parameters, through the interface endpoints") ??
      config.network.outboundCidrs.map((cidr) =>
        group.allowToOutside({ id: `outbound-${idOfCidr(cidr)}` }, { cidr }, 443, "secrets and parameters, through the NAT gateways"),
      )),
  ];
  const live = liveDatabase(membershipOf(config, region.name, scope.names).kind);
  const lambda = new ServiceUserFunction(stack, "service-user", {
    ...scope,
    ...logs,
    ...serviceUser,
    engine: settings.engine,
    port: database.port,
    databaseName: settings.name,
    masterSecretArn: database.secretArn,
    userSecretArn: database.serviceSecretArn,
    secretKeyArn: database.secretKeyArn,
    host: database.clusterEndpoint,
    hostParameter: rewindsByRestore(settings.rewind, settings.backtrackHours) ? scope.names.path(live.writer) : undefined,
    passwordVersion: settings.passwordVersion,
    vpc: { subnetIds: network.applicationSubnetIds, securityGroupIds: [group.id] },
    keyArn: keys.arn("database"),
    alerts,
  });
  group.destroyBefore(lambda.permissions);
  const after = [...database.instances, ...rules, ...network.outboundReady];
  return { functionArn: lambda.arn, ready: isPrimary ? [lambda.invoke(database.clusterId, after)] : [] };
}
