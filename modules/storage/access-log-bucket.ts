import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { policy } from "../iam/policy";

export interface AccessLogBucketProps {
  readonly names: Names;
  readonly accountId: string;
  /** Days after which a log is deleted. */
  readonly retentionDays: number;
  /** Whether deleting the bucket deletes the logs in it. */
  readonly forceDestroy: boolean;
}

/**
 * Where load balancers write their access logs. Encrypted with the keys of S3, because they write to no other: the
 * one store here without a customer-managed key.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
export class AccessLogBucket extends Construct {
  readonly bucketName: string;
  /** Exists once load balancers may write. */
  readonly writable: S3BucketPolicy;

  constructor(scope: Construct, id: string, { names, accountId, retentionDays, forceDestroy }: AccessLogBucketProps) {
    super(scope, id);
    const name = names.of("s3_bucket", "access-logs");
    const bucket = new S3Bucket(this, "bucket", { bucket: name, forceDestroy });
    this.bucketName = bucket.bucket;
    const access = new S3BucketPublicAccessBlock(this, "public-access", {
      bucket: bucket.bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, "ownership", { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } });
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: bucket.bucket,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket: bucket.bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: bucket.bucket,
      rule: [
        {
          id: "expire",
          status: "Enabled",
          filter: [{ prefix: "" }],
          expiration: [{ days: retentionDays }],
          noncurrentVersionExpiration: [{ noncurrentDays: 1 }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
      ],
      dependsOn: [versioning],
    });
    this.writable = new S3BucketPolicy(this, "policy", {
      bucket: bucket.bucket,
      policy: policy(
        {
          Sid: "LoadBalancerWritesLogs",
          Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: `arn:aws:s3:::${name}/AWSLogs/${accountId}/*`,
        },
        {
          Sid: "EncryptedTransportOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ),
      dependsOn: [access],
    });
  }
}
