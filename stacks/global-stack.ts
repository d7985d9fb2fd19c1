import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { type Config, firstRegion, primaryRegion, regionsByPreference } from "../config/config";
import { type Retention, retention } from "../config/retention";
import { SERVICE_USERNAME } from "../config/service-user";
import { GlobalDatabase } from "../modules/database/global-database";
import { DatabaseSecret } from "../modules/database/database-secret";
import { MASTER_SECRET_KEY_PURPOSE, masterSecretName, serviceSecretName } from "../modules/database/master-secret";
import { HostedZoneLookup } from "../modules/dns/hosted-zone-lookup";
import { HostedZone } from "../modules/dns/hosted-zone";
import { Key } from "../modules/encryption/key";
import { SharedValidationRecords } from "../modules/load-balancer/certificate";
import { sharedDomains } from "./domains";
import { engineOf, hasOwnSecret } from "./database-engine";
import { StandfastStack } from "./standfast-stack";

export interface GlobalStackProps {
  readonly config: Config;
  readonly given: Readonly<Record<string, unknown>>;
}

/**
 * Resources that exist once and on which the regions depend: the hosted zone, the validation records of shared names, the
 * global database and its password. Neither requests nor a failover depend on them.
 */
export class GlobalStack extends StandfastStack {
  constructor(scope: Construct, { config, given }: GlobalStackProps) {
    super(scope, "global", { config, given, region: firstRegion(config), stateRegion: primaryRegion(config) });
    this.keepProvidersOfRemovedRegions(config);
    const settings = retention(config);
    if (config.dns.createZone) {
      const { nameServers } = new HostedZone(this, "zone", { zoneName: config.dns.zoneName, forceDestroy: settings.forceDestroy });
      new TerraformOutput(this, "name_servers", {
        staticId: true,
        description: "Name servers to which the parent zone must delegate.",
        value: nameServers,
      });
    } else if (config.regions.some((region) => region.certificateArn === undefined)) {
      const { zoneId } = new HostedZoneLookup(this, "zone", config.dns);
      new SharedValidationRecords(this, "shared-validation-records", { names: this.names, domainNames: sharedDomains(config), zoneId });
    }
    const globalDatabase = config.regions.length > 1 ? this.createGlobalDatabase(config, settings) : undefined;
    if (hasOwnSecret(config)) this.createDatabaseSecrets(config, settings, globalDatabase);
  }

  private createGlobalDatabase(config: Config, { deletionProtection }: Retention): GlobalDatabase {
    const database = new GlobalDatabase(this, "database", {
      names: this.names,
      engine: engineOf(config),
      extendedSupport: config.database.extendedSupport,
      databaseName: config.database.name,
      deletionProtection,
      regions: regionsByPreference(config).map(({ name }) => ({
        name,
        names: this.names.in(name),
        provider: this.providerIn(config, name),
      })),
    });
    new TerraformOutput(this, "database_writer_endpoint", {
      staticId: true,
      description: "Host name of the database writer, also after a failover to another region.",
      value: database.writerEndpoint,
    });
    return database;
  }

  private createDatabaseSecrets(config: Config, settings: Retention, globalDatabase: GlobalDatabase | undefined): void {
    const { names } = this;
    const { database, accountId } = config;
    const [primary, ...others] = config.regions.map(({ name: region }) => ({
      region,
      keyArn: new Key(this, `secret-key-${region}`, {
        names: names.in(region),
        accountId,
        purpose: MASTER_SECRET_KEY_PURPOSE,
        deletionDays: settings.keyDeletionDays,
        provider: this.providerIn(config, region),
      }).arn,
    }));
    if (!primary) return;
    const swappable = globalDatabase && {
      primaryCluster: names.in(primaryRegion(config)).of("rds_cluster"),
      primaryRegion: primaryRegion(config),
      primaryWrites: globalDatabase.primaryWrites,
    };
    const common = {
      region: primary.region,
      passwordVersion: database.passwordVersion,
      keyArn: primary.keyArn,
      replicas: others,
      recoveryDays: settings.secretRecoveryDays,
    };
    new DatabaseSecret(this, "database-secret", {
      ...common,
      secretName: masterSecretName(names),
      description: "User and password of the database",
      passwordId: "database",
      username: database.masterUsername,
      swappable,
    });
    if (database.serviceUser?.authentication === "password")
      new DatabaseSecret(this, "service-user-secret", {
        ...common,
        secretName: serviceSecretName(names),
        description: "User and password with which the services use the database",
        passwordId: "service-user",
        username: SERVICE_USERNAME,
        swappable: swappable && { ...swappable, change: "The password of database.service_user" },
      });
  }
}
