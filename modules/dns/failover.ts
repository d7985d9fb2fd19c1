import { Route53HealthCheck } from "@cdktf/provider-aws/lib/route53-health-check";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import type { Alerts } from "../monitoring/alerts";
import { failoverRecords, type FailoverTarget } from "./failover-records";

export interface FailoverProps {
  readonly names: Names;
  readonly zoneId: string;
  /** Name that clients resolve, in the hosted zone and not its apex. */
  readonly domainName: string;
  /** Name of the zone, if it must also resolve to the service. */
  readonly apexName?: string | undefined;
  /** Targets in the order of preference. A single target gets a simple record. */
  readonly targets: readonly FailoverTarget[];
  readonly ttlSeconds: number;
  readonly healthCheck: {
    readonly path: string;
    /** 10 or 30. Changing it replaces the health check: there is no failover for about a minute. */
    readonly intervalSeconds: number;
    readonly failures: number;
  };
  /** Alerts in us-east-1, the only region in which Route 53 publishes the metrics of health checks. */
  readonly alerts: Alerts;
}

/** Parameter with the id of the health check of a region. Runbooks read it in their own region. */
export function healthCheckParameter(region: string): string {
  return `dns/health-check/${region}`;
}

/**
 * Routes clients to the first healthy target. Health checks and records exist before a failover and work in the data plane
 * of Route 53: the loss of a region requires no operator, no Terraform and no call to a control plane.
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover.html
 */
export class Failover extends Construct {
  /** Ids of the health checks, by target. */
  readonly healthCheckIds: ReadonlyMap<string, string>;

  constructor(scope: Construct, id: string, props: FailoverProps) {
    super(scope, id);
    const { targets, zoneId, domainName, ttlSeconds } = props;
    const checks = new Map(targets.filter(({ checked }) => checked).map((target) => [target.id, this.createHealthCheck(props, target)]));
    this.healthCheckIds = new Map([...checks].map(([target, check]) => [target, check.id]));
    const [only, ...others] = targets;
    if (only && others.length === 0) {
      // No client is routed to the target before its health check exists.
      const dependsOn = [...checks.values()];
      new Route53Record(this, "record", { zoneId, name: domainName, type: "CNAME", ttl: ttlSeconds, records: [only.host], dependsOn });
      if (props.apexName) new Route53Record(this, "apex", { zoneId, name: props.apexName, type: "A", alias: alias(only.host, zoneId) });
      return;
    }
    for (const { name, role, host, healthOf, setIdentifier } of failoverRecords(domainName, targets)) {
      const check = healthOf === undefined ? undefined : checks.get(healthOf);
      new Route53Record(this, setIdentifier, {
        zoneId,
        name,
        type: "CNAME",
        ttl: ttlSeconds,
        records: [host],
        setIdentifier,
        failoverRoutingPolicy: { type: role },
        ...(check && { healthCheckId: check.id }),
      });
    }
    if (props.apexName) this.createApexRecords(props.apexName, props, checks);
  }

  /** The apex of a zone cannot have a CNAME record. Its alias record has the TTL of the target, 60 s, so its failover is slower. */
  private createApexRecords(name: string, { targets, zoneId }: FailoverProps, checks: Map<string, Route53HealthCheck>): void {
    const [first, second] = targets.filter(({ checked }) => checked);
    if (!first) return;
    const record = (role: "PRIMARY" | "SECONDARY", target: FailoverTarget, check?: Route53HealthCheck) =>
      new Route53Record(this, `apex-${target.id}`, {
        zoneId,
        name,
        type: "A",
        alias: alias(target.host, zoneId),
        ...(second && { setIdentifier: target.id, failoverRoutingPolicy: { type: role } }),
        ...(second && check && { healthCheckId: check.id }),
      });
    record("PRIMARY", first, checks.get(first.id));
    if (second) record("SECONDARY", second);
  }

  private createHealthCheck({ names, healthCheck, alerts }: FailoverProps, target: FailoverTarget): Route53HealthCheck {
    const check = new Route53HealthCheck(this, `health-check-${target.id}`, {
      type: "HTTPS",
      fqdn: target.host,
      port: 443,
      resourcePath: healthCheck.path,
      requestInterval: healthCheck.intervalSeconds,
      failureThreshold: healthCheck.failures,
      enableSni: true,
      measureLatency: true,
      tags: { Name: names.of("route53_health_check", target.id) },
      // A runbook disables health checks to route clients to another region. An apply must not revert that.
      lifecycle: { ignoreChanges: ["disabled", "invert_healthcheck"] },
    });
    alerts.alarm(this, `region-down-${target.id}`, {
      severity: "critical",
      means: `The Route 53 health check of ${target.id} fails. Clients are routed to the next region, if there is one.`,
      metric: {
        namespace: "AWS/Route53",
        name: "HealthCheckStatus",
        dimensions: { HealthCheckId: check.id },
        statistic: "Minimum",
        label: target.id,
      },
      when: { below: 1 },
      missingData: "breaching",
      runbook: "region.md#region-down",
    });
    return check;
  }
}

function alias(name: string, zoneId: string): { name: string; zoneId: string; evaluateTargetHealth: boolean } {
  return { name, zoneId, evaluateTargetHealth: true };
}
