import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { Construct } from "constructs";
import { type Names, qualified } from "../../config/naming";
import type { Alerts } from "../monitoring/alerts";
import type { Metric, Widget } from "../monitoring/metric";
import { moveFromFormerId } from "../state/former-id";
import { DELETED_LAST } from "../state/lifecycle";
import { anomalousTargetsAlarm, noTargetsAlarm } from "./target-zone-alarms";

export interface TargetGroupProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** Distinguishes the names of the group and its alarms from those of other services: `ledger`. Empty for the primary service. */
  readonly qualifier: string;
  /** ID of the VPC. Changing it replaces the target group. */
  readonly vpcId: string;
  /** TCP port of the targets. Changing it replaces the target group. */
  readonly port: number;
  /**
   * Protocol of the targets. With HTTPS, their certificates are not validated. Changing it replaces the target group.
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
   */
  readonly protocol: "HTTP" | "HTTPS";
  /** Health check of a target: its path, the seconds between two checks and of one attempt, and the results in sequence after which its state changes. */
  readonly healthCheck: {
    readonly path: string;
    readonly intervalSeconds: number;
    readonly timeoutSeconds: number;
    readonly healthyThreshold: number;
    readonly unhealthyThreshold: number;
  };
  /** Seconds in which in-flight requests complete when a target is deregistered. */
  readonly deregistrationDelaySeconds: number;
  /** Name and id of the load balancer as a metric dimension: `app/<name>/<id>`. */
  readonly loadBalancer: string;
  /** Minimum number of healthy targets. 0 when no task must run. */
  readonly expectedTargets: number;
  /** Zones. Each must have a healthy target. */
  readonly zones: readonly string[];
  /** Maximum response time of 99 of 100 requests, in seconds. */
  readonly maxLatencySeconds: number;
  /** Whether alarms fire when requests or latency are outside the expected band. */
  readonly anomalyDetection: boolean;
  /** Receives the alarms and the events. */
  readonly alerts: Alerts;
}

/** With fewer requests in a minute, their median says nothing: at night one slow request can be half of all. */
const MIN_REQUESTS = 10;
const MAX_ERRORS_PER_MINUTE = 10;
const LATENCY_RUNBOOK = "load-balancer.md#latency";

/** The target group of one service, with alarms on the health, the errors and the latency of its targets. */
export class TargetGroup extends Construct {
  readonly arn: string;
  /** Load balancer and target group, in the format that target tracking requires. */
  readonly requestLabel: string;
  readonly alarms: readonly CloudwatchMetricAlarm[];
  /** Alarms on what clients get: errors and slow answers. */
  readonly clientAlarms: readonly CloudwatchMetricAlarm[];
  /** Those of them that stop a deployment of the service: errors, and slow answers to half of the requests. */
  readonly deploymentAlarms: readonly CloudwatchMetricAlarm[];
  /** For each zone, the alarm that fires when the service has no healthy target in it. Empty when no target is expected. */
  readonly zoneAlarms: ReadonlyMap<string, CloudwatchMetricAlarm>;
  /** For each zone, the alarm that fires when most anomalous targets are in it. Empty when no target is expected. */
  readonly anomalyAlarms: ReadonlyMap<string, CloudwatchMetricAlarm>;
  readonly widgets: readonly Widget[];

  constructor(scope: Construct, id: string, props: TargetGroupProps) {
    super(scope, id);
    const group = this.createGroup(props);
    this.arn = group.arn;
    this.requestLabel = `${props.loadBalancer}/${group.arnSuffix}`;
    const metrics = targetMetrics(props.loadBalancer, group.arnSuffix);
    const ofService = props.qualifier === "" ? "" : ` of ${props.qualifier}`;
    this.alarms = this.createAlarms(props, metrics);
    this.deploymentAlarms = this.createDeploymentAlarms(props, metrics);
    this.clientAlarms = [...this.deploymentAlarms, ...this.createClientWarnings(props, metrics)];
    const zones = props.expectedTargets === 0 ? [] : props.zones;
    this.zoneAlarms = new Map(zones.map((zone) => [zone, noTargetsAlarm(this, props, zone, metrics.healthyIn(zone))]));
    this.anomalyAlarms = new Map(zones.map((zone) => [zone, anomalousTargetsAlarm(this, props, zone, metrics)]));
    this.widgets = [
      {
        title: `Targets${ofService}`,
        metrics: [metrics.healthy, metrics.unhealthy],
        threshold: { value: props.expectedTargets, label: "expected" },
      },
      { title: `Healthy targets${ofService} in each zone`, metrics: props.zones.map((zone) => metrics.healthyIn(zone)) },
      {
        title: `Latency and errors${ofService}`,
        metrics: [metrics.latency, metrics.errors],
        threshold: { value: props.maxLatencySeconds, label: "limit" },
      },
    ];
  }

  private createGroup({
    names,
    qualifier,
    vpcId,
    port,
    protocol,
    healthCheck,
    deregistrationDelaySeconds,
  }: TargetGroupProps): LbTargetGroup {
    // Arguments that replace the group are part of its name and address: the old and the new group can exist at the same time.
    const portAndProtocol = qualified(String(port), protocol === "HTTPS" ? "https" : "");
    const word = qualified(qualifier, portAndProtocol);
    const group = new LbTargetGroup(this, `group-${portAndProtocol}`, {
      name: names.of("lb_target_group", word),
      vpcId,
      port,
      protocol,
      targetType: "ip",
      deregistrationDelay: String(deregistrationDelaySeconds),
      loadBalancingCrossZoneEnabled: "use_load_balancer_configuration",
      healthCheck: {
        enabled: true,
        protocol,
        port: "traffic-port",
        path: healthCheck.path,
        matcher: "200",
        interval: healthCheck.intervalSeconds,
        timeout: healthCheck.timeoutSeconds,
        healthyThreshold: healthCheck.healthyThreshold,
        unhealthyThreshold: healthCheck.unhealthyThreshold,
      },
      lifecycle: DELETED_LAST,
    });
    moveFromFormerId(group, "group");
    return group;
  }

  private createAlarms({ alerts, expectedTargets, qualifier }: TargetGroupProps, metrics: Metrics): CloudwatchMetricAlarm[] {
    const runbook = "load-balancer.md#unhealthy-targets";
    return [
      alerts.alarm(this, qualified(qualifier, "unhealthy-targets"), {
        severity: "critical",
        means: "At least one task fails the health check of the load balancer and receives no requests.",
        metric: metrics.unhealthy,
        when: { above: 0 },
        missingData: "notBreaching",
        runbook,
      }),
      ...(expectedTargets === 0
        ? []
        : [
            alerts.alarm(this, qualified(qualifier, "healthy-targets-low"), {
              severity: "critical",
              means: `Fewer than ${expectedTargets} tasks are healthy and receive requests.`,
              metric: metrics.healthy,
              when: { below: expectedTargets },
              missingData: "breaching",
              runbook,
            }),
          ]),
    ];
  }

  private createDeploymentAlarms({ alerts, qualifier, maxLatencySeconds }: TargetGroupProps, metrics: Metrics): CloudwatchMetricAlarm[] {
    return [
      alerts.alarm(this, qualified(qualifier, "latency-critical"), {
        severity: "critical",
        means: `Half of the requests of one minute, of at least ${MIN_REQUESTS}, took longer than ${maxLatencySeconds} s.`,
        metric: {
          expression: `IF(FILL(requests, 0) >= ${MIN_REQUESTS}, median, 0)`,
          metrics: { requests: metrics.requests, median: metrics.median },
          label: "median seconds",
        },
        when: { above: maxLatencySeconds },
        missingData: "notBreaching",
        runbook: LATENCY_RUNBOOK,
      }),
      alerts.alarm(this, qualified(qualifier, "target-5xx"), {
        severity: "warning",
        means: `Tasks returned more than ${MAX_ERRORS_PER_MINUTE} errors (5xx) in one minute.`,
        metric: metrics.errors,
        when: { above: MAX_ERRORS_PER_MINUTE },
        missingData: "notBreaching",
        runbook: "load-balancer.md#errors",
      }),
    ];
  }

  private createClientWarnings(
    { alerts, qualifier, maxLatencySeconds, anomalyDetection }: TargetGroupProps,
    metrics: Metrics,
  ): CloudwatchMetricAlarm[] {
    return [
      alerts.alarm(this, qualified(qualifier, "latency-high"), {
        severity: "warning",
        means: `One request in a hundred takes longer than ${maxLatencySeconds} s.`,
        metric: metrics.latency,
        when: { above: maxLatencySeconds },
        missingData: "notBreaching",
        runbook: LATENCY_RUNBOOK,
      }),
      ...(anomalyDetection
        ? [
            alerts.anomaly(this, qualified(qualifier, "latency-unusual"), {
              means: "The latency is outside the expected band for this time.",
              metric: metrics.latency,
              // Without requests there is no latency. The alarm on the number of requests reports that case.
              missingData: "notBreaching",
              runbook: "load-balancer.md#unusual-load",
            }),
          ]
        : []),
    ];
  }
}

type Metrics = ReturnType<typeof targetMetrics>;

/**
 * Host counts are published per target group. `Minimum` of the unhealthy hosts is the number that every node of the load
 * balancer reports at least.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
function targetMetrics(loadBalancer: string, targetGroup: string) {
  const namespace = "AWS/ApplicationELB";
  const dimensions = { LoadBalancer: loadBalancer, TargetGroup: targetGroup };
  return {
    healthy: { namespace, name: "HealthyHostCount", dimensions, statistic: "Minimum", label: "healthy" },
    healthyIn: (zone: string): Metric => ({
      namespace,
      name: "HealthyHostCount",
      dimensions: { AvailabilityZone: zone, ...dimensions },
      statistic: "Minimum",
      label: zone,
    }),
    unhealthy: { namespace, name: "UnHealthyHostCount", dimensions, statistic: "Minimum", label: "unhealthy" },
    anomalous: { namespace, name: "AnomalousHostCount", dimensions, statistic: "Minimum", label: "anomalous" },
    anomalousIn: (zone: string): Metric => ({
      namespace,
      name: "AnomalousHostCount",
      dimensions: { AvailabilityZone: zone, ...dimensions },
      statistic: "Minimum",
      label: zone,
    }),
    errors: { namespace, name: "HTTPCode_Target_5XX_Count", dimensions, statistic: "Sum", label: "5xx of the tasks" },
    latency: { namespace, name: "TargetResponseTime", dimensions, statistic: "p99", label: "p99 seconds" },
    requests: { namespace, name: "RequestCount", dimensions, statistic: "Sum", label: "requests" },
    median: { namespace, name: "TargetResponseTime", dimensions, statistic: "p50", label: "median seconds" },
  } satisfies Record<string, Metric | ((zone: string) => Metric)>;
}
