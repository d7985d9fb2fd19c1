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
import { keyAlias } from "../../../modules/encryption/key";
import { STORAGE_KEY_PURPOSE } from "../../../modules/storage/replication";
import { type Check, checkEach, checkResource, compareSets, differences } from "../check";
import type { Expected } from "../expected";
import type { Live } from "../live";
import type { LiveRegion } from "../live-region";

export const BUCKETS: readonly Check<LiveRegion>[] = [
  {
    requirement: "Every bucket has versioning enabled",
    requirementIds: ["S002-4.1", "S002-4.2", "S002-T6", "S002-C4", "S002-D6", "S004-5.1", "S004-5.2", "S004-S3", "S004-D6"],
    violations: (live) =>
      checkBuckets(live, async (Bucket) => {
        const { Status } = await live.own.s3.send(new GetBucketVersioningCommand({ Bucket }));
        return differences({ versioning: [Status, "Enabled"] });
      }),
  },
  {
    requirement: "Every bucket is encrypted, with a customer managed key where AWS supports one",
    requirementIds: ["S000-T16", "S000-S4", "S002-4.3", "S002-C9", "S004-5.4", "S004-T11"],
    violations: (live) =>
      checkEach(live.resources("aws_s3_bucket_server_side_encryption_configuration"), async (encryption) => {
        const Bucket = live.text(encryption, "bucket");
        const { rule } = encryption.values as { rule: { apply_server_side_encryption_by_default: DesiredEncryption }[] };
        const { sse_algorithm: algorithm, kms_master_key_id: keyId } = rule[0]?.apply_server_side_encryption_by_default ?? {};
        const key = keyId === undefined ? undefined : await live.referencedKey(encryption, keyId);
        return checkResource(Bucket, async () => {
          const { ServerSideEncryptionConfiguration } = await live.own.s3.send(new GetBucketEncryptionCommand({ Bucket }));
          const actual = ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
          return differences({ encryption: [actual?.SSEAlgorithm, algorithm], key: [actual?.KMSMasterKeyID, key] });
        });
      }),
  },
  {
    requirement: "Every bucket blocks public access, owns all its objects and denies requests without TLS",
    requirementIds: ["S002-C9", "S002-C10", "S002-S4", "S004-T12", "S004-C7"],
    violations: (live) =>
      checkBuckets(live, async (Bucket) => {
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
          ...(deniesPlainHttp(Policy) ? [] : ["the bucket policy does not deny requests without TLS"]),
        ];
      }),
  },
  {
    requirement: "Every bucket has the configured lifecycle rules",
    requirementIds: ["S002-4.2", "S004-5.3", "S004-7.4", "S004-C8", "S004-D6"],
    violations: (live) =>
      checkEach(live.resources("aws_s3_bucket_lifecycle_configuration"), (lifecycle) => {
        const Bucket = live.text(lifecycle, "bucket");
        return checkResource(Bucket, async () => {
          const { Rules = [] } = await live.own.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
          const { rule } = lifecycle.values as { rule: DesiredLifecycle[] };
          return rule.flatMap((desired) => lifecycleViolations(Rules, desired));
        });
      }),
  },
];

export const BUCKET_REPLICATION: readonly Check<Live>[] = [
  {
    requirement: "Every region's buckets replicate new objects to all other regions, encrypted with the destination region's key",
    requirementIds: ["S000-6.1", "S000-6.2"],
    appliesTo: (live) => live.resources("aws_s3_bucket_replication_configuration").length > 0,
    violations: (live) =>
      checkEach(live.resources("aws_s3_bucket_replication_configuration"), (replication) => {
        const Bucket = live.text(replication, "bucket");
        return checkResource(Bucket, async () => {
          const { ReplicationConfiguration } = await live.aws(replication.region).s3.send(new GetBucketReplicationCommand({ Bucket }));
          const rules = ReplicationConfiguration?.Rules ?? [];
          const { rule } = replication.values as { rule: { id: string; destination: { bucket: string } }[] };
          return checkEach(rule, async ({ id: region, destination }) => {
            const found = rules.find(({ Destination }) => Destination?.Bucket === destination.bucket);
            const key = await live.aws(region).key(keyAlias(live.names(region), STORAGE_KEY_PURPOSE));
            return differences({
              [`replication to ${region}`]: [found?.Status, "Enabled"],
              [`replication of delete markers to ${region}`]: [found?.DeleteMarkerReplication?.Status, "Disabled"],
              [`key in ${region}`]: [found?.Destination?.EncryptionConfiguration?.ReplicaKmsKeyID, key],
            });
          });
        });
      }),
  },
];

interface DesiredEncryption {
  readonly sse_algorithm?: string;
  readonly kms_master_key_id?: string;
}

interface DesiredLifecycle {
  readonly id: string;
  readonly transition?: readonly { readonly days: number; readonly storage_class: string }[];
  readonly expiration?: readonly { readonly days?: number }[];
  readonly abort_incomplete_multipart_upload?: readonly { readonly days_after_initiation: number }[];
  readonly noncurrent_version_expiration?: readonly { readonly noncurrent_days: number }[];
}

function lifecycleViolations(rules: readonly LifecycleRule[], desired: DesiredLifecycle): string[] {
  const rule = rules.find(({ ID }) => ID === desired.id);
  if (!rule) return [`has no rule ${desired.id}`];
  const moves = (rule.Transitions ?? []).map(({ Days, StorageClass }) => `to ${StorageClass} after ${Days} days`);
  return [
    ...differences({
      [desired.id]: [rule.Status, "Enabled"],
      "expiration of objects in days": [rule.Expiration?.Days, desired.expiration?.[0]?.days],
      "expiration of noncurrent versions in days": [
        rule.NoncurrentVersionExpiration?.NoncurrentDays,
        desired.noncurrent_version_expiration?.[0]?.noncurrent_days,
      ],
      "expiration of incomplete uploads in days": [
        rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation,
        desired.abort_incomplete_multipart_upload?.[0]?.days_after_initiation,
      ],
    }),
    ...compareSets(
      moves,
      (desired.transition ?? []).map(({ days, storage_class: storage }) => `to ${storage} after ${days} days`),
      {
        missing: "is a missing transition",
        extra: "is a transition that is not configured",
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

function checkBuckets(live: LiveRegion, violations: (bucket: string) => Promise<readonly string[]>): Promise<string[]> {
  return checkEach(live.resources("aws_s3_bucket"), (resource: Expected) => {
    const name = live.text(resource, "bucket");
    return checkResource(name, () => violations(name));
  });
}
