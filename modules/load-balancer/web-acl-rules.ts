import type { Wafv2WebAclRule } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { BODY_SIZE_RULE, INSPECTED_BODY_KIB, WAF_RULE_GROUPS, WAF_RULES, type WafRuleGroup } from "../../config/waf";
import { numbersUpTo } from "./numbers-up-to";

export interface WebAclSettings {
  /** Whether matching requests are rejected, or only counted. */
  readonly mode: "block" | "count";
  /** Rules of each group that only count. @default - none of the group */
  readonly countedRules: Readonly<Partial<Record<WafRuleGroup, readonly string[] | undefined>>>;
  /** Largest body of a request in KiB, at least 8. */
  readonly maxBodyKib: number;
  /** @default - no limit */
  readonly rateLimit?: RateLimit | undefined;
}

export interface RateLimit {
  /** Requests of one address within the window. */
  readonly requests: number;
  readonly windowSeconds: number;
  /** Header with the address of the client. @default - the address of the connection */
  readonly addressHeader?: string | undefined;
}

/** Name of the rule that limits requests, and of its metric. */
export const RATE_LIMIT_RULE = "RateLimit";

const BYTES_PER_KIB = 1024;
const UNCHANGED = [{ priority: 0, type: "NONE" }];

/** The rules of the web ACL in the order of evaluation: the limit of requests counts those that the other rules accept. */
export function webAclRules(settings: WebAclSettings): Wafv2WebAclRule[] {
  const { maxBodyKib, rateLimit } = settings;
  return [
    ...WAF_RULE_GROUPS.map((group) => managedRules(settings, group)),
    ...(maxBodyKib > INSPECTED_BODY_KIB ? [ownRule("BodySize", settings, 413, largerBody(maxBodyKib * BYTES_PER_KIB))] : []),
    ...(rateLimit ? [ownRule(RATE_LIMIT_RULE, settings, 429, moreRequests(rateLimit))] : []),
  ].map((rule, priority) => ({ ...rule, priority }));
}

type Rule = Omit<Wafv2WebAclRule, "priority">;

/**
 * In the mode count, the result of the group counts, which includes rules that AWS adds, and so does each known rule: without that,
 * the evaluation of a group ends at the first match, and the log names no other rule.
 * @see https://docs.aws.amazon.com/waf/latest/APIReference/API_OverrideAction.html
 */
function managedRules({ mode, countedRules, maxBodyKib }: WebAclSettings, group: WafRuleGroup): Rule {
  const replaced = maxBodyKib > INSPECTED_BODY_KIB && WAF_RULES[group].includes(BODY_SIZE_RULE) ? [BODY_SIZE_RULE] : [];
  const counted = new Set([...(mode === "count" ? WAF_RULES[group] : []), ...(countedRules[group] ?? []), ...replaced]);
  const overrides = [...counted].map((name) => ({ name, action_to_use: { count: {} } }));
  return {
    name: group,
    overrideAction: mode === "count" ? { count: {} } : { none: {} },
    statement: {
      managed_rule_group_statement: {
        vendor_name: "AWS",
        name: group,
        ...(overrides.length > 0 && { rule_action_override: overrides }),
      },
    },
    visibilityConfig: visibility(group),
  };
}

/** @see https://docs.aws.amazon.com/waf/latest/developerguide/customizing-the-response-status-codes.html */
function ownRule(name: string, { mode }: WebAclSettings, responseCode: number, statement: object): Rule {
  return {
    name,
    action: mode === "count" ? { count: {} } : { block: { customResponse: { responseCode } } },
    statement,
    visibilityConfig: visibility(name),
  };
}

/**
 * A body that exceeds what AWS WAF receives of it, without a Content-Length header of at most `most` bytes. AWS WAF cannot measure
 * such a body: the number of bytes that the client declares is the only size that it knows.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-oversize-request-components.html
 */
function largerBody(most: number): object {
  const exceedsInspected = {
    size_constraint_statement: {
      field_to_match: { body: { oversize_handling: "MATCH" } },
      comparison_operator: "GT",
      size: INSPECTED_BODY_KIB * BYTES_PER_KIB,
      text_transformation: UNCHANGED,
    },
  };
  const declaresAtMost = {
    regex_match_statement: {
      field_to_match: { single_header: { name: "content-length" } },
      regex_string: numbersUpTo(most),
      text_transformation: UNCHANGED,
    },
  };
  return { and_statement: { statement: [exceedsInspected, { not_statement: { statement: [declaresAtMost] } }] } };
}

/**
 * A header with an invalid address does not match, so that a proxy with another format of addresses does not make every request fail.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-forwarded-ip-address.html
 */
function moreRequests({ requests, windowSeconds, addressHeader }: RateLimit): object {
  return {
    rate_based_statement: {
      limit: requests,
      evaluation_window_sec: windowSeconds,
      ...(addressHeader === undefined
        ? { aggregate_key_type: "IP" }
        : {
            aggregate_key_type: "FORWARDED_IP",
            forwarded_ip_config: { header_name: addressHeader, fallback_behavior: "NO_MATCH" },
          }),
    },
  };
}

/** Metrics and samples of a rule, or of the web ACL. */
export function visibility(metricName: string): Wafv2WebAclRule["visibilityConfig"] {
  return { cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName };
}
