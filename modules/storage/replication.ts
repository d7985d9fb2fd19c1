import { DataAwsKmsAlias } from "@cdktf/provider-aws/lib/data-aws-kms-alias";
import { S3BucketReplicationConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-replication-configuration";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { keyAlias, viaService } from "../encryption/key";
import { ServiceRole } from "../iam/service-role";

interface Place {
  readonly region: string;
  readonly names: Names;
  readonly provider: TerraformProvider;
}

export interface ReplicationProps {
  readonly accountId: string;
  /** What the buckets hold: there is one of each in every place. */
  readonly holds: readonly string[];
  readonly from: Place;
  readonly to: readonly Place[];
  /** A resource of the same stack: the regions' keys are looked up after it, so that a first plan works before the regions exist. */
  readonly lookUpAfter: ITerraformDependable;
}

/** What the key of every region's buckets protects: part of its alias, by which other regions find it. */
export const STORAGE_KEY_PURPOSE = "storage";

/**
 * Copies new objects of one region's buckets to the others', under each region's own key. Deletions are not copied, nor
 * are copies copied again: it can run both ways. Objects that are there before are not copied.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
 */
export class Replication extends Construct {
  constructor(scope: Construct, id: string, { accountId, holds, from, to, lookUpAfter }: ReplicationProps) {
    super(scope, id);
    const keyOf = (place: Place) =>
      new DataAwsKmsAlias(this, `key-${place.region}`, {
        name: keyAlias(place.names, STORAGE_KEY_PURPOSE),
        provider: place.provider,
        dependsOn: [lookUpAfter],
      }).targetKeyArn;
    const sourceKey = keyOf(from);
    const targets = to.map((place) => ({ ...place, key: keyOf(place) }));
    const arn = (place: { names: Names }, what: string) => `arn:aws:s3:::${place.names.of("s3_bucket", what)}`;
    const role = new ServiceRole(this, "role", {
      names: from.names,
      accountId,
      purpose: "s3-replication",
      service: "s3.amazonaws.com",
      anyAccountBecause: "no page of AWS says that S3 names the account when it replicates, and without it nothing would be copied",
      statements: [
        {
          Sid: "ReadSourceConfiguration",
          Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
          Resource: holds.map((what) => arn(from, what)),
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
          Resource: holds.map((what) => `${arn(from, what)}/*`),
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
          Resource: targets.flatMap((target) => holds.map((what) => `${arn(target, what)}/*`)),
        },
        ...targets.map((target, index) => ({
          Sid: `EncryptCopies${index}`,
          // A bucket key is decrypted before it encrypts.
          Action: ["kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"],
          Resource: target.key,
          Condition: viaService("s3", target.region),
        })),
      ],
    });
    for (const what of holds)
      new S3BucketReplicationConfigurationA(this, what, {
        bucket: from.names.of("s3_bucket", what),
        role: role.arn,
        provider: from.provider,
        rule: targets.map((target, index) => ({
          id: target.region,
          status: "Enabled",
          priority: index,
          filter: { prefix: "" },
          deleteMarkerReplication: { status: "Disabled" },
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
          destination: {
            bucket: arn(target, what),
            encryptionConfiguration: { replicaKmsKeyId: target.key },
          },
        })),
        dependsOn: [...role.ready],
      });
  }
}
