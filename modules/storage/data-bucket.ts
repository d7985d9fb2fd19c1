import type { Construct } from "constructs";
import { viaService } from "../encryption/key";
import type { Connection } from "../connections/connection";
import type { Statement } from "../iam/policy";
import { Bucket, type BucketProps } from "./bucket";

export interface DataBucketProps extends Omit<BucketProps, "lifecycle" | "keyArn"> {
  readonly region: string;
  /** Customer-managed key of this region. */
  readonly keyArn: string;
  /** Days after which objects move to infrequent access, 30 or more. */
  readonly infrequentAccessAfterDays: number;
  /** Days after which they move to the archive, at least 30 more: read at once, at a price. AWS Backup knows no deeper one. */
  readonly archiveAfterDays: number;
  /** Days after which they are deleted. @default - never */
  readonly expireAfterDays?: number;
  /** Days after which a version that was overwritten or deleted is gone for good. */
  readonly noncurrentVersionRetentionDays: number;
}

/** A bucket for data of the platform's own, under a customer-managed key, cheaper the older the data are. */
export class DataBucket extends Bucket {
  private readonly holds: string;
  private readonly keyArn: string;
  private readonly region: string;

  constructor(scope: Construct, id: string, props: DataBucketProps) {
    super(scope, id, {
      ...props,
      lifecycle: {
        transition: [
          { days: props.infrequentAccessAfterDays, storageClass: "STANDARD_IA" },
          { days: props.archiveAfterDays, storageClass: "GLACIER_IR" },
        ],
        // Markers of deleted objects go once no version is left behind them.
        expiration: [props.expireAfterDays === undefined ? { expiredObjectDeleteMarker: true } : { days: props.expireAfterDays }],
        noncurrentVersionExpiration: [{ noncurrentDays: props.noncurrentVersionRetentionDays }],
      },
    });
    this.holds = props.holds;
    this.keyArn = props.keyArn;
    this.region = props.region;
  }

  /** What a service needs to add to the bucket, or to keep data of its own in it. */
  connection(access: "append" | "read-write"): Connection {
    const words = this.holds.split("-");
    const parameter = `storage/${this.holds}-bucket`;
    const sid = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
    return {
      parameters: { [parameter]: this.bucketName },
      variables: { [`${words.join("_").toUpperCase()}_BUCKET`]: parameter },
      permissions: access === "append" ? this.grantAppend(sid) : this.grantReadWrite(sid),
    };
  }

  /** What a writer of logs needs: to add objects, and nothing that reads, lists or deletes them. */
  grantAppend(sid: string): Statement[] {
    // Large objects go up in parts, which S3 decrypts to put them together.
    return [
      this.objects(`${sid}Append`, ["s3:PutObject", "s3:AbortMultipartUpload"]),
      this.key(`${sid}Crypt`, ["kms:GenerateDataKey", "kms:Decrypt"]),
    ];
  }

  /** What a program needs for data of its own. Deleting leaves a version behind. */
  private grantReadWrite(sid: string): Statement[] {
    return [
      this.objects(`${sid}ReadWrite`, ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]),
      { Sid: `${sid}List`, Action: "s3:ListBucket", Resource: this.bucketArn },
      this.key(`${sid}Crypt`, ["kms:GenerateDataKey", "kms:Decrypt"]),
    ];
  }

  private objects(Sid: string, Action: readonly string[]): Statement {
    return { Sid, Action, Resource: `${this.bucketArn}/*` };
  }

  private key(Sid: string, Action: readonly string[]): Statement {
    return {
      Sid,
      Action,
      Resource: this.keyArn,
      Condition: viaService("s3", this.region),
    };
  }
}
