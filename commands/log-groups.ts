import { CloudWatchLogsClient, ListTagsForResourceCommand, paginateDescribeLogGroups } from "@aws-sdk/client-cloudwatch-logs";
import type { Names } from "../config/naming";
import { canaryFunctionPrefix } from "../modules/canary/canary";
import { logGroupPatterns } from "../stacks/log-group-patterns";

/** Names of a synthesized region from which those of its log groups follow. */
export interface SynthesizedNames {
  readonly logGroups: readonly string[];
  readonly canaries: readonly string[];
}

/** A log group that has the name of one of an environment, and none of its tags. */
export interface UntaggedLogGroup {
  readonly name: string;
  readonly arn: string;
}

interface Search {
  readonly prefix: string;
  readonly matches: (name: string) => boolean;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The names to search for. Each is exact, or starts with the full name of a resource and a slash: `function-*-4` would also
 * match the names of the environment `pr-4`, so that such names are searched for only if they are in the last synth.
 */
export function logGroupSearches(names: Names, { logGroups, canaries }: SynthesizedNames): Search[] {
  const patterns = logGroupPatterns(names);
  const folders = patterns.filter((pattern) => pattern.endsWith("/*")).map((pattern) => pattern.slice(0, -1));
  const exact = [...patterns.filter((pattern) => !pattern.includes("*")), ...logGroups];
  // Synthetics cuts the names of canaries. A name that contains only a part of the suffix can be that of another environment.
  const ownCanaries = canaries.filter((canary) => canaryFunctionPrefix(canary).includes(`${names.of("synthetics_canary")}-`));
  return [
    ...folders.map((prefix) => ({ prefix, matches: () => true })),
    ...[...new Set(exact)]
      .filter((name) => !folders.some((folder) => name.startsWith(folder)))
      .map((prefix) => ({ prefix, matches: (name: string) => name === prefix })),
    ...ownCanaries.map((canary) => {
      const prefix = `/aws/lambda/${canaryFunctionPrefix(canary)}-`;
      return { prefix, matches: (name: string) => UUID.test(name.slice(prefix.length)) };
    }),
  ];
}

/**
 * The log groups of an environment in one region that have no tags. AWS services create such groups when they deliver logs
 * after Terraform has deleted the group.
 */
export async function findUntaggedLogGroups(region: string, names: Names, synthesized: SynthesizedNames): Promise<UntaggedLogGroup[]> {
  const client = new CloudWatchLogsClient({ region });
  const found: UntaggedLogGroup[] = [];
  for (const { prefix, matches } of logGroupSearches(names, synthesized))
    for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, { logGroupNamePrefix: prefix }))
      for (const { logGroupName: name, arn: anyStream } of logGroups) {
        if (name === undefined || anyStream === undefined || !matches(name)) continue;
        const arn = anyStream.replace(/:\*$/, "");
        const { tags = {} } = await client.send(new ListTagsForResourceCommand({ resourceArn: arn }));
        if (Object.keys(tags).length === 0) found.push({ name, arn });
      }
  return found;
}
