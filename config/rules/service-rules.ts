import { FARGATE_MEMORY_MIB } from "../aws-limits";
import { LEAST_ZONES } from "../regions";
import { taskRange, withZoneRedundancy } from "../capacity";
import { problemIf, type Rule } from "./rule";

const TASKS_PER_ZONE = 2;

/** Tasks and images. */
export const SERVICE_RULES: readonly Rule[] = [
  {
    reads: ["service", "services", "regions"],
    check: (config) => {
      const zones = Math.max(LEAST_ZONES, ...config.regions.map((region) => region.availability_zones.length));
      const least = zones * TASKS_PER_ZONE;
      const why = `${zones} zones with ${TASKS_PER_ZONE} tasks each need ${least}: with fewer, losing a zone or one task in it leaves a zone unserved`;
      return config.everyService.flatMap(({ key: where, tasks, static_stability, spot, scaling }) => {
        const { min } = taskRange(tasks);
        const single = typeof tasks === "number";
        return [
          ...problemIf(min < least, {
            where: single ? `${where}.tasks` : `${where}.tasks.min`,
            given: min,
            why,
            instead: single ? `${where} = { tasks = ${least} }` : `min = ${least}`,
          }),
          ...problemIf(spot !== undefined && spot.on_demand < least, {
            where: `${where}.spot.on_demand`,
            given: spot?.on_demand,
            why: `AWS may take every Spot task away within two minutes, in all zones at once; what is left must serve, and ${why}`,
            instead: `on_demand = ${least}`,
            source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html",
          }),
          ...scaling.schedule.flatMap((step, index) => {
            const wanted = taskRange(tasks);
            const floor = Math.max(least, static_stability ? withZoneRedundancy(wanted, zones).min : wanted.min);
            return problemIf(step.min < floor, {
              where: `${where}.scaling.schedule[${index}].min`,
              given: step.min,
              why:
                step.min < least ? why : `is below the ${floor} tasks that always run: alarms and health checks would call fewer a fault`,
              instead: step.min < least ? `min = ${floor}` : `min = ${floor}, or lower ${where}.tasks.min`,
            });
          }),
        ];
      });
    },
  },
  {
    reads: ["service", "services"],
    check: (config) =>
      config.everyService.flatMap(({ key: where, tasks }) =>
        problemIf(typeof tasks !== "number" && tasks.max <= tasks.min, {
          where: `${where}.tasks.max`,
          given: taskRange(tasks).max,
          why: "is not above the minimum, so there is nothing to follow the load with; below it, auto scaling is refused at apply",
          instead: `tasks = ${taskRange(tasks).min} to keep exactly so many, or a higher max`,
          source: "https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html",
        }),
      ),
  },
  {
    reads: ["service", "services"],
    check: (config) =>
      config.everyService.flatMap(({ key: where, tasks, scaling }) => [
        ...problemIf(typeof tasks === "number" && scaling.schedule.length > 0, {
          where: `${where}.scaling.schedule`,
          given: scaling.schedule,
          why: `the service keeps exactly ${taskRange(tasks).min} tasks: there is no range that a schedule could change`,
          instead: "tasks = { min = ..., max = ... }, or no schedule",
        }),
        ...problemIf(typeof tasks === "number" && scaling.requests_per_task !== undefined, {
          where: `${where}.scaling.requests_per_task`,
          given: scaling.requests_per_task,
          why: `the service keeps exactly ${taskRange(tasks).min} tasks, whatever the number of requests`,
          instead: "tasks = { min = ..., max = ... }, or leave it out",
        }),
        ...scaling.schedule.flatMap((step, index) => [
          ...problemIf(step.max < step.min, {
            where: `${where}.scaling.schedule[${index}].max`,
            given: step.max,
            why: `is below the minimum of ${step.min}, which is refused at apply`,
            instead: `max = ${step.min} or more`,
            source: "https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html",
          }),
          ...problemIf(scaling.schedule.findIndex(({ name }) => name === step.name) < index, {
            where: `${where}.scaling.schedule[${index}].name`,
            given: step.name,
            why: "is there twice: the second would replace the first",
            instead: "another name",
          }),
        ]),
      ]),
  },
  {
    reads: ["service", "services", "load_balancer.deregistration_delay_seconds"],
    check: (config) => {
      const drain = config.load_balancer.deregistration_delay_seconds;
      const least = Math.min(drain + 5, 120);
      return config.everyService.flatMap(({ key: where, stop_timeout_seconds: given }) =>
        problemIf(given < least, {
          where: `${where}.stop_timeout_seconds`,
          given,
          why: `the task would be killed while the load balancer still drains it (${drain} s)`,
          instead: `stop_timeout_seconds = ${least}`,
          source: "https://docs.aws.amazon.com/AmazonECS/latest/bestpracticesguide/load-balancer-connection-draining.html",
        }),
      );
    },
  },
  {
    reads: ["service", "services"],
    check: (config) =>
      config.everyService.flatMap(({ key: where, cpu, memory_mib }) => {
        const source = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html";
        const offered = FARGATE_MEMORY_MIB.get(cpu);
        if (!offered)
          return [
            {
              where: `${where}.cpu`,
              given: cpu,
              why: "is not a task size that Fargate offers",
              instead: [...FARGATE_MEMORY_MIB.keys()].join(", "),
              source,
            },
          ];
        return problemIf(!offered.includes(memory_mib), {
          where: `${where}.memory_mib`,
          given: memory_mib,
          why: `Fargate does not offer it with ${cpu} CPU units`,
          instead: offered.join(", "),
          source,
        });
      }),
  },
  {
    reads: ["container_image", "service_images"],
    check: ({ container_image, service_images }) =>
      [
        ["container_image", container_image] as const,
        ...Object.entries(service_images).map(([name, image]) => [`service_images.${name}`, image] as const),
      ].flatMap(([where, given]) =>
        problemIf(!namesVersion(given), {
          where,
          given,
          why: "names no version, so two tasks of one deployment may run different programs and a rollback has nothing to go back to",
          instead: 'a tag or digest, e.g. "registry.bank.net/payments:1.4.2"',
        }),
      ),
  },
];

function namesVersion(image: string): boolean {
  const name = image.split("/").at(-1) ?? image;
  return image.includes("@sha256:") || (name.includes(":") && !name.endsWith(":latest"));
}
