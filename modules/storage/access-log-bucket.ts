import type { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { Bucket } from "./bucket";

export interface AccessLogBucketProps {
  readonly names: Names;
  readonly accountId: string;
  /** Days after which a log is deleted. */
  readonly retentionDays: number;
  /** Whether deleting the bucket deletes the logs in it. */
  readonly forceDestroy: boolean;
}

/**
 * Where load balancers and buckets write who asked for what. Encrypted with the keys of S3, because they write to no
 * other: the one store here without a customer-managed key.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
export class AccessLogBucket extends Bucket {
  constructor(scope: Construct, id: string, { names, accountId, retentionDays, forceDestroy }: AccessLogBucketProps) {
    const arn = `arn:aws:s3:::${names.of("s3_bucket", "access-logs")}`;
    super(scope, id, {
      names,
      holds: "access-logs",
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
