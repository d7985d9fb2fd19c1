import { DescribeKeyCommand, GetKeyRotationStatusCommand } from "@aws-sdk/client-kms";
import { type Check, checkEach, checkResource, differences } from "../check";
import type { Live } from "../live";

/** Of any scope. */
export const KEYS: readonly Check<Live>[] = [
  {
    requirement: "Every KMS key is enabled and rotates automatically",
    requirementIds: ["S000-T8", "S000-T16", "S000-S4", "S000-D10", "S002-C9", "S002-S4", "S004-T11", "S004-C7"],
    violations: (live) =>
      checkEach(live.resources("aws_kms_alias"), (alias) => {
        const name = live.text(alias, "name");
        return checkResource(name, async () => {
          const aws = live.aws(alias.region);
          const KeyId = await aws.key(name);
          const { KeyMetadata } = await aws.kms.send(new DescribeKeyCommand({ KeyId }));
          const { KeyRotationEnabled } = await aws.kms.send(new GetKeyRotationStatusCommand({ KeyId }));
          return differences({ state: [KeyMetadata?.KeyState, "Enabled"], rotation: [KeyRotationEnabled, true] });
        });
      }),
  },
];
