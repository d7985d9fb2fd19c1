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
  /** `GOVERNANCE`: a principal with the permission can shorten it. `COMPLIANCE`: no principal can, not even the root user. */
  readonly mode: "GOVERNANCE" | "COMPLIANCE";
  /** Days for which a new object version can be neither overwritten nor deleted. */
  readonly days: number;
}

export interface BucketProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** Purpose of the bucket, as part of its name: `transaction-logs`. Changing it replaces the bucket. */
  readonly purpose: string;
  /** Customer-managed key. @default - SSE-S3, for services that support no other encryption */
  readonly keyArn?: string;
  /** Transitions and expiration of objects. */
  readonly lifecycle: Omit<S3BucketLifecycleConfigurationRule, "id" | "status" | "filter">;
  /** Whether deleting the bucket also deletes its objects. */
  readonly forceDestroy: boolean;
  /** Bucket of the server access logs. @default - no access logs */
  readonly accessLogs?: { readonly bucketName: string; readonly writable: S3BucketPolicy };
  /** Set when the bucket is created. Adding or removing it replaces the bucket. */
  readonly objectLock?: ObjectLock | undefined;
  /** Statements that allow principals other than the roles of the account. @default - none */
  readonly statements?: readonly Statement[];
}

/** Days after which the parts of an incomplete multipart upload are deleted. */
const ABANDONED_UPLOAD_DAYS = 7;

/**
 * Smaller objects stay in S3 Standard: the other classes charge for each object as for 128 KB, and for each transition.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
 */
const SMALLEST_TRANSITION = "all_storage_classes_128K";

/** A private bucket: versioned, encrypted, TLS only, with object ownership of the account and a lifecycle. */
export class Bucket extends Construct {
  readonly bucketName: string;
  readonly bucketArn: string;
  /** Exists once the allowed principals may write. */
  readonly writable: S3BucketPolicy;

  constructor(scope: Construct, id: string, props: BucketProps) {
    super(scope, id);
    const name = props.names.of("s3_bucket", props.purpose);
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
      transitionDefaultMinimumObjectSize: SMALLEST_TRANSITION,
      rule: [
        {
          id: "transition-and-expire",
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
