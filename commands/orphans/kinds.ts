/**
 * The Terraform types of AWS ARNs, with the import ID and the removal command of each.
 *
 * Over 250 lines because it is a flat table, one entry for each kind of ARN.
 */

interface Kind {
  /** Matches the service and the resource of the ARN: `kms:key/<id>`. The first group is the ID. */
  readonly pattern: RegExp;
  /** Terraform types of resources with such an ARN. */
  readonly types: readonly string[];
  /** The ID for `terraform import`: the ARN, or a function of it. @default - the first group */
  readonly importId?: "arn" | ((arn: string) => string);
  /** The removal command, with `{0}` for the first group and `{arn}` for the ARN. A comment where there is no command. */
  readonly remove: string;
}

export const KINDS: readonly Kind[] = [
  {
    pattern: /^acm:certificate\/(.+)$/,
    types: ["aws_acm_certificate"],
    importId: "arn",
    remove: "aws acm delete-certificate --certificate-arn {arn}",
  },
  { pattern: /^backup:backup-plan:(.+)$/, types: ["aws_backup_plan"], remove: "aws backup delete-backup-plan --backup-plan-id {0}" },
  {
    pattern: /^backup:backup-vault:(.+)$/,
    types: ["aws_backup_vault"],
    remove: "aws backup delete-backup-vault --backup-vault-name {0}  # after its recovery points",
  },
  {
    pattern: /^backup:restore-testing-plan:(.+?)-[0-9a-f-]{36}$/,
    types: ["aws_backup_restore_testing_plan"],
    remove: "aws backup delete-restore-testing-plan --restore-testing-plan-name {0}  # after its selection",
  },
  {
    pattern: /^cloudformation:stack\/([^/]+)\/[0-9a-f-]+$/,
    types: ["aws_cloudformation_stack"],
    remove: "aws cloudformation delete-stack --stack-name {0}",
  },
  {
    pattern: /^cloudwatch:alarm:(.+)$/,
    types: ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"],
    remove: "aws cloudwatch delete-alarms --alarm-names {0}",
  },
  {
    pattern: /^cloudwatch:dashboard\/(.+)$/,
    types: ["aws_cloudwatch_dashboard"],
    remove: "aws cloudwatch delete-dashboards --dashboard-names {0}",
  },
  {
    pattern: /^dynamodb:table\/([^/]+)$/,
    types: ["aws_dynamodb_table", "aws_dynamodb_table_replica"],
    remove: "aws dynamodb delete-table --table-name {0}",
  },
  { pattern: /^ec2:vpc\/(.+)$/, types: ["aws_vpc"], remove: "aws ec2 delete-vpc --vpc-id {0}" },
  { pattern: /^ec2:subnet\/(.+)$/, types: ["aws_subnet"], remove: "aws ec2 delete-subnet --subnet-id {0}" },
  {
    pattern: /^ec2:security-group\/(.+)$/,
    types: ["aws_security_group", "aws_default_security_group"],
    remove: "aws ec2 delete-security-group --group-id {0}",
  },
  {
    pattern: /^ec2:security-group-rule\/(.+)$/,
    types: ["aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"],
    remove: "# deleted with its security group: {0}",
  },
  { pattern: /^ec2:route-table\/(.+)$/, types: ["aws_route_table"], remove: "aws ec2 delete-route-table --route-table-id {0}" },
  {
    pattern: /^ec2:internet-gateway\/(.+)$/,
    types: ["aws_internet_gateway"],
    remove: "aws ec2 delete-internet-gateway --internet-gateway-id {0}",
  },
  { pattern: /^ec2:natgateway\/(.+)$/, types: ["aws_nat_gateway"], remove: "aws ec2 delete-nat-gateway --nat-gateway-id {0}" },
  { pattern: /^ec2:elastic-ip\/(.+)$/, types: ["aws_eip"], remove: "aws ec2 release-address --allocation-id {0}" },
  { pattern: /^ec2:network-acl\/(.+)$/, types: ["aws_network_acl"], remove: "aws ec2 delete-network-acl --network-acl-id {0}" },
  { pattern: /^ec2:vpc-endpoint\/(.+)$/, types: ["aws_vpc_endpoint"], remove: "aws ec2 delete-vpc-endpoints --vpc-endpoint-ids {0}" },
  { pattern: /^ec2:vpc-flow-log\/(.+)$/, types: ["aws_flow_log"], remove: "aws ec2 delete-flow-logs --flow-log-ids {0}" },
  {
    pattern: /^ecr:repository\/(.+)$/,
    types: ["aws_ecr_repository"],
    remove: "aws ecr delete-repository --force --repository-name {0}",
  },
  { pattern: /^ecs:cluster\/(.+)$/, types: ["aws_ecs_cluster"], remove: "aws ecs delete-cluster --cluster {0}" },
  { pattern: /^ecs:service\/(.+)$/, types: ["aws_ecs_service"], remove: "aws ecs delete-service --force --service {arn}" },
  {
    pattern: /^ecs:task-definition\/(.+)$/,
    types: ["aws_ecs_task_definition"],
    importId: "arn",
    remove: "aws ecs deregister-task-definition --task-definition {0}",
  },
  {
    pattern: /^elasticache:replicationgroup:(.+)$/,
    types: ["aws_elasticache_replication_group"],
    remove: "aws elasticache delete-replication-group --replication-group-id {0}",
  },
  {
    pattern: /^elasticache:parametergroup:(.+)$/,
    types: ["aws_elasticache_parameter_group"],
    remove: "aws elasticache delete-cache-parameter-group --cache-parameter-group-name {0}",
  },
  {
    pattern: /^elasticache:subnetgroup:(.+)$/,
    types: ["aws_elasticache_subnet_group"],
    remove: "aws elasticache delete-cache-subnet-group --cache-subnet-group-name {0}",
  },
  { pattern: /^elasticache:user:(.+)$/, types: ["aws_elasticache_user"], remove: "aws elasticache delete-user --user-id {0}" },
  {
    pattern: /^elasticache:usergroup:(.+)$/,
    types: ["aws_elasticache_user_group"],
    remove: "aws elasticache delete-user-group --user-group-id {0}",
  },
  {
    pattern: /^elasticloadbalancing:loadbalancer\/app\/(.+)$/,
    types: ["aws_lb"],
    importId: "arn",
    remove: "aws elbv2 delete-load-balancer --load-balancer-arn {arn}",
  },
  {
    pattern: /^elasticloadbalancing:listener\/app\/(.+)$/,
    types: ["aws_lb_listener"],
    importId: "arn",
    remove: "aws elbv2 delete-listener --listener-arn {arn}",
  },
  {
    pattern: /^elasticloadbalancing:targetgroup\/(.+)$/,
    types: ["aws_lb_target_group"],
    importId: "arn",
    remove: "aws elbv2 delete-target-group --target-group-arn {arn}",
  },
  {
    pattern: /^elasticloadbalancing:listener-rule\/app\/(.+)$/,
    types: ["aws_lb_listener_rule"],
    importId: "arn",
    remove: "aws elbv2 delete-rule --rule-arn {arn}",
  },
  {
    pattern: /^events:archive\/(.+)$/,
    types: ["aws_cloudwatch_event_archive"],
    remove: "aws events delete-archive --archive-name {0}",
  },
  {
    pattern: /^events:event-bus\/(.+)$/,
    types: ["aws_cloudwatch_event_bus"],
    remove: "aws events delete-event-bus --name {0}  # after its rules and its archive",
  },
  {
    pattern: /^events:rule\/([^/]+\/[^/]+)$/,
    types: ["aws_cloudwatch_event_rule"],
    remove: "# aws events remove-targets and delete-rule, with --event-bus-name: {0}",
  },
  {
    pattern: /^events:rule\/(.+)$/,
    types: ["aws_cloudwatch_event_rule"],
    remove: "aws events remove-targets --rule {0} --ids alerts service-export region-fence key-check && aws events delete-rule --name {0}",
  },
  { pattern: /^iam:role\/(?:.+\/)?([^/]+)$/, types: ["aws_iam_role"], remove: "aws iam delete-role --role-name {0}  # after its policies" },
  { pattern: /^kms:key\/(.+)$/, types: ["aws_kms_key"], remove: "aws kms schedule-key-deletion --pending-window-in-days 7 --key-id {0}" },
  { pattern: /^kms:(alias\/.+)$/, types: ["aws_kms_alias"], remove: "aws kms delete-alias --alias-name {0}" },
  {
    pattern: /^lambda:function:(.+)$/,
    types: ["aws_lambda_function"],
    remove: "aws lambda delete-function --function-name {0}",
  },
  {
    pattern: /^logs:log-group:(.+?)(?::\*)?$/,
    types: ["aws_cloudwatch_log_group"],
    remove: "aws logs delete-log-group --log-group-name {0}",
  },
  {
    pattern: /^rds:(?:cluster|db):(aurora-rewind-.+)$/,
    types: [],
    remove: "# created by a rewind and possibly in use, see docs/runbooks/database.md#rewind: {0}",
  },
  {
    pattern: /^rds:cluster:(.+)$/,
    types: ["aws_rds_cluster"],
    remove: "aws rds delete-db-cluster --skip-final-snapshot --db-cluster-identifier {0}",
  },
  { pattern: /^rds:db:(.+)$/, types: ["aws_rds_cluster_instance"], remove: "aws rds delete-db-instance --db-instance-identifier {0}" },
  {
    pattern: /^rds:db-proxy:(.+)$/,
    types: ["aws_db_proxy"],
    remove: "# aws rds delete-db-proxy --db-proxy-name, with the name of {0}",
  },
  {
    pattern: /^rds:db-proxy-endpoint:(.+)$/,
    types: ["aws_db_proxy_endpoint"],
    remove: "# deleted with its proxy: {0}",
  },
  {
    pattern: /^rds:target-group:(.+)$/,
    types: ["aws_db_proxy_default_target_group"],
    remove: "# deleted with its proxy: {0}",
  },
  {
    pattern: /^rds:global-cluster:(.+)$/,
    types: ["aws_rds_global_cluster"],
    remove: "aws rds delete-global-cluster --global-cluster-identifier {0}",
  },
  {
    pattern: /^rds:cluster-pg:(.+)$/,
    types: ["aws_rds_cluster_parameter_group"],
    remove: "aws rds delete-db-cluster-parameter-group --db-cluster-parameter-group-name {0}",
  },
  {
    pattern: /^rds:pg:(.+)$/,
    types: ["aws_db_parameter_group"],
    remove: "aws rds delete-db-parameter-group --db-parameter-group-name {0}",
  },
  { pattern: /^rds:subgrp:(.+)$/, types: ["aws_db_subnet_group"], remove: "aws rds delete-db-subnet-group --db-subnet-group-name {0}" },
  { pattern: /^rds:es:(.+)$/, types: ["aws_db_event_subscription"], remove: "aws rds delete-event-subscription --subscription-name {0}" },
  {
    pattern: /^route53:healthcheck\/(.+)$/,
    types: ["aws_route53_health_check"],
    remove: "aws route53 delete-health-check --health-check-id {0}",
  },
  { pattern: /^route53:hostedzone\/([^/]+)$/, types: ["aws_route53_zone"], remove: "aws route53 delete-hosted-zone --id {0}" },
  {
    pattern: /^route53:hostedzone\/[^/]+\/record\/(.+)$/,
    types: ["aws_route53_record"],
    remove: "# aws route53 change-resource-record-sets with Action DELETE: {0}",
  },
  { pattern: /^s3:(.+)$/, types: ["aws_s3_bucket"], remove: "aws s3 rb --force s3://{0}" },
  {
    pattern: /^secretsmanager:secret:(.+)$/,
    types: ["aws_secretsmanager_secret"],
    importId: "arn",
    remove: "aws secretsmanager delete-secret --force-delete-without-recovery --secret-id {arn}",
  },
  {
    pattern: /^servicediscovery:namespace\/(.+)$/,
    types: ["aws_service_discovery_http_namespace", "aws_service_discovery_private_dns_namespace"],
    remove: "aws servicediscovery delete-namespace --id {0}  # after its services",
  },
  {
    pattern: /^servicediscovery:service\/(.+)$/,
    types: ["aws_service_discovery_service"],
    remove: "aws servicediscovery delete-service --id {0}",
  },
  { pattern: /^sns:(.+)$/, types: ["aws_sns_topic"], importId: "arn", remove: "aws sns delete-topic --topic-arn {arn}" },
  {
    pattern: /^sqs:(.+)$/,
    types: ["aws_sqs_queue"],
    importId: queueUrl,
    remove: "# aws sqs delete-queue --queue-url, with the URL of {0}",
  },
  // IAM and the Resource Groups Tagging API name documents of the type Automation in one of two ways.
  {
    pattern: /^ssm:(?:document|automation-definition)\/([^:]+)(?::.*)?$/,
    types: ["aws_ssm_document"],
    remove: "aws ssm delete-document --name {0}",
  },
  { pattern: /^ssm:parameter(\/.+)$/, types: ["aws_ssm_parameter"], remove: "aws ssm delete-parameter --name {0}" },
  {
    pattern: /^states:stateMachine:(.+)$/,
    types: ["aws_sfn_state_machine"],
    importId: "arn",
    remove: "aws stepfunctions delete-state-machine --state-machine-arn {arn}",
  },
  {
    pattern: /^synthetics:canary:(.+)$/,
    types: ["aws_synthetics_canary"],
    remove: "aws synthetics stop-canary --name {0}; aws synthetics delete-canary --delete-lambda --name {0}",
  },
  { pattern: /^wafv2:regional\/webacl\/(.+)$/, types: ["aws_wafv2_web_acl"], remove: "# aws wafv2 delete-web-acl: {0}" },
];

/** The URL of a queue, which is the import ID, has the same parts as the ARN. */
function queueUrl(arn: string): string {
  const [, , , region = "", account = "", name = ""] = arn.split(":");
  return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
}

/** Resources that AWS services create and delete themselves, with the tags of the resource that they are for. */
const MADE_BY_SERVICES =
  /^(ecs:task\/|lambda:function:cwsyn-|lambda:layer:cwsyn-|ec2:network-interface\/|rds:(cluster-)?snapshot:|application-autoscaling:|elasticache:(cluster|snapshot):|backup:recovery-point:)/;

export interface Identified {
  readonly kind: Kind;
  readonly id: string;
}

/** Any other resource with the environment's tag: listed, without a command. */
const UNKNOWN: Kind = { pattern: /^(.+)$/, types: [], remove: "# unknown kind of resource: check it by hand" };

/** The kind of an ARN. Undefined for resources that AWS services create and delete themselves. */
export function identify(arn: string): Identified | undefined {
  const [, , service = "", , , ...rest] = arn.split(":");
  const resource = `${service}:${rest.join(":")}`;
  if (MADE_BY_SERVICES.test(resource)) return undefined;
  for (const kind of KINDS) {
    const id = kind.pattern.exec(resource)?.[1];
    if (id !== undefined) return { kind, id };
  }
  return { kind: UNKNOWN, id: resource };
}
