import type { Config } from "./load";
import { keepsSessionsIn } from "./stores";
import { type TaskRange, taskRange, throughZoneLoss } from "./tasks";

/** What one region keeps running. */
export interface Capacity {
  readonly tasks: TaskRange;
  /** Aurora instances: the writer, or the first in the order of promotion, and the readers. */
  readonly databaseInstances: number;
  /** Replicas of each shard of the cache; undefined where there is no cache. */
  readonly cacheReplicas: number | undefined;
}

/** The primary region and a hot standby run everything, a warm one a little of it, a pilot light nothing but the data. */
export function capacity(config: Config, region: Config["regions"][number]): Capacity {
  const { service, database, sessions, cache } = config;
  const cached = keepsSessionsIn({ sessions }, "redis");
  const tasks = tasksIn(region, service);
  switch (region.standby) {
    case "warm":
      return { tasks, databaseInstances: 1, cacheReplicas: cached ? 1 : undefined };
    case "pilot-light":
      return { tasks, databaseInstances: 0, cacheReplicas: undefined };
    default:
      return { tasks, databaseInstances: database.readers + 1, cacheReplicas: cached ? cache.replicas : undefined };
  }
}

/** Whether a region runs fewer tasks than a primary until it takes over. */
export function runsLess({ standby }: Pick<Config["regions"][number], "standby">): boolean {
  return standby === "warm" || standby === "pilot-light";
}

/** How many tasks of one service a region runs. */
export function tasksIn(
  { standby, availabilityZones }: Config["regions"][number],
  service: Pick<Config["service"], "tasks" | "staticStability">,
): TaskRange {
  const zones = availabilityZones.length;
  const wanted = taskRange(service.tasks);
  const tasks = service.staticStability ? throughZoneLoss(wanted, zones) : wanted;
  switch (standby) {
    case "warm":
      // A standby that follows the load grows by itself when it takes over; a fixed number waits for somebody to say so.
      return { min: zones, max: tasks.max > tasks.min ? tasks.max : zones };
    case "pilot-light":
      return { min: 0, max: 0 };
    default:
      return tasks;
  }
}
