import { RUNBOOK_SABOTAGES } from "./budgets-of-runbooks";
import { ref, removed, replaced, type Sabotage, to } from "./sabotage";

const GROUP = /targets_group-\d+$/;
const CHECKED = /^dns_health-check-us-east-1$/;

type Instance = Readonly<Record<string, unknown>>;

/** Changes each of the database's instances. One that becomes undefined is gone. */
const instances =
  (change: (values: Instance, index: number) => Instance | undefined) =>
  (now: unknown): unknown =>
    Object.fromEntries(
      Object.entries(now as Record<string, Instance>).flatMap(([id, values], index) => {
        const changed = change(values, index);
        return changed === undefined ? [] : [[id, changed] as const];
      }),
    );

const tasks: readonly Sabotage[] = [
  {
    claim: "F1",
    type: "aws_ecs_service",
    id: /^service_service$/,
    path: "load_balancer.0.target_group_arn",
    becomes: to("${aws_lb_target_group.other.arn}"),
  },
  { claim: "F1", type: "aws_lb_target_group", id: GROUP, path: "health_check.interval", becomes: to(10) },
  { claim: "F1", type: "aws_lb_target_group", id: GROUP, path: "health_check.unhealthy_threshold", becomes: to(3) },
  { claim: "F1", type: "aws_lb_target_group", id: GROUP, path: "health_check.timeout", becomes: to(4) },
  { claim: "F1", type: "aws_lb_target_group", id: GROUP, path: "health_check.enabled", becomes: to(false) },
  { claim: "F1", type: "aws_lb_target_group", id: GROUP, path: "health_check.port", becomes: to("9999") },
  { claim: "F1", type: "aws_lb_target_group", id: GROUP, path: "health_check.matcher", becomes: to("200-599") },
  { claim: "F1", type: "aws_lb_target_group", id: GROUP, path: "health_check", becomes: removed },
  {
    claim: "F1",
    type: "aws_lb_target_group",
    id: GROUP,
    path: "target_group_health",
    becomes: to({ unhealthy_state_routing: { minimum_healthy_targets_percentage: "95" } }),
  },
];

const dns: readonly Sabotage[] = [
  {
    claim: "F2",
    stack: /^us-east-1$/,
    type: "aws_route53_record",
    id: /^region-record_record$/,
    path: "name",
    becomes: to("us-east.pay.standfast.test"),
  },
  { claim: "F2", type: "aws_route53_record", id: /^dns_primary$/, stack: /failover/, path: "ttl", becomes: to(300) },
  { claim: "F2", type: "aws_route53_record", id: /^dns_primary$/, path: "health_check_id", becomes: removed },
  {
    claim: "F2",
    type: "aws_route53_record",
    id: /^dns_primary$/,
    path: "health_check_id",
    becomes: ref("aws_route53_health_check", /^dns_health-check-us-west-2$/),
  },
  { claim: "F2", type: "aws_route53_record", id: /^dns_primary$/, path: "records", becomes: to(["eu-west-1.pay.standfast.test"]) },
  { claim: "F2", type: "aws_route53_record", id: /^dns_secondary$/, path: "records", becomes: to(["us-east-1.pay.standfast.test"]) },
  {
    claim: "F2",
    type: "aws_route53_record",
    id: /^dns_secondary$/,
    path: "health_check_id",
    becomes: ref("aws_route53_health_check", /^dns_health-check-us-east-1$/),
  },
  { claim: "F2", type: "aws_route53_record", id: /^dns_secondary$/, path: "name", becomes: to("pays.standfast.test") },
  { claim: "F2", type: "aws_route53_health_check", id: CHECKED, path: "request_interval", becomes: to(30) },
  { claim: "F2", type: "aws_route53_health_check", id: CHECKED, path: "failure_threshold", becomes: to(3) },
  { claim: "F2", type: "aws_route53_health_check", id: CHECKED, path: "fqdn", becomes: to("us-west-2.pay.standfast.test") },
  { claim: "F2", type: "aws_route53_health_check", id: CHECKED, path: "disabled", becomes: to(true) },
  { claim: "F2", type: "aws_route53_health_check", id: CHECKED, path: "invert_healthcheck", becomes: to(true) },
  { claim: "F2", type: "aws_route53_health_check", id: /^dns_serves-us-east-1$/, path: "child_health_threshold", becomes: to(1) },
  {
    claim: "F2",
    type: "aws_route53_health_check",
    id: /^dns_serves-us-east-1$/,
    path: "child_healthchecks",
    becomes: (now) => (now as unknown[]).slice(1),
  },
  { claim: "F2", type: "aws_route53_health_check", id: /^dns_serves-us-west-2$/, path: "child_health_threshold", becomes: to(2) },
  { claim: "F3", type: "aws_lb", id: /alb$/, path: "client_keep_alive", becomes: to(300) },
  { claim: "F3", type: "aws_lb", id: /alb$/, path: "client_keep_alive", becomes: removed },
  { claim: "F3", type: "aws_lb", id: /alb$/, path: "client_keep_alive", becomes: to(61) },
];

const hearing: readonly Sabotage[] = [
  { claim: "F4", type: "aws_cloudwatch_metric_alarm", id: /alarm-error-rate-high$/, path: "threshold", becomes: to(100) },
  { claim: "F4", type: "aws_cloudwatch_composite_alarm", id: /^clients_composite-alarm$/, path: "actions_enabled", becomes: to(false) },
  { claim: "F4", type: "aws_cloudwatch_composite_alarm", id: /^clients_composite-alarm$/, path: "alarm_actions", becomes: to([]) },
  {
    claim: "F4",
    type: "aws_cloudwatch_composite_alarm",
    id: /^clients_composite-alarm$/,
    path: "alarm_rule",
    becomes: replaced(/alarm-error-rate-high/, "alarm-error-rate"),
  },
  {
    claim: "F4",
    type: "aws_cloudwatch_composite_alarm",
    id: /^database_composite-alarm$/,
    path: "actions_suppressor.wait_period",
    becomes: to(600),
  },
  { claim: "F4", type: "aws_cloudwatch_metric_alarm", id: /alarm-writer-down$/, path: "threshold", becomes: to(0) },
  {
    claim: "F4",
    stack: /^us-/,
    type: "aws_sns_topic_subscription",
    id: /^alerts_email$/,
    path: "topic_arn",
    becomes: to("arn:aws:sns:us-east-1:1:other"),
  },
  { claim: "F4", stack: /^us-/, type: "stack", id: /^/, path: "variable.alert_emails.default", becomes: to([]) },
  {
    claim: "F4",
    stack: /^us-west-2$/,
    type: "aws_synthetics_canary",
    id: /^canary-us-east-1_canary$/,
    path: "start_canary",
    becomes: to(false),
  },
  {
    claim: "F4",
    stack: /^us-west-2$/,
    type: "aws_synthetics_canary",
    id: /^canary-us-east-1_canary$/,
    path: "schedule.expression",
    becomes: to("rate(5 minutes)"),
  },
  {
    claim: "F4",
    stack: /^us-west-2$/,
    type: "aws_synthetics_canary",
    id: /^canary-us-east-1_canary$/,
    path: "run_config.environment_variables.TARGET_URL",
    becomes: to("https://eu-west-1.pay.standfast.test/health/deep"),
  },
  { claim: "F5", type: "aws_cloudwatch_metric_alarm", id: /alarm-running-tasks-low$/, path: "period", becomes: to(300) },
  { claim: "F5", type: "aws_cloudwatch_metric_alarm", id: /alarm-writer-down$/, path: "datapoints_to_alarm", becomes: to(3) },
  {
    claim: "F5",
    type: "aws_cloudwatch_metric_alarm",
    id: /alarm-unhealthy-targets$/,
    path: "alarm_description",
    becomes: replaced("Maximum latency: 180 s", "Maximum latency: 60 s"),
  },
  {
    claim: "F5",
    type: "aws_cloudwatch_metric_alarm",
    id: /alarm-error-rate-high$/,
    path: "metric_query.1.metric.period",
    becomes: to(300),
  },
];

const INSTANCES = { claim: "F6", stack: /^us-/, type: "stack", id: /^/, path: "resource.aws_rds_cluster_instance" } as const;

const stores: readonly Sabotage[] = [
  { ...INSTANCES, becomes: instances((values, index) => (index === 0 ? values : undefined)) },
  { ...INSTANCES, becomes: instances((values) => ({ ...values, availability_zone: "us-east-1a" })) },
  { ...INSTANCES, becomes: instances((values, index) => (index === 0 ? values : { ...values, cluster_identifier: "another" })) },
  { claim: "F8", type: "aws_backup_plan", id: /^backup_plan$/, path: "rule.0.schedule", becomes: to("cron(0 0 * * ? *)") },
  { claim: "F8", type: "aws_backup_plan", id: /^backup_plan$/, path: "rule.0.schedule", becomes: to("cron(0 6,12,18 ? * MON *)") },
  { claim: "F8", type: "aws_backup_plan", id: /^backup_plan$/, path: "rule.0.start_window", becomes: to(480) },
  { claim: "F8", type: "aws_backup_plan", id: /^backup_plan$/, path: "rule.0.start_window", becomes: removed },
  {
    claim: "F8",
    type: "aws_backup_selection",
    id: /selection$/,
    path: "resources",
    becomes: to(["arn:aws:rds:us-east-1:123456789012:cluster:other"]),
  },
  { claim: "F8", type: "aws_backup_selection", id: /selection$/, path: "plan_id", becomes: to("another") },
  { claim: "F8", type: "aws_backup_selection", id: /selection$/, path: "not_resources", becomes: to(["arn:aws:rds:*:*:cluster:*"]) },
];

export const BUDGET_SABOTAGES: readonly Sabotage[] = [...tasks, ...dns, ...hearing, ...stores, ...RUNBOOK_SABOTAGES];
