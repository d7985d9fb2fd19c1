import { FARGATE_MEMORY_MIB } from "../aws-limits";
import { LEAST_ZONES } from "../regions";
import { taskRange, withZoneRedundancy } from "../capacity";
import { problemIf, type Rule } from "./rule";

const TASKS_PER_ZONE = 2;

/** Tasks. */
export const SERVICE_RULES: readonly Rule[] = [
  {
    reads: ["service", "services", "regions"],
    check: (config) => {
      const zones = Math.max(LEAST_ZONES, ...config.regions.map((region) => region.availability_zones.length));
      const least = zones * TASKS_PER_ZONE;
      const why = `${zones} zones with ${TASKS_PER_ZONE} tasks each require ${least}: with fewer, the loss of a zone or of one task leaves a zone without tasks`;
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
            why: `AWS can interrupt all Spot tasks in all zones within two minutes; the remaining tasks must handle the load, and ${why}`,
            instead: `on_demand = ${least}`,
            source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html",
          }),
          ...scaling.schedule.flatMap((step, index) => {
            const desired = taskRange(tasks);
            const floor = Math.max(least, static_stability ? withZoneRedundancy(desired, zones).min : desired.min);
            return problemIf(step.min < floor, {
              where: `${where}.scaling.schedule[${index}].min`,
              given: step.min,
              why: step.min < least ? why : `is below the minimum of ${floor} tasks, so alarms and health checks would report a fault`,
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
          why: "is not above the minimum, so auto scaling has no range; a maximum below the minimum is rejected at apply",
          instead: `tasks = ${taskRange(tasks).min} for a fixed number, or a higher max`,
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
          why: `the service has a fixed number of ${taskRange(tasks).min} tasks, so a schedule has no range to change`,
          instead: "tasks = { min = ..., max = ... }, or remove schedule",
        }),
        ...problemIf(typeof tasks === "number" && scaling.requests_per_task !== undefined, {
          where: `${where}.scaling.requests_per_task`,
          given: scaling.requests_per_task,
          why: `the service has a fixed number of ${taskRange(tasks).min} tasks, independent of the number of requests`,
          instead: "tasks = { min = ..., max = ... }, or remove requests_per_task",
        }),
        ...scaling.schedule.flatMap((step, index) => [
          ...problemIf(step.max < step.min, {
            where: `${where}.scaling.schedule[${index}].max`,
            given: step.max,
            why: `is below the minimum of ${step.min}, which is rejected at apply`,
            instead: `max = ${step.min} or more`,
            source: "https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html",
          }),
          ...problemIf(scaling.schedule.findIndex(({ name }) => name === step.name) < index, {
            where: `${where}.scaling.schedule[${index}].name`,
            given: step.name,
            why: "is the name of two actions: the second would replace the first",
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
          why: `ECS would stop the task while the load balancer is still draining it (${drain} s)`,
          instead: `stop_timeout_seconds = ${least}`,
          source: "https://docs.aws.amazon.com/AmazonECS/latest/bestpracticesguide/load-balancer-connection-draining.html",
        }),
      );
    },
  },
  {
    reads: ["service", "services"],
    check: (config) =>
      config.everyService.flatMap(({ key: where, protocol, health_check_command: given }) =>
        problemIf(protocol === "HTTPS" && given.some((word) => word.includes("http://")), {
          where: `${where}.health_check_command`,
          given,
          why: 'requests http:// from a port with protocol = "HTTPS": no task would become healthy',
          instead: "a command of your image that requests the port with TLS, and that does not validate the certificate for localhost",
        }),
      ),
  },
  {
    reads: ["service", "services", "canaries.path", "load_balancer.health_check.path"],
    check: ({ everyService, canaries, load_balancer }) =>
      // With one path for everything there is a warning: only the program knows what its path asks.
      canaries.path === load_balancer.health_check.path
        ? []
        : everyService.flatMap(({ key: where, health_check_command: given }) =>
            problemIf(requestsPath(given, canaries.path), {
              where: `${where}.health_check_command`,
              given,
              why: `requests ${canaries.path}, the path that asks the database: a failover of the database would replace all tasks`,
              instead: "a path that asks only whether the process must be replaced, e.g. /health/live (docs/program.md#health)",
              source: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html",
            }),
          ),
  },
  {
    reads: ["service", "services"],
    check: (config) =>
      config.everyService.flatMap(({ key: where, cpu, memory_mib }) => {
        const source = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html";
        const offered = FARGATE_MEMORY_MIB.get(cpu);
        const sizes = [...FARGATE_MEMORY_MIB.keys()];
        if (!offered)
          // AWS adds larger sizes, of whole vCPUs.
          return problemIf(cpu < Math.max(...sizes) || cpu % 1024 !== 0, {
            where: `${where}.cpu`,
            given: cpu,
            why: "is not a task size of Fargate",
            instead: sizes.join(", "),
            source,
          });
        return problemIf(!offered.includes(memory_mib), {
          where: `${where}.memory_mib`,
          given: memory_mib,
          why: `Fargate does not support it with ${cpu} CPU units`,
          instead: offered.join(", "),
          source,
        });
      }),
  },
];

/** Whether a word of a command contains the path, and not only a longer path that begins with it. */
function requestsPath(command: readonly string[], path: string): boolean {
  return command.some((word) =>
    word
      .split(path)
      .slice(1)
      .some((rest) => !/^[\w/.-]/.test(rest)),
  );
}
