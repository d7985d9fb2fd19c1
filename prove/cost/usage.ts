import { infracost } from "./prices";

/** What is paid by use: a list price of us-east-1, and how much is assumed. */
export interface Usage {
  readonly what: string;
  readonly unit: string;
  readonly price: number;
  /** Quantity a month for each resource of the type. Change it with `cost(stacks, assumptions)`. */
  readonly assumed: number;
  readonly source: string;
  readonly isVerified: boolean;
}

const read = (what: string, unit: string, price: number, assumed: number, name: string): Usage => ({
  what,
  unit,
  price,
  assumed,
  source: infracost(name),
  isVerified: true,
});
const known = (what: string, unit: string, price: number, assumed: number, source: string): Usage => ({
  what,
  unit,
  price,
  assumed,
  source,
  isVerified: false,
});

const CLOUDWATCH = "https://aws.amazon.com/cloudwatch/pricing/";
const BACKUP = "https://aws.amazon.com/backup/pricing/";

/** Usage by type. Nothing of it is in the monthly total. */
export const USAGE: Readonly<Record<string, readonly Usage[]>> = {
  aws_nat_gateway: [read("data processed", "GB", 0.045, 10, "nat_gateway")],
  aws_vpc_endpoint: [read("data processed, interface endpoints only", "GB", 0.01, 10, "vpc_endpoint")],
  aws_flow_log: [read("data ingested", "GB", 0.5, 10, "cloudwatch_log_group")],
  aws_lb: [read("load balancer capacity units", "LCU-month", 5.84, 1, "lb")],
  aws_ecs_cluster: [
    {
      what: "metrics of Container Insights with enhanced observability",
      unit: "metric-month",
      price: 0.07,
      assumed: 100,
      source: "https://fortem.dev/blog/ecs-fargate-monitoring/",
      isVerified: true,
    },
  ],
  aws_ecr_repository: [read("storage", "GB-month", 0.1, 5, "ecr_repository")],
  aws_rds_cluster: [
    read("storage", "GB-month", 0.1, 100, "rds_cluster"),
    read("I/O requests", "million", 0.2, 50, "rds_cluster"),
    read("backup storage", "GB-month", 0.021, 100, "rds_cluster"),
    read("backtrack", "million change records", 0.012, 0, "rds_cluster"),
  ],
  aws_rds_global_cluster: [known("replicated write I/O", "million", 0.2, 20, "https://aws.amazon.com/rds/aurora/pricing/")],
  aws_elasticache_replication_group: [read("backup storage", "GB-month", 0.085, 5, "elasticache_replication_group")],
  aws_dynamodb_table: [
    read("write request units", "million", 0.625, 10, "dynamodb_table"),
    read("read request units", "million", 0.125, 10, "dynamodb_table"),
    read("storage", "GB-month", 0.25, 1, "dynamodb_table"),
    read("point-in-time recovery", "GB-month", 0.2, 1, "dynamodb_table"),
  ],
  aws_dynamodb_table_replica: [
    known("replicated write request units", "million", 0.625, 10, "https://aws.amazon.com/dynamodb/pricing/on-demand/"),
  ],
  aws_s3_bucket: [
    read("storage", "GB-month", 0.023, 10, "s3_bucket"),
    read("PUT, COPY, POST, LIST requests", "thousand", 0.005, 100, "s3_bucket"),
  ],
  aws_s3_bucket_replication_configuration: [read("transfer to another region", "GB", 0.02, 10, "data_transfer")],
  aws_backup_vault: [known("Aurora snapshots", "GB-month", 0.021, 100, BACKUP)],
  aws_backup_plan: [read("copies to another region: transfer", "GB", 0.02, 100, "data_transfer")],
  aws_backup_restore_testing_plan: [known("recovery points tested", "test", 1.5, 5, BACKUP)],
  aws_cloudwatch_log_group: [
    read("data ingested", "GB", 0.5, 1, "cloudwatch_log_group"),
    read("storage", "GB-month", 0.03, 1, "cloudwatch_log_group"),
  ],
  aws_synthetics_canary: [known("duration of its function", "GB-second", 0.0000166667, 200000, CLOUDWATCH)],
  aws_sns_topic: [read("notifications", "million", 0.6, 0.01, "sns_topic_subscription")],
  aws_kms_key: [read("requests", "10 thousand", 0.03, 10, "kms_key")],
  aws_secretsmanager_secret: [read("requests", "10 thousand", 0.05, 1, "secretsmanager_secret")],
  aws_wafv2_web_acl: [read("requests", "million", 0.6, 10, "wafv2_web_acl")],
  aws_route53_record: [known("queries", "million", 0.4, 1, "https://aws.amazon.com/route53/pricing/")],
  aws_route53_zone: [known("queries", "million", 0.4, 1, "https://aws.amazon.com/route53/pricing/")],
  aws_service_discovery_private_dns_namespace: [known("queries", "million", 0.4, 1, "https://aws.amazon.com/cloud-map/pricing/")],
  aws_ssm_parameter: [],
  aws_lambda_function: [
    read("requests", "million", 0.2, 0.1, "lambda_function"),
    read("duration", "GB-second", 0.0000166667, 10000, "lambda_function"),
  ],
  aws_sfn_state_machine: [read("transitions", "thousand", 0.025, 10, "sfn_state_machine")],
  aws_sqs_queue: [read("requests", "million", 0.4, 0.1, "sqs_queue")],
  aws_cloudwatch_event_bus: [read("events of the program", "million", 1, 1, "cloudwatch_event_bus")],
  aws_cloudwatch_event_archive: [
    read("events archived", "GB", 0.1, 1, "cloudwatch_event_bus"),
    read("storage", "GB-month", 0.023, 1, "cloudwatch_event_bus"),
  ],
};
