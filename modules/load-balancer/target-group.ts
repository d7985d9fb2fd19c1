import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { Construct } from "constructs";
import { type Names, qualified } from "../../config/naming";
import type { Alerts } from "../monitoring/alerts";
import type { Metric, Widget } from "../monitoring/metric";

export interface TargetGroupProps {
  readonly names: Names;
  /** Tells the names of the group and its alarms apart from those of other services: `ledger`; nothing for the primary service. */
  readonly qualifier: string;
  readonly vpcId: string;
  /** TCP port of the targets. Changing it replaces the target group. */
  readonly port: number;
  /**
   * What the targets speak. With HTTPS their certificates are not checked. Changing it replaces the target group.
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
   */
  readonly protocol: "HTTP" | "HTTPS";
  readonly healthCheck: {
    readonly path: string;
    readonly intervalSeconds: number;
    readonly timeoutSeconds: number;
    readonly healthyThreshold: number;
    readonly unhealthyThreshold: number;
  };
  readonly deregistrationDelaySeconds: number;
  /** Name and id of the load balancer, as metrics have them: `app/<name>/<id>`. */
  readonly loadBalancer: string;
  /** Targets that must be healthy at any time; 0 where none shall run. */
  readonly expectedTargets: number;
  /** Zones in each of which targets must be healthy. */
  readonly zones: readonly string[];
  /** Seconds below which 99 of 100 answers must stay. */
  readonly maxLatencySeconds: number;
  readonly anomalyDetection: boolean;
  readonly alerts: Alerts;
}

const MAX_ERRORS_PER_MINUTE = 10;

/** The tasks of one service as a load balancer sees them: the group that it forwards to, and whether they are well. */
export class TargetGroup extends Construct {
  readonly arn: string;
  /** Load balancer and group together, as target tracking wants them. */
  readonly requestLabel: string;
  readonly alarms: readonly CloudwatchMetricAlarm[];
  /** For each zone, whether the service is still well in it. Nothing where no target is expected. */
  readonly zoneAlarms: ReadonlyMap<string, CloudwatchMetricAlarm>;
  readonly widgets: readonly Widget[];

  constructor(scope: Construct, id: string, props: TargetGroupProps) {
    super(scope, id);
    const group = this.group(props);
    this.arn = group.arn;
    this.requestLabel = `${props.loadBalancer}/${group.arnSuffix}`;
    const metrics = targetMetrics(props.loadBalancer, group.arnSuffix);
    const of = props.qualifier === "" ? "" : ` of ${props.qualifier}`;
    this.alarms = this.watch(props, metrics);
    this.zoneAlarms = new Map(
      props.expectedTargets === 0 ? [] : props.zones.map((zone) => [zone, this.watchZone(props, zone, metrics.healthyIn(zone))]),
    );
    this.widgets = [
      {
        title: `Tasks that get requests${of}`,
        metrics: [metrics.healthy, metrics.unhealthy],
        threshold: { value: props.expectedTargets, label: "expected" },
      },
      { title: `Healthy tasks${of} in each zone`, metrics: props.zones.map((zone) => metrics.healthyIn(zone)) },
      {
        title: `Latency and errors${of}`,
        metrics: [metrics.latency, metrics.errors],
        threshold: { value: props.maxLatencySeconds, label: "limit" },
      },
    ];
  }

  private group({ names, qualifier, vpcId, port, protocol, healthCheck, deregistrationDelaySeconds }: TargetGroupProps): LbTargetGroup {
    // What replaces the group is part of its name: old and new can stand side by side.
    const word = qualified(qualifier, String(port), protocol === "HTTPS" ? "https" : "");
    return new LbTargetGroup(this, "group", {
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
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private watch(
    { alerts, expectedTargets, qualifier, maxLatencySeconds, anomalyDetection }: TargetGroupProps,
    metrics: Metrics,
  ): CloudwatchMetricAlarm[] {
    const runbook = (section: string): string => `front-door.md#${section}`;
    return [
      alerts.alarm(this, qualified(qualifier, "unhealthy-targets"), {
        severity: "critical",
        means: "At least one task does not pass the load balancer's check and gets no requests.",
        metric: metrics.unhealthy,
        when: { above: 0 },
        missingData: "notBreaching",
        runbook: runbook("unhealthy-targets"),
      }),
      ...(expectedTargets === 0
        ? []
        : [
            alerts.alarm(this, qualified(qualifier, "healthy-targets-low"), {
              severity: "critical",
              means: `Fewer than ${expectedTargets} tasks get requests.`,
              metric: metrics.healthy,
              when: { below: expectedTargets },
              missingData: "breaching",
              runbook: runbook("unhealthy-targets"),
            }),
          ]),
      alerts.alarm(this, qualified(qualifier, "target-5xx"), {
        severity: "warning",
        means: "Tasks answer with errors.",
        metric: metrics.errors,
        when: { above: MAX_ERRORS_PER_MINUTE },
        missingData: "notBreaching",
        runbook: runbook("errors"),
      }),
      alerts.alarm(this, qualified(qualifier, "latency-high"), {
        severity: "warning",
        means: `One request in a hundred takes more than ${maxLatencySeconds} s.`,
        metric: metrics.latency,
        when: { above: maxLatencySeconds },
        missingData: "notBreaching",
        runbook: runbook("latency"),
      }),
      ...(anomalyDetection
        ? [
            alerts.anomaly(this, qualified(qualifier, "latency-unusual"), {
              means: "The latency is not what it usually is at this time.",
              metric: metrics.latency,
              // Without requests there is no latency; that there are none is told by their number.
              missingData: "notBreaching",
              runbook: runbook("unusual-load"),
            }),
          ]
        : []),
    ];
  }

  private watchZone({ alerts, qualifier }: TargetGroupProps, zone: string, metric: Metric): CloudwatchMetricAlarm {
    return alerts.alarm(this, qualified(qualifier, `no-targets-${zone}`), {
      severity: "critical",
      means: `No task in ${zone} gets requests: the others carry its load.`,
      metric,
      when: { below: 1 },
      missingData: "breaching",
      runbook: "zone.md#no-targets",
    });
  }
}

type Metrics = ReturnType<typeof targetMetrics>;

/**
 * Host counts come per target group; `Minimum` of the unhealthy ones is what every node of the load balancer agrees on.
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
    errors: { namespace, name: "HTTPCode_Target_5XX_Count", dimensions, statistic: "Sum", label: "5xx of the tasks" },
    latency: { namespace, name: "TargetResponseTime", dimensions, statistic: "p99", label: "p99 seconds" },
  } satisfies Record<string, Metric | ((zone: string) => Metric)>;
}
