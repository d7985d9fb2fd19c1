import { ref, removed, replaced, type Sabotage, to } from "./sabotage";

const RECORD = "aws_route53_record";
const CHECK = "aws_route53_health_check";
const PRIMARY = /^dns_primary$/;
const SECONDARY = /^dns_secondary$/;
const REGION_RECORD = /^region-record_record$/;
const ENDPOINT = /^dns_health-check-us-east-1$/;
const STANDBY_ENDPOINT = /^dns_health-check-us-west-2$/;
const HOLDS = /\d-holds$/;
const NOT_HOLDS = /-not-holds$/;
const SERVES_PRIMARY = /^dns_serves-us-east-1$/;
const SERVES_STANDBY = /^dns_serves-us-west-2$/;
const HTTPS = /^load-balancer_https$/;
const HOLD_RULE = /^load-balancer_hold$/;
const STANDBY = /^us-west-2$/;
const HOLD_PATH = "condition.0.path_pattern.values";
const CONTROL = /^region-control_function_function$/;
const CONTROL_ROLE = /^region-control_function_role_permissions$/;
const check = (id: string) => to(`\${${CHECK}.${id}.id}`);
const name = (region: string) => replaced("us-east-1", region);
const without =
  (...names: readonly string[]) =>
  (now: unknown) =>
    (now as readonly string[]).filter((item) => !names.includes(item));
const json = (change: (text: string) => string) => (now: unknown) => change(String(now));
const swapped = (one: string, other: string) => json((text) => text.replaceAll(one, "\0").replaceAll(other, one).replaceAll("\0", other));

const kinds = (claim: string, all: readonly Omit<Sabotage, "claim">[]): readonly Sabotage[] => all.map((kind) => ({ claim, ...kind }));

const ROUTING: readonly Sabotage[] = [
  ...kinds("D1", [
    { type: RECORD, id: PRIMARY, path: "health_check_id", becomes: removed },
    { type: RECORD, id: PRIMARY, path: "health_check_id", becomes: to("${aws_route53_health_check.other.id}") },
    { type: RECORD, id: PRIMARY, path: "health_check_id", becomes: check("dns_serves-us-west-2"), stack: /failover/ },
    { type: RECORD, id: PRIMARY, path: "health_check_id", becomes: check("dns_health-check-us-west-2-not-holds") },
    { type: RECORD, id: PRIMARY, path: "failover_routing_policy.type", becomes: to("SECONDARY") },
    { type: RECORD, id: PRIMARY, path: "failover_routing_policy", becomes: removed },
    { type: RECORD, id: PRIMARY, path: "records", becomes: to(["us-west-2.pay.standfast.test"]) },
    { type: RECORD, id: PRIMARY, path: "records", becomes: to(["us-east-3.pay.standfast.test"]) },
    { type: RECORD, id: PRIMARY, path: "records", becomes: to(["sorry.bank.test"]) },
    { type: RECORD, id: PRIMARY, path: "records", becomes: to(["pay.standfast.test"]) },
    { type: CHECK, id: ENDPOINT, path: "resource_path", becomes: to("/") },
    { type: CHECK, id: ENDPOINT, path: "resource_path", becomes: to("/.well-known/standfast/hold") },
    { type: CHECK, id: ENDPOINT, path: "type", becomes: to("TCP") },
    { type: CHECK, id: ENDPOINT, path: "type", becomes: to("HTTP") },
    { type: CHECK, id: ENDPOINT, path: "port", becomes: to(80) },
    { type: CHECK, id: ENDPOINT, path: "fqdn", becomes: name("us-west-2") },
    { type: CHECK, id: ENDPOINT, path: "fqdn", becomes: to("pay.standfast.test") },
    { type: CHECK, id: ENDPOINT, path: "disabled", becomes: to(true) },
    { type: CHECK, id: ENDPOINT, path: "invert_healthcheck", becomes: to(true) },
    { type: CHECK, id: SERVES_PRIMARY, path: "child_health_threshold", becomes: to(1) },
    { type: CHECK, id: SERVES_PRIMARY, path: "child_health_threshold", becomes: to(0) },
    { type: CHECK, id: SERVES_PRIMARY, path: "child_health_threshold", becomes: to(3) },
    { type: CHECK, id: SERVES_PRIMARY, path: "child_healthchecks", becomes: (now) => (now as unknown[]).slice(1) },
    { type: CHECK, id: SERVES_PRIMARY, path: "disabled", becomes: to(true) },
    { type: CHECK, id: NOT_HOLDS, path: "invert_healthcheck", becomes: removed },
    { type: "aws_lb_target_group", id: /group-8080$/, stack: /us-east-1/, path: "health_check.path", becomes: to("/other") },
    { type: "aws_lb_listener", id: HTTPS, stack: /us-east-1/, path: "port", becomes: to(8443) },
    {
      type: "aws_lb_listener",
      id: HTTPS,
      stack: /us-east-1/,
      path: "default_action.0",
      becomes: to({ type: "fixed-response", fixed_response: { status_code: "200" } }),
    },
  ]),
  ...kinds("D2", [
    { type: RECORD, id: SECONDARY, path: "records", becomes: to(["us-east-1.pay.standfast.test"]) },
    { type: RECORD, id: SECONDARY, path: "records", becomes: to(["us-wst-2.pay.standfast.test"]) },
    { type: RECORD, id: SECONDARY, path: "records", becomes: to(["sorry.bank.test"]) },
    { type: RECORD, id: SECONDARY, path: "name", becomes: replaced("pay", "play") },
    { type: RECORD, id: SECONDARY, path: "type", becomes: to("A") },
    { type: RECORD, id: SECONDARY, path: "ttl", becomes: to(20) },
    { type: RECORD, id: SECONDARY, path: "set_identifier", becomes: to("primary") },
    { type: RECORD, id: SECONDARY, path: "failover_routing_policy", becomes: removed },
    { type: RECORD, id: SECONDARY, path: "zone_id", becomes: to("Z0987654321OTHER") },
    { type: RECORD, id: SECONDARY, path: "health_check_id", becomes: check("dns_health-check-us-east-1") },
    { type: CHECK, id: STANDBY_ENDPOINT, path: "invert_healthcheck", becomes: to(true) },
    { type: CHECK, id: SERVES_STANDBY, path: "child_health_threshold", becomes: to(2) },
    { type: RECORD, id: REGION_RECORD, stack: STANDBY, path: "name", becomes: replaced("us-west-2", "us-east-1") },
    { type: "aws_lb", id: /alb$/, stack: STANDBY, path: "internal", becomes: to(true) },
    { type: "aws_lb_target_group", id: /group-8080$/, stack: STANDBY, path: "health_check.path", becomes: to("/other") },
    { type: CHECK, id: STANDBY_ENDPOINT, path: "resource_path", becomes: to("/") },
    { type: CHECK, id: STANDBY_ENDPOINT, path: "disabled", becomes: to(true) },
  ]),
  ...kinds("D7", [
    { type: RECORD, id: SECONDARY, path: "health_check_id", becomes: removed },
    { type: RECORD, id: SECONDARY, path: "health_check_id", becomes: check("dns_health-check-us-west-2") },
    { type: CHECK, id: SERVES_STANDBY, path: "child_healthchecks", becomes: (now) => (now as unknown[]).slice(0, 1) },
    { type: CHECK, id: SERVES_STANDBY, path: "child_health_threshold", becomes: to(0) },
    { type: CHECK, id: HOLDS, path: "resource_path", becomes: to("/hold") },
    { type: CHECK, id: NOT_HOLDS, path: "resource_path", becomes: to("/hold") },
    { type: CHECK, id: NOT_HOLDS, path: "fqdn", becomes: replaced("us-west-2", "us-east-1") },
    { type: CHECK, id: HOLDS, path: "invert_healthcheck", becomes: to(true) },
    { type: CHECK, id: HOLDS, path: "disabled", becomes: to(true) },
    { type: "aws_lb_listener_rule", id: HOLD_RULE, stack: STANDBY, path: HOLD_PATH, becomes: to(["/hold"]) },
    { type: "aws_lb_listener_rule", id: HOLD_RULE, stack: STANDBY, path: "action.0.fixed_response.status_code", becomes: to("200") },
    { type: "aws_lb_listener_rule", id: HOLD_RULE, stack: STANDBY, path: "listener_arn", becomes: ref("aws_lb_listener", /http$/, "arn") },
  ]),
];

const TIMES: readonly Sabotage[] = [
  ...kinds("D3", [
    { type: RECORD, id: PRIMARY, path: "ttl", becomes: to(300) },
    { type: RECORD, id: SECONDARY, path: "ttl", becomes: to(60) },
    { type: CHECK, id: ENDPOINT, path: "failure_threshold", becomes: to(4) },
    { type: CHECK, id: ENDPOINT, path: "request_interval", becomes: to(30) },
    { type: CHECK, id: HOLDS, path: "failure_threshold", becomes: to(5) },
    { type: CHECK, id: NOT_HOLDS, path: "request_interval", becomes: removed },
  ]),
  ...kinds("D4", [
    { type: CHECK, id: STANDBY_ENDPOINT, path: "request_interval", becomes: to(30) },
    { type: CHECK, id: ENDPOINT, path: "failure_threshold", becomes: to(3) },
    { type: CHECK, id: ENDPOINT, path: "request_interval", becomes: to(5) },
    { type: RECORD, id: PRIMARY, path: "ttl", becomes: to(36) },
    { type: CHECK, id: NOT_HOLDS, path: "failure_threshold", becomes: to(3) },
  ]),
  ...kinds("D5", [
    { type: "aws_lb", id: /alb$/, path: "client_keep_alive", becomes: removed },
    { type: "aws_lb", id: /alb$/, path: "client_keep_alive", becomes: to(3600) },
    { type: "aws_lb", id: /alb$/, path: "client_keep_alive", becomes: to("61") },
    { type: "aws_lb", id: /alb$/, path: "client_keep_alive", becomes: to(30) },
  ]),
];

const SWITCHES: readonly Sabotage[] = [
  ...kinds("D6", [
    { type: CHECK, id: ENDPOINT, path: "lifecycle", becomes: removed },
    { type: CHECK, id: STANDBY_ENDPOINT, path: "lifecycle.ignore_changes", becomes: without("disabled") },
    { type: CHECK, id: ENDPOINT, path: "lifecycle.ignore_changes", becomes: without("invert_healthcheck") },
    { type: "aws_lb_listener_rule", id: HOLD_RULE, stack: STANDBY, path: "lifecycle", becomes: removed },
    { type: "aws_lb_listener_rule", id: HOLD_RULE, stack: STANDBY, path: "lifecycle.ignore_changes", becomes: to(["priority"]) },
  ]),
  ...kinds("D8", [
    { type: "aws_lambda_function", id: CONTROL, path: "environment.variables.HOLD", becomes: replaced("/hold", "/holds") },
    { type: "aws_lambda_function", id: CONTROL, path: "environment.variables.HOLD", becomes: replaced('"200"', '"404"') },
    { type: "aws_lambda_function", id: CONTROL, path: "environment.variables.REGIONS", becomes: replaced('"alb-', '"lb-') },
    { type: "aws_lambda_function", id: CONTROL, path: "environment.variables.REGIONS", becomes: swapped("us-east-1", "us-west-2") },
    { type: "aws_lambda_function", id: CONTROL, path: "environment.variables.REGIONS", becomes: removed },
    {
      type: "aws_lambda_function",
      id: CONTROL,
      path: "role",
      becomes: ref("aws_iam_role", /region-fence_function/, "arn"),
      stack: /us-east-1/,
    },
    { type: "aws_iam_role_policy", id: CONTROL_ROLE, path: "policy", becomes: replaced("listener-rule/app/alb", "listener-rule/app/lb") },
    {
      type: "aws_iam_role_policy",
      id: CONTROL_ROLE,
      path: "policy",
      becomes: replaced("elasticloadbalancing:us-west-2", "elasticloadbalancing:us-east-1"),
    },
    {
      type: "aws_iam_role_policy",
      id: CONTROL_ROLE,
      path: "policy",
      becomes: replaced("elasticloadbalancing:DescribeRules", "elasticloadbalancing:DescribeTags"),
    },
    {
      type: "aws_iam_role_policy",
      id: CONTROL_ROLE,
      path: "policy",
      becomes: replaced("elasticloadbalancing:ModifyRule", "elasticloadbalancing:SetRulePriorities"),
    },
    { type: "aws_lb_listener_rule", id: HOLD_RULE, stack: STANDBY, path: HOLD_PATH, becomes: to(["/hold"]) },
    { type: "aws_lb", id: /alb$/, stack: STANDBY, path: "name", becomes: replaced("alb", "lb") },
    {
      type: "aws_sfn_state_machine",
      id: /^region-takeover/,
      path: "definition",
      becomes: json((text) => text.replaceAll("region-control_function_function", "region-fence_function_function")),
      stack: /us-east-1/,
    },
  ]),
];

const ENTRIES: readonly Sabotage[] = kinds("D9", [
  { type: RECORD, id: PRIMARY, path: "name", becomes: replaced("pay", "play") },
  { type: RECORD, id: REGION_RECORD, path: "alias.name", becomes: to("${aws_lb.other.dns_name}") },
  { type: RECORD, id: REGION_RECORD, path: "alias.name", becomes: to("${aws_lb.load-balancer_alb.arn}") },
  { type: RECORD, id: REGION_RECORD, path: "alias.zone_id", becomes: to("Z35SXDOTRQ7X7K") },
  { type: RECORD, id: REGION_RECORD, path: "name", becomes: replaced("pay", "play") },
  { type: RECORD, id: REGION_RECORD, path: "type", becomes: to("CNAME") },
  { type: RECORD, id: REGION_RECORD, path: "zone_id", becomes: to("Z0987654321OTHER") },
  { type: "aws_acm_certificate", id: /^load-balancer/, path: "subject_alternative_names", becomes: removed },
  { type: "aws_acm_certificate", id: /^load-balancer/, path: "subject_alternative_names", becomes: to(["www.standfast.test"]) },
  { type: "aws_acm_certificate", id: /^load-balancer/, path: "domain_name", becomes: to("*.standfast.test") },
  { type: "aws_acm_certificate", id: /^load-balancer/, path: "validation_method", becomes: to("EMAIL") },
  { type: RECORD, id: /validation-record$/, path: "records", becomes: to([]) },
  { type: RECORD, id: /^shared-validation-records_/, stack: /global/, path: "name", becomes: replaced("pay.standfast", "play.standfast") },
  { type: "aws_lb_listener", id: HTTPS, path: "certificate_arn", becomes: to("${aws_acm_certificate.other.arn}") },
  { type: "aws_lb_listener", id: HTTPS, path: "certificate_arn", becomes: to("arn:aws:acm:eu-west-1:123456789012:certificate/1") },
  { type: "aws_lb_listener", id: HTTPS, path: "protocol", becomes: to("HTTP") },
  { type: "aws_lb_listener", id: HTTPS, path: "port", becomes: to(8443) },
  { type: "aws_lb_listener", id: HTTPS, path: "load_balancer_arn", becomes: to("${aws_lb.other.arn}") },
]);

export const DNS_SABOTAGES: readonly Sabotage[] = [...ROUTING, ...TIMES, ...SWITCHES, ...ENTRIES];
