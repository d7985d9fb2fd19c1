import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Wafv2WebAcl } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import { Wafv2WebAclLoggingConfiguration } from "@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import type { Alerts } from "../monitoring/alerts";
import { LogGroup, type LogSettings } from "../monitoring/log-group";
import type { Metric, Widget } from "../monitoring/metric";
import { RATE_LIMIT_RULE, type RateLimit, visibility, webAclRules, type WebAclSettings } from "./web-acl-rules";

export interface WebAclProps extends LogSettings, WebAclSettings {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** Region of the resources, as in ARNs and metrics. */
  readonly region: string;
  /** ARN of the load balancer that AWS WAF inspects. */
  readonly loadBalancerArn: string;
  /** Receives the alarms and the events. */
  readonly alerts: Alerts;
}

/** AWS WAF for the load balancer. Its log omits the headers that contain secrets. */
export class WebAcl extends Construct {
  readonly widget: Widget;

  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    const { names, region, loadBalancerArn, logKeyArn, logRetentionDays, mode, rateLimit } = props;
    const name = names.of("wafv2_web_acl");
    const acl = new Wafv2WebAcl(this, "acl", {
      name,
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      rule: webAclRules(props),
      visibilityConfig: visibility(name),
    });
    new Wafv2WebAclAssociation(this, "association", { webAclArn: acl.arn, resourceArn: loadBalancerArn });
    const log = new LogGroup(this, "log", {
      // AWS WAF requires this prefix.
      name: `aws-waf-logs-${name}`,
      keyArn: logKeyArn,
      retentionDays: logRetentionDays,
    });
    new Wafv2WebAclLoggingConfiguration(this, "logging", {
      resourceArn: acl.arn,
      logDestinationConfigs: [log.arn],
      redactedFields: ["authorization", "cookie"].map((header) => ({ singleHeader: { name: header } })),
    });
    const metrics = ruleMetrics(name, region);
    if (rateLimit) this.createRateLimitAlarm(props.alerts, mode, rateLimit, metrics);
    this.widget = { title: "AWS WAF", metrics: [metrics.blocked("ALL"), metrics.counted("ALL")] };
  }

  /** A client above the limit is an attack, or a customer whose payments are rejected: on-call decides which. */
  private createRateLimitAlarm(
    alerts: Alerts,
    mode: WebAclSettings["mode"],
    limit: RateLimit,
    metrics: RuleMetrics,
  ): CloudwatchMetricAlarm {
    const { requests, windowSeconds } = limit;
    const exceeded = `At least one address sent more than ${requests} requests in ${windowSeconds} s (load_balancer.waf.rate_limit).`;
    const rejects = mode === "block";
    return alerts.alarm(this, "waf-rate-limited", {
      severity: "warning",
      means: `${exceeded} ${rejects ? "AWS WAF rejects its further requests with status 429." : "AWS WAF counts them and rejects none."}`,
      metric: rejects ? metrics.blocked(RATE_LIMIT_RULE) : metrics.counted(RATE_LIMIT_RULE),
      when: { above: 0 },
      missingData: "notBreaching",
      clients: rejects ? "those above the limit get status 429" : "no effect",
      runbook: "load-balancer.md#aws-waf",
    });
  }
}

type RuleMetrics = ReturnType<typeof ruleMetrics>;

/**
 * Metrics of a rule by its name, or of all rules.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html
 */
function ruleMetrics(webAcl: string, region: string) {
  const metric =
    (name: string, label: string) =>
    (rule: string): Metric => ({
      namespace: "AWS/WAFV2",
      name,
      dimensions: { Region: region, Rule: rule, WebACL: webAcl },
      statistic: "Sum",
      label,
    });
  return { blocked: metric("BlockedRequests", "rejected requests"), counted: metric("CountedRequests", "counted requests") };
}
