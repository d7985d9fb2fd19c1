import type { Construct } from "constructs";
import { viaService } from "../encryption/key";
import type { Connection } from "../connections/connection";
import type { Statement } from "../iam/policy";
import { Bucket, type BucketProps } from "./bucket";

export interface DataBucketProps extends Omit<BucketProps, "lifecycle" | "keyArn"> {
  /** Region of the resources, as in ARNs and metrics. */
  readonly region: string;
  /** Customer-managed key of this region. */
  readonly keyArn: string;
  /** Days after which objects move to infrequent access, 30 or more. */
  readonly infrequentAccessAfterDays: number;
  /** Days after which they move to Glacier Instant Retrieval, at least 30 more: higher retrieval cost. AWS Backup supports no colder class. */
  readonly archiveAfterDays: number;
  /** Days after which they are deleted. @default - never */
  readonly expireAfterDays?: number;
  /** Days after which a noncurrent version is permanently deleted. */
  readonly noncurrentVersionRetentionDays: number;
}

/** A bucket for data of the platform, with a customer-managed key. Older objects move to storage classes with a lower cost. */
export class DataBucket extends Bucket {
  private readonly purpose: string;
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
        // A delete marker is removed when the object has no noncurrent versions.
        expiration: [props.expireAfterDays === undefined ? { expiredObjectDeleteMarker: true } : { days: props.expireAfterDays }],
        noncurrentVersionExpiration: [{ noncurrentDays: props.noncurrentVersionRetentionDays }],
      },
    });
    this.purpose = props.purpose;
    this.keyArn = props.keyArn;
    this.region = props.region;
  }

  /** The connection of a service that appends objects, or reads and writes them. */
  connection(access: "append" | "read-write"): Connection {
    const words = this.purpose.split("-");
    const parameter = `storage/${this.purpose}-bucket`;
    const sid = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
    return {
      parameters: { [parameter]: this.bucketName },
      variables: { [`${words.join("_").toUpperCase()}_BUCKET`]: parameter },
      permissions: access === "append" ? this.grantAppend(sid) : this.grantReadWrite(sid),
    };
  }

  /** Permissions to add objects, and not to read, list or delete them. */
  grantAppend(sid: string): Statement[] {
    // Multipart uploads require kms:Decrypt: S3 decrypts the parts to complete the object.
    return [
      this.objects(`${sid}Append`, ["s3:PutObject", "s3:AbortMultipartUpload"]),
      this.key(`${sid}Encrypt`, ["kms:GenerateDataKey", "kms:Decrypt"]),
    ];
  }

  /** Permissions to read, write and delete objects. A deleted object remains as a noncurrent version. */
  private grantReadWrite(sid: string): Statement[] {
    return [
      this.objects(`${sid}ReadWrite`, ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]),
      { Sid: `${sid}List`, Action: "s3:ListBucket", Resource: this.bucketArn },
      this.key(`${sid}Encrypt`, ["kms:GenerateDataKey", "kms:Decrypt"]),
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
