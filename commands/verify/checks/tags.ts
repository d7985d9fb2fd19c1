import { allTags } from "../../../stacks/tags";
import { type Check, checkEach, differences } from "../check";
import type { Live } from "../live";
import { LiveRegion } from "../live-region";

/** Of any scope. */
export const TAGS: readonly Check<Live>[] = [
  {
    requirement: "Every tagged resource has all of the environment's tags",
    requirementIds: ["S003-C8", "S003-D15"],
    appliesTo: (live) => taggedRegions(live).length > 0,
    violations: (live) =>
      checkEach(taggedRegions(live), async (region) => {
        const found = await live.aws(region).tagged();
        const desired = Object.entries(allTags(live.config));
        return [...found].flatMap(([arn, tags]) =>
          differences(Object.fromEntries(desired.map(([key, value]) => [`tag ${key}`, [tags[key], value]]))).map(
            (violation) => `${arn}: ${violation}`,
          ),
        );
      }),
  },
];

/** The region itself; for the failover stack, only regions that are not regions of the environment, such as us-east-1. */
function taggedRegions(live: Live): string[] {
  if (live instanceof LiveRegion) return [live.region.name];
  const own = live.config.regions.map(({ name }) => name);
  return [...new Set(live.resources("aws_sns_topic").map(({ region }) => region))].filter((region) => !own.includes(region));
}
