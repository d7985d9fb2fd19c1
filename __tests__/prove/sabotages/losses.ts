import { ref, removed, replaced, type Sabotage, to } from "./sabotage";

const PRIMARY = /^us-east-1$/;
const STANDBY = /^us-west-2$/;
const SERVICE = /^service_service$/;
const first = (now: unknown): unknown[] => (now as unknown[]).slice(0, 1);
const firstOf = (now: unknown): unknown => now && Object.fromEntries(Object.entries(now).slice(0, 1));
/** A further statement in a policy. */
const allowing = (action: string) => replaced('"Statement":[', `"Statement":[{"Effect":"Allow","Action":"${action}","Resource":"*"},`);

const zone = (type: string, id: RegExp, path: string, becomes: Sabotage["becomes"]): Sabotage => ({ claim: "L1", type, id, path, becomes });
const failover = (type: string, id: RegExp, path: string, becomes: Sabotage["becomes"]): Sabotage => ({
  claim: "L2",
  stack: /^failover$/,
  type,
  id,
  path,
  becomes,
});
const standby = (claim: string, type: string, id: RegExp, path: string, becomes: Sabotage["becomes"]): Sabotage => ({
  claim,
  stack: STANDBY,
  type,
  id,
  path,
  becomes,
});
const taskRole = (action: string): Sabotage => ({
  claim: "L4",
  type: "aws_iam_role_policy",
  id: /^service_task-role_permissions$/,
  path: "policy",
  becomes: allowing(action),
});

export const LOSS_SABOTAGES: readonly Sabotage[] = [
  zone("aws_ecs_service", SERVICE, "network_configuration.subnets", first),
  zone("aws_lb", /alb$/, "subnets", first),
  zone("aws_route", /application-routes_.*c-internet$/, "nat_gateway_id", ref("aws_nat_gateway", /a_gateway$/)),
  zone("aws_nat_gateway", /b_gateway$/, "subnet_id", ref("aws_subnet", /public_.*a$/)),
  { ...zone("stack", /./, "resource.aws_rds_cluster_instance", firstOf), stack: PRIMARY },
  failover("aws_route53_record", /^dns_secondary$/, "records", to(["us-east-1.pay.standfast.test"])),
  failover("aws_route53_record", /^dns_primary$/, "health_check_id", (now) => (String(now).includes("serves") ? undefined : now)),
  failover("aws_route53_health_check", /^dns_serves-us-east-1$/, "child_health_threshold", to(1)),
  failover("aws_route53_health_check", /^dns_serves-us-east-1$/, "invert_healthcheck", to(true)),
  failover("stack", /./, "resource.aws_route53_record.dns_secondary", removed),
  standby("L2", "aws_rds_cluster", /^aurora$/, "global_cluster_identifier", to("global-database-other")),
  standby("L2", "aws_ecs_service", SERVICE, "desired_count", to(0)),
  standby(
    "L2",
    "aws_lb_listener",
    /https$/,
    "default_action",
    to([{ type: "fixed-response", fixed_response: { content_type: "text/plain", status_code: "503" } }]),
  ),
  standby("L2", "aws_route53_record", /^region-record/, "name", to("elsewhere.pay.standfast.test")),
  {
    claim: "L3",
    stack: /^global$/,
    type: "aws_secretsmanager_secret",
    id: /^database-secret/,
    path: "replica.0.kms_key_id",
    becomes: ref("aws_kms_key", /us-east-1/, "arn"),
  },
  standby("L3", "aws_rds_cluster", /^aurora$/, "kms_key_id", to("arn:aws:kms:us-east-1:123456789012:key/0123")),
  standby("L3", "aws_sns_topic", /^alerts_topic$/, "kms_master_key_id", to("arn:aws:kms:us-east-1:123456789012:key/0123")),
  standby(
    "L3",
    "aws_ecs_task_definition",
    /^service_task_definition$/,
    "container_definitions",
    replaced("arn:aws:ssm:us-west-2", "arn:aws:ssm:us-east-1"),
  ),
  taskRole("rds:ModifyDBCluster"),
  taskRole("ecs:DescribeTasks"),
  taskRole("iam:*"),
  taskRole("*"),
  {
    claim: "L4",
    stack: /^failover$/,
    type: "aws_route53_record",
    id: /^dns_primary$/,
    path: "health_check_id",
    becomes: (now) => (String(now).includes("serves") ? undefined : now),
  },
  standby(
    "L4",
    "aws_sfn_state_machine",
    /takeover/,
    "definition",
    replaced("aws-sdk:ssm:putParameter", "aws-sdk:route53:changeResourceRecordSets"),
  ),
  {
    claim: "L5",
    stack: /^us-/,
    type: "aws_sns_topic_subscription",
    id: /email/,
    path: "topic_arn",
    becomes: to("arn:aws:sns:us-east-1:123456789012:topic-other"),
  },
  standby("L5", "aws_synthetics_canary", /us-east-1/, "start_canary", to(false)),
  standby(
    "L5",
    "aws_synthetics_canary",
    /us-east-1/,
    "run_config.environment_variables.TARGET_URL",
    to("https://us-west-2.pay.standfast.test/health/deep"),
  ),
  standby("L5", "aws_cloudwatch_metric_alarm", /canary-us-east-1$/, "comparison_operator", to("GreaterThanThreshold")),
];
