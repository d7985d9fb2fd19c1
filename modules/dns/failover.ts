import { Route53HealthCheck } from "@cdktf/provider-aws/lib/route53-health-check";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import type { Alerts } from "../monitoring/alerts";
import { failoverRecords, type Place } from "./failover-records";

export interface FailoverProps {
  readonly names: Names;
  readonly zoneId: string;
  /** What clients ask for; a name below the zone's own. */
  readonly domainName: string;
  /** The zone's own name, when it shall lead to the service too. */
  readonly apexName?: string | undefined;
  /** Places that can serve, in order. A single one gets a plain record. */
  readonly places: readonly Place[];
  readonly ttlSeconds: number;
  readonly healthCheck: {
    readonly path: string;
    /** 10 or 30. Changing it replaces the check: a minute without failover. */
    readonly intervalSeconds: number;
    readonly failures: number;
  };
  /** In us-east-1: the one region in which Route 53 reports the health of its checks. */
  readonly alerts: Alerts;
}

/** Parameter of each region that holds the id of a region's health check: runbooks find it there. */
export function healthCheckParameter(region: string): string {
  return `dns/health-check/${region}`;
}

/**
 * Leads clients to the first place that is well. Checks and records exist beforehand and work in the data plane of
 * Route 53: losing a region needs no person, no Terraform and no call to a control plane.
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover.html
 */
export class Failover extends Construct {
  /** Ids of the health checks, by place. */
  readonly healthCheckIds: ReadonlyMap<string, string>;

  constructor(scope: Construct, id: string, props: FailoverProps) {
    super(scope, id);
    const { places, zoneId, domainName, ttlSeconds } = props;
    const checks = new Map(places.filter(({ checked }) => checked).map((place) => [place.id, this.healthCheck(props, place)]));
    this.healthCheckIds = new Map([...checks].map(([place, check]) => [place, check.id]));
    const [only, ...others] = places;
    if (only && others.length === 0) {
      // Nobody is led there before somebody watches it.
      const dependsOn = [...checks.values()];
      new Route53Record(this, "record", { zoneId, name: domainName, type: "CNAME", ttl: ttlSeconds, records: [only.host], dependsOn });
      if (props.apexName) new Route53Record(this, "apex", { zoneId, name: props.apexName, type: "A", alias: alias(only.host, zoneId) });
      return;
    }
    for (const { name, role, host, healthOf, setIdentifier } of failoverRecords(domainName, places)) {
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
    if (props.apexName) this.apex(props.apexName, props, checks);
  }

  /** At a zone's own name only an alias can stand, with the 60 s of its target: it follows, more slowly. */
  private apex(name: string, { places, zoneId }: FailoverProps, checks: Map<string, Route53HealthCheck>): void {
    const [first, second] = places.filter(({ checked }) => checked);
    if (!first) return;
    const record = (role: "PRIMARY" | "SECONDARY", place: Place, check?: Route53HealthCheck) =>
      new Route53Record(this, `apex-${place.id}`, {
        zoneId,
        name,
        type: "A",
        alias: alias(place.host, zoneId),
        ...(second && { setIdentifier: place.id, failoverRoutingPolicy: { type: role } }),
        ...(second && check && { healthCheckId: check.id }),
      });
    record("PRIMARY", first, checks.get(first.id));
    if (second) record("SECONDARY", second);
  }

  private healthCheck({ names, healthCheck, alerts }: FailoverProps, place: Place): Route53HealthCheck {
    const check = new Route53HealthCheck(this, `health-${place.id}`, {
      type: "HTTPS",
      fqdn: place.host,
      port: 443,
      resourcePath: healthCheck.path,
      requestInterval: healthCheck.intervalSeconds,
      failureThreshold: healthCheck.failures,
      enableSni: true,
      measureLatency: true,
      tags: { Name: names.of("route53_health_check", place.id) },
      // A runbook switches checks off to lead clients past a region; an apply must not lead them back.
      lifecycle: { ignoreChanges: ["disabled", "invert_healthcheck"] },
    });
    alerts.alarm(this, `region-down-${place.id}`, {
      severity: "critical",
      means: `Route 53 finds ${place.id} unwell and leads clients past it.`,
      metric: {
        namespace: "AWS/Route53",
        name: "HealthCheckStatus",
        dimensions: { HealthCheckId: check.id },
        statistic: "Minimum",
        label: place.id,
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
