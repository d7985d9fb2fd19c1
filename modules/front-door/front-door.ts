import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import type { Alerts } from "../monitoring/alerts";
import type { Metric, Widget } from "../monitoring/metric";
import { SecurityGroup } from "../security/security-group";
import { Certificate, type CertificateProps } from "./certificate";
import { WebFirewall } from "./web-firewall";

export interface FrontDoorProps {
  readonly names: Names;
  readonly vpcId: string;
  /** Public subnets, one per zone. */
  readonly subnetIds: string[];
  /** IPv4 ranges that may reach the load balancer. */
  readonly allowedCidrs: readonly string[];
  /** Names that the certificate must cover, and the zone in which to prove it; or the ARN of a certificate that exists. */
  readonly certificate: Omit<CertificateProps, "names"> | { readonly arn: string };
  /** TLS versions and ciphers. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
  readonly sslPolicy: string;
  /** TCP port of the targets. Changing it replaces the target group. */
  readonly targetPort: number;
  readonly healthCheck: {
    readonly path: string;
    readonly intervalSeconds: number;
    readonly timeoutSeconds: number;
    readonly healthyThreshold: number;
    readonly unhealthyThreshold: number;
  };
  /** Time that open requests get when a target leaves. */
  readonly deregistrationDelaySeconds: number;
  readonly idleTimeoutSeconds: number;
  /** Longest life of a client's connection: short, so that clients ask DNS again and leave a lost zone. */
  readonly clientKeepAliveSeconds: number;
  /** Bucket in this region that load balancers may write to. */
  readonly accessLogs: { readonly bucketName: string; readonly writable: ITerraformDependable };
  readonly deletionProtection: boolean;
  /** AWS WAF with managed rules, and the log that it writes. @default - no WAF */
  readonly waf?: { readonly logKeyArn: string; readonly logRetentionDays: number };
  /** Targets that must be healthy at any time; 0 where none shall run. */
  readonly expectedTargets: number;
  /** Seconds below which 99 of 100 answers must stay. */
  readonly maxLatencySeconds: number;
  readonly alerts: Alerts;
}

/** An application load balancer over all zones that speaks TLS and forwards to tasks by their address. */
export class FrontDoor extends Construct {
  readonly securityGroup: SecurityGroup;
  readonly targetGroupArn: string;
  /** The load balancer's own name and zone, as alias records want them (known after apply). */
  readonly loadBalancer: { readonly dnsName: string; readonly zoneId: string };
  /** Exists once requests can be forwarded: what a service must wait for. */
  readonly listening: LbListener;
  readonly widgets: readonly Widget[];

  constructor(scope: Construct, id: string, props: FrontDoorProps) {
    super(scope, id);
    const { names, vpcId, alerts } = props;

    this.securityGroup = new SecurityGroup(this, "security-group", { names, vpcId, role: "front-door", port: 443 });
    props.allowedCidrs.forEach((cidr, index) => {
      this.securityGroup.allowFromOutside(`clients-${index}`, { cidr }, "clients");
      this.securityGroup.allowFromOutside(`clients-${index}-http`, { cidr }, "clients that are sent on to HTTPS", 80);
    });

    const balancer = this.makeLoadBalancer(props);
    this.loadBalancer = { dnsName: balancer.dnsName, zoneId: balancer.zoneId };
    const targets = this.targetGroup(props);
    this.targetGroupArn = targets.arn;
    this.listening = this.listeners(props, balancer, targets);
    if (props.waf) new WebFirewall(this, "waf", { names, loadBalancerArn: balancer.arn, ...props.waf });

    const metrics = frontDoorMetrics(balancer.arnSuffix, targets.arnSuffix);
    const runbook = (section: string): string => `front-door.md#${section}`;
    const alarms = [
      alerts.alarm(this, "unhealthy-targets", {
        severity: "critical",
        means: "At least one task does not pass the load balancer's check and gets no requests.",
        metric: metrics.unhealthy,
        when: { above: 0 },
        missingData: "notBreaching",
        runbook: runbook("unhealthy-targets"),
      }),
      ...(props.expectedTargets === 0
        ? []
        : [
            alerts.alarm(this, "healthy-targets-low", {
              severity: "critical",
              means: `Fewer than ${props.expectedTargets} tasks get requests.`,
              metric: metrics.healthy,
              when: { below: props.expectedTargets },
              missingData: "breaching",
              runbook: runbook("unhealthy-targets"),
            }),
          ]),
      alerts.alarm(this, "load-balancer-5xx", {
        severity: "critical",
        means: "The load balancer itself answers with errors: no healthy task, or a task that broke off.",
        metric: metrics.balancerErrors,
        when: { above: 0 },
        missingData: "notBreaching",
        runbook: runbook("errors"),
      }),
      alerts.alarm(this, "target-5xx", {
        severity: "warning",
        means: "Tasks answer with errors.",
        metric: metrics.targetErrors,
        when: { above: 10 },
        missingData: "notBreaching",
        runbook: runbook("errors"),
      }),
      alerts.alarm(this, "latency-high", {
        severity: "warning",
        means: `One request in a hundred takes more than ${props.maxLatencySeconds} s.`,
        metric: metrics.latency,
        when: { above: props.maxLatencySeconds },
        missingData: "notBreaching",
        runbook: runbook("latency"),
      }),
    ];
    alerts.tier(this, "front-door", alarms, runbook("tier"));
    this.widgets = [
      {
        title: "Tasks that get requests",
        metrics: [metrics.healthy, metrics.unhealthy],
        threshold: { value: props.expectedTargets, label: "expected" },
      },
      { title: "Requests and errors", metrics: [metrics.requests, metrics.balancerErrors, metrics.targetErrors] },
      { title: "Latency", metrics: [metrics.latency], threshold: { value: props.maxLatencySeconds, label: "limit" } },
    ];
  }

  private makeLoadBalancer(props: FrontDoorProps): Lb {
    const { names } = props;
    return new Lb(this, "load-balancer", {
      name: names.of("lb"),
      loadBalancerType: "application",
      internal: false,
      subnets: props.subnetIds,
      securityGroups: [this.securityGroup.id],
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      enableZonalShift: true,
      enableHttp2: true,
      idleTimeout: props.idleTimeoutSeconds,
      clientKeepAlive: props.clientKeepAliveSeconds,
      enableDeletionProtection: props.deletionProtection,
      accessLogs: { bucket: props.accessLogs.bucketName, enabled: true },
      dependsOn: [props.accessLogs.writable],
    });
  }

  private targetGroup({ names, vpcId, targetPort, healthCheck, deregistrationDelaySeconds }: FrontDoorProps): LbTargetGroup {
    return new LbTargetGroup(this, "targets", {
      // The port is part of the name because it is what replaces the group: old and new can stand side by side.
      name: names.of("lb_target_group", String(targetPort)),
      vpcId,
      port: targetPort,
      protocol: "HTTP",
      targetType: "ip",
      deregistrationDelay: String(deregistrationDelaySeconds),
      loadBalancingCrossZoneEnabled: "use_load_balancer_configuration",
      healthCheck: {
        enabled: true,
        protocol: "HTTP",
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

  private listeners({ names, certificate, sslPolicy }: FrontDoorProps, balancer: Lb, targets: LbTargetGroup): LbListener {
    const certificateArn = "arn" in certificate ? certificate.arn : new Certificate(this, "certificate", { names, ...certificate }).arn;
    new LbListener(this, "http", {
      loadBalancerArn: balancer.arn,
      port: 80,
      protocol: "HTTP",
      defaultAction: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
      tags: { Name: names.of("lb_listener", "http") },
    });
    return new LbListener(this, "https", {
      loadBalancerArn: balancer.arn,
      port: 443,
      protocol: "HTTPS",
      sslPolicy,
      certificateArn,
      defaultAction: [{ type: "forward", targetGroupArn: targets.arn }],
      tags: { Name: names.of("lb_listener", "https") },
    });
  }
}

/**
 * Host counts come per target group; `Minimum` of the unhealthy ones is what every node of the load balancer agrees on.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
function frontDoorMetrics(loadBalancer: string, targetGroup: string) {
  const namespace = "AWS/ApplicationELB";
  const whole = { LoadBalancer: loadBalancer };
  const targets = { LoadBalancer: loadBalancer, TargetGroup: targetGroup };
  return {
    healthy: { namespace, name: "HealthyHostCount", dimensions: targets, statistic: "Minimum", label: "healthy" },
    unhealthy: { namespace, name: "UnHealthyHostCount", dimensions: targets, statistic: "Minimum", label: "unhealthy" },
    requests: { namespace, name: "RequestCount", dimensions: whole, statistic: "Sum", label: "requests" },
    balancerErrors: { namespace, name: "HTTPCode_ELB_5XX_Count", dimensions: whole, statistic: "Sum", label: "5xx of the load balancer" },
    targetErrors: { namespace, name: "HTTPCode_Target_5XX_Count", dimensions: targets, statistic: "Sum", label: "5xx of the tasks" },
    latency: { namespace, name: "TargetResponseTime", dimensions: targets, statistic: "p99", label: "p99 seconds" },
  } satisfies Record<string, Metric>;
}
