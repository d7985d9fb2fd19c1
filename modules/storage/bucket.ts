import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRule,
} from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { policy, type Statement } from "../iam/policy";

interface ObjectLock {
  /** `GOVERNANCE`: a permission can shorten it; `COMPLIANCE`: nobody can, not even the account's owner. */
  readonly mode: "GOVERNANCE" | "COMPLIANCE";
  /** Days for which a new version can be neither changed nor deleted. */
  readonly days: number;
}

export interface BucketProps {
  readonly names: Names;
  /** What the bucket holds, as part of its name: `transaction-logs`. Changing it replaces the bucket. */
  readonly holds: string;
  /** Customer-managed key. @default - a key of S3 itself, for the few services that write to no other */
  readonly keyArn?: string;
  /** What becomes of objects with time, by rule. */
  readonly lifecycle: Omit<S3BucketLifecycleConfigurationRule, "id" | "status" | "filter">;
  /** Whether deleting the bucket deletes the objects in it. */
  readonly forceDestroy: boolean;
  /** Bucket for the records of who asked for what. @default - no records */
  readonly accessLogs?: { readonly bucketName: string; readonly writable: S3BucketPolicy };
  /** Only from the bucket's creation on; changing it to or from nothing replaces the bucket. */
  readonly objectLock?: ObjectLock | undefined;
  /** Whom the bucket lets in beside the account's own roles. @default - nobody */
  readonly statements?: readonly Statement[];
}

/** Days after which the parts of an upload that never ended are deleted. */
const ABANDONED_UPLOAD_DAYS = 7;

/** A private bucket: versioned, encrypted, over TLS only, owned by the account whoever writes, and with an end to what it keeps. */
export class Bucket extends Construct {
  readonly bucketName: string;
  readonly bucketArn: string;
  /** Exists once those whom the policy lets in may write. */
  readonly writable: S3BucketPolicy;

  constructor(scope: Construct, id: string, props: BucketProps) {
    super(scope, id);
    const name = props.names.of("s3_bucket", props.holds);
    this.bucketArn = `arn:aws:s3:::${name}`;
    const resource = new S3Bucket(this, "bucket", {
      bucket: name,
      forceDestroy: props.forceDestroy,
      ...(props.objectLock && { objectLockEnabled: true }),
    });
    const bucket = resource.bucket;
    this.bucketName = bucket;
    const access = new S3BucketPublicAccessBlock(this, "public-access", {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, "ownership", { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } });
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket,
      rule: [
        props.keyArn
          ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: props.keyArn }, bucketKeyEnabled: true }
          : { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
      ],
    });
    const versioning = new S3BucketVersioningA(this, "versioning", { bucket, versioningConfiguration: { status: "Enabled" } });
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket,
      rule: [
        {
          id: "keep-and-expire",
          status: "Enabled",
          filter: [{ prefix: "" }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: ABANDONED_UPLOAD_DAYS }],
          ...props.lifecycle,
        },
      ],
      dependsOn: [versioning],
    });
    if (props.objectLock)
      new S3BucketObjectLockConfigurationA(this, "object-lock", {
        bucket,
        rule: { defaultRetention: { mode: props.objectLock.mode, days: props.objectLock.days } },
        dependsOn: [versioning],
      });
    if (props.accessLogs)
      new S3BucketLoggingA(this, "access-logging", {
        bucket,
        targetBucket: props.accessLogs.bucketName,
        targetPrefix: `s3/${name}/`,
        dependsOn: [props.accessLogs.writable],
      });
    this.writable = new S3BucketPolicy(this, "policy", {
      bucket,
      policy: policy(
        {
          Sid: "EncryptedTransportOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [this.bucketArn, `${this.bucketArn}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        ...(props.statements ?? []),
      ),
      dependsOn: [access],
    });
  }
}
