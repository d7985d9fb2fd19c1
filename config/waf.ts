/** Rule groups that AWS maintains, in the order of evaluation. */
export const WAF_RULE_GROUPS = [
  "AWSManagedRulesAmazonIpReputationList",
  "AWSManagedRulesCommonRuleSet",
  "AWSManagedRulesKnownBadInputsRuleSet",
  "AWSManagedRulesSQLiRuleSet",
] as const;

export type WafRuleGroup = (typeof WAF_RULE_GROUPS)[number];

/** Month of the list of rules, which AWS extends. */
export const WAF_RULES_MONTH = "December 2025";

/**
 * Rules of each group.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-ip-rep.html
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-use-case.html
 */
export const WAF_RULES: Readonly<Record<WafRuleGroup, readonly string[]>> = {
  AWSManagedRulesAmazonIpReputationList: ["AWSManagedIPReputationList", "AWSManagedReconnaissanceList", "AWSManagedIPDDoSList"],
  AWSManagedRulesCommonRuleSet: [
    ...["NoUserAgent_HEADER", "UserAgent_BadBots_HEADER"],
    ...["SizeRestrictions_QUERYSTRING", "SizeRestrictions_Cookie_HEADER", "SizeRestrictions_BODY", "SizeRestrictions_URIPATH"],
    ...["EC2MetaDataSSRF_BODY", "EC2MetaDataSSRF_COOKIE", "EC2MetaDataSSRF_URIPATH", "EC2MetaDataSSRF_QUERYARGUMENTS"],
    ...["GenericLFI_QUERYARGUMENTS", "GenericLFI_URIPATH", "GenericLFI_BODY"],
    ...["RestrictedExtensions_URIPATH", "RestrictedExtensions_QUERYARGUMENTS"],
    ...["GenericRFI_QUERYARGUMENTS", "GenericRFI_BODY", "GenericRFI_URIPATH"],
    ...["CrossSiteScripting_COOKIE", "CrossSiteScripting_QUERYARGUMENTS", "CrossSiteScripting_BODY", "CrossSiteScripting_URIPATH"],
  ],
  AWSManagedRulesKnownBadInputsRuleSet: [
    ...["JavaDeserializationRCE_HEADER", "JavaDeserializationRCE_BODY"],
    ...["JavaDeserializationRCE_URIPATH", "JavaDeserializationRCE_QUERYSTRING"],
    ...["Host_localhost_HEADER", "PROPFIND_METHOD", "ExploitablePaths_URIPATH"],
    ...["Log4JRCE_HEADER", "Log4JRCE_QUERYSTRING", "Log4JRCE_BODY", "Log4JRCE_URIPATH"],
    "ReactJSRCE_BODY",
  ],
  AWSManagedRulesSQLiRuleSet: [
    ...["SQLi_QUERYARGUMENTS", "SQLi_BODY", "SQLi_COOKIE", "SQLi_URIPATH"],
    ...["SQLiExtendedPatterns_QUERYARGUMENTS", "SQLiExtendedPatterns_BODY"],
    ...["SQLiExtendedPatterns_HEADER", "SQLiExtendedPatterns_URIPATH"],
  ],
};

/** The rule of the common rule set that rejects a body of more than `INSPECTED_BODY_KIB`. */
export const BODY_SIZE_RULE = "SizeRestrictions_BODY";

/** Kibibytes of a body that a load balancer forwards to AWS WAF. The limit is fixed. @see https://docs.aws.amazon.com/waf/latest/APIReference/API_Body.html */
export const INSPECTED_BODY_KIB = 8;

/**
 * Most Route 53 health checks that request one load balancer: one of the endpoint, and of a DNS hold one that is healthy while it
 * exists and two that are not.
 */
export const MAX_HEALTH_CHECKS = 4;
