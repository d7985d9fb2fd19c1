import { cpuLimitForZoneLoss, taskRange } from "./capacity";
import type { RawConfig } from "./schema";

/**
 * Warnings about services whose auto scaling aims at a CPU use that leaves no capacity for the loss of a zone. The tasks that replace
 * the lost ones start within minutes, and their alarm on the CPU is always in ALARM.
 */
export function scalingWarnings({ service, services, regions }: RawConfig): string[] {
  const zones = Math.min(...regions.map(({ availability_zones }) => availability_zones.length));
  const all = [
    { key: "service", tasks: service.tasks, percent: service.scaling.cpu_percent },
    ...Object.entries(services).map(([name, { tasks, scaling }]) => ({
      key: `services.${name}`,
      tasks: tasks ?? service.tasks,
      percent: scaling?.cpu_percent ?? service.scaling.cpu_percent,
    })),
  ];
  return all.flatMap(({ key, tasks, percent }) => {
    const { min, max } = taskRange(tasks);
    const limit = cpuLimitForZoneLoss(min, zones);
    return max > min && percent > limit
      ? [
          `${key}.scaling.cpu_percent is ${percent}: with ${min} tasks in ${zones} zones, the tasks of the remaining zones cannot take over the load of a lost zone above ${limit} %. Use ${limit} or less.`,
        ]
      : [];
  });
}
