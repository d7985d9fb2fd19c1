import type { Check } from "../check";
import type { Live, LiveRegion } from "../live";
import { DATABASE, GLOBAL_DATABASE } from "./database";
import { DNS, REGION_DNS } from "./dns";
import { FRONT_DOOR } from "./front-door";
import { NETWORK } from "./network";
import { SERVICE } from "./service";

/** What must hold of each region. */
export const OF_EACH_REGION: readonly Check<LiveRegion>[] = [...NETWORK, ...DATABASE, ...SERVICE, ...FRONT_DOOR, ...REGION_DNS];

/** What must hold of what joins the regions. */
export const OF_WHAT_JOINS: readonly Check<Live>[] = [...GLOBAL_DATABASE, ...DNS];
