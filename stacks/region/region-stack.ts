import type { Construct } from "constructs";
import { accountsOf } from "../../config/backup-vaults";
import { capacity } from "../../config/capacity";
import { type Config, firstRegion, primaryRegion, type RegionConfig, regionNames } from "../../config/config";
import type { RegionScope } from "../../config/naming";
import { retention } from "../../config/retention";
import { mergeConnections } from "../../modules/connections/connection";
import { Alerts } from "../../modules/monitoring/alerts";
import { awsHealth } from "../../modules/monitoring/aws-health";
import { Dashboard } from "../../modules/monitoring/dashboard";
import { AccessLogBucket } from "../../modules/storage/access-log-bucket";
import { StandfastStack } from "../standfast-stack";
import { createBackup } from "./backup";
import type { RegionContext } from "./context";
import { createBuckets, createCache, createDatabase, createSessions } from "./data-stores";
import { createEventBus, createRuleDeadLetters, createValidation } from "./events";
import { createFence } from "./fence";
import { createKeyCheck } from "./key-check";
import { Keys } from "./keys";
import { createLoadBalancer } from "./load-balancer";
import { createAlertForwarding, createCanaries, createCompositeAlarms, createRegionLostAlarms } from "./monitoring";
import { createInterfaceEndpoints, createNetwork } from "./network";
import { createOutputs } from "./outputs";
import { createRunbookPages } from "./pages";
import { createRepositories } from "./repositories";
import { createRunbooks } from "./runbooks";
import { createServiceUser } from "./service-user";
import { createServices } from "./services";
import { createImpairedZoneAlarms } from "./zones";

export interface RegionStackProps {
  readonly config: Config;
  readonly given: Readonly<Record<string, unknown>>;
  readonly region: RegionConfig;
}

/** All resources of one region. */
export class RegionStack extends StandfastStack {
  constructor(scope: Construct, { config, given, region }: RegionStackProps) {
    super(scope, region.name, { config, given, region: region.name });
    this.keepRolePath(config);
    const context = this.context(config, region);
    const { names } = context.scope;

    const network = createNetwork(context);
    const accessLogs = new AccessLogBucket(this, "access-logs", {
      names,
      accountId: config.accountId,
      retentionDays: config.loadBalancer.accessLogRetentionDays,
      forceDestroy: context.retention.forceDestroy,
    });
    const loadBalancer = createLoadBalancer(context, { network, accessLogs });
    const database = createDatabase(context, network);
    const cache = createCache(context, network);
    const sessions = createSessions(context);
    const { transactionLogs, applicationData } = createBuckets(context, accessLogs);
    const bus = createEventBus(context);
    const endpoints = createInterfaceEndpoints(context, network);
    const validation = createValidation(context, { network, loadBalancer, bus, endpoints });
    const serviceUser = createServiceUser(context, { network, database, endpoints });
    const connections = {
      database: database.connection(serviceUser?.ready),
      cache: cache?.connection(),
      sessions: sessions?.connection(),
      objects: mergeConnections([transactionLogs?.connection("append"), applicationData?.connection("read-write")]),
      events: bus?.connection(),
      validation: validation?.connection(),
    };
    const services = createServices(context, { network, loadBalancer, endpoints, connections });
    const buckets = [transactionLogs, applicationData].filter((bucket) => bucket !== undefined);
    const backup = createBackup(context, { network, loadBalancer, database, sessions, buckets, accessLogs });
    const impairedZoneAlarms = createImpairedZoneAlarms(context, { network, loadBalancer });
    const operated = { loadBalancer, network, database, bus, restoreTestingPlanArn: backup.restoreTestingPlanArn, impairedZoneAlarms };
    const runbooks = createRunbooks(context, { ...operated, serviceUser });
    const canaries = createCanaries(context, accessLogs);
    const alertForwarding = createAlertForwarding(context, { network, loadBalancer });
    const repositories = createRepositories(context);
    const fence = createFence(context);
    if (fence) createRegionLostAlarms(context, fence.replicationSilent, canaries?.alarms ?? new Map());
    awsHealth(this, context.alerts, region.name, regionNames(config));
    createKeyCheck(context, database);
    createCompositeAlarms(context, { network, loadBalancer, database });
    const parts = [loadBalancer, ...services, validation, bus, database, cache, sessions, backup, canaries, network, alertForwarding];
    new Dashboard(this, "dashboard", {
      names,
      region: region.name,
      rows: parts.filter((part) => part !== undefined).map(({ widgets }) => widgets),
    });
    createOutputs(context, { loadBalancer, database, cache, queueUrl: alertForwarding.queueUrl, repositories, runbooks });
  }

  private context(config: Config, region: RegionConfig): RegionContext {
    const scope: RegionScope = { names: this.names, region: region.name, accountId: config.accountId };
    const retentionSettings = retention(config);
    const keys = new Keys(this, scope, retentionSettings.keyDeletionDays, accountsOf(config.backup.copyVaultArns));
    const alerts = new Alerts(this, "alerts", {
      ...scope,
      purpose: "alerts",
      keyArn: keys.arn("alerts"),
      emails: `\${${this.variables.alertEmails}}`,
      pages: createRunbookPages({ stack: this, config }, scope),
    });
    return {
      stack: this,
      config,
      region,
      isFirst: region.name === firstRegion(config),
      isPrimary: region.name === primaryRegion(config),
      scope,
      logs: { logKeyArn: keys.arn("logs"), logRetentionDays: config.monitoring.logRetentionDays },
      capacity: capacity(config, region),
      retention: retentionSettings,
      variables: this.variables,
      keys,
      alerts,
      ruleDeadLetters: createRuleDeadLetters({ stack: this, scope, keys, alerts }),
    };
  }
}
