import { EVENT_SOURCES, eventPattern } from "../config/platform-events";
import { VALIDATION_ROUTE } from "../config/routes";
import { FIRST_SERVICE } from "../config/services";
import { runsLess, tasksIn } from "../config/standby";
import { keepsSessionsIn, type Store, STORES } from "../config/stores";
import type { Cache } from "../modules/cache/cache";
import type { Aurora } from "../modules/database/aurora";
import { busMayEncrypt, fargateMayEncrypt, queuesMayEncrypt } from "../modules/encryption/key";
import { EventBus, eventBusArn } from "../modules/events/event-bus";
import type { FrontDoor } from "../modules/front-door/front-door";
import type { Targets } from "../modules/front-door/targets";
import { InterfaceEndpoints } from "../modules/network/interface-endpoints";
import type { Network } from "../modules/network/network";
import { Parameters } from "../modules/parameters/parameters";
import { SecurityGroup } from "../modules/security/security-group";
import { Cluster } from "../modules/service/cluster";
import { Namespace } from "../modules/service/discovery";
import { Service } from "../modules/service/service";
import type { Sessions } from "../modules/sessions/sessions";
import type { DataBucket } from "../modules/storage/data-bucket";
import { PaymentValidation } from "../modules/validation/payment-validation";
import {
  cacheConnection,
  type Connection,
  databaseConnection,
  eventsConnection,
  joined,
  sessionsConnection,
  settings,
  storageConnection,
  validationConnection,
} from "./connections";
import { hclLiteral } from "./hcl";
import type { RegionStack } from "./region-stack";

/** What the services of a region stand on. */
export interface Surroundings {
  readonly network: Network;
  readonly frontDoor: FrontDoor;
  readonly database: Aurora;
  readonly cache: Cache | undefined;
  readonly sessions: Sessions | undefined;
  readonly buckets: { transactionLogs?: DataBucket; applicationData?: DataBucket };
  readonly bus: EventBus | undefined;
  readonly validation: PaymentValidation | undefined;
  readonly endpoints: InterfaceEndpoints | undefined;
}

type Further = RegionStack["config"]["services"][string];

/** The bus of the application's events; what the application raises itself goes to the people on call. */
export function eventBus(stack: RegionStack): EventBus | undefined {
  const { config, place, alerts } = stack;
  if (!config.events.enabled) return undefined;
  const bus = new EventBus(stack, "events", {
    ...place,
    keyArn: stack.key("events", busMayEncrypt(eventBusArn(place.names, place.region, place.accountId))).arn,
    queueKeyArn: queueKey(stack),
    archiveDays: config.events.archiveDays,
    alerts,
  });
  alerts.event(bus, "application-alert", {
    bus,
    means: "The application raises an alert of its own",
    pattern: eventPattern("service", "AlertRaised"),
    paths: { summary: "$.detail.summary" },
    sentence: "The application says: <summary>",
    runbook: "events.md#application-alerts",
  });
  return bus;
}

/** The AWS APIs inside the VPC, where that is asked for: what the tasks of this configuration call. */
export function interfaceEndpoints(stack: RegionStack, network: Network): InterfaceEndpoints | undefined {
  const { config, names, region } = stack;
  if (!config.network.interfaceEndpoints) return undefined;
  return new InterfaceEndpoints(stack, "interface-endpoints", {
    names,
    region: region.name,
    vpcId: network.vpcId,
    subnetIds: network.applicationSubnetIds,
    further: [...(config.events.enabled ? ["events"] : []), ...(config.validation.enabled ? ["lambda"] : [])],
  });
}

/** The function that validates payments, and the ways to it. */
export function paymentValidation(
  stack: RegionStack,
  { network, frontDoor, bus, endpoints }: Pick<Surroundings, "network" | "frontDoor" | "bus" | "endpoints">,
): PaymentValidation | undefined {
  const { config, place, logs, alerts, names } = stack;
  const { validation: wanted } = config;
  if (!wanted.enabled) return undefined;
  const answering = wanted.onEvents ? bus : undefined;
  const group = wanted.inVpc
    ? new SecurityGroup(stack, "validation-security-group", { names, vpcId: network.vpcId, role: "validation", emptiedSlowly: true })
    : undefined;
  if (group) {
    openTheWayOut(stack, network, group);
    if (answering) endpoints?.securityGroup.allowFrom(group, "answers to the event bus without leaving the VPC");
  }
  const validation = new PaymentValidation(stack, "validation", {
    ...place,
    ...logs,
    ...wanted,
    vpc: group && { subnetIds: network.applicationSubnetIds, securityGroupIds: [group.id] },
    release: stack.variables.validationRelease,
    keyArn: stack.key("validation").arn,
    queueKeyArn: queueKey(stack),
    answers: answering && {
      busName: answering.busName,
      source: EVENT_SOURCES.validation,
      put: answering.grantPut(EVENT_SOURCES.validation),
    },
    deletionProtection: stack.keep.deletionProtection,
    alerts,
  });
  group?.emptiedBy(validation.permissions);
  if (wanted.path !== undefined)
    frontDoor.leadToFunction(VALIDATION_ROUTE, wanted.path, { names, functionName: validation.functionName, alias: validation.alias });
  if (answering) validateWhatIsSubmitted(stack, answering, validation);
  return validation;
}

function validateWhatIsSubmitted({ alerts }: RegionStack, bus: EventBus, validation: PaymentValidation): void {
  bus.subscribe(validation, "payment-submitted", {
    means: "A payment is to be validated",
    pattern: eventPattern("service", "PaymentSubmitted"),
    target: { arn: validation.alias.arn },
    after: [validation.calledBy(bus.ruleArn("payment-submitted"))],
  });
  alerts.event(validation, "payment-replayed", {
    severity: "warning",
    bus,
    means: "Somebody uses an idempotency key again for another payment",
    pattern: eventPattern("validation", "PaymentRejected", { reasons: { code: ["IDEMPOTENCY_KEY_REUSED"] } }),
    paths: { submission: "$.detail.submission" },
    sentence: "The submission <submission> uses the key of another payment.",
    runbook: "validation.md#replays",
  });
}

/** What every service of a region gets. */
interface Common extends Surroundings {
  readonly connections: Readonly<Record<Store, Connection | undefined>>;
  readonly parameters: Parameters;
  readonly cluster: Cluster;
  readonly namespace: Namespace | undefined;
}

/** The container of one service, as far as a release changes it. */
interface Released {
  readonly image: string;
  readonly command: string[];
  /** HCL expression. */
  readonly environment: string;
}

/** Every service of the region, the first one first, each with what it may use and who may call it. */
export function platformServices(stack: RegionStack, around: Surroundings): readonly Service[] {
  const { config, variables } = stack;
  const common = commonOf(stack, around);
  const first = service(stack, common, FIRST_SERVICE, { ...config.service, stores: STORES }, around.frontDoor.targets, {
    image: variables.containerImage,
    command: variables.containerCommand,
    environment: variables.taskEnvironment,
  });
  const services = new Map([[FIRST_SERVICE, first]]);
  for (const [name, further] of Object.entries(config.services))
    services.set(
      name,
      service(stack, common, name, further, targetsOf(stack, around, name, further), {
        image: variables.serviceImage(name),
        command: [...further.containerCommand],
        environment: hclLiteral(further.taskEnvironment),
      }),
    );
  for (const [name, { calledBy }] of Object.entries(config.services))
    for (const caller of calledBy) {
      const client = services.get(caller);
      if (client) services.get(name)?.securityGroup.allowFrom(client.securityGroup, `${caller} calls ${name}`);
    }
  return [...services.values()];
}

function commonOf(stack: RegionStack, around: Surroundings): Common {
  const { config, names, place, logs } = stack;
  const { network } = around;
  const connections = connectionsOf(stack, around);
  return {
    ...around,
    connections,
    parameters: new Parameters(stack, "parameters", {
      ...place,
      values: joined([settings(config), ...Object.values(connections)]).parameters,
      keyArn: stack.key("parameters").arn,
    }),
    cluster: new Cluster(stack, "cluster", {
      names,
      ...logs,
      storageKeyId: stack.key("task-storage", fargateMayEncrypt(config.accountId, names.of("ecs_cluster"))).id,
    }),
    namespace:
      config.discovery === "none"
        ? undefined
        : new Namespace(stack, "namespace", {
            kind: config.discovery,
            domain: `${config.environmentSuffix}.internal`,
            vpcId: network.vpcId,
          }),
  };
}

function connectionsOf(stack: RegionStack, { database, cache, sessions, buckets, bus, validation }: Surroundings): Common["connections"] {
  const { config } = stack;
  return {
    database: databaseConnection(database, config.database.name, stack.databaseMoves()),
    cache: cache && cacheConnection(cache),
    sessions: sessions && sessionsConnection(sessions),
    objects: storageConnection(buckets),
    events: bus && eventsConnection(bus),
    validation: validation && validationConnection(validation),
  };
}

/** The tasks of a further service as the load balancer sees them, where it leads any path there. */
function targetsOf(stack: RegionStack, { network, frontDoor }: Surroundings, name: string, further: Further): Targets | undefined {
  const { config, region, names, alerts } = stack;
  if (further.paths.length === 0) return undefined;
  return frontDoor.lead(name, further.paths, {
    ...config.frontDoor,
    names,
    vpcId: network.vpcId,
    port: further.port,
    protocol: further.protocol,
    expectedTargets: tasksIn(region, further).min,
    zones: region.availabilityZones,
    anomalyDetection: config.monitoring.anomalyDetection,
    alerts,
  });
}

function service(
  stack: RegionStack,
  { network, frontDoor, database, cache, connections, parameters, endpoints, cluster, namespace }: Common,
  name: string,
  own: Omit<Further, "paths" | "calledBy" | "containerCommand" | "taskEnvironment">,
  targets: Targets | undefined,
  released: Released,
): Service {
  const { config, names, region, place, logs, alerts } = stack;
  const { variables, statements } = joined([settings(config), ...own.stores.map((store) => connections[store])]);
  const fromParameters = Object.entries(variables).map(([variable, path]) => [variable, parameters.arn(path)] as const);
  const usesDatabase = own.stores.includes("database");
  const made = new Service(stack, name === FIRST_SERVICE ? "service" : `service-${name}`, {
    ...own,
    ...place,
    ...logs,
    ...(name !== FIRST_SERVICE && { role: name }),
    cluster,
    tasks: tasksIn(region, own),
    tasksChangedByRunbook: config.runbooks.enabled && runsLess(region),
    // A standby that is smaller grows when it takes over, and not by the clock.
    scaling: runsLess(region) ? { ...own.scaling, schedule: [] } : own.scaling,
    vpcId: network.vpcId,
    subnetIds: network.applicationSubnetIds,
    container: {
      ...own,
      ...released,
      name,
      environment: `merge({ PARAMETER_PATH = "${names.path()}" }, ${released.environment})`,
      labels: usesDatabase ? { "database-password-version": String(config.database.passwordVersion) } : {},
      secrets: {
        ...Object.fromEntries(fromParameters),
        ...(usesDatabase && {
          DATABASE_USER: `${database.secretArn}:username::`,
          DATABASE_PASSWORD: `${database.secretArn}:password::`,
        }),
      },
    },
    targets: targets && { groupArn: targets.arn, requestLabel: targets.requestLabel },
    discoverable: namespace?.entry(name),
    after: [...network.outboundReady, frontDoor.listening, ...(usesDatabase ? database.instances : [])],
    startStatements: [...parameters.grantRead(), ...(usesDatabase ? database.grantReadSecret() : [])],
    runStatements: [...parameters.grantRead(), ...statements],
    alerts,
  });
  const { securityGroup } = made;
  if (targets) securityGroup.allowFrom(frontDoor.securityGroup, "requests that the load balancer forwards");
  if (usesDatabase) database.clientSecurityGroup.allowFrom(securityGroup, `${name} read and write the ledger`);
  if (own.stores.includes("cache")) cache?.securityGroup.allowFrom(securityGroup, `${name} read and write sessions`);
  openTheWayOut(stack, network, securityGroup);
  endpoints?.securityGroup.allowFrom(securityGroup, "AWS APIs without leaving the VPC");
  return made;
}

/** HTTPS is all that a task, or a function in the VPC, may speak to the outside. */
function openTheWayOut({ config }: RegionStack, network: Network, securityGroup: SecurityGroup): void {
  securityGroup.allowToOutside(
    "s3",
    { prefixListId: network.s3PrefixListId },
    443,
    "image layers and objects, through the gateway endpoint",
  );
  if (keepsSessionsIn(config, "dynamodb") || config.validation.enabled)
    securityGroup.allowToOutside(
      "dynamodb",
      { prefixListId: network.dynamodbPrefixListId },
      443,
      "sessions and known requests, through the gateway endpoint",
    );
  config.network.outboundCidrs.forEach((cidr, index) => {
    securityGroup.allowToOutside(`outbound-${index}`, { cidr }, 443, "AWS APIs, registries and partners, through the NAT gateways");
  });
}

/** Of all that is made for queues. */
export function queueKey(stack: RegionStack): string {
  return stack.key("queues", queuesMayEncrypt(stack.config.accountId)).arn;
}
