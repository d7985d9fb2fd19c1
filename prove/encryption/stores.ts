import type { Graph } from "../graph/graph";
import { block, blocks, type Resource, text, type Values } from "../graph/values";

/** Something that keeps data, and the argument that names the key with which it is encrypted. */
export interface Store {
  readonly resource: Resource;
  /** Argument that names the key: `server_side_encryption.kms_key_arn`. */
  readonly argument: string;
  readonly key: unknown;
  /** Region whose keys it can use. @default - that of its provider */
  readonly region?: string | undefined;
  /** Why the key is not used, although it is named. */
  readonly off?: string | undefined;
}

interface Form {
  readonly key: string;
  /** A flag beside the key, without which the key has no effect. */
  readonly flag?: string;
  /** The value of the flag that encrypts. @default "true" */
  readonly value?: string;
  /** Whether the resource keeps anything. @default - always */
  readonly keeps?: (values: Values) => boolean;
}

const is = (name: string) => (values: Values) => text(values[name]) === "true";

/**
 * Types that keep data. Without the key, AWS encrypts with a key of its own, to which no policy of the account applies, or not at all.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/service-integration.html
 */
const FORMS: Readonly<Record<string, readonly Form[]>> = {
  aws_backup_vault: [{ key: "kms_key_arn" }],
  aws_cloudtrail: [{ key: "kms_key_id" }],
  aws_cloudwatch_event_bus: [{ key: "kms_key_identifier" }],
  aws_cloudwatch_log_group: [{ key: "kms_key_id" }],
  aws_db_instance: [
    { key: "kms_key_id", flag: "storage_encrypted" },
    { key: "performance_insights_kms_key_id", keeps: is("performance_insights_enabled") },
  ],
  aws_docdb_cluster: [{ key: "kms_key_id", flag: "storage_encrypted" }],
  aws_dynamodb_table: [{ key: "server_side_encryption.kms_key_arn", flag: "server_side_encryption.enabled" }],
  aws_dynamodb_table_replica: [{ key: "kms_key_arn" }],
  aws_ebs_volume: [{ key: "kms_key_id", flag: "encrypted" }],
  aws_ecr_repository: [{ key: "encryption_configuration.kms_key", flag: "encryption_configuration.encryption_type", value: "KMS" }],
  aws_ecs_cluster: [{ key: "configuration.managed_storage_configuration.fargate_ephemeral_storage_kms_key_id" }],
  aws_efs_file_system: [{ key: "kms_key_id", flag: "encrypted" }],
  aws_elasticache_replication_group: [{ key: "kms_key_id", flag: "at_rest_encryption_enabled" }],
  aws_fsx_lustre_file_system: [{ key: "kms_key_id" }],
  aws_kinesis_stream: [{ key: "kms_key_id", flag: "encryption_type", value: "KMS" }],
  aws_kinesis_firehose_delivery_stream: [{ key: "server_side_encryption.key_arn", flag: "server_side_encryption.enabled" }],
  aws_lambda_function: [
    { key: "kms_key_arn", keeps: (values) => Object.keys(block(block(values["environment"])["variables"])).length > 0 },
  ],
  aws_memorydb_cluster: [{ key: "kms_key_arn" }],
  aws_msk_cluster: [{ key: "encryption_info.encryption_at_rest_kms_key_arn" }],
  aws_neptune_cluster: [{ key: "kms_key_arn", flag: "storage_encrypted" }],
  aws_opensearch_domain: [{ key: "encrypt_at_rest.kms_key_id", flag: "encrypt_at_rest.enabled" }],
  aws_rds_cluster: [
    { key: "kms_key_id", flag: "storage_encrypted" },
    { key: "master_user_secret_kms_key_id", keeps: is("manage_master_user_password") },
  ],
  aws_rds_cluster_instance: [{ key: "performance_insights_kms_key_id", keeps: is("performance_insights_enabled") }],
  aws_redshift_cluster: [{ key: "kms_key_id", flag: "encrypted" }],
  aws_secretsmanager_secret: [{ key: "kms_key_id" }],
  aws_sfn_state_machine: [
    { key: "encryption_configuration.kms_key_id", flag: "encryption_configuration.type", value: "CUSTOMER_MANAGED_KMS_KEY" },
  ],
  aws_sns_topic: [{ key: "kms_master_key_id" }],
  aws_sqs_queue: [{ key: "kms_master_key_id" }],
  aws_ssm_parameter: [
    { key: "key_id", flag: "type", value: "SecureString", keeps: ({ type, key_id: key }) => type !== "String" || key !== undefined },
  ],
  aws_synthetics_canary: [
    { key: "artifact_config.s3_encryption.kms_key_arn", flag: "artifact_config.s3_encryption.encryption_mode", value: "SSE_KMS" },
  ],
};

/** A value below blocks, of which each is one block or a list of one. */
function below(values: Values, path: string): unknown {
  const names = path.split(".");
  const last = names.pop() ?? "";
  return names.reduce<Values>((now, name) => block(now[name]), values)[last];
}

/** Everything in a stack that keeps data, apart from buckets. */
export function storesOf(graph: Graph): readonly Store[] {
  return [
    ...Object.entries(FORMS).flatMap(([type, forms]) =>
      graph.all(type).flatMap((resource) =>
        forms
          .filter(({ keeps }) => keeps?.(resource.values) ?? true)
          .map(({ key, flag, value = "true" }) => {
            const found = flag === undefined ? value : graph.text(below(resource.values, flag));
            const off = found === value ? undefined : `${flag ?? ""} is ${found ?? "missing"}`;
            return { resource, argument: key, key: below(resource.values, key), off };
          }),
      ),
    ),
    ...copies(graph),
    ...others(graph),
  ];
}

/** Copies in other regions, each with a key of its region. */
function copies(graph: Graph): readonly Store[] {
  const secrets = graph.all("aws_secretsmanager_secret").map((resource) => ({ resource, name: "kms_key_id" }));
  const tables = graph.all("aws_dynamodb_table").map((resource) => ({ resource, name: "kms_key_arn" }));
  return [...secrets, ...tables].flatMap(({ resource, name }) =>
    blocks(resource.values["replica"]).map((replica) => ({
      resource,
      argument: `replica.${name}`,
      key: replica[name],
      region: graph.text(replica["region"] ?? replica["region_name"]),
    })),
  );
}

const KEY_ARGUMENT = /(^|_)(kms|encryption)_(master_)?key(_id|_arn|_identifier)?$/;
const KEYS_THEMSELVES = /^aws_(kms_|iam_|secretsmanager_secret_version|s3_)|^data\./;

/** Types that are not in the table above, by the names that AWS gives to arguments for keys. */
function others(graph: Graph): readonly Store[] {
  return graph.all().flatMap((resource) => {
    if (resource.type in FORMS || KEYS_THEMSELVES.test(resource.type)) return [];
    return Object.keys(resource.values)
      .filter((name) => KEY_ARGUMENT.test(name))
      .map((name) => ({ resource, argument: name, key: resource.values[name] }));
  });
}
