import { platformVariables, RUNTIME_VARIABLES } from "../platform-variables";
import { secretIn } from "../secret-text";
import type { RawService } from "../services";
import { problemIf, type Rule } from "./rule";

const DEFINITION = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html";
const SENSITIVE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html";

/** Bytes of command and environment that leave room for the rest of a task definition of 64 KiB. @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
const MOST_CONTAINER_BYTES = 48 * 1024;

/** The path of the environment of a service. */
function environmentOf({ isDefault, key }: Pick<RawService, "isDefault" | "key">): string {
  return isDefault ? "task_environment" : `${key}.task_environment`;
}

/** Environment variables of the containers. */
export const TASK_ENVIRONMENT_RULES: readonly Rule[] = [
  {
    reads: ["service", "services", "task_environment"],
    check: (config) =>
      config.everyService.flatMap((service) =>
        Object.entries(service.task_environment).flatMap(([name, given]) => {
          const where = `${environmentOf(service)}.${name}`;
          return [
            ...problemIf(platformVariables(service.access).includes(name), {
              where,
              given,
              why: "is a variable that the platform sets; ECS rejects a second one of the same name at apply",
              instead: "another name",
              source: DEFINITION,
            }),
            ...problemIf(RUNTIME_VARIABLES.includes(name), {
              where,
              given,
              why: "is a variable that the platform, Fargate or the image sets; another value breaks the start, the credentials or the region of the program",
              instead: "another name",
              source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-metadata.html",
            }),
          ];
        }),
      ),
  },
  {
    reads: ["service", "services", "task_environment"],
    check: (config) =>
      config.everyService.flatMap((service) =>
        Object.entries(service.task_environment).flatMap(([name, value]) => {
          const what = secretIn(name, value);
          if (what === undefined) return [];
          return [
            {
              where: `${environmentOf(service)}.${name}`,
              given: `${value.length} characters`,
              why: `looks like ${what}; environment variables are in the task definition and in the state, where everyone with read access sees them`,
              instead:
                "the ARN of a secret that the program reads at its start, and a new value of this secret, because the file contains the present one",
              source: SENSITIVE,
            },
          ];
        }),
      ),
  },
  {
    reads: ["service", "services", "task_environment"],
    check: (config) =>
      config.everyService.flatMap((service) => {
        const names = Object.keys(service.task_environment);
        return names
          .filter((name, index) => names.slice(0, index).some((earlier) => earlier.toLowerCase() === name.toLowerCase()))
          .map((name) => ({
            where: `${environmentOf(service)}.${name}`,
            given: service.task_environment[name],
            why: "differs from another variable in upper and lower case only, so that one of them is read where the other is meant",
            instead: "one spelling of the name",
          }));
      }),
  },
  {
    reads: ["service", "services", "task_environment", "container_command"],
    check: (config) =>
      config.everyService.flatMap((service) => {
        const bytes = Buffer.byteLength(JSON.stringify([service.container_command, service.task_environment]));
        return problemIf(bytes > MOST_CONTAINER_BYTES, {
          where: environmentOf(service),
          given: `${bytes} bytes`,
          why: `command and environment are longer than ${MOST_CONTAINER_BYTES} bytes; a task definition has at most 64 KiB`,
          instead: "values in feature_flags, or in files of the image",
          source: DEFINITION,
        });
      }),
  },
];
