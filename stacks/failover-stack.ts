import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { type Config, firstRegion, primaryRegion } from "../config/config";
import { failoverAlertsRegion } from "../config/failover-alerts";
import { HEALTH_METRICS_REGION } from "../config/regions";
import { retention } from "../config/retention";
import { bucketsOf, keepsSessionsIn } from "../config/stores";
import { alertForwardingArn } from "../modules/alert-forwarding/alert-forwarding";
import { alertQueueArn } from "../modules/alert-forwarding/alert-queue";
import { WriterCheck } from "../modules/database/writer-check";
import { Failover } from "../modules/dns/failover";
import { HostedZoneLookup } from "../modules/dns/hosted-zone-lookup";
import { keyPolicyForAlerts, Key } from "../modules/encryption/key";
import { Alerts } from "../modules/monitoring/alerts";
import { Overview } from "../modules/monitoring/overview";
import { RunbookPages } from "../modules/runbook-pages/runbook-pages";
import { SessionReplica } from "../modules/sessions/replica";
import { sessionsTableName } from "../modules/sessions/sessions";
import { Replication } from "../modules/storage/replication";
import { compositeAlarms } from "./composite-alarms";
import { canaryTargets, failoverTargets, serviceDomain } from "./domains";
import { FAILOVER_ALERTS } from "./failover-alerts";
import { StandfastStack } from "./standfast-stack";

export interface FailoverStackProps {
  readonly config: Config;
  readonly given: Readonly<Record<string, unknown>>;
}

/** Resources across regions: health checks, their alarms, failover records, and the replication of sessions and objects. */
export class FailoverStack extends StandfastStack {
  constructor(scope: Construct, { config, given }: FailoverStackProps) {
    super(scope, "failover", { config, given, region: HEALTH_METRICS_REGION, stateRegion: primaryRegion(config) });
    const { names } = this;
    this.keepRolePath(config);
    this.keepProvidersOfRemovedRegions(config);
    if (config.removedRegions.length > 0) this.checkWriter(config);
    const { accountId, dns, failover, loadBalancer, monitoring } = config;
    const key = new Key(this, "alerts-key", {
      names,
      accountId,
      purpose: "failover-alerts",
      deletionDays: retention(config).keyDeletionDays,
      statements: keyPolicyForAlerts(accountId),
    });
    const alerts = new Alerts(this, "alerts", {
      names,
      purpose: FAILOVER_ALERTS,
      region: HEALTH_METRICS_REGION,
      accountId,
      keyArn: key.arn,
      emails: `\${${this.variables.alertEmails}}`,
      pages: this.runbookPages(config),
    });
    this.forwardAlerts(config, alerts.topicArn);
    const { healthCheckIds } = new Failover(this, "dns", {
      names,
      zoneId: new HostedZoneLookup(this, "zone", dns).zoneId,
      domainName: serviceDomain(config),
      ...(dns.apex && { apexName: dns.zoneName }),
      targets: failoverTargets(config),
      ttlSeconds: failover.ttlSeconds,
      healthCheck: {
        path: loadBalancer.healthCheck.path,
        intervalSeconds: failover.healthCheckIntervalSeconds,
        failures: failover.healthCheckFailures,
      },
      alerts,
    });
    new Overview(this, "overview", {
      names,
      region: HEALTH_METRICS_REGION,
      accountId,
      regions: config.regions.map((region) => ({
        name: region.name,
        names: names.in(region.name),
        compositeAlarms: compositeAlarms(config, region),
        services: config.services,
        healthCheckId: healthCheckIds.get(region.name),
        canaries: canaryTargets(config, region.name).map(({ target }) => target),
        replicatedTable: keepsSessionsIn(config, "dynamodb") ? sessionsTableName(names.in(region.name)) : undefined,
      })),
      environmentSuffix: config.environmentSuffix,
      availabilityPercent: monitoring.availabilityPercent,
      maxLagMilliseconds: config.database.maxGlobalLagMilliseconds,
    });
    this.replicate(config);
    new TerraformOutput(this, "service_url", {
      staticId: true,
      description: "Public URL of the service.",
      value: `https://${serviceDomain(config)}`,
    });
  }

  /** The function and the queue of a region receive these alerts as well. Both exist: the stack of the region is deployed first. */
  private forwardAlerts({ accountId, monitoring, regions }: Config, topicArn: string): void {
    const region = failoverAlertsRegion(regions);
    if (region === undefined) return;
    const receiver = { names: this.names.in(region), region, accountId };
    if (monitoring.chat)
      new SnsTopicSubscription(this, "alerts-to-function", { topicArn, protocol: "lambda", endpoint: alertForwardingArn(receiver) });
    if (monitoring.queue)
      new SnsTopicSubscription(this, "alerts-to-queue", { topicArn, protocol: "sqs", endpoint: alertQueueArn(receiver) });
  }

  private checkWriter(config: Config): void {
    const region = primaryRegion(config);
    new WriterCheck(this, "writer-check", {
      names: this.names.in(region),
      region,
      provider: this.providerIn(config, region),
      removedRegions: config.removedRegions,
    });
  }

  /** The pages in the last region by preference: its own alarms are about the others. */
  private runbookPages({ accountId, environmentSuffix, regions, monitoring }: Config): RunbookPages {
    const region = regions.at(-1)?.name ?? HEALTH_METRICS_REGION;
    return new RunbookPages({
      names: this.names.in(region),
      region,
      accountId,
      environmentSuffix,
      baseUrl: monitoring.runbookBaseUrl,
    });
  }

  /** Replicates sessions from the primary to the standbys, and objects from every region to all others. */
  private replicate(config: Config): void {
    const { accountId, protect } = config;
    if (config.regions.length === 1) return;
    if (keepsSessionsIn(config, "dynamodb"))
      for (const { name } of config.regions.filter(({ name }) => name !== firstRegion(config)))
        new SessionReplica(this, `sessions-${name}`, {
          names: this.names.in(name),
          accountId,
          tableRegion: firstRegion(config),
          provider: this.providerIn(config, name),
          deletionProtection: protect,
        });
    const purposes = bucketsOf(config);
    if (purposes.length === 0) return;
    const regions = config.regions.map(({ name }) => ({
      region: name,
      names: this.names.in(name),
      provider: this.providerIn(config, name),
    }));
    for (const from of regions)
      new Replication(this, `objects-${from.region}`, {
        accountId,
        purposes,
        from,
        to: regions.filter((region) => region !== from),
      });
  }
}
