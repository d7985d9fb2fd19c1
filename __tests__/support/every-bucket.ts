import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  ListBucketsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "@jest/globals";
import type { Deployment } from "./deployment";

/** Tests each bucket of an environment on AWS. @param holds the purposes of all buckets */
export function describeEveryBucket(deployed: () => Deployment, holds: readonly string[]): void {
  describe("every bucket", () => {
    const s3 = () => new S3Client({ region: deployed().region, forcePathStyle: true });
    const names = () => holds.map((what) => deployed().names.of("s3_bucket", what)).sort();

    it(`is expected: ${holds.join(", ")}`, async () => {
      const { Buckets = [] } = await s3().send(new ListBucketsCommand({}));
      const own = Buckets.map(({ Name = "" }) => Name).filter((name) => name.includes(`-${deployed().cloud.config.environmentSuffix}-`));
      expect(own.sort()).toEqual(names());
    });

    it("is versioned, encrypted, private, owned by the account, and deletes what is old", async () => {
      for (const Bucket of names()) {
        expect(await s3().send(new GetBucketVersioningCommand({ Bucket }))).toMatchObject({ Status: "Enabled" });
        const { ServerSideEncryptionConfiguration } = await s3().send(new GetBucketEncryptionCommand({ Bucket }));
        const algorithm = Bucket.includes("access-logs") ? "AES256" : "aws:kms";
        expect(ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).toBe(algorithm);
        const { PublicAccessBlockConfiguration } = await s3().send(new GetPublicAccessBlockCommand({ Bucket }));
        expect(Object.values(PublicAccessBlockConfiguration ?? {})).toEqual([true, true, true, true]);
        const { OwnershipControls } = await s3().send(new GetBucketOwnershipControlsCommand({ Bucket }));
        expect(OwnershipControls?.Rules?.[0]?.ObjectOwnership).toBe("BucketOwnerEnforced");
        const { Rules = [] } = await s3().send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
        expect(Rules[0]).toMatchObject({ Status: "Enabled", AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } });
        expect(Rules[0]?.NoncurrentVersionExpiration?.NoncurrentDays).toBeGreaterThan(0);
        // Logs and results expire before a transition would reduce the cost.
        if (!/access-logs|canary-results/.test(Bucket))
          expect(Rules[0]?.Transitions?.map(({ StorageClass }) => StorageClass)).toEqual(["STANDARD_IA", "GLACIER_IR"]);
      }
    });

    it("requires TLS", async () => {
      for (const Bucket of names()) {
        const { Policy = "" } = await s3().send(new GetBucketPolicyCommand({ Bucket }));
        const { Statement } = JSON.parse(Policy) as { Statement: { Sid: string; Effect: string; Condition?: unknown }[] };
        expect(Statement.find(({ Sid }) => Sid === "EncryptedTransportOnly")).toMatchObject({
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        });
      }
    });
  });
}
