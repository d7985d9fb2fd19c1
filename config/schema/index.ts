import { z } from "zod";
import { backup } from "./backup";
import { cache } from "./cache";
import { canaries } from "./canaries";
import { database } from "./database";
import { dns } from "./dns";
import { ENVIRONMENT } from "./environment";
import { events } from "./events";
import { failover } from "./failover";
import { describedBy } from "./inspect";
import { images } from "./images";
import { loadBalancer } from "./load-balancer";
import { monitoring } from "./monitoring";
import { network } from "./network";
import { primaryRegion, regions, removedRegions } from "./regions";
import { RELEASE } from "./release";
import { ALERTS, REQUIRED } from "./required";
import { runbooks } from "./runbooks";
import { SERVICES } from "./service";
import { featureFlags, sessions } from "./sessions";
import { storage } from "./storage";
import { validation } from "./validation";
import { zonalShift } from "./zonal-shift";

/** A heading of `terraform.tfvars.example` and the keys under it. */
export interface Section {
  readonly heading: string;
  readonly keys: Readonly<Record<string, z.ZodType>>;
  /** Whether every environment must set them. @default false */
  readonly required?: boolean;
}

/**
 * The shape of `terraform.tfvars` after the preset has filled the missing keys. Rules about more than one key are in
 * `rules/`.
 */
export const schema = z.strictObject({
  ...REQUIRED,
  dns,
  ...ALERTS,
  ...RELEASE,
  images,
  ...ENVIRONMENT,
  regions,
  removed_regions: removedRegions,
  primary_region: primaryRegion,
  failover,
  network,
  load_balancer: loadBalancer,
  zonal_shift: zonalShift,
  database,
  sessions,
  cache,
  feature_flags: featureFlags,
  storage,
  backup,
  ...SERVICES,
  validation,
  events,
  canaries,
  runbooks,
  monitoring,
});

export type RawConfig = z.output<typeof schema>;

/** Every key under its heading, in the order of the example. */
export const SECTIONS: readonly Section[] = [
  { heading: "required for every environment", keys: { ...REQUIRED, dns, ...ALERTS }, required: true },
  { heading: "release values and registries", keys: { ...RELEASE, images } },
  { heading: "environment and regions", keys: { ...ENVIRONMENT, regions, removed_regions: removedRegions, primary_region: primaryRegion } },
  { heading: "failover between regions", keys: { failover } },
  { heading: "network", keys: { network } },
  { heading: "load balancer", keys: { load_balancer: loadBalancer, zonal_shift: zonalShift } },
  { heading: "database", keys: { database } },
  { heading: "sessions and cache", keys: { sessions, cache, feature_flags: featureFlags } },
  { heading: "storage and backups", keys: { storage, backup } },
  { heading: "services", keys: SERVICES },
  { heading: "payment validation and events", keys: { validation, events } },
  { heading: "canaries and runbooks", keys: { canaries, runbooks } },
  { heading: "monitoring", keys: { monitoring } },
];

/** Keys that may be changed at plan time. All others shape the configuration. */
export const PLAN_KEYS: readonly string[] = Object.entries(schema.shape)
  .filter(([, type]) => describedBy(type).plan)
  .map(([key]) => key);
