import type { Check } from "../check";
import type { Live } from "../live";
import type { LiveRegion } from "../live-region";
import { ALARMS } from "./alarms";
import { BACKUPS } from "./backups";
import { BUCKET_REPLICATION, BUCKETS } from "./buckets";
import { CACHE } from "./cache";
import { CANARIES } from "./canaries";
import { DASHBOARDS } from "./dashboards";
import { DATABASE } from "./database";
import { DATABASE_ACCESS } from "./database-access";
import { DNS, REGION_DNS } from "./dns";
import { EVENT_BUS, EVENT_RULES } from "./events";
import { FUNCTIONS } from "./functions";
import { GLOBAL_DATABASE } from "./global-database";
import { IMAGES, IMAGES_OF_REGIONS } from "./images";
import { KEYS } from "./keys";
import { LOAD_BALANCER } from "./load-balancer";
import { LOGS } from "./logs";
import { NETWORK } from "./network";
import { NETWORK_ACLS } from "./network-acls";
import { PARAMETERS } from "./parameters";
import { QUEUES } from "./queues";
import { REGION_ROLES } from "./region-roles";
import { RUNBOOKS } from "./runbooks";
import { SECRET_REPLICAS, SECRETS } from "./secrets";
import { SECURITY_GROUPS } from "./security-groups";
import { SERVICES } from "./services";
import { TABLE_REPLICAS, TABLES } from "./tables";
import { TAGS } from "./tags";
import { TASKS } from "./tasks";
import { DATABASE_EVENTS, TOPICS } from "./topics";

/** Checks of each region. */
export const REGION_CHECKS: readonly Check<LiveRegion>[] = [
  ...NETWORK,
  ...NETWORK_ACLS,
  ...SECURITY_GROUPS,
  ...LOAD_BALANCER,
  ...TASKS,
  ...SERVICES,
  ...IMAGES,
  ...DATABASE,
  ...DATABASE_ACCESS,
  ...CACHE,
  ...TABLES,
  ...BUCKETS,
  ...PARAMETERS,
  ...SECRETS,
  ...BACKUPS,
  ...REGION_DNS,
  ...ALARMS,
  ...EVENT_RULES,
  ...TOPICS,
  ...DASHBOARDS,
  ...DATABASE_EVENTS,
  ...RUNBOOKS,
  ...FUNCTIONS,
  ...EVENT_BUS,
  ...QUEUES,
  ...CANARIES,
  ...KEYS,
  ...TAGS,
  ...LOGS,
];

/** Checks of the global and the failover stack. */
export const FAILOVER_CHECKS: readonly Check<Live>[] = [
  ...DNS,
  ...GLOBAL_DATABASE,
  ...SECRET_REPLICAS,
  ...TABLE_REPLICAS,
  ...BUCKET_REPLICATION,
  ...REGION_ROLES,
  ...IMAGES_OF_REGIONS,
  ...SECRETS,
  ...ALARMS,
  ...EVENT_RULES,
  ...TOPICS,
  ...DASHBOARDS,
  ...KEYS,
  ...TAGS,
];
