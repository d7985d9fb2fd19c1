import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { planNetwork } from "../config/cidr";
import type { Config } from "../config/load";
import { retention, type Retention } from "../config/retention";
import { rewindsByRestore } from "../config/rewind";
import { type Capacity, capacity } from "../config/standby";
import { BUCKETS, bucketsOf, keepsSessionsIn } from "../config/stores";
import { Backup } from "../modules/backup/backup";
import { RestoreTesting } from "../modules/backup/restore-testing";
import { ServiceExport } from "../modules/backup/service-export";
import { BACKUP_KEY_PURPOSE, Vault, vaultArn } from "../modules/backup/vault";
import { Cache, CACHE_PORT } from "../modules/cache/cache";
import { Aurora, type AuroraProps } from "../modules/database/aurora";
import { ENGINE_PORT, lifecycleSupport } from "../modules/database/engine";
import { globalDatabaseName } from "../modules/database/global-database";
import { HostedZone } from "../modules/dns/hosted-zone";
import { RegionEntry } from "../modules/dns/region-entry";
import { alertsMayEncrypt, Key, keyAlias, type KeyProps, logsMayEncrypt, runbooksMayEncrypt } from "../modules/encryption/key";
import { FrontDoor } from "../modules/front-door/front-door";
import { Alerts } from "../modules/monitoring/alerts";
import { awsHealth } from "../modules/monitoring/aws-health";
import { Dashboard } from "../modules/monitoring/dashboard";
import { Network } from "../modules/network/network";
import { Rewind } from "../modules/runbooks/rewind/construct";
import { Sessions, SESSIONS_KEY_PURPOSE } from "../modules/sessions/sessions";
import { AccessLogBucket } from "../modules/storage/access-log-bucket";
import { DataBucket } from "../modules/storage/data-bucket";
import { STORAGE_KEY_PURPOSE } from "../modules/storage/replication";
import { LIVE_DATABASE } from "./connections";
import { regionDomain, sharedDomains } from "./domains";
import { engineOf, hasOwnSecret } from "./database";
import { canaries, forwarding, runbooks, servicesOnDatabase } from "./region-operations";
import { eventBus, interfaceEndpoints, paymentValidation, platformServices } from "./region-services";
import { allTags, homeRegion, StandfastStack } from "./standfast-stack";

export interface RegionStackProps {
  readonly config: Config;
  readonly given: Readonly<Record<string, unknown>>;
  readonly region: Config["regions"][number];
}

const SERVICE_CONFIGURATION = "service-configuration";
const DATABASE_KEY_PURPOSE = "database";

/** What each runbook does, by the beginning of its output's name. */
const RUNBOOKS = {
  health_check: "State machine that checks the health of every part of this region.",
  backup_verification: "State machine that checks the backups against their objectives.",
  region_takeover: "State machine that makes this region the primary.",
  rewind: "State machine that takes the database back to a given second.",
};
/** State machines by their ARN, as far as the configuration has them. */
export type Runbooks = Partial<Record<keyof typeof RUNBOOKS, string>>;

/** The whole platform of one region. */
export class RegionStack extends StandfastStack {
  readonly config: Config;
  readonly region: RegionStackProps["region"];
  readonly capacity: Capacity;
  readonly keep: Retention;
  readonly place: { readonly names: RegionStack["names"]; readonly region: string; readonly accountId: string };
  readonly logs: { readonly logKeyArn: string; readonly logRetentionDays: number };
  readonly alerts: Alerts;

  constructor(scope: Construct, { config, given, region }: RegionStackProps) {
    super(scope, region.name, { config, given, region: region.name });
    const { names } = this;
    this.config = config;
    this.region = region;
    this.capacity = capacity(config, region);
    this.keep = retention(config.protect);
    this.place = { names, region: region.name, accountId: config.accountId };
    this.logs = { logKeyArn: this.logKey().arn, logRetentionDays: config.monitoring.logRetentionDays };
    this.alerts = new Alerts(this, "alerts", {
      ...this.place,
      purpose: "alerts",
      keyArn: this.key("alerts", alertsMayEncrypt(config.accountId)).arn,
      emails: `\${${this.variables.alertEmails}}`,
      runbookBaseUrl: config.monitoring.runbookBaseUrl,
    });

    const network = this.network();
    const accessLogs = new AccessLogBucket(this, "access-logs", {
      names,
      accountId: config.accountId,
      retentionDays: config.frontDoor.accessLogRetentionDays,
      forceDestroy: this.keep.forceDestroy,
    });
    const frontDoor = this.frontDoor(network, accessLogs);
    const database = this.database(network);
    const cache = this.cache(network);
    const sessions = this.sessions();
    const buckets = this.buckets(accessLogs);
    const bus = eventBus(this);
    const endpoints = interfaceEndpoints(this, network);
    const validation = paymentValidation(this, { network, frontDoor, bus, endpoints });
    const services = platformServices(this, { network, frontDoor, database, cache, sessions, buckets, bus, validation, endpoints });

    const { backup, restoreTestingPlanArn } = this.backup(network, sessions, Object.values(buckets), accessLogs, database);
    const rewind = config.database.rewind && database.instances.length > 0 ? this.rewind(database) : undefined;
    const started = runbooks(this, { frontDoor, database, bus, restoreTestingPlanArn });
    const watching = canaries(this, accessLogs);
    const { queueUrl } = forwarding(this);
    awsHealth(this, this.alerts, region.name);
    this.watchZones(network, frontDoor, database);
    this.alerts.platform(this, "zone.md#platform");
    const parts = [frontDoor, ...services, validation, bus, database, cache, sessions, backup, watching, network];
    new Dashboard(this, "dashboard", {
      names,
      region: region.name,
      rows: parts.filter((part) => part !== undefined).map(({ widgets }) => widgets),
    });
    this.publish(frontDoor, database, cache, queueUrl, { ...started, ...(rewind && { rewind: rewind.arn }) });
  }

  /** What stands in one zone, from whatever module, has one alarm together. */
  private watchZones(network: Network, frontDoor: FrontDoor, database: Aurora): void {
    for (const zone of this.region.availabilityZones) {
      const alarms = [...frontDoor.zoneAlarms(zone), ...(network.zoneAlarms.get(zone) ?? []), ...(database.zoneAlarms.get(zone) ?? [])];
      if (alarms.length > 0) this.alerts.zone(this, zone, alarms, "zone.md#zone");
    }
  }

  isHome(): boolean {
    return this.region.name === homeRegion(this.config);
  }

  /** Whether a runbook may make another cluster, or this region's own, the one that is written. */
  databaseMoves(): boolean {
    const { regions, runbooks } = this.config;
    return this.rewindsByRestore() || (runbooks.enabled && regions.length > 1);
  }

  private rewindsByRestore(): boolean {
    const { rewind, backtrackHours } = this.config.database;
    return rewindsByRestore(rewind, backtrackHours);
  }

  /** A key of this region, made at its first mention. */
  key(purpose: string, statements: KeyProps["statements"] = []): Key {
    const { names, config, keep } = this;
    const known = this.node.tryFindChild(`${purpose}-key`) as Key | undefined;
    return (
      known ??
      new Key(this, `${purpose}-key`, { names, accountId: config.accountId, purpose, deletionDays: keep.keyDeletionDays, statements })
    );
  }

  private logKey(): Key {
    const { names, config, region } = this;
    return this.key("logs", [
      logsMayEncrypt(region.name, config.accountId, [
        names.path("*"),
        `/aws/rds/cluster/${names.of("rds_cluster")}/*`,
        `/aws/ecs/containerinsights/${names.of("ecs_cluster")}/*`,
        `/aws/elasticache/${names.of("elasticache_replication_group")}/*`,
        `/aws/lambda/${names.of("lambda_function", "*")}`,
        `/aws/lambda/cwsyn-${names.of("synthetics_canary", "*")}-*`,
        `/aws/vendedlogs/states/${names.of("sfn_state_machine", "*")}`,
        `aws-waf-logs-${names.of("wafv2_web_acl")}`,
      ]),
    ]);
  }

  private network(): Network {
    const { config, region } = this;
    const cached = keepsSessionsIn(config, "redis");
    return new Network(this, "network", {
      ...this.place,
      ...this.logs,
      vpcCidr: region.vpcCidr,
      plan: planNetwork(region.vpcCidr, region.availabilityZones),
      nat: config.network.nat,
      servicePort: config.service.port,
      dataPorts: [ENGINE_PORT[config.database.engine], ...(cached ? [CACHE_PORT] : [])],
      withinDataTier: cached || config.database.proxy,
      alerts: this.alerts,
    });
  }

  private frontDoor(network: Network, accessLogs: AccessLogBucket): FrontDoor {
    const { names, config, region } = this;
    const { waf, ...door } = config.frontDoor;
    const entry = regionDomain(config, region.name);
    const { zoneId } = new HostedZone(this, "zone", config.dns);
    const frontDoor = new FrontDoor(this, "front-door", {
      ...door,
      names,
      vpcId: network.vpcId,
      subnetIds: network.publicSubnetIds,
      certificate: region.certificateArn
        ? { arn: region.certificateArn }
        : { domainName: entry, sharedNames: sharedDomains(config), zoneId },
      accessLogs,
      deletionProtection: this.keep.deletionProtection,
      ...(waf ? { waf: this.logs } : {}),
      service: {
        port: config.service.port,
        protocol: config.service.protocol,
        expectedTargets: this.capacity.tasks.min,
        zones: region.availabilityZones,
        maxLatencySeconds: door.maxLatencySeconds,
      },
      anomalyDetection: config.monitoring.anomalyDetection,
      alerts: this.alerts,
    });
    new RegionEntry(this, "entry", { zoneId, domainName: entry, loadBalancer: frontDoor.loadBalancer });
    return frontDoor;
  }

  private database(network: Network): Aurora {
    const { config, region } = this;
    return new Aurora(this, "database", {
      ...config.database,
      ...this.keep,
      ...this.logs,
      ...this.place,
      engine: engineOf(config),
      vpcId: network.vpcId,
      subnetIds: network.dataSubnetIds,
      availabilityZones: region.availabilityZones,
      instances: this.capacity.databaseInstances,
      membership: this.membership(),
      password: hasOwnSecret(config) ? "own-secret" : "managed-by-rds",
      databaseName: config.database.name,
      keyArn: this.key(DATABASE_KEY_PURPOSE).arn,
      alerts: this.alerts,
    });
  }

  /** One region has a database of its own; several share a global one, which the first of them writes. */
  private membership(): AuroraProps["membership"] {
    const { config, region } = this;
    if (config.regions.length === 1) return { kind: "alone" };
    const globalCluster = globalDatabaseName(this.names);
    const primaryRegion = homeRegion(config);
    return region.name === primaryRegion ? { kind: "primary", globalCluster } : { kind: "secondary", globalCluster, primaryRegion };
  }

  private cache(network: Network): Cache | undefined {
    const { config } = this;
    const { cacheReplicas } = this.capacity;
    if (cacheReplicas === undefined) return undefined;
    return new Cache(this, "cache", {
      ...config.cache,
      ...this.keep,
      ...this.logs,
      ...this.place,
      replicas: cacheReplicas,
      vpcId: network.vpcId,
      subnetIds: network.dataSubnetIds,
      keyArn: this.key("cache").arn,
      alerts: this.alerts,
    });
  }

  private sessions(): Sessions | undefined {
    const { config } = this;
    if (!keepsSessionsIn(config, "dynamodb")) return undefined;
    return new Sessions(this, "sessions", {
      ...this.place,
      part: this.isHome() ? "table" : "replica",
      replicated: config.regions.length > 1,
      keyArn: this.key(SESSIONS_KEY_PURPOSE).arn,
      deletionProtection: this.keep.deletionProtection,
      alerts: this.alerts,
    });
  }

  private buckets(accessLogs: AccessLogBucket): { transactionLogs?: DataBucket; applicationData?: DataBucket } {
    const { storage } = this.config;
    if (bucketsOf(this.config).length === 0) return {};
    const keyArn = this.key(STORAGE_KEY_PURPOSE).arn;
    return {
      ...(storage.transactionLogs && {
        transactionLogs: this.bucket(BUCKETS.transactionLogs, keyArn, accessLogs, storage.transactionLogRetentionDays),
      }),
      ...(storage.applicationData && { applicationData: this.bucket(BUCKETS.applicationData, keyArn, accessLogs) }),
    };
  }

  /** A bucket of the platform's own. */
  bucket(holds: string, keyArn: string, accessLogs: AccessLogBucket, expireAfterDays?: number): DataBucket {
    const { storage } = this.config;
    return new DataBucket(this, holds, {
      ...storage,
      names: this.names,
      region: this.region.name,
      holds,
      keyArn,
      accessLogs,
      forceDestroy: this.keep.forceDestroy,
      ...(expireAfterDays !== undefined && { expireAfterDays }),
    });
  }

  /** Every region has a vault; the primary fills its own, and sends copies to the others'. */
  private backup(
    network: Network,
    sessions: Sessions | undefined,
    buckets: readonly DataBucket[],
    accessLogs: AccessLogBucket,
    database: Aurora,
  ): { backup?: Backup; restoreTestingPlanArn?: string } {
    const { names, config } = this;
    const { accountId, backup } = config;
    if (!backup.enabled) return {};
    const key = this.key(BACKUP_KEY_PURPOSE);
    const vault = new Vault(this, "vault", { names, keyArn: key.arn, forceDestroy: this.keep.forceDestroy });
    if (backup.serviceConfiguration) this.serviceExport(accessLogs);
    if (!this.isHome()) return {};
    const keyAliases = [BACKUP_KEY_PURPOSE, DATABASE_KEY_PURPOSE, SESSIONS_KEY_PURPOSE, STORAGE_KEY_PURPOSE].map((purpose) =>
      keyAlias(names, purpose),
    );
    const restoreTesting =
      backup.restoreTesting &&
      new RestoreTesting(this, "restore-testing", {
        ...this.place,
        vpcId: network.vpcId,
        vaultArn: vault.arn,
        clusterArn: database.clusterArn,
        subnetGroup: database.blueprint.subnetGroup,
        keyAliases,
        alerts: this.alerts,
      });
    const made = new Backup(this, "backup", {
      ...this.place,
      vault,
      protects: {
        clusters: [database.clusterArn],
        tables: sessions ? [sessions.tableArn] : [],
        buckets: buckets.map((bucket) => bucket.bucketArn),
      },
      everyHours: backup.everyHours,
      retentionDays: backup.retentionDays,
      copies: config.regions.slice(1).map(({ name }) => ({
        vaultArn: vaultArn(names.in(name), name, accountId),
        retentionDays: backup.copyRetentionDays,
      })),
      keyAliases,
      alerts: this.alerts,
    });
    return { backup: made, ...(restoreTesting && { restoreTestingPlanArn: restoreTesting.planArn }) };
  }

  private serviceExport(accessLogs: AccessLogBucket): void {
    const { names, config } = this;
    const keyArn = this.key(SERVICE_CONFIGURATION).arn;
    const bucket = this.bucket(SERVICE_CONFIGURATION, keyArn, accessLogs);
    new ServiceExport(this, "service-export", {
      ...this.place,
      ...this.logs,
      cluster: names.of("ecs_cluster"),
      service: names.of("ecs_service"),
      bucketName: bucket.bucketName,
      append: bucket.grantAppend("Exports"),
      everyHours: config.backup.everyHours,
      keyArn,
      alerts: this.alerts,
    });
  }

  private rewind(database: Aurora): Rewind {
    const { names, config } = this;
    return new Rewind(this, "rewind", {
      ...this.place,
      ...this.logs,
      cluster: database.blueprint,
      method: this.rewindsByRestore()
        ? {
            kind: "restore",
            backupRetentionDays: config.database.backupRetentionDays,
            lifecycleSupport: lifecycleSupport(config.database.extendedSupport),
            replicated: config.regions.length > 1,
            tags: allTags(config),
            parameters: {
              identifier: names.path(LIVE_DATABASE.identifier),
              writer: names.path(LIVE_DATABASE.writer),
              reader: names.path(LIVE_DATABASE.reader),
            },
            services: servicesOnDatabase(this),
          }
        : { kind: "backtrack" },
      runbookBaseUrl: config.monitoring.runbookBaseUrl,
      keyArn: this.key("runbooks", runbooksMayEncrypt()).arn,
      alerts: this.alerts,
    });
  }

  private publish(frontDoor: FrontDoor, database: Aurora, cache: Cache | undefined, queueUrl: string | undefined, started: Runbooks): void {
    const output = (id: string, description: string, value: string) =>
      new TerraformOutput(this, id, { staticId: true, description, value });
    output("load_balancer_dns_name", "Where this region's requests go: the target of its DNS record.", frontDoor.loadBalancer.dnsName);
    output("database_writer_endpoint", "Host name that always leads to the writer.", database.writerEndpoint);
    output("database_reader_endpoint", "Host name that leads to the readers in turn.", database.readerEndpoint);
    output("database_secret_arn", "Secret with the database's user name and password.", database.secretArn);
    if (cache)
      output("cache_configuration_endpoint", "Host name that tells clients of the cache where each shard is.", cache.configurationEndpoint);
    for (const name of Object.keys(RUNBOOKS) as (keyof Runbooks)[]) {
      const arn = started[name];
      if (arn !== undefined) output(`${name}_runbook_arn`, RUNBOOKS[name], arn);
    }
    if (queueUrl !== undefined) output("alerts_queue_url", "Queue that every alert of this region goes to, too.", queueUrl);
    output("alerts_topic_arn", "Topic that every alert of this region goes to.", this.alerts.topicArn);
  }
}
