import type { Config, RegionConfig, ServiceConfig } from "./config";
import { keepsSessionsIn } from "./stores";

/** Tasks that run at least and at most. */
export interface TaskRange {
  readonly min: number;
  readonly max: number;
}

/** A service as one region runs it. */
export type RegionalService = Omit<ServiceConfig, "tasks"> & {
  /** Tasks in this region. */
  readonly tasks: TaskRange;
  /** Tasks once this region is the primary one. */
  readonly tasksAsPrimary: TaskRange;
};

/** What one region keeps running. */
export interface Capacity {
  /** Every service, the primary one first. */
  readonly services: readonly RegionalService[];
  /** Aurora instances: the writer, or the first in the order of promotion, and the readers. */
  readonly databaseInstances: number;
  /** Replicas of each shard of the cache; undefined where there is no cache. */
  readonly cacheReplicas: number | undefined;
}

/** The primary region and a hot standby run everything, a warm one a little of it, a pilot light nothing but the data. */
export function capacity(config: Config, region: RegionConfig): Capacity {
  const { database, sessions, cache } = config;
  const cached = keepsSessionsIn({ sessions }, "redis");
  const services = config.services.map((service) => regionalService(service, region));
  switch (region.standby) {
    case "warm":
      return { services, databaseInstances: 1, cacheReplicas: cached ? 1 : undefined };
    case "pilot-light":
      return { services, databaseInstances: 0, cacheReplicas: undefined };
    default:
      return { services, databaseInstances: database.readers + 1, cacheReplicas: cached ? cache.replicas : undefined };
  }
}

/** Whether a region runs fewer tasks than a primary until it takes over. */
export function isScaledDown({ standby }: Pick<RegionConfig, "standby">): boolean {
  return standby === "warm" || standby === "pilot-light";
}

function regionalService(service: ServiceConfig, region: RegionConfig): RegionalService {
  const zones = region.availabilityZones.length;
  const wanted = taskRange(service.tasks);
  const tasksAsPrimary = service.staticStability ? withZoneRedundancy(wanted, zones) : wanted;
  return {
    ...service,
    // A standby that is smaller grows when it takes over, and not by the clock.
    scaling: isScaledDown(region) ? { ...service.scaling, schedule: [] } : service.scaling,
    tasks: tasksInStandby(tasksAsPrimary, region.standby, zones),
    tasksAsPrimary,
  };
}

function tasksInStandby(tasks: TaskRange, standby: RegionConfig["standby"], zones: number): TaskRange {
  switch (standby) {
    case "warm":
      // A standby that follows the load grows by itself when it takes over; a fixed number waits for the runbook.
      return { min: zones, max: tasks.max > tasks.min ? tasks.max : zones };
    case "pilot-light":
      return { min: 0, max: 0 };
    default:
      return tasks;
  }
}

/** A plain number is a range of one: exactly that number. */
export function taskRange(tasks: number | TaskRange): TaskRange {
  return typeof tasks === "number" ? { min: tasks, max: tasks } : tasks;
}

/** The number of tasks that leaves the wanted number in the other zones at the moment when one is lost. */
export function withZoneRedundancy({ min, max }: TaskRange, zones: number): TaskRange {
  const enough = Math.ceil(min / (zones - 1)) * zones;
  return { min: enough, max: max === min ? enough : Math.max(max, enough) };
}
