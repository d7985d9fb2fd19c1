import { type LogGroup, paginateDescribeLogGroups } from "@aws-sdk/client-cloudwatch-logs";
import { canaryFunctionPrefix } from "../../../modules/canary/canary";
import { type Check, differences } from "../check";
import type { LiveRegion } from "../live-region";

export const LOGS: readonly Check<LiveRegion>[] = [
  {
    requirement: "Every log group is encrypted with the logs key and has the configured retention",
    requirementIds: ["S000-C12", "S000-T16", "S002-C8", "S002-C9", "S004-T11", "S004-C8"],
    violations: async (live) => {
      const groups = await logGroups(live);
      const key = await live.key("logs");
      const desired = [
        ...live
          .named("aws_cloudwatch_log_group", "name")
          .map(({ name }) => ({ name, found: groups.find((group) => group.logGroupName === name) })),
        ...live.named("aws_synthetics_canary", "name").map(({ name: canary }, index, canaries) => {
          const prefix = canaryLogPrefix(canary);
          // Several canaries can share the prefix: each needs a group of its own.
          const withSamePrefix = canaries.slice(0, index).filter((other) => canaryLogPrefix(other.name) === prefix).length;
          return { name: `${prefix}...`, found: groups.filter(({ logGroupName }) => logGroupName?.startsWith(prefix))[withSamePrefix] };
        }),
      ];
      return desired.flatMap(({ name, found }) => {
        if (!found) return [`${name} does not exist`];
        const { retentionInDays, kmsKeyId } = found;
        const { logRetentionDays } = live.config.monitoring;
        return differences({ key: [kmsKeyId, key], "retention in days": [retentionInDays, logRetentionDays] }).map(
          (violation) => `${name}: ${violation}`,
        );
      });
    },
  },
];

/** Synthetics names the function of a canary, and with it the log group: only the start of the name is known. */
function canaryLogPrefix(canary: string): string {
  return `/aws/lambda/${canaryFunctionPrefix(canary)}`;
}

async function logGroups(live: LiveRegion): Promise<LogGroup[]> {
  const found: LogGroup[] = [];
  for await (const page of paginateDescribeLogGroups({ client: live.own.logs }, {})) found.push(...(page.logGroups ?? []));
  return found;
}
