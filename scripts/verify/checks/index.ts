import type { Check } from "../check";
import type { Live, LiveRegion } from "../live";
import { NETWORK } from "./network";

/** What must hold of each region. */
export const OF_EACH_REGION: readonly Check<LiveRegion>[] = [...NETWORK];

/** What must hold of what joins the regions. */
export const OF_WHAT_JOINS: readonly Check<Live>[] = [];
