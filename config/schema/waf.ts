import { z } from "zod";
import { INSPECTED_BODY_KIB, type WafRuleGroup } from "../waf";
import { choice, flag, integer, numberFrom, text } from "./builders";

const RULE_GROUPS = "https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html";
const RATE_LIMITS = "https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-high-level-settings.html";
const FORWARDED_ADDRESSES = "https://docs.aws.amazon.com/waf/latest/APIReference/API_ForwardedIPConfig.html";

/** Rules of one group. @see https://docs.aws.amazon.com/waf/latest/APIReference/API_RuleActionOverride.html */
const rulesOf = (group: WafRuleGroup, about: string, example: string) =>
  z
    .array(text(/^[\w-]{1,128}$/, "the name of a rule, as in the log of AWS WAF", example))
    .max(100)
    .meta({ expected: `a list of up to 100 names of rules of ${group}`, about, example: [example], source: RULE_GROUPS })
    .optional();

const countedRules = z
  .strictObject({
    AWSManagedRulesAmazonIpReputationList: rulesOf(
      "AWSManagedRulesAmazonIpReputationList",
      "Addresses of bots and attackers.",
      "AWSManagedIPReputationList",
    ),
    AWSManagedRulesCommonRuleSet: rulesOf("AWSManagedRulesCommonRuleSet", "Common attacks, and sizes.", "CrossSiteScripting_BODY"),
    AWSManagedRulesKnownBadInputsRuleSet: rulesOf(
      "AWSManagedRulesKnownBadInputsRuleSet",
      "Exploits of known vulnerabilities.",
      "ExploitablePaths_URIPATH",
    ),
    AWSManagedRulesSQLiRuleSet: rulesOf("AWSManagedRulesSQLiRuleSet", "SQL injection.", "SQLi_BODY"),
  } satisfies Record<WafRuleGroup, z.ZodType>)
  .meta({
    expected: "a table of rule groups, each with a list of the names of its rules",
    source: RULE_GROUPS,
    about: "Rules of the AWS managed rule groups that match legitimate requests, by group. They count and block nothing.",
  });

const rateLimit = z
  .strictObject({
    requests: integer(10, 2_000_000_000, "requests", RATE_LIMITS),
    window_seconds: numberFrom([60, 120, 300, 600], "seconds", RATE_LIMITS),
    address_header: text(
      /^[A-Za-z0-9-]{1,255}$/,
      "the name of a header of letters, digits and hyphens",
      "True-Client-IP",
      FORWARDED_ADDRESSES,
    ).optional(),
  })
  .meta({
    expected: "{ requests = ..., window_seconds = 60, 120, 300 or 600 }",
    source: RATE_LIMITS,
    about: "Most requests of one address within a number of seconds. AWS WAF answers further requests with status 429.",
    details:
      'The limit is not exact, and applies up to some minutes late. There is no limit by default: many clients of a bank can share an address, so measure the requests first. Behind a proxy, add address_header = "True-Client-IP": the header that the proxy overwrites with the address of the client. AWS WAF uses the first address in it, and does not limit requests without a valid one.',
    example: { requests: 3000, window_seconds: 300 },
  });

export const waf = z
  .strictObject({
    enabled: flag.meta({
      about: "Whether the load balancer has AWS WAF.",
      details: "AWS WAF charges by the rule and the request. A change to false DELETES THE LOGS of AWS WAF.",
    }),
    mode: choice({
      block: "rejects matching requests with status 403",
      count: "rejects nothing, and records every matching rule in the metrics and the log: the trial before block",
    }).meta({ about: "What AWS WAF does with a request that matches a rule." }),
    counted_rules: countedRules,
    max_body_kib: integer(INSPECTED_BODY_KIB, 1_048_576, "kibibytes").meta({
      about: "Largest body of a request in KiB.",
      details:
        "With 8, the common rule set rejects larger bodies with status 403. With more, a body of more than 8 KiB requires a Content-Length header of at most this size, otherwise AWS WAF answers with status 413. AWS WAF receives only the first 8 KiB of a body from a load balancer: no rule inspects the rest, and the program must check the size that it reads.",
    }),
    rate_limit: rateLimit.optional(),
  })
  .meta({
    expected: "true, false, or { enabled = ..., mode = ..., ... }",
    about: "AWS WAF with the AWS managed rules in front of the load balancer.",
    details: "waf = true is short for waf = { enabled = true }. docs/runbooks/load-balancer.md#aws-waf describes how to introduce it.",
  });
