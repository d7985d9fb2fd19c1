import { DescribeStateMachineCommand } from "@aws-sdk/client-sfn";
import { type Check, checkEach, checkResource, differences } from "../check";
import type { LiveRegion } from "../live-region";

export const RUNBOOKS: readonly Check<LiveRegion>[] = [
  {
    requirement: "Every runbook is active, encrypted with its own key, logged and traced",
    requirementIds: ["S004-9.1", "S004-9.2", "S004-9.3", "S004-S6", "S004-D10", "S004-C8"],
    appliesTo: (live) => live.resources("aws_sfn_state_machine").length > 0,
    violations: (live) =>
      checkEach(live.resources("aws_sfn_state_machine"), (machine) => {
        const name = live.text(machine, "name");
        return checkResource(name, async () => {
          // The definition is encrypted; the metadata can be read without permission on its key.
          const found = await live.own.sfn.send(
            new DescribeStateMachineCommand({
              stateMachineArn: live.own.arn("states", `stateMachine:${name}`),
              includedData: "METADATA_ONLY",
            }),
          );
          const key = (machine.values["encryption_configuration"] as { kms_key_id: string }).kms_key_id;
          return differences({
            status: [found.status, "ACTIVE"],
            "log level": [found.loggingConfiguration?.level, "ALL"],
            tracing: [found.tracingConfiguration?.enabled, true],
            key: [found.encryptionConfiguration?.kmsKeyId, await live.referencedKey(machine, key)],
          });
        });
      }),
  },
];
