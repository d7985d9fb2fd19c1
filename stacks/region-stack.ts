import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { planNetwork } from "../config/cidr";
import type { Config } from "../config/load";
import { retention } from "../config/retention";
import { capacity } from "../config/standby";
import { Aurora, type AuroraProps, DATABASE_PORT } from "../modules/database/aurora";
import { globalDatabaseName } from "../modules/database/global-database";
import { HostedZone } from "../modules/dns/hosted-zone";
import { RegionEntry } from "../modules/dns/region-entry";
import { alertsMayEncrypt, fargateMayEncrypt, Key, type KeyProps, logsMayEncrypt } from "../modules/encryption/key";
import { FrontDoor } from "../modules/front-door/front-door";
import { Alerts } from "../modules/monitoring/alerts";
import { Dashboard } from "../modules/monitoring/dashboard";
import { InterfaceEndpoints } from "../modules/network/interface-endpoints";
import { Network } from "../modules/network/network";
import { Parameters } from "../modules/parameters/parameters";
import { Service } from "../modules/service/service";
import { AccessLogBucket } from "../modules/storage/access-log-bucket";
import { regionDomain, sharedDomains } from "./domains";
import { homeRegion, StandfastStack } from "./standfast-stack";

export interface RegionStackProps {
  readonly config: Config;
  readonly given: Readonly<Record<string, unknown>>;
  readonly region: Config["regions"][number];
}

/** The whole platform of one region. */
export class RegionStack extends StandfastStack {
  constructor(scope: Construct, { config, given, region }: RegionStackProps) {
    super(scope, region.name, { config, given, region: region.name });
    const { names } = this;
    const { accountId, database: db } = config;
    const { waf, ...door } = config.frontDoor;
    const keep = retention(config.protect);
    const place = { names, region: region.name, accountId };
    const clusterName = names.of("ecs_cluster");
    const { tasks, databaseInstances } = capacity(config, region);
    const entry = regionDomain(config, region.name);
    const zone = new HostedZone(this, "zone", config.dns);

    const key = (purpose: string, statements?: KeyProps["statements"]) =>
      new Key(this, `${purpose}-key`, { names, accountId, purpose, deletionDays: keep.keyDeletionDays, ...(statements && { statements }) });
    const databaseKey = key("database");
    const storageKey = key("task-storage", fargateMayEncrypt(accountId, clusterName));
    const alertsKey = key("alerts", alertsMayEncrypt(accountId));
    const logKey = key("logs", [
      logsMayEncrypt(region.name, accountId, [
        names.path("*"),
        `/aws/rds/cluster/${names.of("rds_cluster")}/*`,
        `/aws/ecs/containerinsights/${clusterName}/*`,
        `aws-waf-logs-${names.of("wafv2_web_acl")}`,
      ]),
    ]);
    const logs = { logKeyArn: logKey.arn, logRetentionDays: config.monitoring.logRetentionDays };

    const alerts = new Alerts(this, "alerts", {
      ...place,
      purpose: "alerts",
      keyId: alertsKey.id,
      emails: `\${${this.variables.alertEmails}}`,
      runbookBaseUrl: config.monitoring.runbookBaseUrl,
    });

    const network = new Network(this, "network", {
      ...place,
      ...logs,
      vpcCidr: region.vpcCidr,
      plan: planNetwork(region.vpcCidr, region.availabilityZones),
      nat: config.network.nat,
      servicePort: config.service.port,
      databasePort: DATABASE_PORT,
    });

    const accessLogs = new AccessLogBucket(this, "access-logs", {
      names,
      accountId,
      retentionDays: door.accessLogRetentionDays,
      forceDestroy: keep.forceDestroy,
    });
    const frontDoor = new FrontDoor(this, "front-door", {
      ...door,
      names,
      vpcId: network.vpcId,
      subnetIds: network.publicSubnetIds,
      certificate: region.certificateArn
        ? { arn: region.certificateArn }
        : { domainName: entry, sharedNames: sharedDomains(config), zoneId: zone.zoneId },
      targetPort: config.service.port,
      accessLogs,
      deletionProtection: keep.deletionProtection,
      ...(waf ? { waf: logs } : {}),
      expectedTargets: tasks,
      alerts,
    });

    new RegionEntry(this, "entry", { zoneId: zone.zoneId, domainName: entry, loadBalancer: frontDoor.loadBalancer });

    const database = new Aurora(this, "database", {
      ...db,
      ...keep,
      ...logs,
      names,
      accountId,
      vpcId: network.vpcId,
      subnetIds: network.dataSubnetIds,
      availabilityZones: region.availabilityZones,
      instances: databaseInstances,
      membership: this.membership(config, region),
      databaseName: db.name,
      keyArn: databaseKey.arn,
      alerts,
    });

    const parameters = new Parameters(this, "parameters", {
      ...place,
      values: {
        "database/writer-endpoint": database.writerEndpoint,
        "database/reader-endpoint": database.readerEndpoint,
        "database/port": String(DATABASE_PORT),
        "database/name": db.name,
        "database/secret-arn": database.secretArn,
      },
    });

    const service = new Service(this, "service", {
      ...config.service,
      ...place,
      ...logs,
      tasks,
      vpcId: network.vpcId,
      subnetIds: network.applicationSubnetIds,
      container: {
        ...config.service,
        name: "payments",
        image: this.variables.containerImage,
        command: this.variables.containerCommand,
        environment: this.variables.taskEnvironment,
        secrets: {
          DATABASE_WRITER_HOST: parameters.arn("database/writer-endpoint"),
          DATABASE_READER_HOST: parameters.arn("database/reader-endpoint"),
          DATABASE_PORT: parameters.arn("database/port"),
          DATABASE_NAME: parameters.arn("database/name"),
          DATABASE_USER: `${database.secretArn}:username::`,
          DATABASE_PASSWORD: `${database.secretArn}:password::`,
        },
      },
      targetGroupArn: frontDoor.targetGroupArn,
      after: [...network.outboundReady, frontDoor.listening, ...database.instances],
      storageKeyId: storageKey.id,
      startStatements: [
        parameters.grantRead(),
        { Sid: "ReadDatabaseCredentials", Action: "secretsmanager:GetSecretValue", Resource: database.secretArn },
        {
          Sid: "DecryptDatabaseCredentials",
          Action: "kms:Decrypt",
          Resource: database.secretKeyArn,
          Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${region.name}.amazonaws.com` } },
        },
      ],
      alerts,
    });

    service.securityGroup.allowFrom(frontDoor.securityGroup, "requests that the load balancer forwards");
    database.securityGroup.allowFrom(service.securityGroup, "payments read and write the ledger");
    this.openTheWayOut(config, region.name, network, service);

    new Dashboard(this, "dashboard", { names, region: region.name, rows: [frontDoor.widgets, service.widgets, database.widgets] });
    this.publish(frontDoor, database, alerts);
  }

  /** One region has a database of its own; several share a global one, which the first of them writes. */
  private membership(config: Config, region: RegionStackProps["region"]): AuroraProps["membership"] {
    if (config.regions.length === 1) return { kind: "alone" };
    const globalCluster = globalDatabaseName(this.names);
    const primaryRegion = homeRegion(config);
    return region.name === primaryRegion ? { kind: "primary", globalCluster } : { kind: "secondary", globalCluster, primaryRegion };
  }

  /** HTTPS is all that a task may speak to the outside. */
  private openTheWayOut(config: Config, region: string, network: Network, { securityGroup }: Service): void {
    securityGroup.allowToOutside(
      "s3",
      { prefixListId: network.s3PrefixListId },
      443,
      "image layers and objects, through the gateway endpoint",
    );
    securityGroup.allowToOutside("dynamodb", { prefixListId: network.dynamodbPrefixListId }, 443, "sessions, through the gateway endpoint");
    config.network.outboundCidrs.forEach((cidr, index) => {
      securityGroup.allowToOutside(`outbound-${index}`, { cidr }, 443, "AWS APIs, registries and partners, through the NAT gateways");
    });
    if (!config.network.interfaceEndpoints) return;
    const { names } = this;
    const endpoints = new InterfaceEndpoints(this, "interface-endpoints", {
      names,
      region,
      vpcId: network.vpcId,
      subnetIds: network.applicationSubnetIds,
    });
    endpoints.securityGroup.allowFrom(securityGroup, "AWS APIs without leaving the VPC");
  }

  private publish(frontDoor: FrontDoor, database: Aurora, alerts: Alerts): void {
    const output = (id: string, description: string, value: string) =>
      new TerraformOutput(this, id, { staticId: true, description, value });
    output("load_balancer_dns_name", "Where this region's requests go: the target of its DNS record.", frontDoor.loadBalancer.dnsName);
    output("database_writer_endpoint", "Host name that always leads to the writer.", database.writerEndpoint);
    output("database_reader_endpoint", "Host name that leads to the readers in turn.", database.readerEndpoint);
    output("database_secret_arn", "Secret with the database's user name and password.", database.secretArn);
    output("alerts_topic_arn", "Topic that every alert of this region goes to.", alerts.topicArn);
  }
}
