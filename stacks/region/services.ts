import { isScaledDown, primaryOf, type RegionalService } from "../../config/capacity";
import type { Config } from "../../config/config";
import { CANDIDATE } from "../../config/candidate";
import { qualified } from "../../config/naming";
import { PRIMARY_SERVICE } from "../../config/services";
import { type Access } from "../../config/access";
import { keepsSessionsIn } from "../../config/stores";
import { type Connection, mergeConnections } from "../../modules/connections/connection";
import type { LoadBalancer } from "../../modules/load-balancer/load-balancer";
import type { InterfaceEndpoints } from "../../modules/network/interface-endpoints";
import type { Network } from "../../modules/network/network";
import { hclLiteral } from "../../modules/state/hcl-literal";
import { Parameters } from "../../modules/parameters/parameters";
import { Cluster } from "../../modules/service/cluster";
import { Namespace } from "../../modules/service/discovery";
import { GivenSecrets } from "../../modules/service/given-secrets";
import { Service } from "../../modules/service/service";
import { hasOwnSecret } from "../database-engine";
import type { RegionContext } from "./context";
import { platformSettings } from "./platform-settings";
import { serviceNeeds } from "./service-needs";

interface ServiceDependencies {
  readonly network: Network;
  readonly loadBalancer: LoadBalancer;
  readonly endpoints: InterfaceEndpoints | undefined;
  /** Connection of each store. Undefined for stores that do not exist. */
  readonly connections: Readonly<Record<Access, Connection | undefined>>;
}

/** Resources that all services of a region share. */
interface SharedByServices extends ServiceDependencies {
  readonly settings: Connection;
  readonly parameters: Parameters;
  readonly cluster: Cluster;
  readonly namespace: Namespace | undefined;
  readonly givenSecrets: GivenSecrets;
}

/** Every service of the region, with its stores and the services that may call it. */
export function createServices(context: RegionContext, dependencies: ServiceDependencies): readonly Service[] {
  const shared = createShared(context, dependencies);
  const services = new Map(context.capacity.services.map((service) => [service.name, createService(context, shared, service)]));
  if (context.config.releaseInSteps) services.set(CANDIDATE, createCandidate(context, shared));
  for (const { name, calledBy } of context.config.services)
    for (const caller of withCandidate(context.config, calledBy)) {
      const [server, client] = [services.get(name), services.get(caller)];
      if (!server || !client) continue;
      server.updateAfter(server.securityGroup.allowFrom(client.securityGroup, `${caller} calls ${name}`));
      if (context.config.discovery === "service-connect") client.startAfter(server);
    }
  return [...services.values()];
}

function createShared(context: RegionContext, dependencies: ServiceDependencies): SharedByServices {
  const { stack, config, scope, logs, keys } = context;
  const settings = platformSettings(context);
  const all = mergeConnections([settings, ...Object.values(dependencies.connections)]);
  return {
    ...dependencies,
    settings,
    parameters: new Parameters(stack, "parameters", {
      ...scope,
      values: all.parameters,
      external: all.externalParameters,
      keyArn: keys.arn("parameters"),
    }),
    givenSecrets: new GivenSecrets(stack, "given-secrets", scope.region),
    cluster: new Cluster(stack, "cluster", {
      names: scope.names,
      ...logs,
      storageKeyId: keys.get("task-storage").id,
      exec: config.services.some(({ exec }) => exec) ? { sessionKeyArn: keys.arn("exec"), alerts: context.alerts } : undefined,
    }),
    namespace:
      config.discovery === "none"
        ? undefined
        : new Namespace(stack, "namespace", {
            kind: config.discovery,
            domain: `${config.environmentSuffix}.internal`,
            names: scope.names,
            vpcId: dependencies.network.vpcId,
          }),
  };
}

/** The callers of a service. The candidate calls what the primary service calls. */
function withCandidate({ releaseInSteps }: Config, callers: readonly string[]): readonly string[] {
  return releaseInSteps && callers.includes(PRIMARY_SERVICE) ? [...callers, CANDIDATE] : callers;
}

/**
 * The second service of a release in steps: the primary service with another image. It runs no task without a candidate, and with
 * one as many as the region can run of the primary service, so that they are enough for every share.
 */
function createCandidate(context: RegionContext, shared: SharedByServices): Service {
  const primary = primaryOf(context.capacity);
  const { candidate } = context.variables;
  const created = createService(
    context,
    shared,
    // Without alarms on the number of its tasks, which Terraform changes with the candidate.
    { ...primary, qualifier: CANDIDATE, tasks: { min: 0, max: 0 }, spot: undefined },
    {
      name: CANDIDATE,
      image: context.variables.candidateImage(context.region.name),
      desiredCount: `${candidate.image} == "" ? 0 : ${primary.tasks.max}`,
    },
  );
  // A pilot light runs no task: after a takeover, the share would get no answer.
  if (primary.tasks.min > 0) shared.loadBalancer.shareWithCandidate(candidate.percent, created.stable);
  return created;
}

function createService(
  context: RegionContext,
  shared: SharedByServices,
  service: RegionalService,
  candidate?: { readonly name: string; readonly image: string; readonly desiredCount: string },
): Service {
  const { stack, config, region, scope, logs, variables, alerts } = context;
  const { network, loadBalancer, endpoints, parameters } = shared;
  const { name, qualifier, paths, tasks } = service;
  if (paths.length > 0) loadBalancer.addServiceRoute({ ...service, expectedTargets: tasks.min }, paths);
  const registeredName = candidate?.name ?? name;
  const targets = loadBalancer.targetGroup(registeredName);
  const connection = mergeConnections([shared.settings, ...service.access.map((name) => shared.connections[name])]);
  const { environment, image, command } = variables.release(service, region.name);
  const needs = serviceNeeds(context, service, shared.givenSecrets);
  const created = new Service(stack, qualified("service", qualifier), {
    ...service,
    ...scope,
    ...logs,
    cluster: shared.cluster,
    tasksChangedByRunbook: candidate === undefined && config.runbooks.enabled && isScaledDown(region),
    vpcId: network.vpcId,
    subnetIds: network.applicationSubnetIds,
    container: {
      ...service,
      command,
      image: candidate?.image ?? image,
      environment: `merge(${environmentOf({ PARAMETER_PATH: scope.names.path(), ...needs.environment })}, ${environment})`,
      labels: { ...connection.labels, ...endpointLabel(config, name) },
      secrets: {
        ...Object.fromEntries(Object.entries(connection.variables).map(([variable, path]) => [variable, parameters.arn(path)])),
        ...connection.secrets,
        ...needs.secrets,
      },
      registryCredentials: needs.registryCredentials,
    },
    sidecars: needs.sidecars,
    registries: needs.registries,
    logMetricNamespace: `Standfast/${config.environmentSuffix}`,
    targets: targets && { groupArn: targets.arn, requestLabel: targets.requestLabel, deploymentAlarms: targets.deploymentAlarms },
    discoverable: shared.namespace?.discoverable(registeredName),
    desiredCount: candidate?.desiredCount,
    // The secret of RDS is a part of the cluster, which Terraform would then create before it deletes the former one.
    keepsFormerRevision: hasOwnSecret(config),
    after: [
      ...network.outboundReady,
      loadBalancer.httpsListener,
      ...parameters.ready,
      ...shared.givenSecrets.found,
      ...connection.dependencies,
    ],
    startStatements: [...parameters.grantRead(), ...connection.startPermissions, ...needs.startStatements],
    runStatements: [
      ...parameters.grantRead(),
      ...connection.permissions,
      ...needs.runStatements,
      ...(service.exec ? shared.cluster.execPermissions : []),
    ],
    alerts,
  });
  const { securityGroup } = created;
  if (targets) created.updateAfter(securityGroup.allowFrom(loadBalancer.securityGroup, "requests from the load balancer"));
  for (const { securityGroup: store, reason } of connection.ingress) store.allowFrom(securityGroup, `${name} ${reason}`);
  network.allowEgress(securityGroup, {
    cidrs: config.network.outboundCidrs,
    dynamodb: keepsSessionsIn(config, "dynamodb") || config.validation.enabled,
  });
  endpoints?.securityGroup.allowFrom(securityGroup, "AWS APIs, through the interface endpoints");
  return created;
}

/**
 * The Service Connect endpoints that the tasks of a service call. A task knows the endpoints that existed when it started, so
 * a new one, or another port, replaces the tasks.
 */
function endpointLabel({ discovery, services }: Config, caller: string): Readonly<Record<string, string>> {
  if (discovery !== "service-connect") return {};
  const endpoints = services.filter(({ calledBy }) => calledBy.includes(caller)).map(({ name, port }) => `${name}:${port}`);
  return endpoints.length === 0 ? {} : { "service-connect-endpoints": endpoints.sort().join(" ") };
}

/** HCL expression of environment variables. */
function environmentOf(variables: Readonly<Record<string, string>>): string {
  return `{ ${Object.entries(variables)
    .map(([name, value]) => `${name} = ${hclLiteral(value)}`)
    .join(", ")} }`;
}
