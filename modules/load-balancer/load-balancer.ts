import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { priorityOf } from "../../config/routes";
import type { Alerts } from "../monitoring/alerts";
import type { Metric, Widget } from "../monitoring/metric";
import { SecurityGroup } from "../security/security-group";
import { Certificate, type CertificateProps } from "./certificate";
import { LambdaTargetGroup, type LambdaTargetGroupProps } from "./lambda-target-group";
import { TargetGroup, type TargetGroupProps } from "./target-group";
import { certificateAlarm } from "./certificate-alarms";
import { WebAcl } from "./web-acl";

export interface LoadBalancerProps {
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
  /** The service that gets every request that no other gets. */
  readonly defaultService: RoutedService;
  /** Zones in each of which every service must have a healthy target. */
  readonly zones: readonly string[];
  /** Seconds below which 99 of 100 answers must stay. */
  readonly maxLatencySeconds: number;
  readonly healthCheck: TargetGroupProps["healthCheck"];
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
  /** Alarms when requests or latency are not as CloudWatch has learnt to expect. */
  readonly anomalyDetection: boolean;
  readonly alerts: Alerts;
}

/** A service as the load balancer must know it. */
interface RoutedService extends Pick<TargetGroupProps, "port" | "protocol" | "expectedTargets"> {
  readonly name: string;
}

/** An application load balancer over all zones that speaks TLS and forwards to tasks by their address. */
export class LoadBalancer extends Construct {
  readonly securityGroup: SecurityGroup;
  /** The load balancer's own name and zone, as alias records want them (known after apply). */
  readonly aliasTarget: { readonly dnsName: string; readonly zoneId: string };
  /** Exists once requests can be forwarded: what a service must wait for. */
  readonly httpsListener: LbListener;
  readonly widgets: readonly Widget[];
  private readonly balancer: Lb;
  private readonly targetGroups = new Map<string, TargetGroup>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: LoadBalancerProps,
  ) {
    super(scope, id);
    const { names, vpcId, alerts } = props;

    this.securityGroup = new SecurityGroup(this, "security-group", { names, vpcId, role: "front-door", port: 443 });
    props.allowedCidrs.forEach((cidr, index) => {
      this.securityGroup.allowFromOutside(`clients-${index}`, { cidr }, "clients");
      this.securityGroup.allowFromOutside(`clients-${index}-http`, { cidr }, "clients that are sent on to HTTPS", 80);
    });

    this.balancer = this.makeLoadBalancer(props);
    this.aliasTarget = { dnsName: this.balancer.dnsName, zoneId: this.balancer.zoneId };
    const targets = this.addTargetGroup("targets", "", props.defaultService);
    const certificateArn =
      "arn" in props.certificate ? props.certificate.arn : new Certificate(this, "certificate", { names, ...props.certificate }).arn;
    this.httpsListener = this.listeners(props, certificateArn, targets);
    if (props.waf) new WebAcl(this, "waf", { names, loadBalancerArn: this.balancer.arn, ...props.waf });

    const metrics = balancerMetrics(this.balancer.arnSuffix);
    const alarms = [
      alerts.alarm(this, "load-balancer-5xx", {
        severity: "critical",
        means: "The load balancer itself answers with errors: no healthy task, or a task that broke off.",
        metric: metrics.errors,
        when: { above: 0 },
        missingData: "notBreaching",
        runbook: "front-door.md#errors",
      }),
      ...(props.anomalyDetection
        ? [
            alerts.anomaly(this, "requests-unusual", {
              means: "The number of requests is not what it usually is at this time.",
              metric: metrics.requests,
              // The load balancer reports no zero: silence is the loss of all requests.
              missingData: "breaching",
              runbook: "front-door.md#unusual-load",
            }),
          ]
        : []),
    ];
    alerts.composites.tier(
      this,
      "front-door",
      [...alarms, certificateAlarm(this, certificateArn, alerts), ...targets.alarms],
      "front-door.md#tier",
    );
    this.widgets = [{ title: "Requests and errors", metrics: [metrics.requests, metrics.errors] }, ...targets.widgets];
  }

  /** Routes some paths to a service, with a target group and alarms of its own. */
  addServiceRoute(service: RoutedService, paths: readonly string[]): void {
    const { name } = service;
    const { names, alerts } = this.props;
    const targets = this.addTargetGroup(`targets-${name}`, name, service);
    alerts.composites.tier(targets, `front-door-${name}`, targets.alarms, "front-door.md#tier");
    new LbListenerRule(this, `to-${name}`, {
      listenerArn: this.httpsListener.arn,
      priority: priorityOf(name),
      condition: [{ pathPattern: { values: [...paths] } }],
      action: [{ type: "forward", targetGroupArn: targets.arn }],
      tags: { Name: names.of("lb_listener", name) },
    });
  }

  /** Routes what is posted to one path to a function. */
  addFunctionRoute(name: string, path: string, lambda: Omit<LambdaTargetGroupProps, "name" | "names">): void {
    const { names } = this.props;
    const target = new LambdaTargetGroup(this, `function-${name}`, { ...lambda, names, name });
    new LbListenerRule(this, `to-${name}`, {
      listenerArn: this.httpsListener.arn,
      priority: priorityOf(name),
      condition: [{ pathPattern: { values: [path] } }, { httpRequestMethod: { values: ["POST"] } }],
      action: [{ type: "forward", targetGroupArn: target.groupArn }],
      tags: { Name: names.of("lb_listener", name) },
      dependsOn: [target.ready],
    });
  }

  /** The target group of a service. Undefined where no request is routed to it. */
  targetGroup(service: string): TargetGroup | undefined {
    return this.targetGroups.get(service);
  }

  /** Whether each service has a healthy target in a zone. */
  zoneAlarms(zone: string): CloudwatchMetricAlarm[] {
    return [...this.targetGroups.values()].map(({ zoneAlarms }) => zoneAlarms.get(zone)).filter((alarm) => alarm !== undefined);
  }

  private addTargetGroup(id: string, qualifier: string, { name, port, protocol, expectedTargets }: RoutedService): TargetGroup {
    const loadBalancer = this.balancer.arnSuffix;
    const targets = new TargetGroup(this, id, { ...this.props, port, protocol, expectedTargets, qualifier, loadBalancer });
    this.targetGroups.set(name, targets);
    return targets;
  }

  private makeLoadBalancer(props: LoadBalancerProps): Lb {
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

  private listeners({ names, sslPolicy }: LoadBalancerProps, certificateArn: string, targets: TargetGroup): LbListener {
    const { balancer } = this;
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

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html */
function balancerMetrics(loadBalancer: string) {
  const namespace = "AWS/ApplicationELB";
  const dimensions = { LoadBalancer: loadBalancer };
  return {
    requests: { namespace, name: "RequestCount", dimensions, statistic: "Sum", label: "requests" },
    errors: { namespace, name: "HTTPCode_ELB_5XX_Count", dimensions, statistic: "Sum", label: "5xx of the load balancer" },
  } satisfies Record<string, Metric>;
}
