import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { type Config, primaryRegion } from "../config/config";
import { type Retention, retention } from "../config/retention";
import { GlobalDatabase } from "../modules/database/global-database";
import { MASTER_SECRET_KEY_PURPOSE, MasterSecret } from "../modules/database/master-secret";
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
 * What exists once and the regions need: a zone, the proofs of shared names, the global database and its password.
 * Nothing of it is needed to serve, nor to fail over.
 */
export class GlobalStack extends StandfastStack {
  constructor(scope: Construct, { config, given }: GlobalStackProps) {
    super(scope, "global", { config, given, region: primaryRegion(config) });
    const keep = retention(config.protect);
    if (config.dns.createZone) {
      const { nameServers } = new HostedZone(this, "zone", { zoneName: config.dns.zoneName, forceDestroy: keep.forceDestroy });
      new TerraformOutput(this, "name_servers", {
        staticId: true,
        description: "Name servers that the parent zone must delegate to.",
        value: nameServers,
      });
    } else if (config.regions.some((region) => region.certificateArn === undefined)) {
      const { zoneId } = new HostedZoneLookup(this, "zone", config.dns);
      new SharedValidationRecords(this, "shared-names", { names: this.names, domainNames: sharedDomains(config), zoneId });
    }
    if (config.regions.length > 1)
      new GlobalDatabase(this, "database", {
        names: this.names,
        engine: engineOf(config),
        extendedSupport: config.database.extendedSupport,
        databaseName: config.database.name,
        deletionProtection: keep.deletionProtection,
      });
    if (hasOwnSecret(config)) this.databaseSecret(config, keep);
  }

  private databaseSecret(config: Config, keep: Retention): void {
    const { names } = this;
    const { database, accountId } = config;
    const [home, ...others] = config.regions.map(({ name: region }) => ({
      region,
      keyArn: new Key(this, `secret-key-${region}`, {
        names: names.in(region),
        accountId,
        purpose: MASTER_SECRET_KEY_PURPOSE,
        deletionDays: keep.keyDeletionDays,
        provider: this.providerIn(config, region),
      }).arn,
    }));
    if (!home) return;
    new MasterSecret(this, "database-secret", {
      names,
      username: database.masterUsername,
      passwordVersion: database.passwordVersion,
      keyArn: home.keyArn,
      replicas: others,
      recoveryDays: keep.secretRecoveryDays,
    });
  }
}
