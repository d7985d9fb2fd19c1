import {
  BucketLocationConstraint,
  CreateBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type LifecycleRule,
  type PublicAccessBlockConfiguration,
  type S3Client,
  type ServerSideEncryptionRule,
} from "@aws-sdk/client-s3";
import { isDeepStrictEqual } from "node:util";

/** A setting, and what was done about it. */
export interface Outcome {
  readonly what: string;
  readonly result: "created" | "set" | "unchanged";
}

/** One setting of the bucket: how to read it, the desired value, how to write it. */
interface Setting {
  readonly what: string;
  readonly desired: unknown;
  read(): Promise<unknown>;
  write(): Promise<unknown>;
}

const OLD_STATES_DAYS = 90;

/**
 * Creates the bucket for a region's Terraform state, or corrects its settings: versioned, encrypted, private, TLS only.
 * Reads first and writes only what differs, so a second run changes nothing.
 * @param s3 a client of the bucket's region
 * @throws when another account owns a bucket of that name
 */
export async function ensureStateBucket(s3: S3Client, bucket: string, region: string, accountId: string): Promise<Outcome[]> {
  const owner = { Bucket: bucket, ExpectedBucketOwner: accountId };
  const outcomes: Outcome[] = [{ what: "bucket", result: await ensureBucket(s3, bucket, region, accountId) }];
  for (const setting of settings(s3, owner)) {
    const right = isDeepStrictEqual(await setting.read(), setting.desired);
    if (!right) await setting.write();
    outcomes.push({ what: setting.what, result: right ? "unchanged" : "set" });
  }
  return outcomes;
}

async function ensureBucket(s3: S3Client, Bucket: string, region: string, accountId: string): Promise<Outcome["result"]> {
  const found = await whenThere(() => s3.send(new HeadBucketCommand({ Bucket, ExpectedBucketOwner: accountId })));
  if (found) return "unchanged";
  // The API rejects us-east-1 as a location constraint: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
  const place = region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } };
  await s3.send(new CreateBucketCommand({ Bucket, ObjectOwnership: "BucketOwnerEnforced", ...place }));
  return "created";
}

function settings(s3: S3Client, owner: { Bucket: string; ExpectedBucketOwner: string }): Setting[] {
  const access: PublicAccessBlockConfiguration = {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  };
  const encryption: ServerSideEncryptionRule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" }, BucketKeyEnabled: true };
  const lifecycle: LifecycleRule = {
    ID: "old-states",
    Status: "Enabled",
    Filter: { Prefix: "" },
    NoncurrentVersionExpiration: { NoncurrentDays: OLD_STATES_DAYS },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
  };
  const policy = tlsOnly(owner.Bucket);
  return [
    {
      what: "no public access",
      desired: access,
      read: async () => (await whenThere(() => s3.send(new GetPublicAccessBlockCommand(owner))))?.PublicAccessBlockConfiguration,
      write: () => s3.send(new PutPublicAccessBlockCommand({ ...owner, PublicAccessBlockConfiguration: access })),
    },
    {
      what: "versioning",
      desired: "Enabled",
      read: async () => (await s3.send(new GetBucketVersioningCommand(owner))).Status,
      write: () => s3.send(new PutBucketVersioningCommand({ ...owner, VersioningConfiguration: { Status: "Enabled" } })),
    },
    {
      what: "encryption",
      desired: encryption,
      read: async () =>
        pick(
          (await whenThere(() => s3.send(new GetBucketEncryptionCommand(owner))))?.ServerSideEncryptionConfiguration?.Rules?.[0],
          encryption,
        ),
      write: () => s3.send(new PutBucketEncryptionCommand({ ...owner, ServerSideEncryptionConfiguration: { Rules: [encryption] } })),
    },
    {
      what: `previous state versions kept for ${OLD_STATES_DAYS} days`,
      desired: lifecycle,
      read: async () => pick((await whenThere(() => s3.send(new GetBucketLifecycleConfigurationCommand(owner))))?.Rules?.[0], lifecycle),
      write: () => s3.send(new PutBucketLifecycleConfigurationCommand({ ...owner, LifecycleConfiguration: { Rules: [lifecycle] } })),
    },
    {
      what: "TLS only",
      desired: policy,
      read: async () => parse((await whenThere(() => s3.send(new GetBucketPolicyCommand(owner))))?.Policy),
      write: () => s3.send(new PutBucketPolicyCommand({ ...owner, Policy: JSON.stringify(policy) })),
    },
  ];
}

function tlsOnly(bucket: string): object {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "EncryptedTransportOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
}

/** The result of a call, undefined when AWS returns 404. */
async function whenThere<Result>(call: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await call();
  } catch (error) {
    if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404) return undefined;
    throw error;
  }
}

/** The fields of a response that the desired value has. AWS adds others. */
function pick(response: object | undefined, desired: object): object | undefined {
  if (!response) return undefined;
  const fields = response as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(desired).map(([key, value]) => {
      const field = fields[key];
      const nested = typeof value === "object" && typeof field === "object" && field !== null;
      return [key, nested ? pick(field, value as object) : field];
    }),
  );
}

function parse(policy: string | undefined): unknown {
  return policy === undefined ? undefined : JSON.parse(policy);
}
