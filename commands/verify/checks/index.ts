import type { Check } from "../check";
import type { Live, LiveRegion } from "../live";
import { BACKUPS } from "./backups";
import { DATABASE, GLOBAL_DATABASE } from "./database";
import { DNS, REGION_DNS } from "./dns";
import { ENCRYPTION, LOGS } from "./encryption";
import { FRONT_DOOR } from "./front-door";
import { NETWORK } from "./network";
import { SERVICE } from "./service";
import { SECRETS, SHARED_STORES, STORES } from "./stores";
import { OPERATING, WATCHING } from "./watching";

/** What must hold of each region. */
export const OF_EACH_REGION: readonly Check<LiveRegion>[] = [
  ...NETWORK,
  ...FRONT_DOOR,
  ...SERVICE,
  ...DATABASE,
  ...STORES,
  ...SECRETS,
  ...BACKUPS,
  ...REGION_DNS,
  ...WATCHING,
  ...OPERATING,
  ...ENCRYPTION,
  ...LOGS,
];

/** What must hold of what joins the regions. */
export const OF_WHAT_JOINS: readonly Check<Live>[] = [...DNS, ...GLOBAL_DATABASE, ...SHARED_STORES, ...SECRETS, ...WATCHING, ...ENCRYPTION];
