import { type LogGroup, paginateDescribeLogGroups } from "@aws-sdk/client-cloudwatch-logs";
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
        // Synthetics names the functions of canaries, and with them their log groups.
        ...live.named("aws_synthetics_canary", "name").map(({ name: canary }) => {
          const name = `/aws/lambda/cwsyn-${canary}-`;
          return { name, found: groups.find(({ logGroupName }) => logGroupName?.startsWith(name)) };
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

async function logGroups(live: LiveRegion): Promise<LogGroup[]> {
  const found: LogGroup[] = [];
  for await (const page of paginateDescribeLogGroups({ client: live.own.logs }, {})) found.push(...(page.logGroups ?? []));
  return found;
}
