import { platformVariables, RUNTIME_VARIABLES } from "../platform-variables";
import { COLLECTOR, traceVariables } from "../tracing";
import { problemIf, type Rule } from "./rule";

const DEFINITION = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html";
const EXEC = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html";
/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
const MOST_CONTAINERS = 10;
const MOST_LOG_METRICS = 20;
/** Memory that a program needs at least beside its sidecars. */
const LEAST_PROGRAM_MIB = 64;

/** Secrets, sidecars, log metrics and ECS Exec of the services. */
export const SERVICE_NEEDS_RULES: readonly Rule[] = [
  {
    reads: ["service", "services", "task_environment"],
    check: (config) =>
      config.everyService.flatMap(({ key, name: service, access, secrets, task_environment, tracing }) => {
        const variables = Object.keys(task_environment).map((name) => name.toLowerCase());
        const reserved = [...platformVariables(access), ...RUNTIME_VARIABLES, ...(tracing ? Object.keys(traceVariables(service)) : [])];
        return Object.entries(secrets).flatMap(([name, given]) => [
          ...problemIf(reserved.includes(name), {
            where: `${key}.secrets.${name}`,
            given,
            why: "is a variable that the platform or Fargate sets; ECS rejects a second one of the same name at apply",
            instead: "another name",
            source: DEFINITION,
          }),
          ...problemIf(variables.includes(name.toLowerCase()), {
            where: `${key}.secrets.${name}`,
            given,
            why: "is a variable of task_environment too; ECS rejects a second one of the same name at apply",
            instead: "one of the two",
            source: DEFINITION,
          }),
        ]);
      }),
  },
  {
    reads: ["service", "services"],
    check: (config) =>
      config.everyService.flatMap(({ key, name, sidecars, memory_mib, tracing }) => {
        const limits = Object.values(sidecars).reduce((sum, sidecar) => sum + (sidecar.memory_mib ?? 0), 0);
        const containers = 1 + Object.keys(sidecars).length + (tracing ? 1 : 0);
        return [
          ...problemIf(limits > 0 && limits > memory_mib - LEAST_PROGRAM_MIB, {
            where: `${key}.sidecars`,
            given: `${limits} MiB`,
            why: `the sidecars may use ${limits} of the ${memory_mib} MiB of a task; the program needs at least ${LEAST_PROGRAM_MIB}, and ECS rejects more than the task has`,
            instead: `a larger ${key}.memory_mib, or less for the sidecars`,
            source: DEFINITION,
          }),
          ...problemIf(containers > MOST_CONTAINERS, {
            where: `${key}.sidecars`,
            given: `${containers} containers`,
            why: `a task has at most ${MOST_CONTAINERS} containers`,
            instead: "fewer sidecars",
            source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html",
          }),
          ...[name, ...(tracing ? [COLLECTOR] : [])]
            .filter((taken) => taken in sidecars)
            .map((taken) => ({
              where: `${key}.sidecars.${taken}`,
              given: sidecars[taken]?.image,
              why: "is the name of a container of the platform in the same task",
              instead: "another name",
              source: DEFINITION,
            })),
        ];
      }),
  },
  {
    reads: ["service", "services"],
    check: (config) =>
      config.everyService.flatMap(({ key, log_metrics }) =>
        problemIf(Object.keys(log_metrics).length > MOST_LOG_METRICS, {
          where: `${key}.log_metrics`,
          given: `${Object.keys(log_metrics).length} metrics`,
          why: `a service has at most ${MOST_LOG_METRICS}: CloudWatch Logs permits 100 metric filters for a log group, and charges each metric`,
          instead: "fewer metrics",
          source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html",
        }),
      ),
  },
  {
    reads: ["service", "services"],
    check: (config) =>
      config.everyService.flatMap(({ key, exec, readonly_root_filesystem }) =>
        problemIf(exec && readonly_root_filesystem, {
          where: `${key}.exec`,
          given: true,
          why: "the agent of ECS Exec writes files in the container, whose root filesystem is read-only: a session ends at once",
          instead: `${key} = { exec = true, readonly_root_filesystem = false }, or exec = false`,
          source: EXEC,
        }),
      ),
  },
];
