import type { Statement } from "../iam/policy";

/** What is backed up, by ARN. */
export interface Protected {
  readonly clusters: readonly string[];
  readonly tables: readonly string[];
  readonly buckets: readonly string[];
}

/** Snapshots that AWS Backup makes have this in their names, in every region. */
const snapshots = (accountId: string): string => `arn:aws:rds:*:${accountId}:cluster-snapshot:awsbackup:*`;

/**
 * What AWS Backup needs to back up these resources and copy them to other regions: the statements of AWS's own managed
 * policies for them, held to these resources.
 * @param keyAliases aliases of the keys involved; keys in regions that this stack does not know are found by them
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForS3Backup.html
 */
export function backupPermissions(accountId: string, { clusters, tables, buckets }: Protected, keyAliases: readonly string[]): Statement[] {
  const vaults = `arn:aws:backup:*:${accountId}:backup-vault:*`;
  return [
    {
      Sid: "SnapshotClusters",
      Action: [
        "rds:CreateDBClusterSnapshot",
        "rds:CopyDBClusterSnapshot",
        "rds:DeleteDBClusterSnapshot",
        "rds:AddTagsToResource",
        "rds:ListTagsForResource",
      ],
      Resource: [...clusters, snapshots(accountId)],
    },
    {
      Sid: "FindClusters",
      Action: ["rds:DescribeDBClusters", "rds:DescribeDBClusterSnapshots"],
      Resource: [`arn:aws:rds:*:${accountId}:cluster:*`, `arn:aws:rds:*:${accountId}:cluster-snapshot:*`],
    },
    ...(tables.length > 0 ? [backUpTables(tables)] : []),
    ...(buckets.length > 0 ? backUpBuckets(accountId, buckets) : []),
    {
      Sid: "FillVaults",
      Action: ["backup:DescribeBackupVault", "backup:CopyIntoBackupVault"],
      Resource: vaults,
    },
    {
      Sid: "CopyBackups",
      Action: "backup:CopyFromBackupVault",
      // A backup is named by the service that keeps it: AWS Backup itself, RDS, or DynamoDB.
      Resource: [`arn:aws:backup:*:${accountId}:recovery-point:*`, snapshots(accountId), ...tables.map((table) => `${table}/backup/*`)],
    },
    { Sid: "TagBackups", Action: "backup:TagResource", Resource: `arn:aws:backup:*:${accountId}:recovery-point:*` },
    { Sid: "FindTags", Action: "tag:GetResources", everyResourceBecause: "it lists resources" },
    ...backupKeyPermissions(accountId, "*", keyAliases),
  ];
}

/** The last four are for accounts without DynamoDB's advanced backups. */
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
      Sid: "FollowChangesOfBuckets",
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
      Sid: "MeasureBuckets",
      Action: "cloudwatch:GetMetricData",
      everyResourceBecause: "the metrics of S3 are in none of CloudWatch's datasets",
    },
    {
      Sid: "FindBuckets",
      Action: ["s3:ListAllMyBuckets", "events:ListRules"],
      everyResourceBecause: "they list, and know no resource",
    },
  ];
}

/** What encrypts and decrypts backups, in one region or (`*`) in all. Keys that this stack does not know are found by their aliases. */
export function backupKeyPermissions(accountId: string, region: string, aliases: readonly string[]): Statement[] {
  const Resource = `arn:aws:kms:${region}:${accountId}:key/*`;
  const own = { "ForAnyValue:StringEquals": { "kms:ResourceAliases": aliases } };
  return [
    { Sid: "FindKeys", Action: "kms:DescribeKey", Resource },
    { Sid: "UseKeys", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource, Condition: own },
    {
      Sid: "LendKeysToServices",
      Action: "kms:CreateGrant",
      Resource,
      Condition: { ...own, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}
