import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { DescribeReplicationGroupsCommand } from "@aws-sdk/client-elasticache";
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  type LifecycleRule,
} from "@aws-sdk/client-s3";
import { DescribeSecretCommand } from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand, type ParameterMetadata, paginateDescribeParameters } from "@aws-sdk/client-ssm";
import { keepsSessionsIn } from "../../../config/stores";
import { masterSecretKeyAlias, masterSecretName } from "../../../modules/database/master-secret";
import { healthCheckParameter } from "../../../modules/dns/failover";
import { keyAlias } from "../../../modules/encryption/key";
import { SESSIONS_KEY_PURPOSE, sessionsTableName } from "../../../modules/sessions/sessions";
import { STORAGE_KEY_PURPOSE } from "../../../modules/storage/replication";
import { hasOwnSecret } from "../../../stacks/database";
import { regionDomain } from "../../../stacks/domains";
import { homeRegion } from "../../../stacks/standfast-stack";
import { type Check, compared, differences, of, ofEach } from "../check";
import type { Expected } from "../expected";
import type { Live, LiveRegion } from "../live";

export const STORES: readonly Check<LiveRegion>[] = [
  {
    requirement: "The cache runs in cluster mode, with every shard and replica over the zones, and replaces a lost primary by itself",
    lines: ["S003-5.1", "S003-5.2", "S003-5.3", "S003-5.4", "S003-T7", "S003-C4", "S003-D8"],
    asked: ({ capacity }) => capacity.cacheReplicas !== undefined,
    faults: (live) =>
      cache(live, (group) => {
        const shards = group.NodeGroups ?? [];
        const zones = new Set(
          shards.flatMap(({ NodeGroupMembers = [] }) => NodeGroupMembers.map((node) => node.PreferredAvailabilityZone)),
        );
        const nodes = (live.capacity.cacheReplicas ?? 0) + 1;
        return [
          ...differences({
            status: [group.Status, "available"],
            "cluster mode": [group.ClusterEnabled, true],
            "automatic failover": [group.AutomaticFailover, "enabled"],
            "Multi-AZ": [group.MultiAZ, "enabled"],
            "number of shards": [shards.length, live.config.cache.shards],
            "days of snapshots": [group.SnapshotRetentionLimit, live.config.cache.snapshotRetentionDays],
          }),
          ...shards
            .filter(({ NodeGroupMembers = [] }) => NodeGroupMembers.length !== nodes)
            .map(({ NodeGroupId, NodeGroupMembers = [] }) => `shard ${NodeGroupId} has ${NodeGroupMembers.length} nodes, not ${nodes}`),
          ...(shards.length * nodes < live.zones.length
            ? []
            : live.zones.filter((zone) => !zones.has(zone)).map((zone) => `no node stands in ${zone}`)),
        ];
      }),
  },
  {
    requirement: "The cache is encrypted under its own key, and takes connections over TLS only",
    lines: ["S003-C9"],
    asked: ({ capacity }) => capacity.cacheReplicas !== undefined,
    faults: async (live) => {
      const key = await live.key("cache");
      return cache(live, (group) =>
        differences({
          "encryption at rest": [group.AtRestEncryptionEnabled, true],
          key: [group.KmsKeyId, key],
          TLS: [group.TransitEncryptionEnabled, true],
          "taking connections without it, too,": [group.TransitEncryptionMode === "preferred", false],
        }),
      );
    },
  },
  {
    requirement: "Every table is paid by the request, encrypted under a key of its own, restorable to any second, and forgets by itself",
    lines: ["S002-3.1", "S004-3.1", "S004-3.2", "S004-3.3", "S004-3.4", "S004-T11", "S004-C6", "S004-S3", "S004-D4"],
    asked: (live) => live.resources("aws_dynamodb_table").length > 0,
    faults: (live) =>
      ofEach(live.resources("aws_dynamodb_table"), (table) => {
        const TableName = live.text(table, "name");
        const { server_side_encryption: encryption, ttl } = table.values as {
          server_side_encryption?: { kms_key_arn?: string };
          ttl?: { attribute_name?: string };
        };
        return of(TableName, async () => {
          const { Table } = await live.own.dynamodb.send(new DescribeTableCommand({ TableName }));
          const { TimeToLiveDescription } = await live.own.dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
          return differences({
            status: [Table?.TableStatus, "ACTIVE"],
            "billing mode": [Table?.BillingModeSummary?.BillingMode, "PAY_PER_REQUEST"],
            key: [Table?.SSEDescription?.KMSMasterKeyArn, await live.keyBehind(table, encryption?.kms_key_arn)],
            "deletion protection": [Table?.DeletionProtectionEnabled, live.config.protect],
            "recovery to a point in time": [await recovery(live.own.dynamodb, TableName), "ENABLED"],
            "time to live": [TimeToLiveDescription?.TimeToLiveStatus, "ENABLED"],
            "its attribute": [TimeToLiveDescription?.AttributeName, ttl?.attribute_name],
          });
        });
      }),
  },
  {
    requirement: "Every bucket is versioned",
    lines: ["S002-4.1", "S002-4.2", "S002-T6", "S002-C4", "S002-D6", "S004-5.1", "S004-5.2", "S004-S3", "S004-D6"],
    faults: (live) =>
      eachBucket(live, async (Bucket) => {
        const { Status } = await live.own.s3.send(new GetBucketVersioningCommand({ Bucket }));
        return differences({ versioning: [Status, "Enabled"] });
      }),
  },
  {
    requirement: "Every bucket is encrypted, and under a key of its own where AWS allows one",
    lines: ["S000-T16", "S000-S4", "S002-4.3", "S002-C9", "S004-5.4", "S004-T11"],
    faults: (live) =>
      ofEach(live.resources("aws_s3_bucket_server_side_encryption_configuration"), async (encryption) => {
        const Bucket = live.text(encryption, "bucket");
        const { rule } = encryption.values as { rule: { apply_server_side_encryption_by_default: MeantEncryption }[] };
        const { sse_algorithm: algorithm, kms_master_key_id: keyId } = rule[0]?.apply_server_side_encryption_by_default ?? {};
        const key = keyId === undefined ? undefined : await live.keyBehind(encryption, keyId);
        return of(Bucket, async () => {
          const { ServerSideEncryptionConfiguration } = await live.own.s3.send(new GetBucketEncryptionCommand({ Bucket }));
          const actual = ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
          return differences({ encryption: [actual?.SSEAlgorithm, algorithm], key: [actual?.KMSMasterKeyID, key] });
        });
      }),
  },
  {
    requirement: "No bucket can be made public, nor hold what others own, and every one speaks TLS only",
    lines: ["S002-C9", "S002-C10", "S002-S4", "S004-T12", "S004-C7"],
    faults: (live) =>
      eachBucket(live, async (Bucket) => {
        const { PublicAccessBlockConfiguration: block = {} } = await live.own.s3.send(new GetPublicAccessBlockCommand({ Bucket }));
        const { OwnershipControls } = await live.own.s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
        const { Policy = "{}" } = await live.own.s3.send(new GetBucketPolicyCommand({ Bucket }));
        return [
          ...differences({
            BlockPublicAcls: [block.BlockPublicAcls, true],
            BlockPublicPolicy: [block.BlockPublicPolicy, true],
            IgnorePublicAcls: [block.IgnorePublicAcls, true],
            RestrictPublicBuckets: [block.RestrictPublicBuckets, true],
            ownership: [OwnershipControls?.Rules?.[0]?.ObjectOwnership, "BucketOwnerEnforced"],
          }),
          ...(deniesPlainHttp(Policy) ? [] : ["its policy lets in requests without TLS"]),
        ];
      }),
  },
  {
    requirement: "What is in every bucket moves and ends as configured",
    lines: ["S002-4.2", "S004-5.3", "S004-7.4", "S004-C8", "S004-D6"],
    faults: (live) =>
      ofEach(live.resources("aws_s3_bucket_lifecycle_configuration"), (lifecycle) => {
        const Bucket = live.text(lifecycle, "bucket");
        return of(Bucket, async () => {
          const { Rules = [] } = await live.own.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
          const { rule } = lifecycle.values as { rule: MeantLifecycle[] };
          return rule.flatMap((wanted) => lifecycleFaults(Rules, wanted));
        });
      }),
  },
  {
    requirement: "Parameter Store tells the service all it must know, below one path, and encrypts where the secret is",
    lines: ["S000-T11", "S000-D13", "S004-10.1", "S004-10.2", "S004-10.3", "S004-10.4", "S004-D11"],
    faults: async (live) => {
      const found = new Map<string | undefined, ParameterMetadata>();
      const filter = { Key: "Name", Option: "BeginsWith", Values: [`${live.ownNames.path()}/`] };
      for await (const { Parameters = [] } of paginateDescribeParameters({ client: live.own.ssm }, { ParameterFilters: [filter] }))
        for (const parameter of Parameters) found.set(parameter.Name, parameter);
      return live.named("aws_ssm_parameter", "name").flatMap(({ name, values }) => {
        const parameter = found.get(name);
        return parameter ? differences({ [`type of ${name}`]: [parameter.Type, values["type"]] }) : [`${name} does not exist`];
      });
    },
  },
];

/** What holds secrets, of any scope. */
export const SECRETS: readonly Check<Live>[] = [
  {
    requirement: "Every secret is encrypted under a key of its own",
    lines: ["S000-T8", "S000-T16", "S002-C9", "S004-T11", "S004-10.3"],
    asked: (live) => live.resources("aws_secretsmanager_secret").length > 0,
    faults: (live) =>
      ofEach(live.resources("aws_secretsmanager_secret"), (secret) => {
        const name = live.text(secret, "name");
        return of(name, async () => {
          const found = await live.aws(secret.region).secrets.send(new DescribeSecretCommand({ SecretId: name }));
          return [
            ...differences({ key: [found.KmsKeyId, await live.keyBehind(secret, secret.values["kms_key_id"])] }),
            ...(found.DeletedDate ? ["is being deleted"] : []),
          ];
        });
      }),
  },
];

export const SHARED_STORES: readonly Check<Live>[] = [
  {
    requirement: "The database's secret is in every region, under that region's key",
    lines: ["S000-6.1", "S000-6.2", "S000-T16"],
    asked: ({ config }) => hasOwnSecret(config) && config.regions.length > 1,
    faults: (live) => {
      const home = homeRegion(live.config);
      const name = masterSecretName(live.names(home));
      return of(name, async () => {
        const { ReplicationStatus = [] } = await live.aws(home).secrets.send(new DescribeSecretCommand({ SecretId: name }));
        return ofEach(live.config.regions.slice(1), async ({ name: region }) => {
          const replica = ReplicationStatus.find(({ Region }) => Region === region);
          if (!replica) return [`has no replica in ${region}`];
          const key = await live.aws(region).key(masterSecretKeyAlias(live.names(region)));
          return [
            ...(replica.Status === "Failed" ? [`is not replicated to ${region}: ${replica.StatusMessage}`] : []),
            ...differences({ [`key in ${region}`]: [replica.KmsKeyId, key] }),
          ];
        });
      });
    },
  },
  {
    requirement: "Sessions are replicated to every region, under its own key, and restorable there too",
    lines: ["S000-6.1", "S000-6.2"],
    asked: ({ config }) => keepsSessionsIn(config, "dynamodb") && config.regions.length > 1,
    faults: (live) => {
      const home = homeRegion(live.config);
      const TableName = sessionsTableName(live.names(home));
      return of(TableName, async () => {
        const { Table } = await live.aws(home).dynamodb.send(new DescribeTableCommand({ TableName }));
        return ofEach(live.config.regions.slice(1), async ({ name }) => {
          const replica = Table?.Replicas?.find(({ RegionName }) => RegionName === name);
          if (!replica) return [`has no replica in ${name}`];
          return differences({
            [`replica in ${name}`]: [replica.ReplicaStatus, "ACTIVE"],
            [`key in ${name}`]: [replica.KMSMasterKeyId, await live.aws(name).key(keyAlias(live.names(name), SESSIONS_KEY_PURPOSE))],
            [`recovery to a point in time in ${name}`]: [await recovery(live.aws(name).dynamodb, TableName), "ENABLED"],
          });
        });
      });
    },
  },
  {
    requirement: "New objects of every region's buckets are copied to all other regions, under their own keys",
    lines: ["S000-6.1", "S000-6.2"],
    asked: (live) => live.resources("aws_s3_bucket_replication_configuration").length > 0,
    faults: (live) =>
      ofEach(live.resources("aws_s3_bucket_replication_configuration"), (replication) => {
        const Bucket = live.text(replication, "bucket");
        return of(Bucket, async () => {
          const { ReplicationConfiguration } = await live.aws(replication.region).s3.send(new GetBucketReplicationCommand({ Bucket }));
          const rules = ReplicationConfiguration?.Rules ?? [];
          const { rule } = replication.values as { rule: { id: string; destination: { bucket: string } }[] };
          return ofEach(rule, async ({ id: region, destination }) => {
            const found = rules.find(({ Destination }) => Destination?.Bucket === destination.bucket);
            const key = await live.aws(region).key(keyAlias(live.names(region), STORAGE_KEY_PURPOSE));
            return differences({
              [`copying to ${region}`]: [found?.Status, "Enabled"],
              [`copying of deletions to ${region}`]: [found?.DeleteMarkerReplication?.Status, "Disabled"],
              [`key in ${region}`]: [found?.Destination?.EncryptionConfiguration?.ReplicaKmsKeyID, key],
            });
          });
        });
      }),
  },
  {
    requirement: "The runbooks of every region know the health checks that DNS decides by",
    lines: ["S000-6.2", "S000-3.4"],
    asked: ({ config }) => config.runbooks.enabled && config.regions.length > 1,
    faults: async (live) => {
      const checks = await live.environment.healthChecks();
      const { regions } = live.config;
      return ofEach(regions, ({ name: region }) =>
        ofEach(regions, ({ name }) => {
          const Name = live.names(region).path(healthCheckParameter(name));
          return of(Name, async () => {
            const { Parameter } = await live.aws(region).ssm.send(new GetParameterCommand({ Name }));
            return differences({ value: [Parameter?.Value, checks.get(regionDomain(live.config, name))?.id] });
          });
        }),
      );
    },
  },
];

interface MeantEncryption {
  readonly sse_algorithm?: string;
  readonly kms_master_key_id?: string;
}

interface MeantLifecycle {
  readonly id: string;
  readonly transition?: readonly { readonly days: number; readonly storage_class: string }[];
  readonly expiration?: readonly { readonly days?: number }[];
  readonly abort_incomplete_multipart_upload?: readonly { readonly days_after_initiation: number }[];
  readonly noncurrent_version_expiration?: readonly { readonly noncurrent_days: number }[];
}

function lifecycleFaults(rules: readonly LifecycleRule[], wanted: MeantLifecycle): string[] {
  const rule = rules.find(({ ID }) => ID === wanted.id);
  if (!rule) return [`has no rule ${wanted.id}`];
  const moves = (rule.Transitions ?? []).map(({ Days, StorageClass }) => `to ${StorageClass} after ${Days} days`);
  return [
    ...differences({
      [wanted.id]: [rule.Status, "Enabled"],
      "end of objects, in days,": [rule.Expiration?.Days, wanted.expiration?.[0]?.days],
      "end of old versions, in days,": [
        rule.NoncurrentVersionExpiration?.NoncurrentDays,
        wanted.noncurrent_version_expiration?.[0]?.noncurrent_days,
      ],
      "end of abandoned uploads, in days,": [
        rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation,
        wanted.abort_incomplete_multipart_upload?.[0]?.days_after_initiation,
      ],
    }),
    ...compared(
      moves,
      (wanted.transition ?? []).map(({ days, storage_class: storage }) => `to ${storage} after ${days} days`),
      {
        missing: "is a move that does not happen",
        extra: "is a move that is not meant to happen",
      },
    ),
  ];
}

function deniesPlainHttp(policy: string): boolean {
  const { Statement = [] } = JSON.parse(policy) as {
    Statement?: { Effect: string; Principal?: unknown; Action?: unknown; Condition?: { Bool?: Record<string, unknown> } }[];
  };
  return Statement.some(
    ({ Effect, Principal, Action, Condition }) =>
      Effect === "Deny" &&
      (Principal === "*" || JSON.stringify(Principal) === '{"AWS":"*"}') &&
      [Action].flat().includes("s3:*") &&
      String(Condition?.Bool?.["aws:SecureTransport"]) === "false",
  );
}

function eachBucket(live: LiveRegion, faults: (bucket: string) => Promise<readonly string[]>): Promise<string[]> {
  return ofEach(live.resources("aws_s3_bucket"), (resource: Expected) => {
    const name = live.text(resource, "bucket");
    return of(name, () => faults(name));
  });
}

async function recovery(dynamodb: DynamoDBClient, TableName: string): Promise<string | undefined> {
  const { ContinuousBackupsDescription } = await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName }));
  return ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
}

type ReplicationGroup = NonNullable<Awaited<ReturnType<typeof describeCache>>>;

async function describeCache(live: LiveRegion, ReplicationGroupId: string) {
  const { ReplicationGroups: [group] = [] } = await live.own.elasticache.send(new DescribeReplicationGroupsCommand({ ReplicationGroupId }));
  return group;
}

function cache(live: LiveRegion, faults: (group: ReplicationGroup) => readonly string[]): Promise<string[]> {
  const id = live.ownNames.of("elasticache_replication_group");
  return of(id, async () => {
    const group = await describeCache(live, id);
    return group ? faults(group) : ["does not exist"];
  });
}
