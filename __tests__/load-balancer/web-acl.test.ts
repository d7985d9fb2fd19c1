import { describe, expect, it } from "@jest/globals";
import { WAF_RULE_GROUPS, WAF_RULES } from "../../config/waf";
import { EVERYTHING } from "../support/config";
import { oneRegion, type Synthesized } from "../support/synthesized";

type Json = Readonly<Record<string, unknown>>;

interface Rule extends Json {
  readonly name: string;
  readonly priority: number;
  readonly statement: Json;
}

interface ManagedRules {
  readonly name: string;
  readonly rule_action_override?: readonly { readonly name: string; readonly action_to_use: unknown }[];
}

const region = (waf: unknown): Synthesized => oneRegion({ load_balancer: { waf } });
const rulesOf = (stack: Synthesized): readonly Rule[] => stack.only("aws_wafv2_web_acl")["rule"] as readonly Rule[];
const groupsOf = (stack: Synthesized) =>
  rulesOf(stack).flatMap(({ statement }) => (statement["managed_rule_group_statement"] as ManagedRules | undefined) ?? []);
const ruleOf = (stack: Synthesized, name: string) => rulesOf(stack).find((rule) => rule.name === name);
/** Names of the rules of each group that only count. */
const countedOf = (stack: Synthesized) =>
  Object.fromEntries(
    groupsOf(stack).flatMap(({ name, rule_action_override: overrides = [] }) =>
      overrides.length === 0
        ? []
        : [[name, overrides.filter(({ action_to_use: use }) => "count" in (use as object)).map((one) => one.name)]],
    ),
  );

const LIMIT = { requests: 3000, window_seconds: 300 };
const EVERY_OPTION = EVERYTHING.load_balancer.waf;

describe("AWS WAF", () => {
  const short = region(true);

  it("does not exist by default, and with false", () => {
    expect(
      [oneRegion(), region(false), region({ enabled: false, mode: "count" })].flatMap((stack) => stack.all("aws_wafv2_web_acl")),
    ).toEqual([]);
  });

  it("has, with true, the four groups of AWS, and they block as AWS intends", () => {
    expect(rulesOf(short).map(({ name }) => name)).toEqual([...WAF_RULE_GROUPS]);
    expect(rulesOf(short).map(({ override_action: action }) => action)).toEqual(WAF_RULE_GROUPS.map(() => ({ none: {} })));
    expect(countedOf(short)).toEqual({});
    expect(region({ enabled: true }).only("aws_wafv2_web_acl")).toEqual(short.only("aws_wafv2_web_acl"));
  });

  it("writes to a log group with the name that AWS WAF requires, without the headers that contain secrets", () => {
    expect(short.all("aws_cloudwatch_log_group").map((group) => group["name"])).toContain("aws-waf-logs-waf-test-1");
    expect(short.only("aws_wafv2_web_acl_logging_configuration")).toMatchObject({
      redacted_fields: [{ single_header: { name: "authorization" } }, { single_header: { name: "cookie" } }],
    });
  });

  it("evaluates each rule in an order of its own, with a metric of its own", () => {
    const rules = rulesOf(region(EVERY_OPTION));
    expect(rules.map(({ priority }) => priority)).toEqual(rules.map((_, index) => index));
    expect(rules.map(({ visibility_config: config }) => config)).toEqual(
      rules.map(({ name }) => ({ cloudwatch_metrics_enabled: true, sampled_requests_enabled: true, metric_name: name })),
    );
  });

  it("stays within the 1,500 capacity units that the price of a web ACL includes, with every option", () => {
    const units = rulesOf(region({ ...EVERY_OPTION, mode: "count" })).map(({ name, statement }) => GROUP_UNITS[name] ?? unitsOf(statement));
    expect(units).toEqual([25, 700, 200, 200, 24, 2]);
    expect(units.reduce((sum, each) => sum + each)).toBeLessThanOrEqual(1500);
  });
});

/**
 * Capacity units of the groups.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 */
const GROUP_UNITS: Readonly<Record<string, number>> = {
  AWSManagedRulesAmazonIpReputationList: 25,
  AWSManagedRulesCommonRuleSet: 700,
  AWSManagedRulesKnownBadInputsRuleSet: 200,
  AWSManagedRulesSQLiRuleSet: 200,
};

/**
 * Capacity units of statements, and at most 10 for each transformation.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-match.html
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html
 */
const STATEMENT_UNITS = { size_constraint_statement: 1, regex_match_statement: 3, rate_based_statement: 2, text_transformation: 10 };

function unitsOf(statement: Json): number {
  const text = JSON.stringify(statement);
  return Object.entries(STATEMENT_UNITS).reduce((sum, [name, units]) => sum + units * (text.split(`"${name}":`).length - 1), 0);
}

describe("the mode count", () => {
  const trial = region({ ...EVERY_OPTION, mode: "count" });

  it("rejects nothing: neither groups, with rules that AWS adds, nor own rules", () => {
    const [groups, own] = [rulesOf(trial).filter((rule) => "override_action" in rule), rulesOf(trial).filter((rule) => "action" in rule)];
    expect(groups.map(({ override_action: action }) => action)).toEqual(WAF_RULE_GROUPS.map(() => ({ count: {} })));
    expect(own.map(({ name, action }) => [name, action])).toEqual([
      ["BodySize", { count: {} }],
      ["RateLimit", { count: {} }],
    ]);
    expect(JSON.stringify(trial.only("aws_wafv2_web_acl"))).not.toContain('"block"');
  });

  it("counts each known rule by itself, so that the log names all that match, and not only the first of a group", () => {
    expect(countedOf(trial)).toEqual(WAF_RULES);
  });

  it("reports clients above the limit of requests, which it does not reject", () => {
    const alarm = (stack: Synthesized) =>
      stack.all("aws_cloudwatch_metric_alarm").find(({ alarm_name: name }) => name === "alarm-waf-rate-limited-test-1");
    const dimensions = { Region: "us-east-1", Rule: "RateLimit", WebACL: "waf-test-1" };
    expect(alarm(trial)).toMatchObject({ metric_name: "CountedRequests", dimensions, threshold: 0, tags: { Severity: "warning" } });
    expect(alarm(trial)?.["alarm_description"]).toContain("AWS WAF counts them and rejects none.");
    expect(alarm(region(EVERY_OPTION))).toMatchObject({ metric_name: "BlockedRequests", dimensions });
    expect(alarm(region(EVERY_OPTION))?.["alarm_description"]).toContain(
      "At least one address sent more than 3000 requests in 300 s (load_balancer.waf.rate_limit). AWS WAF rejects its further requests with status 429.",
    );
    expect(alarm(region(true))).toBeUndefined();
  });
});

describe("a counted rule", () => {
  it("counts, once, while the other rules of its group block", () => {
    const counted = { AWSManagedRulesCommonRuleSet: ["CrossSiteScripting_BODY", "NoUserAgent_HEADER", "CrossSiteScripting_BODY"] };
    const stack = region({ enabled: true, counted_rules: counted });
    expect(countedOf(stack)).toEqual({ AWSManagedRulesCommonRuleSet: ["CrossSiteScripting_BODY", "NoUserAgent_HEADER"] });
    expect(ruleOf(stack, "AWSManagedRulesCommonRuleSet")).toMatchObject({ override_action: { none: {} } });
  });
});

describe("the largest body", () => {
  interface Conditions {
    readonly and_statement: {
      readonly statement: readonly [
        { readonly size_constraint_statement: Json & { readonly size: number } },
        {
          readonly not_statement: {
            readonly statement: readonly [{ readonly regex_match_statement: Json & { readonly regex_string: string } }];
          };
        },
      ];
    };
  }

  /** Status of a request with a body, as AWS WAF evaluates the rule: it receives the first 8 KiB. */
  function statusOf(stack: Synthesized, bytes: number, contentLength?: string): number {
    const rule = ruleOf(stack, "BodySize");
    const [body, { not_statement: not }] = (rule?.statement as unknown as Conditions).and_statement.statement;
    const { size } = body.size_constraint_statement;
    const declared = not.statement[0].regex_match_statement;
    const larger = bytes > 8192 || bytes > size;
    const matches = larger && !(contentLength !== undefined && new RegExp(declared.regex_string).test(contentLength));
    const action = rule?.["action"] as { readonly block: { readonly custom_response: { readonly response_code: number } } };
    return matches ? action.block.custom_response.response_code : 200;
  }

  const batches = region({ enabled: true, max_body_kib: 1024 });

  it("is by default the one of the common rule set", () => {
    expect(ruleOf(region(true), "BodySize")).toBeUndefined();
    expect(countedOf(region({ enabled: true, max_body_kib: 8 }))).toEqual({});
  });

  it("of more than 8 KiB replaces the rule of the common rule set", () => {
    expect(countedOf(batches)).toEqual({ AWSManagedRulesCommonRuleSet: ["SizeRestrictions_BODY"] });
  });

  it("is compared with the Content-Length header, once a body exceeds what AWS WAF receives of it", () => {
    const [body, { not_statement: not }] = (ruleOf(batches, "BodySize")?.statement as unknown as Conditions).and_statement.statement;
    expect(body.size_constraint_statement).toMatchObject({
      comparison_operator: "GT",
      size: 8192,
      field_to_match: { body: { oversize_handling: "MATCH" } },
    });
    expect(not.statement[0].regex_match_statement).toMatchObject({ field_to_match: { single_header: { name: "content-length" } } });
  });

  it("accepts a batch up to the limit, and answers a larger one, and one of unknown size, with status 413", () => {
    const limit = 1024 * 1024;
    expect(statusOf(batches, limit, String(limit))).toBe(200);
    expect(statusOf(batches, limit + 1, String(limit + 1))).toBe(413);
    expect(statusOf(batches, 8193)).toBe(413);
    expect(statusOf(batches, 8192)).toBe(200);
  });
});

describe("the limit of requests", () => {
  const statement = (waf: object) => ruleOf(region({ enabled: true, ...waf }), "RateLimit")?.statement["rate_based_statement"];

  it("does not exist by default: many clients can share an address", () => {
    expect(ruleOf(region(true), "RateLimit")).toBeUndefined();
  });

  it("is that of the address of the connection, and is answered with status 429", () => {
    expect(statement({ rate_limit: LIMIT })).toEqual({ limit: 3000, evaluation_window_sec: 300, aggregate_key_type: "IP" });
    expect(ruleOf(region({ enabled: true, rate_limit: LIMIT }), "RateLimit")).toMatchObject({
      action: { block: { custom_response: { response_code: 429 } } },
    });
  });

  it("is that of the address in a header behind a proxy; an address that AWS WAF cannot read is not limited", () => {
    const stack = oneRegion({
      load_balancer: {
        allowed_cidrs: ["203.0.113.0/24"],
        waf: { enabled: true, rate_limit: { ...LIMIT, address_header: "True-Client-IP" } },
      },
    });
    expect(ruleOf(stack, "RateLimit")?.statement["rate_based_statement"]).toEqual({
      limit: 3000,
      evaluation_window_sec: 300,
      aggregate_key_type: "FORWARDED_IP",
      forwarded_ip_config: { header_name: "True-Client-IP", fallback_behavior: "NO_MATCH" },
    });
  });

  it("counts what the other rules accept", () => {
    expect(rulesOf(region(EVERY_OPTION)).at(-1)?.name).toBe("RateLimit");
  });
});
