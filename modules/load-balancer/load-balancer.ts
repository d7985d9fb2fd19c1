import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { HOLD_PATH, HOLD_PRIORITY, holdResponse } from "../../config/dns-hold";
import type { Names } from "../../config/naming";
import { priorityOf } from "../../config/routes";
import type { Alerts } from "../monitoring/alerts";
import type { Metric, Widget } from "../monitoring/metric";
import { idOfCidr, SecurityGroup } from "../security/security-group";
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
  /** IPv4 CIDR blocks of the allowed clients. */
  readonly allowedCidrs: readonly string[];
  /** Names of the certificate, and the hosted zone that validates them; or the ARN of an existing certificate. */
  readonly certificate: Omit<CertificateProps, "names"> | { readonly arn: string };
  /** TLS versions and ciphers. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
  readonly sslPolicy: string;
  /** The service that receives the requests that no listener rule routes. */
  readonly defaultService: RoutedService;
  /** Zones. Every service must have a healthy target in each. */
  readonly zones: readonly string[];
  /** Maximum response time of 99 of 100 requests, in seconds. */
  readonly maxLatencySeconds: number;
  readonly healthCheck: TargetGroupProps["healthCheck"];
  /** Time for in-flight requests to complete when a target is deregistered. */
  readonly deregistrationDelaySeconds: number;
  readonly idleTimeoutSeconds: number;
  /** Maximum duration of a client connection. Short, so that clients resolve the name again and leave a lost zone. */
  readonly clientKeepAliveSeconds: number;
  /** Bucket in this region to which load balancers may write. */
  readonly accessLogs: { readonly bucketName: string; readonly writable: ITerraformDependable };
  readonly deletionProtection: boolean;
  /** The internet gateway of the VPC. */
  readonly internetReady: ITerraformDependable;
  /** AWS WAF with managed rules, and the settings of its log. @default - no WAF */
  readonly waf?: { readonly logKeyArn: string; readonly logRetentionDays: number };
  /** Whether alarms fire when requests or latency are outside the expected band of CloudWatch anomaly detection. */
  readonly anomalyDetection: boolean;
  readonly alerts: Alerts;
}

/** A service that receives requests. */
interface RoutedService extends Pick<TargetGroupProps, "port" | "protocol" | "expectedTargets"> {
  readonly name: string;
}

/** An Application Load Balancer in all zones. It terminates TLS, and its targets are the IP addresses of tasks. */
export class LoadBalancer extends Construct {
  readonly securityGroup: SecurityGroup;
  /** DNS name and hosted zone of the load balancer, as alias records require them (known after apply). */
  readonly aliasTarget: { readonly dnsName: string; readonly zoneId: string };
  /** Exists once requests can be forwarded. Services depend on it. */
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

    this.securityGroup = new SecurityGroup(this, "security-group", { names, vpcId, role: "load-balancer", port: 443 });
    props.allowedCidrs.forEach((cidr, index) => {
      const range = idOfCidr(cidr);
      this.securityGroup.allowFromOutside({ id: `clients-${range}`, formerId: `clients-${index}` }, { cidr }, "clients");
      const redirected = { id: `clients-${range}-http`, formerId: `clients-${index}-http` };
      this.securityGroup.allowFromOutside(redirected, { cidr }, "clients, redirected to HTTPS", 80);
    });

    this.balancer = this.createLoadBalancer(props);
    this.aliasTarget = { dnsName: this.balancer.dnsName, zoneId: this.balancer.zoneId };
    const targets = this.addTargetGroup("targets", "", props.defaultService);
    const certificateArn =
      "arn" in props.certificate ? props.certificate.arn : new Certificate(this, "certificate", { names, ...props.certificate }).arn;
    this.httpsListener = this.createListeners(props, certificateArn, targets);
    if (props.waf) new WebAcl(this, "waf", { names, loadBalancerArn: this.balancer.arn, ...props.waf });

    const metrics = balancerMetrics(this.balancer.arnSuffix);
    const alarms = [
      alerts.alarm(this, "load-balancer-5xx", {
        severity: "critical",
        means: "The load balancer returned 5xx errors: there is no healthy target, or a target closed the connection.",
        metric: metrics.errors,
        when: { above: 0 },
        missingData: "notBreaching",
        runbook: "load-balancer.md#errors",
      }),
      ...(props.anomalyDetection
        ? [
            alerts.anomaly(this, "requests-unusual", {
              means: "The number of requests is outside the expected band for this time.",
              metric: metrics.requests,
              // The load balancer publishes no zero: missing data means that there are no requests.
              missingData: "breaching",
              runbook: "load-balancer.md#unusual-load",
            }),
          ]
        : []),
    ];
    alerts.composites.addComponent(
      this,
      "load-balancer",
      [...alarms, certificateAlarm(this, certificateArn, alerts), ...targets.alarms],
      "load-balancer.md#composite-alarm",
    );
    this.widgets = [{ title: "Requests and errors", metrics: [metrics.requests, metrics.errors] }, ...targets.widgets];
  }

  /** Routes paths to a service, with its own target group and alarms. */
  addServiceRoute(service: RoutedService, paths: readonly string[]): void {
    const { name } = service;
    const { names, alerts } = this.props;
    const targets = this.addTargetGroup(`targets-${name}`, name, service);
    alerts.composites.addComponent(targets, `load-balancer-${name}`, targets.alarms, "load-balancer.md#composite-alarm");
    new LbListenerRule(this, `to-${name}`, {
      listenerArn: this.httpsListener.arn,
      priority: priorityOf(name),
      condition: [{ pathPattern: { values: [...paths] } }],
      action: [{ type: "forward", targetGroupArn: targets.arn }],
      tags: { Name: names.of("lb_listener", name) },
    });
  }

  /** Routes POST requests for one path to a function. */
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

  /**
   * The rule with which this region holds DNS. The region takeover switches it, so Terraform ignores its action.
   * @see HOLD_PATH
   */
  addHold(): void {
    const { StatusCode, MessageBody, ContentType } = holdResponse(false);
    new LbListenerRule(this, "hold", {
      listenerArn: this.httpsListener.arn,
      priority: HOLD_PRIORITY,
      condition: [{ pathPattern: { values: [HOLD_PATH] } }],
      action: [{ type: "fixed-response", fixedResponse: { statusCode: StatusCode, messageBody: MessageBody, contentType: ContentType } }],
      tags: { Name: this.props.names.of("lb_listener", "hold") },
      lifecycle: { ignoreChanges: ["action"] },
    });
  }

  /** The target group of a service. Undefined when no request is routed to the service. */
  targetGroup(service: string): TargetGroup | undefined {
    return this.targetGroups.get(service);
  }

  /** Alarms of a zone: each fires when a service has no healthy target in it. */
  zoneAlarms(zone: string): CloudwatchMetricAlarm[] {
    return [...this.targetGroups.values()].map(({ zoneAlarms }) => zoneAlarms.get(zone)).filter((alarm) => alarm !== undefined);
  }

  private addTargetGroup(id: string, qualifier: string, { name, port, protocol, expectedTargets }: RoutedService): TargetGroup {
    const loadBalancer = this.balancer.arnSuffix;
    const targets = new TargetGroup(this, id, { ...this.props, port, protocol, expectedTargets, qualifier, loadBalancer });
    this.targetGroups.set(name, targets);
    return targets;
  }

  private createLoadBalancer(props: LoadBalancerProps): Lb {
    const { names } = props;
    return new Lb(this, "alb", {
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
      // ELB rejects a load balancer in a VPC without an internet gateway.
      dependsOn: [props.accessLogs.writable, props.internetReady],
    });
  }

  private createListeners({ names, sslPolicy }: LoadBalancerProps, certificateArn: string, targets: TargetGroup): LbListener {
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
