import type { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { Bucket } from "./bucket";

export interface AccessLogBucketProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** ID of the AWS account, as in ARNs and in the conditions of policies. */
  readonly accountId: string;
  /** Days after which a log is deleted. */
  readonly retentionDays: number;
  /** Whether deleting the bucket deletes the logs in it. */
  readonly forceDestroy: boolean;
}

/**
 * Bucket of the access logs of load balancers and buckets. Encrypted with SSE-S3, the only encryption that log delivery
 * supports: the only store of the platform without a customer-managed key.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
export class AccessLogBucket extends Bucket {
  constructor(scope: Construct, id: string, { names, accountId, retentionDays, forceDestroy }: AccessLogBucketProps) {
    const arn = `arn:aws:s3:::${names.of("s3_bucket", "access-logs")}`;
    super(scope, id, {
      names,
      purpose: "access-logs",
      forceDestroy,
      lifecycle: { expiration: [{ days: retentionDays }], noncurrentVersionExpiration: [{ noncurrentDays: 1 }] },
      statements: [
        {
          Sid: "LoadBalancerWritesLogs",
          Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: `${arn}/AWSLogs/${accountId}/*`,
        },
        {
          Sid: "BucketsWriteLogs",
          Principal: { Service: "logging.s3.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: `${arn}/s3/*`,
          Condition: { StringEquals: { "aws:SourceAccount": accountId } },
        },
      ],
    });
  }
}
