import { paginateDescribeLogGroups, type LogGroup } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeKeyCommand, GetKeyRotationStatusCommand } from "@aws-sdk/client-kms";
import { allTags } from "../../../stacks/standfast-stack";
import { type Check, differences, of, ofEach } from "../check";
import { type Live, LiveRegion } from "../live";

/** What holds of everything, of any scope. */
export const ENCRYPTION: readonly Check<Live>[] = [
  {
    requirement: "Every key is ready and rotates",
    lines: ["S000-T8", "S000-T16", "S000-S4", "S000-D10", "S002-C9", "S002-S4", "S004-T11", "S004-C7"],
    faults: (live) =>
      ofEach(live.resources("aws_kms_alias"), (alias) => {
        const name = live.text(alias, "name");
        return of(name, async () => {
          const aws = live.aws(alias.region);
          const KeyId = await aws.key(name);
          const { KeyMetadata } = await aws.kms.send(new DescribeKeyCommand({ KeyId }));
          const { KeyRotationEnabled } = await aws.kms.send(new GetKeyRotationStatusCommand({ KeyId }));
          return differences({ state: [KeyMetadata?.KeyState, "Enabled"], rotation: [KeyRotationEnabled, true] });
        });
      }),
  },
  {
    requirement: "Everything carries the environment's tags",
    lines: ["S003-C8", "S003-D15"],
    asked: (live) => placesOf(live).length > 0,
    faults: (live) =>
      ofEach(placesOf(live), async (region) => {
        const found = await live.aws(region).tagged();
        const wanted = Object.entries(allTags(live.config));
        return [...found].flatMap(([arn, tags]) =>
          differences(Object.fromEntries(wanted.map(([key, value]) => [`tag ${key}`, [tags[key], value]]))).map(
            (fault) => `${arn}: ${fault}`,
          ),
        );
      }),
  },
];

export const LOGS: readonly Check<LiveRegion>[] = [
  {
    requirement: "Every log is encrypted under the logs' own key, and ends as configured",
    lines: ["S000-C12", "S000-T16", "S002-C8", "S002-C9", "S004-T11", "S004-C8"],
    faults: async (live) => {
      const groups = await logGroups(live);
      const key = await live.key("logs");
      const wanted = [
        ...live
          .named("aws_cloudwatch_log_group", "name")
          .map(({ name }) => ({ name, found: groups.find((group) => group.logGroupName === name) })),
        // Synthetics names the functions of canaries, and so their logs.
        ...live.named("aws_synthetics_canary", "name").map(({ name: canary }) => {
          const name = `/aws/lambda/cwsyn-${canary}-`;
          return { name, found: groups.find(({ logGroupName }) => logGroupName?.startsWith(name)) };
        }),
      ];
      return wanted.flatMap(({ name, found }) => {
        if (!found) return [`${name} does not exist`];
        const { retentionInDays, kmsKeyId } = found;
        const { logRetentionDays } = live.config.monitoring;
        return differences({ key: [kmsKeyId, key], "retention, in days,": [retentionInDays, logRetentionDays] }).map(
          (fault) => `${name}: ${fault}`,
        );
      });
    },
  },
];

/** The region itself; of what joins the regions, only places that are no region of the environment. */
function placesOf(live: Live): string[] {
  if (live instanceof LiveRegion) return [live.region.name];
  const own = live.config.regions.map(({ name }) => name);
  return [...new Set(live.resources("aws_sns_topic").map(({ region }) => region))].filter((region) => !own.includes(region));
}

async function logGroups(live: LiveRegion): Promise<LogGroup[]> {
  const found: LogGroup[] = [];
  for await (const page of paginateDescribeLogGroups({ client: live.own.logs }, {})) found.push(...(page.logGroups ?? []));
  return found;
}
