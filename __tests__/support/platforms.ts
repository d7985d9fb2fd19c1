import { DATA, EVERYTHING, MYSQL } from "./config";
import { failoverStack, oneRegion, regionStack, type Synthesized } from "./synthesized";

/** Platforms that together have all kinds of resources, for requirements of all resources. */
export const PLATFORMS: readonly (readonly [title: string, region: Synthesized])[] = [
  ["one region", oneRegion()],
  ["a region with everything", regionStack(EVERYTHING)],
  ["a region with Aurora MySQL behind a proxy", regionStack(MYSQL)],
];

/** Stacks that together have every way in which an alert or an event is delivered. */
export const DELIVERING: readonly (readonly [title: string, stack: Synthesized])[] = [
  ["a region with everything", regionStack(EVERYTHING)],
  ["a region with Aurora MySQL", regionStack(MYSQL)],
  ["a primary region", regionStack()],
  ["a standby region", regionStack({}, 1)],
  ["what joins the regions", failoverStack(DATA)],
];
