import { maxBackupAgeHours, maxCopyAgeHours } from "../../config/backup-schedule";
import { CANDIDATE } from "../../config/candidate";
import { isScaledDown, type RegionalService, tasksWithoutZone } from "../../config/capacity";
import { firstRegion, regionsByPreference } from "../../config/config";
import { shiftsByRunbook } from "../../config/zonal-shift";
import { eventPattern } from "../../config/platform-events";
import { instanceWindows, regionalWindow } from "../../config/maintenance-windows";
import { rewindsByRestore } from "../../config/rewind";
import { bucketsOf, keepsSessionsIn } from "../../config/stores";
import type { Aurora } from "../../modules/database/aurora";
import { LIVE_DATABASE, liveDatabase } from "../../modules/database/connection";
import { lifecycleSupport } from "../../modules/database/engine";
import { globalDatabaseName } from "../../modules/database/global-database";
import type { EventBus } from "../../modules/events/event-bus";
import type { LoadBalancer } from "../../modules/load-balancer/load-balancer";
import type { Network } from "../../modules/network/network";
import { BackupVerification } from "../../modules/runbooks/backup-verification/construct";
import { HealthCheck } from "../../modules/runbooks/health-check/construct";
import { RegionTakeover } from "../../modules/runbooks/region-takeover/construct";
import { RegionControl } from "../../modules/runbooks/regions/region-control";
import { Rewind } from "../../modules/runbooks/rewind/construct";
import { ZonalShift } from "../../modules/runbooks/zonal-shift/construct";
import { sessionsTableName } from "../../modules/sessions/sessions";
import { hasOwnSecret, membershipOf } from "../database-engine";
import { platformRegions, WRITES_PARAMETER } from "../platform-regions";
import { allTags } from "../tags";
import type { RegionContext } from "./context";

/** Resources that the runbooks of a region check and change. */
interface OperatedResources {
  readonly loadBalancer: LoadBalancer;
  readonly database: Aurora;
  readonly serviceUser: { readonly functionArn: string } | undefined;
  readonly bus: EventBus | undefined;
  readonly restoreTestingPlanArn: string | undefined;
  readonly network: Network;
  /** Names of the alarms on single impaired zones, by zone. */
  readonly impairedZoneAlarms: ReadonlyMap<string, string>;
}

const DAILY_HEALTH_CHECK = "cron(0 8 * * ? *)";
const DAILY_BACKUP_VERIFICATION = "cron(30 8 * * ? *)";

/** The ARN of a state machine, and the name and description of its output. */
export interface PublishedRunbook {
  /** Beginning of the output's name. */
  readonly name: string;
  readonly description: string;
  readonly arn: string;
}

/** The enabled runbooks of this region. */
export function createRunbooks(context: RegionContext, operated: OperatedResources): readonly PublishedRunbook[] {
  const { database, runbooks, backup, regions } = context.config;
  const rewind = database.rewind && operated.database.instances.length > 0 ? [createRewind(context, operated)] : [];
  return [
    ...(runbooks.enabled ? [createHealthCheck(context, operated)] : []),
    ...(runbooks.enabled && backup.enabled ? [createBackupVerification(context, operated)] : []),
    ...(runbooks.enabled && regions.length > 1 ? [createRegionTakeover(context, operated)] : []),
    ...(shiftsByRunbook(context.config) && operated.impairedZoneAlarms.size > 0 ? [createZonalShift(context, operated)] : []),
    ...rewind,
  ];
}

function common({ scope, logs, keys, alerts, ruleDeadLetters }: RegionContext) {
  return { ...scope, ...logs, keyArn: keys.arn("runbooks"), alerts, ruleDeadLetters };
}

/** An ECS service, as API calls refer to it. */
interface EcsServiceName {
  readonly cluster: string;
  readonly name: string;
}

function ecsName({ scope }: RegionContext, { qualifier }: { readonly qualifier: string }): EcsServiceName {
  return { cluster: scope.names.of("ecs_cluster"), name: scope.names.of("ecs_service", qualifier) };
}

/** Parameters with the identifier and the endpoints of the live cluster. */
function liveDatabaseParameters({ config, region, scope: { names } }: RegionContext) {
  const { identifier, writer, reader } = liveDatabase(membershipOf(config, region.name, names).kind);
  return { identifier: names.path(identifier), writer: names.path(writer), reader: names.path(reader) };
}

function createRewind(context: RegionContext, { database, serviceUser }: OperatedResources): PublishedRunbook {
  const { stack, config, capacity } = context;
  const { rewind, backtrackHours } = config.database;
  const { arn } = new Rewind(stack, "rewind", {
    ...common(context),
    cluster: database.template,
    secret: hasOwnSecret(config) ? { arn: database.secretArn, readPermissions: database.readSecret } : undefined,
    serviceUser,
    method: rewindsByRestore(rewind, backtrackHours)
      ? {
          kind: "restore",
          lifecycleSupport: lifecycleSupport(config.database.extendedSupport),
          replicated: config.regions.length > 1,
          tags: allTags(config),
          parameters: liveDatabaseParameters(context),
          // Tasks read the database endpoints when they start.
          services: [...capacity.services, ...candidateOf(context)]
            .filter(({ access }) => access.includes("database"))
            .map((service) => ecsName(context, service)),
        }
      : { kind: "backtrack" },
  });
  return { name: "rewind", description: "State machine that rewinds the database to a given second.", arn };
}

/** The second service of a release in steps, which uses the database as the primary service does. */
function candidateOf({ config, capacity }: RegionContext): RegionalService[] {
  return config.releaseInSteps ? capacity.services.slice(0, 1).map((primary) => ({ ...primary, qualifier: CANDIDATE })) : [];
}

function createHealthCheck(context: RegionContext, { loadBalancer, database, bus }: OperatedResources): PublishedRunbook {
  const { stack, config, scope, capacity } = context;
  const { names } = scope;
  const running = capacity.services
    .filter(({ tasks }) => tasks.min > 0)
    .map((service) => ({ ...ecsName(context, service), tasks: service.tasks.min, targets: loadBalancer.targetGroup(service.name) }));
  const check = new HealthCheck(stack, "health-check", {
    ...common(context),
    services: running,
    targetGroups: running.flatMap(({ name, tasks, targets }) => (targets ? [{ name, tasks, arn: targets.arn }] : [])),
    database: { parameter: names.path(LIVE_DATABASE.identifier), instances: database.template.instances.length },
    cache: capacity.cacheReplicas === undefined ? undefined : { replicationGroup: names.of("elasticache_replication_group") },
    schedule: config.runbooks.schedule ? DAILY_HEALTH_CHECK : undefined,
  });
  bus?.subscribe(check, "health-doubted", {
    means: "The application suspects that the platform is unhealthy",
    pattern: eventPattern("service", "HealthDoubted"),
    target: check.runbook.eventTarget(),
  });
  return {
    name: "health_check",
    description: "State machine that checks the health of every part of this region.",
    arn: check.runbook.arn,
  };
}

function createBackupVerification(context: RegionContext, { restoreTestingPlanArn }: OperatedResources): PublishedRunbook {
  const { stack, config, region, scope } = context;
  const first = firstRegion(config);
  const names = scope.names.in(first);
  const { accountId, backup } = config;
  // The vault contains backups of its own region, and copies of those of the other regions.
  const maxAgeHours = (of: string): number =>
    of === region.name ? maxBackupAgeHours(backup.everyHours) : maxCopyAgeHours(backup.copyEveryHours);
  const arns = [
    ...(keepsSessionsIn(config, "dynamodb") ? [`arn:aws:dynamodb:${first}:${accountId}:table/${sessionsTableName(names)}`] : []),
    ...bucketsOf(config).map((purpose) => `arn:aws:s3:::${names.of("s3_bucket", purpose)}`),
  ];
  const { arn } = new BackupVerification(stack, "backup-verification", {
    ...common(context),
    vault: scope.names.of("backup_vault"),
    objectives: [
      // The cluster that is the writer is backed up, and a takeover changes it.
      config.regions.map(({ name }) => ({
        resourceArn: `arn:aws:rds:${name}:${accountId}:cluster:${names.in(name).of("rds_cluster")}`,
        maxAgeHours: maxAgeHours(name),
      })),
      ...arns.map((resourceArn) => [{ resourceArn, maxAgeHours: maxAgeHours(first) }]),
    ],
    restoreTestingPlanArn,
    schedule: config.runbooks.schedule ? DAILY_BACKUP_VERIFICATION : undefined,
  });
  return { name: "backup_verification", description: "State machine that checks the backups against their objectives.", arn };
}

function createZonalShift(context: RegionContext, { loadBalancer, network, impairedZoneAlarms }: OperatedResources): PublishedRunbook {
  const { stack, config, region, capacity } = context;
  const zones = region.availabilityZones.length;
  const { arn } = new ZonalShift(stack, "zonal-shift", {
    ...common(context),
    ...config.zonalShift,
    loadBalancerArn: loadBalancer.arn,
    zones: [...impairedZoneAlarms].map(([name, alarm]) => ({ name, alarm, id: network.zoneIds.get(name) ?? "" })),
    targetGroups: capacity.services.flatMap(({ name, tasks }) => {
      const targets = loadBalancer.targetGroup(name);
      return targets ? [{ service: name, arn: targets.arn, tasks: tasksWithoutZone(tasks.min, zones) }] : [];
    }),
  });
  return { name: "zonal_shift", description: "State machine that shifts traffic away from an impaired zone.", arn };
}

/** 1024 CPU units of a task definition are a vCPU. */
const CPU_UNITS_OF_A_VCPU = 1024;

function createRegionTakeover(context: RegionContext, { database, loadBalancer }: OperatedResources): PublishedRunbook {
  const { stack, config, region, scope, logs, capacity, keys, alerts } = context;
  const { names } = scope;
  const { template, clusterArn } = database;
  const [zone = ""] = region.availabilityZones;
  const globalCluster = globalDatabaseName(names);
  const regions = platformRegions(config, names, region.name);
  const control = new RegionControl(stack, "region-control", {
    ...scope,
    ...logs,
    regions,
    globalCluster,
    services: capacity.services
      .filter(({ tasks }) => tasks.min > 0)
      .map((service) => ({
        ...ecsName(context, service),
        tasks: service.tasks.min,
        targetGroupArn: loadBalancer.targetGroup(service.name)?.arn,
      })),
    primaryVcpus: capacity.services.reduce((sum, { cpu, tasksAsPrimary }) => sum + (cpu / CPU_UNITS_OF_A_VCPU) * tasksAsPrimary.min, 0),
    keyArn: keys.arn("runbooks"),
    alerts,
  });
  const { arn } = new RegionTakeover(stack, "region-takeover", {
    ...common(context),
    regions: regions.map(({ name }) => name),
    globalCluster,
    cluster: { identifier: template.clusterIdentifier, arn: clusterArn },
    clusterArns: regions.map((platformRegion) => platformRegion.clusterArn),
    functionArn: control.arn,
    writesParameter: names.path(WRITES_PARAMETER),
    services: capacity.services.map((service) => ({ ...ecsName(context, service), ...service.tasksAsPrimary })),
    scaledDown: isScaledDown(region),
    firstInstance:
      capacity.databaseInstances > 0
        ? undefined
        : {
            identifier: names.of("rds_cluster_instance", zone),
            zone,
            // Terraform would give a single instance the same window.
            maintenanceWindow:
              instanceWindows(
                regionalWindow(config.database.maintenanceWindow, regionsByPreference(config), region.name),
                config.database.backupWindow,
                1,
              )[0] ?? "",
            template,
            tags: allTags(config),
          },
  });
  return { name: "region_takeover", description: "State machine that makes this region the primary.", arn };
}
