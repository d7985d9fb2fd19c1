import { S3Backend, type TerraformStack } from "cdktf";
import type { Config } from "../config/config";
import { LOCKFILE_MINOR, minorVersion } from "../config/terraform-version";

/**
 * Stores the state of a stack in the bucket of one region, with S3 state locking. The default encryption of the bucket applies:
 * with `encrypt`, Terraform would request AES256 instead of the KMS key of the bucket.
 * @see https://developer.hashicorp.com/terraform/language/backend/s3
 */
export function addStateBackend(stack: TerraformStack, config: Config, region: string): void {
  const backend = new S3Backend(stack, {
    bucket: stateBucket(config, region),
    key: `standfast/${config.environmentSuffix}/${stack.node.id}.tfstate`,
    region,
  });
  // S3BackendConfig 0.21 lacks the argument: https://github.com/open-constructs/cdk-terrain/pull/217
  if (minorVersion(config.terraformVersion) >= LOCKFILE_MINOR) backend.addOverride("use_lockfile", true);
}

/** Bucket with the state of the stacks of one region, in that region: no stack depends on another region for its state. */
export function stateBucket({ stateBucketPrefix, accountId }: Config, region: string): string {
  return `${stateBucketPrefix}-${accountId}-${region}`;
}
