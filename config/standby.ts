import type { Config } from "./load";

/** What one region keeps running. */
export interface Capacity {
  readonly tasks: number;
  /** Aurora instances: the writer, or the first in the order of promotion, and the readers. */
  readonly databaseInstances: number;
}

/** The primary region and a hot standby run everything, a warm one a little of it, a pilot light nothing but the data. */
export function capacity({ service, database }: Config, region: Config["regions"][number]): Capacity {
  switch (region.standby) {
    case "warm":
      return { tasks: region.availabilityZones.length, databaseInstances: 1 };
    case "pilot-light":
      return { tasks: 0, databaseInstances: 0 };
    default:
      return { tasks: service.tasks, databaseInstances: database.readers + 1 };
  }
}
