import type { Config } from "./load";
import { keepsSessionsIn } from "./stores";
import { type TaskRange, taskRange } from "./tasks";

/** What one region keeps running. */
export interface Capacity {
  readonly tasks: TaskRange;
  /** Aurora instances: the writer, or the first in the order of promotion, and the readers. */
  readonly databaseInstances: number;
  /** Replicas of each shard of the cache; undefined where there is no cache. */
  readonly cacheReplicas: number | undefined;
}

/** The primary region and a hot standby run everything, a warm one a little of it, a pilot light nothing but the data. */
export function capacity({ service, database, sessions, cache }: Config, region: Config["regions"][number]): Capacity {
  const tasks = taskRange(service.tasks);
  const cached = keepsSessionsIn({ sessions }, "redis");
  switch (region.standby) {
    case "warm": {
      const zones = region.availabilityZones.length;
      // A standby that follows the load grows by itself when it takes over; a fixed number waits for somebody to say so.
      const max = tasks.max > tasks.min ? tasks.max : zones;
      return { tasks: { min: zones, max }, databaseInstances: 1, cacheReplicas: cached ? 1 : undefined };
    }
    case "pilot-light":
      return { tasks: { min: 0, max: 0 }, databaseInstances: 0, cacheReplicas: undefined };
    default:
      return { tasks, databaseInstances: database.readers + 1, cacheReplicas: cached ? cache.replicas : undefined };
  }
}
