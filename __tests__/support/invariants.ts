import { type Resource, valueAt } from "./synthesized";

// What is required of all resources, and the attributes of each type that have it.

/** The encryption key of each type of data store. */
export const KEY_OF: Readonly<Record<string, (resource: Resource) => unknown>> = {
  aws_rds_cluster: (cluster) => cluster["kms_key_id"],
  aws_rds_cluster_instance: (instance) => instance["performance_insights_kms_key_id"],
  aws_cloudwatch_log_group: (group) => group["kms_key_id"],
  aws_cloudwatch_event_bus: (bus) => bus["kms_key_identifier"],
  aws_secretsmanager_secret: (secret) => secret["kms_key_id"],
  aws_sqs_queue: (queue) => queue["kms_master_key_id"],
  aws_sns_topic: (topic) => topic["kms_master_key_id"],
  aws_elasticache_replication_group: (group) => group["kms_key_id"],
  aws_dynamodb_table: (table) => valueAt(table, "server_side_encryption.kms_key_arn"),
  aws_backup_vault: (vault) => vault["kms_key_arn"],
  aws_ecs_cluster: (cluster) => valueAt(cluster, "configuration.managed_storage_configuration.fargate_ephemeral_storage_kms_key_id"),
  aws_synthetics_canary: (canary) => valueAt(canary, "artifact_config.s3_encryption.kms_key_arn"),
  aws_lambda_function: (lambda) => lambda["kms_key_arn"],
  aws_sfn_state_machine: (machine) => valueAt(machine, "encryption_configuration.kms_key_id"),
  aws_s3_bucket_server_side_encryption_configuration: (configuration) =>
    valueAt(configuration, "rule.0.apply_server_side_encryption_by_default.kms_master_key_id"),
};

/** Attributes that are not names of our resources: they name something else, or something inside a service. */
const NOT_A_NAME: readonly (readonly [type: string, attribute: string, because: string])[] = [
  ["aws_cloudwatch_metric_alarm", "metric_name", "AWS names its metrics"],
  ["aws_acm_certificate", "domain_name", "the clients' name for the service"],
  ["aws_rds_cluster", "database_name", "a name inside the database"],
  ["aws_rds_cluster", "master_username", "a name inside the database"],
  ["aws_route53_record", "name", "a public name"],
  ["aws_route53_record", "set_identifier", "distinguishes the records of one name, nothing else"],
  ["aws_rds_global_cluster", "database_name", "a name inside the database"],
  ["aws_vpc_endpoint", "service_name", "AWS names its services"],
  ["aws_db_parameter_group", "family", "AWS names its families"],
  ["aws_rds_cluster_parameter_group", "family", "AWS names its families"],
  ["aws_elasticache_parameter_group", "family", "AWS names its families"],
  ["aws_db_proxy", "engine_family", "AWS names its families"],
  ["aws_elasticache_user", "user_name", "Redis names its default user"],
  ["aws_lambda_alias", "name", "a name inside a function"],
  ["aws_service_discovery_service", "name", "a name inside a namespace, which has the suffix"],
];

/** The names of a resource, with the address and attribute of each. */
export function namesOf(resource: Resource): { readonly where: string; readonly value: string }[] {
  return Object.entries(resource)
    .filter(
      ([key, value]) =>
        /(^|_)(name|identifier|family|bucket|name_prefix|username|replication_group_id)$/.test(key) &&
        typeof value === "string" &&
        !value.includes("${"),
    )
    .filter(([key]) => !NOT_A_NAME.some(([type, attribute]) => type === resource.resourceType && attribute === key))
    .map(([key, value]) => ({ where: `${resource.address}.${key}`, value: String(value) }));
}

/** `<type>-<role>-<suffix>`, for canaries `<type>-<suffix>-<role>`, with account and region where the name is the world's or the account's; a path; or a private domain. */
export function wellNamed(name: string): boolean {
  return (
    name.startsWith("/") ||
    name === "test-1.internal" ||
    /^canary-test-1-[a-z0-9-]+$/.test(name) ||
    /^(alias\/)?[a-z]+(-[A-Za-z0-9]+)*-test-1(-123456789012)?(-us-(east-1|west-2))?$/.test(name)
  );
}

/** Arguments that prevent the destruction of a resource or of its data, with their values when protected and when not. */
export const GUARDS: readonly (readonly [type: string, attribute: string, guarded: unknown, free: unknown])[] = [
  ["aws_lb", "enable_deletion_protection", true, false],
  ["aws_rds_cluster", "deletion_protection", true, false],
  ["aws_dynamodb_table", "deletion_protection_enabled", true, false],
  ["aws_s3_bucket", "force_destroy", false, true],
  ["aws_backup_vault", "force_destroy", false, true],
  ["aws_kms_key", "deletion_window_in_days", 30, 7],
];
