import { S3Backend, type TerraformStack } from "cdktf";
import type { Config } from "../config/config";
import { LOCKFILE_MINOR, minorVersion } from "../config/terraform-version";

/** Keeps a stack's state in the bucket of one region: encrypted, and locked by S3 itself while an apply runs. */
export function addStateBackend(stack: TerraformStack, config: Config, region: string): void {
  const backend = new S3Backend(stack, {
    bucket: stateBucket(config, region),
    key: `standfast/${config.environmentSuffix}/${stack.node.id}.tfstate`,
    region,
    encrypt: true,
  });
  // S3BackendConfig 0.21 does not know the argument: https://github.com/open-constructs/cdk-terrain/pull/217
  if (minorVersion(config.terraformVersion) >= LOCKFILE_MINOR) backend.addOverride("use_lockfile", true);
}

/** Bucket that holds the state of one region's stacks: in that region, so that no stack needs another's region. */
export function stateBucket({ stateBucketPrefix, accountId }: Config, region: string): string {
  return `${stateBucketPrefix}-${accountId}-${region}`;
}
