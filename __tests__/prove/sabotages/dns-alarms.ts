import { removed, replaced, type Sabotage, to } from "./sabotage";

const CHECK = "aws_route53_health_check";
const STANDBY = /^us-west-2$/;
const CANARY = /^canary-us-east-1_canary$/;
const CANARY_ALARM = /^canary-us-east-1_alarm-canary-us-east-1$/;
const CANARY_COMPOSITE = /^canaries_composite-alarm$/;
const REGION_LOST = /^composite-alarm-region-lost-us-east-1$/;
const DOWN = /^dns_alarm-region-down-us-east-1$/;
const check = (id: string) => to(`\${${CHECK}.${id}.id}`);
const kinds = (claim: string, all: readonly Omit<Sabotage, "claim">[]): readonly Sabotage[] => all.map((kind) => ({ claim, ...kind }));

/** Ways to break the alarms on the loss of a region. */
export const DNS_ALARM_SABOTAGES: readonly Sabotage[] = [
  ...kinds("D10", [
    {
      type: "aws_synthetics_canary",
      id: CANARY,
      path: "run_config.environment_variables.TARGET_URL",
      becomes: replaced("us-east-1", "us-west-2"),
    },
    { type: "aws_synthetics_canary", id: CANARY, path: "run_config.environment_variables.TARGET_URL", becomes: replaced("us-east-1.", "") },
    { type: "aws_synthetics_canary", id: CANARY, path: "start_canary", becomes: to(false) },
    { type: "aws_synthetics_canary", id: CANARY, path: "schedule.expression", becomes: to("rate(60 minutes)") },
    { type: "aws_synthetics_canary", id: CANARY, path: "execution_role_arn", becomes: to("${aws_iam_role.other.arn}") },
    { type: "aws_cloudwatch_metric_alarm", id: CANARY_ALARM, path: "period", becomes: to(3600) },
    {
      type: "aws_cloudwatch_composite_alarm",
      id: CANARY_COMPOSITE,
      stack: STANDBY,
      path: "actions_suppressor.wait_period",
      becomes: to(1800),
    },
    { type: "aws_synthetics_canary", id: CANARY, path: "schedule.expression", becomes: to("rate(0 minute)") },
    { type: "aws_synthetics_canary", id: CANARY, path: "name", becomes: replaced("canary", "bird") },
    { type: "aws_cloudwatch_metric_alarm", id: CANARY_ALARM, path: "dimensions.CanaryName", becomes: replaced("us-east-1", "public") },
    { type: "aws_cloudwatch_metric_alarm", id: CANARY_ALARM, path: "threshold", becomes: to(0) },
    { type: "aws_cloudwatch_metric_alarm", id: CANARY_ALARM, path: "threshold", becomes: to(101) },
    { type: "aws_cloudwatch_metric_alarm", id: CANARY_ALARM, path: "comparison_operator", becomes: to("GreaterThanThreshold") },
    { type: "aws_cloudwatch_metric_alarm", id: CANARY_ALARM, path: "metric_name", becomes: to("Duration") },
    { type: "aws_cloudwatch_metric_alarm", id: CANARY_ALARM, path: "alarm_name", becomes: replaced("alarm", "bell") },
    { type: "aws_cloudwatch_composite_alarm", id: CANARY_COMPOSITE, stack: STANDBY, path: "alarm_actions", becomes: removed },
    { type: "aws_cloudwatch_composite_alarm", id: CANARY_COMPOSITE, stack: STANDBY, path: "actions_enabled", becomes: to(false) },
    { type: "aws_cloudwatch_composite_alarm", id: CANARY_COMPOSITE, stack: STANDBY, path: "alarm_rule", becomes: replaced(/ OR .*/, "") },
    {
      type: "aws_cloudwatch_composite_alarm",
      id: CANARY_COMPOSITE,
      stack: STANDBY,
      path: "actions_suppressor.alarm",
      becomes: replaced("clients-or-regions-lost", "canary-x"),
    },
    { type: "aws_cloudwatch_composite_alarm", id: REGION_LOST, path: "alarm_actions", becomes: to([]) },
    {
      type: "aws_cloudwatch_composite_alarm",
      id: REGION_LOST,
      path: "alarm_actions",
      becomes: to(["${aws_sns_topic.alerts_details-topic.arn}"]),
    },
    { type: "aws_cloudwatch_composite_alarm", id: REGION_LOST, path: "alarm_name", becomes: replaced("lost", "gone") },
    {
      type: "aws_sns_topic_subscription",
      id: /^alerts_email$/,
      stack: STANDBY,
      path: "topic_arn",
      becomes: to("${aws_sns_topic.other.arn}"),
    },
    {
      type: "aws_sns_topic_policy",
      id: /^alerts_topic-policy$/,
      stack: STANDBY,
      path: "policy",
      becomes: replaced("cloudwatch.amazonaws.com", "events.amazonaws.com"),
    },
    {
      type: "aws_kms_key",
      id: /^alerts-key_key$/,
      stack: STANDBY,
      path: "policy",
      becomes: replaced("cloudwatch.amazonaws.com", "events.amazonaws.com"),
    },
  ]),
  ...kinds("D11", [
    {
      type: "aws_cloudwatch_metric_alarm",
      id: DOWN,
      path: "dimensions.HealthCheckId",
      becomes: to("${aws_route53_health_check.other.id}"),
    },
    { type: "aws_cloudwatch_metric_alarm", id: DOWN, path: "dimensions.HealthCheckId", becomes: check("dns_health-check-us-west-2-holds") },
    { type: "aws_cloudwatch_metric_alarm", id: DOWN, path: "threshold", becomes: to(0) },
    { type: "aws_cloudwatch_metric_alarm", id: DOWN, path: "threshold", becomes: to(2) },
    { type: "aws_cloudwatch_metric_alarm", id: DOWN, path: "treat_missing_data", becomes: to("notBreaching") },
    { type: "aws_cloudwatch_metric_alarm", id: DOWN, path: "treat_missing_data", becomes: removed },
    { type: "aws_cloudwatch_metric_alarm", id: DOWN, path: "metric_name", becomes: to("HealthCheckPercentageHealthy") },
    { type: "aws_cloudwatch_metric_alarm", id: DOWN, path: "namespace", becomes: to("AWS/Route54") },
    { type: "aws_cloudwatch_metric_alarm", id: DOWN, path: "statistic", becomes: to("SampleCount") },
    { type: "aws_cloudwatch_metric_alarm", id: DOWN, path: "period", becomes: to(3600) },
    { type: "aws_cloudwatch_metric_alarm", id: DOWN, path: "alarm_actions", becomes: removed },
    { type: "aws_cloudwatch_metric_alarm", id: DOWN, path: "actions_enabled", becomes: to(false) },
    {
      type: "aws_cloudwatch_metric_alarm",
      id: DOWN,
      path: "alarm_actions",
      becomes: to(["arn:aws:sns:us-west-2:123456789012:topic-alerts"]),
    },
    {
      type: "aws_sns_topic_subscription",
      id: /^alerts_email$/,
      stack: /failover/,
      path: "topic_arn",
      becomes: to("${aws_sns_topic.other.arn}"),
    },
    { type: "aws_sns_topic", id: /^alerts_topic$/, stack: /failover/, path: "kms_master_key_id", becomes: to("alias/aws/sns") },
    { type: "stack", id: /./, stack: /failover/, path: "provider.aws.0.region", becomes: to("us-west-2") },
  ]),
];
