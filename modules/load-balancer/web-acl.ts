import { Wafv2WebAcl } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import { Wafv2WebAclLoggingConfiguration } from "@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { LogGroup, type LogSettings } from "../monitoring/log-group";

export interface WebAclProps extends LogSettings {
  readonly names: Names;
  readonly loadBalancerArn: string;
}

/** Rule groups that AWS maintains, in the order of evaluation. @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html */
const RULE_GROUPS = [
  "AWSManagedRulesAmazonIpReputationList",
  "AWSManagedRulesCommonRuleSet",
  "AWSManagedRulesKnownBadInputsRuleSet",
  "AWSManagedRulesSQLiRuleSet",
];

/** AWS WAF for the load balancer. Its log omits the headers that contain secrets. */
export class WebAcl extends Construct {
  constructor(scope: Construct, id: string, { names, loadBalancerArn, logKeyArn, logRetentionDays }: WebAclProps) {
    super(scope, id);
    const name = names.of("wafv2_web_acl");
    const visibility = (metricName: string) => ({ cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName });
    const acl = new Wafv2WebAcl(this, "acl", {
      name,
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      rule: RULE_GROUPS.map((group, priority) => ({
        name: group,
        priority,
        overrideAction: { none: {} },
        statement: { managed_rule_group_statement: { vendor_name: "AWS", name: group } },
        visibilityConfig: visibility(group),
      })),
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
  }
}
