import { distance } from "fastest-levenshtein";
import { ANYWHERE } from "../cidr";
import type { Problem } from "../errors";
import { valueAt } from "../paths";
import { MAX_HEALTH_CHECKS, WAF_RULE_GROUPS, WAF_RULES, type WafRuleGroup } from "../waf";
import { problemIf, type Rule } from "./rule";

const OVERRIDES = "https://docs.aws.amazon.com/waf/latest/APIReference/API_RuleActionOverride.html";

/** Changed characters up to which a name is taken for the misspelling of another one. */
const MISSPELLED = 2;

/** AWS WAF applies a limit near its value, so health checks need a distance from it. */
const DISTANCE_FROM_LIMIT = 2;

/** AWS WAF. */
export const WAF_CONFIG_RULES: readonly Rule[] = [
  {
    reads: ["load_balancer.waf"],
    check: ({ load_balancer: { waf }, given }) => {
      const settings = valueAt(given, ["load_balancer", "waf"]);
      const undecided = settings !== undefined && valueAt(settings, ["enabled"]) === undefined;
      return problemIf(undecided && !waf.enabled, {
        where: "load_balancer.waf.enabled",
        why: "is missing, so the other keys of load_balancer.waf have no effect: the load balancer has no AWS WAF",
        instead: "enabled = true, or enabled = false to keep the settings for later",
      });
    },
  },
  {
    reads: ["load_balancer.waf.counted_rules"],
    check: ({ load_balancer: { waf } }) =>
      WAF_RULE_GROUPS.flatMap((group) =>
        (waf.counted_rules[group] ?? []).flatMap((rule, index) =>
          unknownRule(`load_balancer.waf.counted_rules.${group}[${index}]`, group, rule),
        ),
      ),
  },
  {
    reads: ["load_balancer.waf.rate_limit", "failover.health_check_interval_seconds"],
    check: ({ load_balancer: { waf }, failover: { health_check_interval_seconds: interval } }) => {
      const { rate_limit } = waf;
      if (!rate_limit || rate_limit.address_header !== undefined) return [];
      const { requests: given, window_seconds } = rate_limit;
      const checks = (MAX_HEALTH_CHECKS * window_seconds) / interval;
      const least = DISTANCE_FROM_LIMIT * checks;
      return problemIf(given < least, {
        where: "load_balancer.waf.rate_limit.requests",
        given,
        why: `is too close to the ${checks} requests that one Route 53 health checker can send in ${window_seconds} s: a rejected health check fails over a healthy region`,
        instead: `requests = ${least} or more`,
        source: "https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html",
      });
    },
  },
  {
    reads: ["load_balancer.waf.rate_limit", "load_balancer.allowed_cidrs"],
    check: ({ load_balancer: { waf, allowed_cidrs } }) =>
      problemIf(waf.rate_limit?.address_header !== undefined && allowed_cidrs.includes(ANYWHERE), {
        where: "load_balancer.waf.rate_limit.address_header",
        given: waf.rate_limit?.address_header,
        why: `clients reach the load balancer without the proxy (allowed_cidrs contains ${ANYWHERE}), so they can write another address into the header with each request`,
        instead: "remove address_header, or set load_balancer.allowed_cidrs to the ranges of the proxy",
        source: "https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-forwarded-ip-address.html",
      }),
  },
];

/** The problem of a name that is certainly no rule of the group. A name that resembles no other can be one that AWS has added. */
function unknownRule(where: string, group: WafRuleGroup, given: string): Problem[] {
  if (WAF_RULES[group].includes(given)) return [];
  const ignored = "AWS WAF ignores such a name without an error, and the rule would block";
  const owner = WAF_RULE_GROUPS.find((other) => WAF_RULES[other].includes(given));
  const meant = WAF_RULES[group].find((rule) => distance(rule.toUpperCase(), given.toUpperCase()) <= MISSPELLED);
  if (owner) return [{ where, given, why: `is a rule of ${owner}; ${ignored}`, instead: `${owner} = ["${given}"]`, source: OVERRIDES }];
  return problemIf(meant !== undefined, {
    where,
    given,
    why: `is not a rule of ${group}; ${ignored}`,
    instead: `"${meant}"`,
    source: OVERRIDES,
  });
}
