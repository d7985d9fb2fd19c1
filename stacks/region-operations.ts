import { Construct } from "constructs";
import { eventPattern } from "../config/platform-events";
import { tasksIn } from "../config/standby";
import { BUCKETS, bucketsOf, keepsSessionsIn } from "../config/stores";
import { AlertForwarding } from "../modules/alert-forwarding/alert-forwarding";
import { AlertQueue } from "../modules/alert-forwarding/alert-queue";
import { Canary } from "../modules/canary/canary";
import type { Aurora } from "../modules/database/aurora";
import { globalDatabaseName } from "../modules/database/global-database";
import { GLOBAL_LAG_ALARM } from "../modules/database/watch";
import { runbooksMayEncrypt } from "../modules/encryption/key";
import type { EventBus } from "../modules/events/event-bus";
import type { FrontDoor } from "../modules/front-door/front-door";
import { healthCheckParameter } from "../modules/dns/failover";
import { BackupVerification } from "../modules/runbooks/backup-verification/construct";
import { HealthCheck } from "../modules/runbooks/health-check/construct";
import { RegionTakeover } from "../modules/runbooks/region-takeover/construct";
import { sessionsTableName } from "../modules/sessions/sessions";
import type { AccessLogBucket } from "../modules/storage/access-log-bucket";
import { Bucket } from "../modules/storage/bucket";
import type { Widget } from "../modules/monitoring/metric";
import { LIVE_DATABASE, WRITES } from "./connections";
import { canaryTargets } from "./domains";
import { allTags, homeRegion } from "./standfast-stack";
import { queueKey } from "./region-services";
import type { RegionStack, Runbooks } from "./region-stack";

const ARTIFACT_RETENTION_DAYS = 30;

/** Canaries that ask for the other regions: one that is lost cannot say so itself. */
export function canaries(stack: RegionStack, accessLogs: AccessLogBucket): { readonly widgets: readonly Widget[] } | undefined {
  const { config, names, region, place, logs, alerts, keep } = stack;
  if (!config.canaries.enabled) return undefined;
  const keyArn = stack.key("canaries").arn;
  const { bucketName, bucketArn } = new Bucket(stack, "canary-results", {
    names,
    holds: BUCKETS.canaryResults,
    keyArn,
    accessLogs,
    forceDestroy: keep.forceDestroy,
    lifecycle: {
      expiration: [{ days: ARTIFACT_RETENTION_DAYS }],
      noncurrentVersionExpiration: [{ noncurrentDays: 1 }],
    },
  });
  const made = canaryTargets(config, region.name).map(
    ({ target, host }) =>
      new Canary(stack, `canary-${target}`, {
        ...config.canaries,
        ...place,
        ...logs,
        target,
        url: `https://${host}${config.frontDoor.healthCheck.path}`,
        artifacts: { bucketName, bucketArn, keyArn },
        alerts,
      }),
  );
  if (made.length > 0)
    alerts.tier(
      new Construct(stack, "canaries"),
      "canary",
      made.map(({ alarm }) => alarm),
      "canaries.md#failing",
    );
  return { widgets: [{ title: "Canaries: percent of runs that went well", metrics: made.map(({ metric }) => metric) }] };
}

/** What the runbooks of a region look at and change. */
interface Operated {
  readonly frontDoor: FrontDoor;
  readonly database: Aurora;
  readonly bus: EventBus | undefined;
  readonly restoreTestingPlanArn: string | undefined;
}

const DAILY_HEALTH_CHECK = "cron(0 8 * * ? *)";
const DAILY_BACKUP_VERIFICATION = "cron(30 8 * * ? *)";
/** Hours that a backup may take from the moment for which it was planned. */
const BACKUP_GRACE_HOURS = 3;

/** The runbooks that AWS executes in this region, by the name of the output that leads to each. */
export function runbooks(stack: RegionStack, operated: Operated): Runbooks {
  const { config } = stack;
  if (!config.runbooks.enabled) return {};
  return {
    health_check: healthCheck(stack, operated),
    ...(config.backup.enabled && { backup_verification: backupVerification(stack, operated) }),
    ...(config.regions.length > 1 && { region_takeover: regionTakeover(stack, operated) }),
  };
}

function common(stack: RegionStack) {
  const { place, logs, alerts, config } = stack;
  const keyArn = stack.key("runbooks", runbooksMayEncrypt()).arn;
  return { ...place, ...logs, keyArn, alerts, runbookBaseUrl: config.monitoring.runbookBaseUrl };
}

/** Every service of the region, with its number of tasks there, and with the one that a primary has. */
function servicesOf({ config, names, region }: RegionStack) {
  const asPrimary = { ...region, standby: undefined };
  const cluster = names.of("ecs_cluster");
  const all = [
    { role: undefined, service: config.service, paths: ["/"], stores: ["database"] },
    ...Object.entries(config.services).map(([role, service]) => ({ role, service, paths: service.paths, stores: service.stores })),
  ];
  return all.map(({ role, service, paths, stores }) => ({
    cluster,
    role,
    name: names.of("ecs_service", role),
    tasks: tasksIn(region, service).min,
    primary: tasksIn(asPrimary, service),
    routed: paths.length > 0,
    usesDatabase: stores.includes("database"),
  }));
}

/** The services whose tasks learn where the database is when they start. */
export function servicesOnDatabase(stack: RegionStack): { readonly cluster: string; readonly name: string }[] {
  return servicesOf(stack)
    .filter(({ usesDatabase }) => usesDatabase)
    .map(({ cluster, name }) => ({ cluster, name }));
}

function healthCheck(stack: RegionStack, { frontDoor, database, bus }: Operated): string {
  const { config, names, capacity } = stack;
  const services = servicesOf(stack).filter(({ tasks }) => tasks > 0);
  const check = new HealthCheck(stack, "health-check", {
    ...common(stack),
    services,
    targetGroups: services
      .filter(({ routed }) => routed)
      .map(({ role, name, tasks }) => ({ name, tasks, arn: frontDoor.targetsOf(role).arn })),
    database: { parameter: names.path(LIVE_DATABASE.identifier), instances: database.blueprint.instances.length },
    cache: capacity.cacheReplicas === undefined ? undefined : { replicationGroup: names.of("elasticache_replication_group") },
    schedule: config.runbooks.rehearse ? DAILY_HEALTH_CHECK : undefined,
  });
  bus?.subscribe(check, "health-doubted", {
    means: "The application doubts that the platform is well",
    pattern: eventPattern("service", "HealthDoubted"),
    target: check.runbook.eventTarget(),
  });
  return check.runbook.arn;
}

function backupVerification(stack: RegionStack, { restoreTestingPlanArn }: Operated): string {
  const { config, names } = stack;
  const home = names.in(homeRegion(config));
  const { accountId, backup } = config;
  const maxAgeHours = backup.everyHours + BACKUP_GRACE_HOURS;
  const at = (service: string, resource: string): string => `arn:aws:${service}:${homeRegion(config)}:${accountId}:${resource}`;
  const arns = [
    at("rds", `cluster:${home.of("rds_cluster")}`),
    ...(keepsSessionsIn(config, "dynamodb") ? [at("dynamodb", `table/${sessionsTableName(home)}`)] : []),
    ...bucketsOf(config).map((holds) => `arn:aws:s3:::${home.of("s3_bucket", holds)}`),
  ];
  return new BackupVerification(stack, "backup-verification", {
    ...common(stack),
    vault: names.of("backup_vault"),
    objectives: arns.map((resourceArn) => ({ resourceArn, maxAgeHours })),
    restoreTestingPlanArn,
    schedule: config.runbooks.rehearse ? DAILY_BACKUP_VERIFICATION : undefined,
  }).arn;
}

function regionTakeover(stack: RegionStack, { database }: Operated): string {
  const { config, names, region, capacity } = stack;
  const { blueprint, clusterArn } = database;
  const [zone = ""] = region.availabilityZones;
  return new RegionTakeover(stack, "region-takeover", {
    ...common(stack),
    globalCluster: globalDatabaseName(names),
    cluster: { identifier: blueprint.clusterIdentifier, arn: clusterArn },
    lagAlarm: names.of("cloudwatch_metric_alarm", GLOBAL_LAG_ALARM),
    parameters: {
      identifier: names.path(LIVE_DATABASE.identifier),
      writer: names.path(LIVE_DATABASE.writer),
      reader: names.path(LIVE_DATABASE.reader),
      writes: names.path(WRITES),
    },
    services: servicesOf(stack).map(({ cluster, name, primary }) => ({ cluster, name, ...primary })),
    regions: config.regions.map(({ name }) => ({
      name,
      healthCheckParameter: names.path(healthCheckParameter(name)),
      writesParameter: names.in(name).path(WRITES),
      clusterArn: `arn:aws:rds:${name}:${config.accountId}:cluster:${names.in(name).of("rds_cluster")}`,
    })),
    firstInstance:
      capacity.databaseInstances > 0
        ? undefined
        : { identifier: names.of("rds_cluster_instance", zone), zone, template: blueprint, tags: allTags(config) },
  }).arn;
}

/** Where alerts go beside e-mail. */
export function forwarding(stack: RegionStack): { readonly queueUrl?: string } {
  const { config, place, logs, alerts, keep } = stack;
  if (config.monitoring.chat)
    new AlertForwarding(stack, "alert-forwarding", {
      ...place,
      ...logs,
      keyArn: stack.key("alert-forwarding").arn,
      queueKeyArn: queueKey(stack),
      recoveryDays: keep.secretRecoveryDays,
      alerts,
    });
  if (!config.monitoring.queue) return {};
  return { queueUrl: new AlertQueue(stack, "alert-queue", { ...place, keyArn: queueKey(stack), alerts }).url };
}
