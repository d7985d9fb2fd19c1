import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import type { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { CANDIDATE } from "../../config/candidate";
import { HOLD_PATH, HOLD_PRIORITY, holdResponse } from "../../config/dns-hold";
import { priorityOf } from "../../config/routes";
import type { Metric, Widget } from "../monitoring/metric";
import { idOfCidr, SecurityGroup } from "../security/security-group";
import { Certificate } from "./certificate";
import { createCandidateRule } from "./candidate-rule";
import { LambdaTargetGroup, type LambdaTargetGroupProps } from "./lambda-target-group";
import { createListeners } from "./listeners";
import type { LoadBalancerProps, RoutedService } from "./load-balancer-props";
import { TargetGroup } from "./target-group";
import { certificateAlarm } from "./certificate-alarms";
import { balancerMetrics } from "./balancer-metrics";
import { errorAlarms } from "./error-alarms";
import { WebAcl } from "./web-acl";
import { zoneAlarms } from "./zone-alarms";

/** The composite alarms of the load balancer and of each service behind it. */
const COMPONENT = { runbook: "load-balancer.md#composite-alarm", clients: "some requests may fail or be slow", within: "zone" } as const;

/** An Application Load Balancer in all zones. It terminates TLS, and its targets are the IP addresses of tasks. */
export class LoadBalancer extends Construct {
  readonly securityGroup: SecurityGroup;
  /** DNS name and hosted zone of the load balancer, as alias records require them (known after apply). */
  readonly aliasTarget: { readonly dnsName: string; readonly zoneId: string };
  /** Exists once requests can be forwarded. Services depend on it. */
  readonly httpsListener: LbListener;
  /** ARN of the load balancer (known after apply). */
  readonly arn: string;
  /** ARN of the alarm that is in ALARM while the service is down for a part of its clients (known after apply). */
  readonly outageAlarmArn: string;
  private readonly balancer: Lb;
  private readonly errorAlarms: readonly CloudwatchMetricAlarm[];
  private readonly targetGroups = new Map<string, TargetGroup>();
  private readonly metrics: ReturnType<typeof balancerMetrics>;
  private readonly webAcl: WebAcl | undefined;
  private readonly comparisons: ReadonlyMap<string, readonly CloudwatchMetricAlarm[]>;

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

    for (const prefixListId of props.clientPrefixListIds ?? []) {
      this.securityGroup.allowFromOutside({ id: `clients-${prefixListId}` }, { prefixListId }, "clients");
      this.securityGroup.allowFromOutside({ id: `clients-${prefixListId}-http` }, { prefixListId }, "clients, redirected to HTTPS", 80);
    }

    this.balancer = this.createLoadBalancer(props);
    this.arn = this.balancer.arn;
    this.aliasTarget = { dnsName: this.balancer.dnsName, zoneId: this.balancer.zoneId };
    const targets = this.addTargetGroup("targets", "", props.defaultService);
    const candidate = props.candidate
      ? this.addTargetGroup("targets-candidate", CANDIDATE, { ...props.defaultService, name: CANDIDATE, expectedTargets: 0 })
      : undefined;
    if (candidate) alerts.composites.addComponent(candidate, `load-balancer-${CANDIDATE}`, candidate.alarms, COMPONENT);
    const certificateArn =
      "arn" in props.certificate ? props.certificate.arn : new Certificate(this, "certificate", { names, ...props.certificate }).arn;
    this.httpsListener = createListeners(this, { ...props, balancer: this.balancer, certificateArn, targets, candidate });
    this.webAcl = props.waf && new WebAcl(this, "waf", { ...props.waf, names, loadBalancerArn: this.balancer.arn, alerts });

    const metrics = balancerMetrics(this.balancer.arnSuffix);
    const { outage, budget } = errorAlarms(this, { alerts, metrics, availabilityPercent: props.availabilityPercent });
    this.errorAlarms = [outage, ...budget];
    this.outageAlarmArn = outage.arn;
    this.metrics = metrics;
    this.comparisons = zoneAlarms(this, {
      ...props,
      zones: props.defaultService.expectedTargets === 0 ? [] : props.zones,
      loadBalancer: this.balancer.arnSuffix,
    });
    const alarms = [
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
      COMPONENT,
    );
  }

  /** A metric that the load balancer publishes with or without requests. */
  get alive(): Metric {
    return this.metrics.reports;
  }

  /** Its requests and errors, and the targets of every service that receives requests. */
  get widgets(): Widget[] {
    const { requests, errors, targetErrors } = this.metrics;
    return [
      { title: "Requests and errors", metrics: [requests, errors, targetErrors] },
      ...[...this.targetGroups.values()].flatMap(({ widgets }) => widgets),
      ...(this.webAcl ? [this.webAcl.widget] : []),
    ];
  }

  /**
   * Routes a share of the primary service's requests to the candidate, while it is above zero.
   * @param percent HCL expression
   * @param stable the candidate, whose tasks must run before they receive requests, and must stop after it
   */
  shareWithCandidate(percent: string, stable: TerraformResource): void {
    const [primary, candidate] = [this.targetGroups.get(this.props.defaultService.name), this.targetGroups.get(CANDIDATE)];
    if (!primary || !candidate) throw new Error("the load balancer has no target group of a candidate");
    createCandidateRule(this, { names: this.props.names, listener: this.httpsListener, primary, candidate, percent, stable });
  }

  /** Routes paths to a service, with its own target group and alarms. */
  addServiceRoute(service: RoutedService, paths: readonly string[]): void {
    const { name } = service;
    const { names, alerts } = this.props;
    const targets = this.addTargetGroup(`targets-${name}`, name, service);
    alerts.composites.addComponent(targets, `load-balancer-${name}`, targets.alarms, COMPONENT);
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

  /** Alarms on what clients see: errors and slow answers. */
  clientAlarms(): CloudwatchMetricAlarm[] {
    return [...this.errorAlarms, ...[...this.targetGroups.values()].flatMap(({ clientAlarms }) => clientAlarms)];
  }

  /** Alarms of a zone: each fires when the zone is worse than the others. */
  comparisonAlarms(zone: string): CloudwatchMetricAlarm[] {
    const anomalies = [...this.targetGroups.values()].map(({ anomalyAlarms }) => anomalyAlarms.get(zone));
    return [...(this.comparisons.get(zone) ?? []), ...anomalies.filter((alarm) => alarm !== undefined)];
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
      internal: props.internal,
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
}
