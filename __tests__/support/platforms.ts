import { EVERYTHING, MYSQL } from "./config";
import { oneRegion, regionStack, type Synthesized } from "./synthesized";

/** What is claimed of all resources is proven on platforms that have all kinds of them. */
export const PLATFORMS: readonly (readonly [title: string, region: Synthesized])[] = [
  ["one region", oneRegion()],
  ["a region with everything", regionStack(EVERYTHING)],
  ["a region with Aurora MySQL behind a proxy", regionStack(MYSQL)],
];
