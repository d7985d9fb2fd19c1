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
import {
  alertsMayEncrypt,
  fargateMayEncrypt,
  Key,
  keyAlias,
  type KeyProps,
  logsMayEncrypt,
  runbooksMayEncrypt,
} from "../modules/encryption/key";
import { FrontDoor } from "../modules/front-door/front-door";
import { Alerts } from "../modules/monitoring/alerts";
import { Dashboard } from "../modules/monitoring/dashboard";
import { InterfaceEndpoints } from "../modules/network/interface-endpoints";
import { Network } from "../modules/network/network";
import { Parameters } from "../modules/parameters/parameters";
import { Rewind } from "../modules/runbooks/rewind";
import { Service } from "../modules/service/service";
import { Sessions, SESSIONS_KEY_PURPOSE } from "../modules/sessions/sessions";
import { AccessLogBucket } from "../modules/storage/access-log-bucket";
import { DataBucket } from "../modules/storage/data-bucket";
import { STORAGE_KEY_PURPOSE } from "../modules/storage/replication";
import {
  cacheConnection,
  type Connection,
  databaseConnection,
  LIVE_DATABASE,
  joined,
  sessionsConnection,
  settings,
  storageConnection,
} from "./connections";
import { regionDomain, sharedDomains } from "./domains";
import { engineOf, hasOwnSecret } from "./database";
import { allTags, homeRegion, StandfastStack } from "./standfast-stack";

export interface RegionStackProps {
  readonly config: Config;
  readonly given: Readonly<Record<string, unknown>>;
  readonly region: Config["regions"][number];
}

const SERVICE_CONFIGURATION = "service-configuration";
const DATABASE_KEY_PURPOSE = "database";

/** The whole platform of one region. */
export class RegionStack extends StandfastStack {
  private readonly config: Config;
  private readonly region: RegionStackProps["region"];
  private readonly capacity: Capacity;
  private readonly keep: Retention;
  private readonly place: { readonly names: RegionStack["names"]; readonly region: string; readonly accountId: string };
  private readonly logs: { readonly logKeyArn: string; readonly logRetentionDays: number };
  private readonly alerts: Alerts;

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
    const connection = joined([
      settings(config),
      databaseConnection(database, config.database.name, this.rewindsByRestore()),
      cache && cacheConnection(cache),
      sessions && sessionsConnection(sessions),
      storageConnection(buckets),
    ]);
    const service = this.service(network, frontDoor, database, connection);

    service.securityGroup.allowFrom(frontDoor.securityGroup, "requests that the load balancer forwards");
    database.clientSecurityGroup.allowFrom(service.securityGroup, "payments read and write the ledger");
    cache?.securityGroup.allowFrom(service.securityGroup, "payments read and write sessions");
    this.openTheWayOut(network, service);

    const backup = this.backup(network, sessions, Object.values(buckets), accessLogs, database);
    const rewind = config.database.rewind && database.instances.length > 0 ? this.rewind(database) : undefined;
    const stores = [cache, sessions, backup].filter((store) => store !== undefined);
    new Dashboard(this, "dashboard", {
      names,
      region: region.name,
      rows: [frontDoor, service, database, ...stores].map(({ widgets }) => widgets),
    });
    this.publish(frontDoor, database, cache, rewind);
  }

  private isHome(): boolean {
    return this.region.name === homeRegion(this.config);
  }

  private rewindsByRestore(): boolean {
    const { rewind, backtrackHours } = this.config.database;
    return rewindsByRestore(rewind, backtrackHours);
  }

  private key(purpose: string, statements: KeyProps["statements"] = []): Key {
    const { names, config, keep } = this;
    return new Key(this, `${purpose}-key`, { names, accountId: config.accountId, purpose, deletionDays: keep.keyDeletionDays, statements });
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
      targetPort: config.service.port,
      accessLogs,
      deletionProtection: this.keep.deletionProtection,
      ...(waf ? { waf: this.logs } : {}),
      expectedTargets: this.capacity.tasks.min,
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

  private bucket(holds: string, keyArn: string, accessLogs: AccessLogBucket, expireAfterDays?: number): DataBucket {
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

  private service(
    network: Network,
    frontDoor: FrontDoor,
    database: Aurora,
    { parameters: values, variables, statements }: Connection,
  ): Service {
    const { config } = this;
    const clusterName = this.names.of("ecs_cluster");
    const parameters = new Parameters(this, "parameters", { ...this.place, values, keyArn: this.key("parameters").arn });
    const fromParameters = Object.entries(variables).map(([variable, path]) => [variable, parameters.arn(path)]);
    return new Service(this, "service", {
      ...config.service,
      ...this.place,
      ...this.logs,
      tasks: this.capacity.tasks,
      vpcId: network.vpcId,
      subnetIds: network.applicationSubnetIds,
      container: {
        ...config.service,
        name: "payments",
        image: this.variables.containerImage,
        command: this.variables.containerCommand,
        environment: this.variables.taskEnvironment,
        labels: { "database-password-version": String(config.database.passwordVersion) },
        secrets: {
          ...(Object.fromEntries(fromParameters) as Record<string, string>),
          DATABASE_USER: `${database.secretArn}:username::`,
          DATABASE_PASSWORD: `${database.secretArn}:password::`,
        },
      },
      targetGroupArn: frontDoor.targetGroupArn,
      after: [...network.outboundReady, frontDoor.listening, ...database.instances],
      storageKeyId: this.key("task-storage", fargateMayEncrypt(config.accountId, clusterName)).id,
      startStatements: [...parameters.grantRead(), ...database.grantReadSecret()],
      runStatements: [...parameters.grantRead(), ...statements],
      alerts: this.alerts,
    });
  }

  /** HTTPS is all that a task may speak to the outside. */
  private openTheWayOut(network: Network, { securityGroup }: Service): void {
    const { names, config, region } = this;
    securityGroup.allowToOutside(
      "s3",
      { prefixListId: network.s3PrefixListId },
      443,
      "image layers and objects, through the gateway endpoint",
    );
    if (keepsSessionsIn(config, "dynamodb"))
      securityGroup.allowToOutside(
        "dynamodb",
        { prefixListId: network.dynamodbPrefixListId },
        443,
        "sessions, through the gateway endpoint",
      );
    config.network.outboundCidrs.forEach((cidr, index) => {
      securityGroup.allowToOutside(`outbound-${index}`, { cidr }, 443, "AWS APIs, registries and partners, through the NAT gateways");
    });
    if (!config.network.interfaceEndpoints) return;
    const endpoints = new InterfaceEndpoints(this, "interface-endpoints", {
      names,
      region: region.name,
      vpcId: network.vpcId,
      subnetIds: network.applicationSubnetIds,
    });
    endpoints.securityGroup.allowFrom(securityGroup, "AWS APIs without leaving the VPC");
  }

  /** Every region has a vault; the primary fills its own, and sends copies to the others'. */
  private backup(
    network: Network,
    sessions: Sessions | undefined,
    buckets: readonly DataBucket[],
    accessLogs: AccessLogBucket,
    database: Aurora,
  ): Backup | undefined {
    const { names, config } = this;
    const { accountId, backup } = config;
    if (!backup.enabled) return undefined;
    const key = this.key(BACKUP_KEY_PURPOSE);
    const vault = new Vault(this, "vault", { names, keyArn: key.arn, forceDestroy: this.keep.forceDestroy });
    if (backup.serviceConfiguration) this.serviceExport(accessLogs);
    if (!this.isHome()) return undefined;
    const keyAliases = [BACKUP_KEY_PURPOSE, DATABASE_KEY_PURPOSE, SESSIONS_KEY_PURPOSE, STORAGE_KEY_PURPOSE].map((purpose) =>
      keyAlias(names, purpose),
    );
    if (backup.restoreTesting)
      new RestoreTesting(this, "restore-testing", {
        ...this.place,
        vpcId: network.vpcId,
        vaultArn: vault.arn,
        clusterArn: database.clusterArn,
        subnetGroup: database.blueprint.subnetGroup,
        keyAliases,
        alerts: this.alerts,
      });
    return new Backup(this, "backup", {
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
      by: this.rewindsByRestore()
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
            service: { cluster: names.of("ecs_cluster"), name: names.of("ecs_service") },
          }
        : { kind: "backtrack" },
      runbookBaseUrl: config.monitoring.runbookBaseUrl,
      keyArn: this.key("runbooks", runbooksMayEncrypt()).arn,
      alerts: this.alerts,
    });
  }

  private publish(frontDoor: FrontDoor, database: Aurora, cache: Cache | undefined, rewind: Rewind | undefined): void {
    const output = (id: string, description: string, value: string) =>
      new TerraformOutput(this, id, { staticId: true, description, value });
    output("load_balancer_dns_name", "Where this region's requests go: the target of its DNS record.", frontDoor.loadBalancer.dnsName);
    output("database_writer_endpoint", "Host name that always leads to the writer.", database.writerEndpoint);
    output("database_reader_endpoint", "Host name that leads to the readers in turn.", database.readerEndpoint);
    output("database_secret_arn", "Secret with the database's user name and password.", database.secretArn);
    if (cache)
      output("cache_configuration_endpoint", "Host name that tells clients of the cache where each shard is.", cache.configurationEndpoint);
    if (rewind) output("rewind_runbook_arn", "State machine that takes the database back to a given second.", rewind.arn);
    output("alerts_topic_arn", "Topic that every alert of this region goes to.", this.alerts.topicArn);
  }
}
