import type { Statement } from "../iam/policy";

/** ARNs of the resources that are backed up. */
export interface BackedUpResources {
  readonly clusters: readonly string[];
  readonly tables: readonly string[];
  readonly buckets: readonly string[];
}

/** Snapshots that AWS Backup creates have this prefix in every region. */
const snapshots = (accountId: string): string => `arn:aws:rds:*:${accountId}:cluster-snapshot:awsbackup:*`;

/**
 * Permissions of AWS Backup to back up these resources and to copy the backups to other regions: the statements of the AWS
 * managed policies, restricted to these resources.
 * @param keyAliases aliases of the keys, which also match keys in other regions
 * @param otherAccounts accounts that receive copies
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForS3Backup.html
 */
export function backupPermissions(
  accountId: string,
  { clusters, tables, buckets }: BackedUpResources,
  keyAliases: readonly string[],
  otherAccounts: readonly string[],
): Statement[] {
  const vaults = [accountId, ...otherAccounts].map((account) => `arn:aws:backup:*:${account}:backup-vault:*`);
  return [
    {
      Sid: "SnapshotClusters",
      Action: [
        "rds:CreateDBClusterSnapshot",
        "rds:CopyDBClusterSnapshot",
        "rds:DeleteDBClusterSnapshot",
        // AWS Backup shares the snapshot with the account that receives a copy.
        ...(otherAccounts.length > 0 ? ["rds:ModifyDBClusterSnapshotAttribute"] : []),
        "rds:AddTagsToResource",
        "rds:ListTagsForResource",
      ],
      Resource: [...clusters, snapshots(accountId)],
    },
    {
      Sid: "DescribeClusters",
      Action: ["rds:DescribeDBClusters", "rds:DescribeDBClusterSnapshots"],
      Resource: [`arn:aws:rds:*:${accountId}:cluster:*`, `arn:aws:rds:*:${accountId}:cluster-snapshot:*`],
    },
    ...(tables.length > 0 ? [backUpTables(tables)] : []),
    ...(buckets.length > 0 ? backUpBuckets(accountId, buckets) : []),
    {
      Sid: "CopyIntoVaults",
      Action: ["backup:DescribeBackupVault", "backup:CopyIntoBackupVault"],
      Resource: vaults,
    },
    {
      Sid: "CopyBackups",
      Action: "backup:CopyFromBackupVault",
      // The ARN of a recovery point belongs to the service that stores it: AWS Backup, RDS or DynamoDB.
      Resource: [`arn:aws:backup:*:${accountId}:recovery-point:*`, snapshots(accountId), ...tables.map((table) => `${table}/backup/*`)],
    },
    { Sid: "TagBackups", Action: "backup:TagResource", Resource: `arn:aws:backup:*:${accountId}:recovery-point:*` },
    { Sid: "ListTaggedResources", Action: "tag:GetResources", everyResourceBecause: "GetResources has no resource type" },
    ...backupKeyPermissions(accountId, "*", keyAliases),
  ];
}

/** The last four actions apply to accounts without the advanced features for DynamoDB. */
function backUpTables(tables: readonly string[]): Statement {
  return {
    Sid: "BackUpTables",
    Action: [
      "dynamodb:StartAwsBackupJob",
      "dynamodb:ListTagsOfResource",
      "dynamodb:DescribeTable",
      "dynamodb:CreateBackup",
      "dynamodb:DescribeBackup",
      "dynamodb:DeleteBackup",
    ],
    Resource: tables.flatMap((table) => [table, `${table}/backup/*`]),
  };
}

function backUpBuckets(accountId: string, buckets: readonly string[]): Statement[] {
  return [
    {
      Sid: "ReadBuckets",
      Action: [
        "s3:GetBucketTagging",
        "s3:GetInventoryConfiguration",
        "s3:PutInventoryConfiguration",
        "s3:ListBucketVersions",
        "s3:ListBucket",
        "s3:GetBucketVersioning",
        "s3:GetBucketLocation",
        "s3:GetBucketAcl",
        "s3:GetBucketNotification",
        "s3:PutBucketNotification",
      ],
      Resource: buckets,
    },
    {
      Sid: "ReadObjects",
      Action: [
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:GetObjectAcl",
        "s3:GetObjectVersionAcl",
        "s3:GetObjectTagging",
        "s3:GetObjectVersionTagging",
      ],
      Resource: buckets.map((bucket) => `${bucket}/*`),
    },
    {
      Sid: "ManageBackupEventRules",
      Action: [
        "events:PutRule",
        "events:DescribeRule",
        "events:DeleteRule",
        "events:EnableRule",
        "events:DisableRule",
        "events:PutTargets",
        "events:RemoveTargets",
        "events:ListTargetsByRule",
      ],
      Resource: `arn:aws:events:*:${accountId}:rule/AwsBackupManagedRule*`,
    },
    {
      Sid: "ReadBucketMetrics",
      Action: "cloudwatch:GetMetricData",
      everyResourceBecause: "GetMetricData has no resource type for S3 metrics",
    },
    {
      Sid: "ListBucketsAndRules",
      Action: ["s3:ListAllMyBuckets", "events:ListRules"],
      everyResourceBecause: "the list actions have no resource type",
    },
  ];
}

/** Permissions to encrypt and decrypt backups, in one region or in all (`*`). The aliases also match keys of other stacks. */
export function backupKeyPermissions(accountId: string, region: string, aliases: readonly string[]): Statement[] {
  const Resource = `arn:aws:kms:${region}:${accountId}:key/*`;
  const ownKeys = { "ForAnyValue:StringEquals": { "kms:ResourceAliases": aliases } };
  return [
    { Sid: "DescribeKeys", Action: "kms:DescribeKey", Resource },
    { Sid: "UseKeys", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource, Condition: ownKeys },
    {
      Sid: "AllowServiceKeyUse",
      Action: "kms:CreateGrant",
      Resource,
      Condition: { ...ownKeys, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}
