import type { Check } from "../check";
import type { LiveRegion } from "../live-region";

export const CANARIES: readonly Check<LiveRegion>[] = [
  {
    // Their alarms cover whether they run: missing data is breaching.
    requirement: "Every canary exists",
    requirementIds: ["S000-6.2", "S004-8.1", "S004-8.4", "S004-S5", "S004-D9"],
    appliesTo: ({ config }) => config.canaries.enabled,
    violations: async (live) => {
      const found = await live.own.tagged();
      const names = live.resources("aws_synthetics_canary").map((canary) => live.text(canary, "name"));
      return names.filter((name) => !found.has(live.own.arn("synthetics", `canary:${name}`))).map((name) => `${name} does not exist`);
    },
  },
];
