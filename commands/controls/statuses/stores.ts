import { type ControlStatus, ownedByAccount, met, unused } from "../status";
import { every } from "../check";
import { atLeast, denies, is, isSet, references, neverAllows, related } from "../expectation";
import { principals, type Statement, isPublic } from "../statement";

const PRIVATE = related(
  "aws_s3_bucket_public_access_block",
  "bucket",
  is("block_public_acls", true),
  is("block_public_policy", true),
  is("ignore_public_acls", true),
  is("restrict_public_buckets", true),
);
const ENDING = related("aws_s3_bucket_lifecycle_configuration", "bucket", is("rule.status", "Enabled"));
const VERSIONED = related("aws_s3_bucket_versioning", "bucket", is("versioning_configuration.status", "Enabled"));
const overPlainHttp = ({ Condition }: Statement): boolean => Condition?.["Bool"]?.["aws:SecureTransport"] === "false";
const ANOTHER_ACCOUNT = "arn:aws:iam::210987654321:root";

/** DynamoDB, Redis, buckets and backups. */
export const STORES: readonly ControlStatus[] = [
  met(["DynamoDB.1"], [every("aws_dynamodb_table", is("billing_mode", "PAY_PER_REQUEST"))]),
  met(
    ["DynamoDB.2", "dynamodb_table_point_in_time_recovery_enabled"],
    [
      every("aws_dynamodb_table", is("point_in_time_recovery.enabled", true)),
      every("aws_dynamodb_table_replica", is("point_in_time_recovery", true)),
    ],
  ),
  met(
    ["dynamodb_table_encrypted_with_kms", "dynamodb_table_encryption_enabled"],
    [
      every(
        "aws_dynamodb_table",
        is("server_side_encryption.enabled", true),
        references("server_side_encryption.kms_key_arn", "aws_kms_key"),
      ),
      every("aws_dynamodb_table_replica", references("kms_key_arn", "data.aws_kms_alias")),
    ],
  ),
  unused(["DynamoDB.3", "DynamoDB.7"], ["aws_dax_cluster"], "DynamoDB Accelerator is not used."),

  met(["ElastiCache.1"], [every("aws_elasticache_replication_group", atLeast("snapshot_retention_limit", 1))]),
  met(
    ["ElastiCache.3"],
    [every("aws_elasticache_replication_group", is("automatic_failover_enabled", true), is("multi_az_enabled", true))],
  ),
  met(
    ["ElastiCache.4", "elasticache_replication_group_encryption_at_rest_enabled"],
    [every("aws_elasticache_replication_group", is("at_rest_encryption_enabled", "true"), references("kms_key_id", "aws_kms_key"))],
  ),
  met(
    ["ElastiCache.5", "elasticache_replication_group_encryption_in_transit_enabled"],
    [every("aws_elasticache_replication_group", is("transit_encryption_enabled", true), is("transit_encryption_mode", "required"))],
  ),
  met(
    ["ElastiCache.6"],
    [every("aws_elasticache_replication_group", isSet("user_group_ids"))],
    "Versions are 7.0 and later; tasks authenticate with their IAM role.",
  ),
  met(
    ["ElastiCache.7", "elasticache_cluster_no_default_subnet_group"],
    [every("aws_elasticache_replication_group", references("subnet_group_name", "aws_elasticache_subnet_group"))],
  ),

  ownedByAccount(["S3.1", "s3_public_access_block_account"], "It is a setting of the account; every bucket has its own setting, see S3.8."),
  met(
    [
      "S3.2",
      "S3.3",
      "S3.8",
      "s3_bucket_restrict_public_read_access",
      "s3_bucket_restrict_public_write_access",
      "s3_public_access_block_bucket",
    ],
    [every("aws_s3_bucket", PRIVATE)],
  ),
  met(
    ["s3_bucket_policy_restrict_public_access"],
    [
      every(
        "aws_s3_bucket_policy",
        neverAllows("policy", "anything to the public", isPublic, { Effect: "Allow", Principal: "*", Action: "s3:GetObject" }),
      ),
    ],
  ),
  met(
    ["S3.5", "s3_bucket_enforces_ssl"],
    [every("aws_s3_bucket", related("aws_s3_bucket_policy", "bucket", denies("policy", "requests without TLS", overPlainHttp)))],
  ),
  met(
    ["S3.6", "s3_bucket_policy_restricts_cross_account_permission_changes"],
    [
      every(
        "aws_s3_bucket_policy",
        neverAllows("policy", "anything to an account", (statement) => principals(statement).length > 0, {
          Effect: "Allow",
          Principal: { AWS: ANOTHER_ACCOUNT },
          Action: "s3:PutBucketPolicy",
        }),
      ),
    ],
    "The policies allow services only: load balancers and S3, to write logs.",
  ),
  met(
    ["S3.10", "S3.13", "s3_bucket_lifecycle_policy_enabled", "s3_bucket_versioning_and_lifecycle_policy_enabled"],
    [every("aws_s3_bucket", ENDING)],
  ),
  met(["s3_bucket_versioning_enabled"], [every("aws_s3_bucket", VERSIONED)]),
  met(
    ["S3.12", "s3_bucket_acls_should_prohibit_user_access"],
    [every("aws_s3_bucket", related("aws_s3_bucket_ownership_controls", "bucket", is("rule.object_ownership", "BucketOwnerEnforced")))],
  ),
  met(
    ["s3_bucket_default_encryption_enabled"],
    [
      every(
        "aws_s3_bucket",
        related(
          "aws_s3_bucket_server_side_encryption_configuration",
          "bucket",
          is("rule.apply_server_side_encryption_by_default.sse_algorithm", "aws:kms", "AES256"),
        ),
      ),
    ],
  ),
  unused(
    ["S3.19", "S3.24", "s3_access_point_restrict_public_access"],
    ["aws_s3_access_point", "aws_s3control_multi_region_access_point"],
    "There are no access points.",
  ),
  unused(["S3.25"], ["aws_s3_directory_bucket"], "There are no directory buckets."),

  met(["Backup.1", "backup_recovery_point_encryption_enabled"], [every("aws_backup_vault", references("kms_key_arn", "aws_kms_key"))]),
  met(
    ["backup_plan_min_retention_35_days", "backup_recovery_point_min_retention_35_days"],
    [every("aws_backup_plan", atLeast("rule.lifecycle.delete_after", 35))],
    "Every six hours; the daily copies in another region have the same retention. Shorter in `ephemeral` environments.",
  ),
];
