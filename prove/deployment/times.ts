/** How long AWS usually takes to create a resource. */
export interface CreationTime {
  readonly minutes: number;
  /** Page with the figure. Undefined for an assumption. */
  readonly source?: string;
}

const seconds = (count: number): CreationTime => ({ minutes: count / 60 });
const minutes = (count: number, source?: string): CreationTime => ({ minutes: count, ...(source !== undefined && { source }) });

/** Changes propagate to all name servers within 60 seconds. The provider waits for it. */
const ROUTE_53 = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html";
/** A resource that is one call of an API. */
const ONE_CALL = seconds(2);

/**
 * Usual times by type. AWS documents few of them, and the timeouts of the provider are limits and no usual times. Types that are not in
 * this list are one call.
 */
const TIMES: Readonly<Record<string, CreationTime>> = {
  aws_acm_certificate_validation: minutes(3),
  aws_cloudformation_stack: seconds(30),
  aws_db_instance: minutes(10),
  aws_db_proxy: minutes(8),
  aws_dynamodb_table: seconds(15),
  aws_dynamodb_table_replica: minutes(2),
  aws_ecs_service: seconds(5),
  // The provider waits until other services can see the role.
  aws_iam_role: seconds(10),
  aws_kms_key: seconds(15),
  aws_kms_replica_key: seconds(20),
  aws_lambda_function: seconds(10),
  aws_lb: minutes(3),
  aws_elasticache_replication_group: minutes(12),
  aws_elasticache_serverless_cache: minutes(4),
  aws_nat_gateway: minutes(2),
  aws_rds_cluster: seconds(60),
  aws_rds_cluster_instance: minutes(10),
  aws_rds_global_cluster: seconds(30),
  aws_route53_record: minutes(1, ROUTE_53),
  aws_route53_zone: minutes(1, ROUTE_53),
  aws_synthetics_canary: seconds(60),
  aws_vpc: seconds(12),
  aws_vpc_endpoint: minutes(1),
  aws_wafv2_web_acl_association: seconds(30),
  terraform_data: { minutes: 0 },
};

/** Interface endpoints create network interfaces; gateway endpoints are routes. */
const GATEWAY_ENDPOINT = seconds(6);
/** With this argument, Terraform waits until the tasks are healthy. */
const STEADY_SERVICE = minutes(4);

export function creationTime(type: string, values: Readonly<Record<string, unknown>>): CreationTime {
  if (type.startsWith("data.")) return { minutes: 1 / 60 };
  if (type === "aws_vpc_endpoint" && values["vpc_endpoint_type"] !== "Interface") return GATEWAY_ENDPOINT;
  if (type === "aws_ecs_service" && values["wait_for_steady_state"] === true) return STEADY_SERVICE;
  return TIMES[type] ?? ONE_CALL;
}
