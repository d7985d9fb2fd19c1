import type { Config, RegionConfig, ServiceConfig } from "./config";
import { keepsSessionsIn } from "./stores";

/** Minimum and maximum number of tasks. */
export interface TaskRange {
  readonly min: number;
  readonly max: number;
}

/** A service in one region. */
export type RegionalService = Omit<ServiceConfig, "tasks"> & {
  /** Tasks in this region. */
  readonly tasks: TaskRange;
  /** Tasks after this region has become the primary region. */
  readonly tasksAsPrimary: TaskRange;
};

/** Resources that one region runs. */
export interface Capacity {
  /** All services, the primary service first. */
  readonly services: readonly RegionalService[];
  /** Aurora instances: the writer, or the first in the order of promotion, and the readers. */
  readonly databaseInstances: number;
  /** Replicas of each shard of the cache; undefined where there is no cache. */
  readonly cacheReplicas: number | undefined;
}

/** The primary region and a hot standby run the full capacity, a warm standby a part of it, a pilot light only the data. */
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

/** Whether a region runs fewer tasks than the primary region until it takes over. */
export function isScaledDown({ standby }: Pick<RegionConfig, "standby">): boolean {
  return standby === "warm" || standby === "pilot-light";
}

function regionalService(service: ServiceConfig, region: RegionConfig): RegionalService {
  const zones = region.availabilityZones.length;
  const desired = taskRange(service.tasks);
  const tasksAsPrimary = service.staticStability ? withZoneRedundancy(desired, zones) : desired;
  return {
    ...service,
    // A scaled-down standby region scales out when it takes over, not by a schedule.
    scaling: isScaledDown(region) ? { ...service.scaling, schedule: [] } : service.scaling,
    tasks: tasksInStandby(tasksAsPrimary, region.standby, zones),
    tasksAsPrimary,
  };
}

function tasksInStandby(tasks: TaskRange, standby: RegionConfig["standby"], zones: number): TaskRange {
  switch (standby) {
    case "warm":
      // A range scales with the load after a takeover; the runbook raises a fixed number.
      return { min: zones, max: tasks.max > tasks.min ? tasks.max : zones };
    case "pilot-light":
      return { min: 0, max: 0 };
    default:
      return tasks;
  }
}

/** Converts a number to a range with the same minimum and maximum. */
export function taskRange(tasks: number | TaskRange): TaskRange {
  return typeof tasks === "number" ? { min: tasks, max: tasks } : tasks;
}

/** The number of tasks that leaves the desired number in the remaining zones at the moment when a zone is lost. */
export function withZoneRedundancy({ min, max }: TaskRange, zones: number): TaskRange {
  const enough = Math.ceil(min / (zones - 1)) * zones;
  return { min: enough, max: max === min ? enough : Math.max(max, enough) };
}

/** The primary service, which every platform has. */
export function primaryOf({ services: [primary] }: Pick<Capacity, "services">): RegionalService {
  if (!primary) throw new Error("the configuration has no service");
  return primary;
}

/** Whether the region runs tasks of the primary service. A pilot light runs none. */
export function runsTasks({ services: [primary] }: Pick<Capacity, "services">): boolean {
  return primary !== undefined && primary.tasks.min > 0;
}

/** The most tasks that one zone can have: ECS puts at most one task more into one zone than into another. */
function tasksInOneZone(tasks: number, zones: number): number {
  return Math.ceil(tasks / zones);
}

/** The number of tasks that the loss of a zone leaves at least: 4 for six tasks in three zones. */
export function tasksWithoutZone(tasks: number, zones: number): number {
  return tasks - tasksInOneZone(tasks, zones);
}

/** The CPU use in percent above which the others cannot take over the load of the lost ones. */
export function cpuLimitForLoss(members: number, lost: number): number {
  return Math.floor((100 * (members - lost)) / members);
}

/** Highest limit of the CPU, also where the loss of a zone would leave more. */
const MAX_CPU_PERCENT = 85;

/**
 * The CPU use in percent above which the tasks of the remaining zones cannot take over the load of a lost zone: 66 for six tasks in
 * three zones. A single task has no other to take over.
 */
export function cpuLimitForZoneLoss(tasks: number, zones: number): number {
  const lost = tasksInOneZone(tasks, zones);
  return lost === tasks ? MAX_CPU_PERCENT : Math.min(MAX_CPU_PERCENT, cpuLimitForLoss(tasks, lost));
}
