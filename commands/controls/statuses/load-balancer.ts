import { type ControlStatus, met, unused } from "../status";
import { every, everyWhere } from "../check";
import { hasDifferent, is, isSet, related } from "../expectation";

const CLASSIC_WAF = [
  "aws_waf_web_acl",
  "aws_waf_rule",
  "aws_waf_rate_based_rule",
  "aws_waf_rule_group",
  "aws_wafregional_web_acl",
  "aws_wafregional_rule",
  "aws_wafregional_rate_based_rule",
  "aws_wafregional_rule_group",
] as const;

/** Load balancer, certificates, web ACL. */
export const LOAD_BALANCER: readonly ControlStatus[] = [
  met(["ACM.2"], [every("aws_acm_certificate", is("key_algorithm", "RSA_2048", "RSA_3072", "RSA_4096"))]),
  met(
    ["ELB.1", "elb_application_lb_redirect_http_request_to_https"],
    [everyWhere("aws_lb_listener", { protocol: "HTTP" }, is("default_action.redirect.protocol", "HTTPS"))],
  ),
  met(["ELB.4"], [every("aws_lb", is("drop_invalid_header_fields", true))]),
  met(
    ["ELB.5", "elb_application_classic_lb_logging_enabled"],
    [every("aws_lb", is("access_logs.enabled", true), isSet("access_logs.bucket"))],
  ),
  met(["ELB.12"], [every("aws_lb", is("desync_mitigation_mode", "defensive", "strictest"))]),
  met(["ELB.13"], [every("aws_lb", hasDifferent("subnets", 2))], "One in each Availability Zone."),
  met(
    ["ELB.17"],
    [everyWhere("aws_lb_listener", { protocol: "HTTPS" }, is("ssl_policy", "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"))],
    "TLS 1.2 with forward secrecy, and TLS 1.3.",
  ),
  unused(
    [
      "ELB.2",
      "ELB.3",
      "ELB.7",
      "ELB.9",
      "ELB.10",
      "ELB.14",
      "elb_classic_lb_desync_mitigation_mode",
      "elb_classic_lb_use_ssl_certificate",
      "elb_classic_lb_use_tls_https_listeners",
    ],
    ["aws_elb"],
    "There are no Classic Load Balancers.",
  ),
  unused(
    [
      "WAF.1",
      "WAF.2",
      "WAF.3",
      "WAF.4",
      "WAF.6",
      "WAF.7",
      "WAF.8",
      "waf_regional_rule_condition_attached",
      "waf_regional_rule_group_rule_attached",
      "waf_regional_web_acl_rule_attached",
      "waf_rule_condition_attached",
      "waf_rule_group_rule_attached",
      "waf_web_acl_logging_enabled",
      "waf_web_acl_rule_attached",
    ],
    CLASSIC_WAF,
    "AWS WAF Classic is not used.",
  ),
  met(["WAF.10", "wafv2_web_acl_rule_attached"], [every("aws_wafv2_web_acl", isSet("rule"))]),
  met(
    ["WAF.12", "wafv2_rule_group_logging_enabled"],
    [
      every(
        "aws_wafv2_web_acl",
        is("rule.visibility_config.cloudwatch_metrics_enabled", true),
        is("visibility_config.cloudwatch_metrics_enabled", true),
      ),
    ],
  ),
  met(
    ["wafv2_web_acl_logging_enabled"],
    [every("aws_wafv2_web_acl", related("aws_wafv2_web_acl_logging_configuration", "resource_arn", isSet("log_destination_configs")))],
  ),
  met(["waf_web_acl_resource_associated"], [every("aws_wafv2_web_acl", related("aws_wafv2_web_acl_association", "web_acl_arn"))]),
];
