import { Route53HealthCheck } from "@cdktf/provider-aws/lib/route53-health-check";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";
import { HOLD_PATH } from "../../config/dns-hold";
import type { Names } from "../../config/naming";
import type { Alerts } from "../monitoring/alerts";
import { calculatedChecks, chainChecks, type EndpointCheck, failoverRecords, type FailoverTarget } from "./failover-records";

export interface FailoverProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** ID of the public hosted zone. */
  readonly zoneId: string;
  /** Name that clients resolve, in the hosted zone and not its apex. */
  readonly domainName: string;
  /** Name of the zone, if it must also resolve to the service. */
  readonly apexName?: string | undefined;
  /** Targets in the order of preference. */
  readonly targets: readonly FailoverTarget[];
  /** TTL of the records in seconds: clients resolve a failover at most this much later. */
  readonly ttlSeconds: number;
  /** Health check of each endpoint: its path, the seconds between two requests of a checker, and the failed requests after which it is unhealthy. */
  readonly healthCheck: {
    readonly path: string;
    /** 10 or 30. Changing it replaces the health checks: there is no failover for about a minute. */
    readonly intervalSeconds: number;
    readonly failures: number;
  };
  /** Alerts in us-east-1, the only region in which Route 53 publishes the metrics of health checks. */
  readonly alerts: Alerts;
}

/**
 * Routes clients to the first healthy target. Health checks and records exist before a failover and work in the data plane
 * of Route 53: the loss of a region requires no operator, no Terraform and no call to a control plane.
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover.html
 */
export class Failover extends Construct {
  /** Ids of the health checks of the endpoints, by target. */
  readonly healthCheckIds: ReadonlyMap<string, string>;
  private readonly endpointChecks = new Map<string, Route53HealthCheck>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: FailoverProps,
  ) {
    super(scope, id);
    const { targets, zoneId, domainName, ttlSeconds } = props;
    const checks = this.createChecks();
    this.healthCheckIds = new Map(
      targets
        .filter(({ checked }) => checked)
        .map((target) => [target.id, this.endpointCheck({ id: target.id, target, kind: "endpoint" }).id]),
    );
    for (const { id: recordId, name, role, host, healthOf, setIdentifier } of failoverRecords(domainName, targets)) {
      const check = healthOf === undefined ? undefined : checks.get(healthOf);
      new Route53Record(this, recordId, {
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
    if (props.apexName) this.createApexRecords(props.apexName, checks);
  }

  /** The check that decides about the records of each region, and of each chain. A single region has the check of its endpoint. */
  private createChecks(): Map<string, Route53HealthCheck> {
    const { names, targets } = this.props;
    return new Map(
      [...calculatedChecks(targets), ...chainChecks(targets)].map(({ id, children, threshold }) => {
        const checks = children.map((child) => this.endpointCheck(child));
        const [only, ...others] = checks;
        if (only && others.length === 0) return [id, only];
        const check = new Route53HealthCheck(this, `serves-${id}`, {
          type: "CALCULATED",
          childHealthchecks: checks.map(({ id: child }) => child),
          childHealthThreshold: threshold,
          tags: { Name: names.of("route53_health_check", `serves-${id}`) },
        });
        return [id, check];
      }),
    );
  }

  /** The health check of an endpoint or of a hold, created when it is first requested. */
  private endpointCheck({ id, target, kind }: EndpointCheck): Route53HealthCheck {
    const existing = this.endpointChecks.get(id);
    if (existing) return existing;
    const { names, healthCheck } = this.props;
    const check = new Route53HealthCheck(this, `health-check-${id}`, {
      type: "HTTPS",
      fqdn: target.host,
      port: 443,
      resourcePath: kind === "endpoint" ? healthCheck.path : HOLD_PATH,
      requestInterval: healthCheck.intervalSeconds,
      failureThreshold: healthCheck.failures,
      enableSni: true,
      ...(kind === "endpoint" && { measureLatency: true }),
      ...(kind === "not-holds" && { invertHealthcheck: true }),
      tags: { Name: names.of("route53_health_check", id) },
      // An operator may disable a health check to route clients to another region. An apply must not revert that.
      ...(kind === "endpoint" && { lifecycle: { ignoreChanges: ["disabled", "invert_healthcheck"] } }),
    });
    this.endpointChecks.set(id, check);
    if (kind === "endpoint") this.createAlarm(target, check);
    return check;
  }

  private createAlarm({ id }: FailoverTarget, check: Route53HealthCheck): void {
    this.props.alerts.alarm(this, `region-down-${id}`, {
      severity: "critical",
      means: `The Route 53 health check of ${id} fails.`,
      clients: "no answers until DNS routes them to the next region, if there is one",
      metric: {
        namespace: "AWS/Route53",
        name: "HealthCheckStatus",
        dimensions: { HealthCheckId: check.id },
        statistic: "Minimum",
        label: id,
      },
      when: { below: 1 },
      missingData: "breaching",
      runbook: "region.md#region-down",
    });
  }

  /** The apex of a zone cannot have a CNAME record. Its alias record has the TTL of the target, 60 s, so its failover is slower. */
  private createApexRecords(name: string, checks: ReadonlyMap<string, Route53HealthCheck>): void {
    const { targets, zoneId } = this.props;
    const regions = targets.filter(({ checked }) => checked);
    for (const { id, name: recordName, role, host, healthOf, setIdentifier } of failoverRecords(name, regions)) {
      const check = healthOf === undefined ? undefined : checks.get(healthOf);
      new Route53Record(this, `apex-${id}`, {
        zoneId,
        name: recordName,
        type: "A",
        // With a check of its own, the health of the load balancer must not decide: a region that holds DNS keeps its clients
        // while its targets fail, because no other region may write.
        alias: { name: host, zoneId, evaluateTargetHealth: check === undefined },
        setIdentifier,
        failoverRoutingPolicy: { type: role },
        ...(check && { healthCheckId: check.id }),
      });
    }
  }
}
