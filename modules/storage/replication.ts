import { DataAwsKmsAlias } from "@cdktf/provider-aws/lib/data-aws-kms-alias";
import { S3BucketReplicationConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-replication-configuration";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { keyAlias, viaService } from "../encryption/key";
import { ServiceRole } from "../iam/service-role";
import { firstApply } from "../state/first-apply";

interface BucketRegion {
  readonly region: string;
  readonly names: Names;
  readonly provider: TerraformProvider;
}

export interface ReplicationProps {
  /** ID of the AWS account, as in ARNs and in the conditions of policies. */
  readonly accountId: string;
  /** Purposes of the buckets. Each region has one bucket for each purpose. */
  readonly purposes: readonly string[];
  /** Region of the source buckets, its names and its provider. */
  readonly from: BucketRegion;
  /** Regions of the destination buckets. Objects are transferred to each, which AWS charges for. */
  readonly to: readonly BucketRegion[];
}

/** Id of the rule that replicates the objects of a bucket to a region. */
export function replicationRule(destinationRegion: string): string {
  return destinationRegion;
}

/** Purpose of the key of the buckets in every region, as part of the alias by which the failover stack looks it up. */
export const STORAGE_KEY_PURPOSE = "storage";

/**
 * Replicates new objects from the buckets of one region to those of the others, with the key of each region. Deletions and
 * replicas are not replicated, so replication in both directions is possible. Existing objects are not replicated.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
 */
export class Replication extends Construct {
  constructor(scope: Construct, id: string, { accountId, purposes, from, to }: ReplicationProps) {
    super(scope, id);
    // A first plan succeeds before the regions have the keys.
    const dependsOn = [firstApply(this)];
    const keyOf = ({ region, names, provider }: BucketRegion) =>
      new DataAwsKmsAlias(this, `key-${region}`, {
        name: keyAlias(names, STORAGE_KEY_PURPOSE),
        provider,
        dependsOn,
      }).targetKeyArn;
    const sourceKey = keyOf(from);
    const targets = to.map((target) => ({ ...target, key: keyOf(target) }));
    const arn = ({ names }: { names: Names }, purpose: string) => `arn:aws:s3:::${names.of("s3_bucket", purpose)}`;
    const role = new ServiceRole(this, "role", {
      names: from.names,
      accountId,
      purpose: "s3-replication",
      service: "s3.amazonaws.com",
      anyAccountBecause:
        "AWS does not document that S3 sets aws:SourceAccount when it replicates; if it does not, the condition would prevent all replication",
      statements: [
        {
          Sid: "ReadSourceConfiguration",
          Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
          Resource: purposes.map((purpose) => arn(from, purpose)),
        },
        {
          Sid: "ReadSourceVersions",
          Action: [
            "s3:GetObjectVersionForReplication",
            "s3:GetObjectVersionAcl",
            "s3:GetObjectVersionTagging",
            "s3:GetObjectRetention",
            "s3:GetObjectLegalHold",
          ],
          Resource: purposes.map((purpose) => `${arn(from, purpose)}/*`),
        },
        {
          Sid: "DecryptSource",
          Action: "kms:Decrypt",
          Resource: sourceKey,
          Condition: viaService("s3", from.region),
        },
        {
          Sid: "WriteCopies",
          Action: ["s3:ReplicateObject", "s3:ReplicateTags"],
          Resource: targets.flatMap((target) => purposes.map((purpose) => `${arn(target, purpose)}/*`)),
        },
        ...targets.map((target, index) => ({
          Sid: `EncryptCopies${index}`,
          // With an S3 Bucket Key, S3 decrypts the bucket-level key before it encrypts objects.
          Action: ["kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"],
          Resource: target.key,
          Condition: viaService("s3", target.region),
        })),
      ],
    });
    for (const purpose of purposes)
      new S3BucketReplicationConfigurationA(this, purpose, {
        bucket: from.names.of("s3_bucket", purpose),
        role: role.arn,
        provider: from.provider,
        rule: targets.map((target, index) => ({
          id: replicationRule(target.region),
          status: "Enabled",
          priority: index,
          filter: { prefix: "" },
          deleteMarkerReplication: { status: "Disabled" },
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
          destination: {
            bucket: arn(target, purpose),
            encryptionConfiguration: { replicaKmsKeyId: target.key },
            // The alarms of the regions need them.
            metrics: { status: "Enabled" },
          },
        })),
        dependsOn: [...role.ready],
      });
  }
}
