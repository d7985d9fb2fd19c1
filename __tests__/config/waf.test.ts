import { describe, expect, it } from "@jest/globals";
import { resolve } from "../../config/resolve";
import { MAX_HEALTH_CHECKS, WAF_RULE_GROUPS, WAF_RULES } from "../../config/waf";
import { aConfig, given, ONE_REGION, TODAY } from "../support/config";
import { describeInvalidConfigs, problemsOf } from "../support/invalid-configs";
import { failoverStack } from "../support/synthesized";

const waf = (values: object, allowed_cidrs = ["0.0.0.0/0"]) => ({ load_balancer: { allowed_cidrs, waf: { enabled: true, ...values } } });
const limit = (requests: number, window_seconds: number, others = {}) => ({ rate_limit: { requests, window_seconds, ...others } });
const counted = (rule: string, group = "AWSManagedRulesCommonRuleSet") => waf({ counted_rules: { [group]: [rule] } });
const notices = (overrides: object): string => resolve("test.tfvars", given({ ...overrides }), TODAY).notices.join("\n");

describe("load_balancer.waf", () => {
  it("means with true and false what it always meant, and is short for the table", () => {
    const config = (value: unknown) => aConfig({ load_balancer: { waf: value } }).loadBalancer;
    expect(config(true)).toEqual(config({ enabled: true }));
    expect(config(false)).toEqual(aConfig().loadBalancer);
    expect(config(true).waf).toEqual({ enabled: true, mode: "block", countedRules: {}, maxBodyKib: 8 });
  });

  it("keeps the settings of a disabled AWS WAF for later", () => {
    expect(problemsOf({ load_balancer: { waf: { enabled: false, mode: "count", ...limit(3000, 300) } } })).toEqual([]);
  });

  it("warns of a rule that AWS can have added since the list: AWS WAF does not report a wrong name", () => {
    expect(notices(counted("NewExploit_BODY"))).toContain(
      "load_balancer.waf.counted_rules.AWSManagedRulesCommonRuleSet: NewExploit_BODY is not in the list of December 2025. AWS WAF ignores a name that is no rule, without an error.",
    );
    expect(notices(counted("SizeRestrictions_BODY"))).not.toContain("counted_rules");
  });

  it("warns while it only counts: that is a trial", () => {
    const trial = 'load_balancer.waf.mode is "count": AWS WAF rejects no request.';
    expect(notices(waf({ mode: "count" }))).toContain(trial);
    expect(notices(waf({ mode: "block" }))).not.toContain(trial);
    expect(notices({ load_balancer: { waf: { enabled: false, mode: "count" } } })).not.toContain(trial);
  });

  it("accepts each listed rule, which has the name of no other one", () => {
    const names = WAF_RULE_GROUPS.flatMap((group) => WAF_RULES[group]);
    expect(new Set(names).size).toBe(names.length);
    expect(problemsOf(waf({ counted_rules: WAF_RULES }))).toEqual([]);
    expect(notices(waf({ counted_rules: WAF_RULES }))).not.toContain("counted_rules");
  });
});

describe("health checkers of Route 53", () => {
  const zones = (region: string) => ["a", "b", "c"].map((zone) => `${region}${zone}`);
  const region = (name: string, index: number) => ({ name, availability_zones: zones(name), vpc_cidr: `10.${index}.0.0/16` });
  const [first, ...others] = ["us-east-1", "us-west-2", "eu-west-1"].map(region);
  const three = { regions: [first, ...others.map((other) => ({ ...other, standby: "warm" }))] };

  it("request a load balancer no more often than the rule on the limit of requests assumes", () => {
    const hosts = [ONE_REGION, {}, three].flatMap((overrides) => {
      const checks = failoverStack(overrides)
        .all("aws_route53_health_check")
        .flatMap(({ fqdn }) => (typeof fqdn === "string" ? [fqdn] : []));
      return [...new Set(checks)].map((host) => checks.filter((one) => one === host).length);
    });
    expect(Math.max(...hosts)).toBe(MAX_HEALTH_CHECKS);
  });
});

describeInvalidConfigs([
  {
    title: "settings of an AWS WAF that is not enabled",
    bad: { load_balancer: { waf: { mode: "count" } } },
    where: "load_balancer.waf.enabled",
    says: /is missing, so the other keys of load_balancer\.waf have no effect.*enabled = true/s,
    good: { load_balancer: { waf: { enabled: true, mode: "count" } } },
  },
  {
    title: "a value that is neither a switch nor a table",
    bad: { load_balancer: { waf: "count" } },
    where: "load_balancer.waf",
    says: /is not true, false, or \{ enabled = /,
    good: { load_balancer: { waf: true } },
  },
  {
    title: "an unknown mode",
    bad: waf({ mode: "challenge" }),
    where: "load_balancer.waf.mode",
    says: /"block" or "count"/,
    good: waf({ mode: "count" }),
  },
  {
    title: "the label of a rule in the place of its name",
    bad: counted("SizeRestrictions_Body"),
    where: "load_balancer.waf.counted_rules.AWSManagedRulesCommonRuleSet[0]",
    says: /is not a rule of AWSManagedRulesCommonRuleSet; AWS WAF ignores such a name without an error.*"SizeRestrictions_BODY"/s,
    good: counted("SizeRestrictions_BODY"),
  },
  {
    title: "a misspelled rule",
    bad: counted("NoUserAgents_HEADER"),
    where: "load_balancer.waf.counted_rules.AWSManagedRulesCommonRuleSet[0]",
    says: /"NoUserAgent_HEADER"/,
    good: counted("NoUserAgent_HEADER"),
  },
  {
    title: "a rule of another group",
    bad: counted("SQLi_BODY"),
    where: "load_balancer.waf.counted_rules.AWSManagedRulesCommonRuleSet[0]",
    says: /is a rule of AWSManagedRulesSQLiRuleSet; .*AWSManagedRulesSQLiRuleSet = \["SQLi_BODY"\]/s,
    good: counted("SQLi_BODY", "AWSManagedRulesSQLiRuleSet"),
  },
  {
    title: "an unknown rule group",
    bad: counted("LFI_URIPATH", "AWSManagedRulesLinuxRuleSet"),
    where: "load_balancer.waf.counted_rules.AWSManagedRulesLinuxRuleSet",
    says: /not a supported key.*did you mean/s,
    good: counted("Log4JRCE_BODY", "AWSManagedRulesKnownBadInputsRuleSet"),
  },
  {
    title: "a rule with a space",
    bad: counted("SQLi BODY", "AWSManagedRulesSQLiRuleSet"),
    where: "load_balancer.waf.counted_rules.AWSManagedRulesSQLiRuleSet[0]",
    says: /the name of a rule, as in the log of AWS WAF/,
    good: counted("SQLi_COOKIE", "AWSManagedRulesSQLiRuleSet"),
  },
  {
    title: "a body below what AWS WAF inspects",
    bad: waf({ max_body_kib: 7 }),
    where: "load_balancer.waf.max_body_kib",
    says: /a whole number of kibibytes, 8 to 1048576/,
    good: waf({ max_body_kib: 8 }),
  },
  {
    title: "a window that AWS WAF does not offer",
    bad: waf(limit(3000, 180)),
    where: "load_balancer.waf.rate_limit.window_seconds",
    says: /60, 120, 300 or 600/,
    good: waf(limit(3000, 120)),
  },
  {
    title: "a limit below the least of AWS WAF",
    bad: waf(limit(9, 300, { address_header: "True-Client-IP" }), ["203.0.113.0/24"]),
    where: "load_balancer.waf.rate_limit.requests",
    says: /a whole number of requests, 10 to 2000000000/,
    good: waf(limit(10, 300, { address_header: "True-Client-IP" }), ["203.0.113.0/24"]),
  },
  {
    title: "a limit that rejects health checks",
    bad: waf(limit(239, 300)),
    where: "load_balancer.waf.rate_limit.requests",
    says: /too close to the 120 requests that one Route 53 health checker can send in 300 s: .* fails over a healthy region requests = 240 or more/,
    good: waf(limit(240, 300)),
  },
  {
    title: "a limit that rejects health checks, every 30 seconds",
    bad: { ...waf(limit(79, 300)), failover: { health_check_interval_seconds: 30, max_failover_seconds: 150 } },
    where: "load_balancer.waf.rate_limit.requests",
    says: /requests = 80 or more/,
    good: { ...waf(limit(80, 300)), failover: { health_check_interval_seconds: 30, max_failover_seconds: 150 } },
  },
  {
    title: "an address in a header that clients write themselves",
    bad: waf(limit(3000, 300, { address_header: "True-Client-IP" })),
    where: "load_balancer.waf.rate_limit.address_header",
    says: /without the proxy .*0\.0\.0\.0\/0.* another address into the header/,
    good: waf(limit(3000, 300, { address_header: "True-Client-IP" }), ["203.0.113.0/24"]),
  },
  {
    title: "a header with a colon",
    bad: waf(limit(3000, 300, { address_header: "True-Client-IP:" }), ["203.0.113.0/24"]),
    where: "load_balancer.waf.rate_limit.address_header",
    says: /the name of a header/,
    good: waf(limit(3000, 300, { address_header: "CF-Connecting-IP" }), ["203.0.113.0/24"]),
  },
]);
