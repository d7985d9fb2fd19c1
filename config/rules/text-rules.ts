import { isSchedule } from "../cron";
import { platformVariables } from "../platform-variables";
import { problemIf, type Rule } from "./rule";

const DEFINITION = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html";
const SCHEDULED = "https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html";
const PUT_PARAMETER = "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html";

/** Bytes of a parameter of the standard tier. */
const MOST_PARAMETER_BYTES = 4096;
/** Bytes of command and environment that leave room for the rest of a task definition of 64 KiB. @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
const MOST_CONTAINER_BYTES = 48 * 1024;

/** Texts that AWS parses or limits, which a plan does not check. */
export const TEXT_RULES: readonly Rule[] = [
  {
    reads: ["feature_flags"],
    check: ({ feature_flags }) =>
      Object.entries(feature_flags).flatMap(([name, given]) => [
        ...problemIf(Buffer.byteLength(given) > MOST_PARAMETER_BYTES, {
          where: `feature_flags.${name}`,
          given: `${Buffer.byteLength(given)} bytes`,
          why: `is longer than ${MOST_PARAMETER_BYTES} bytes, the limit of Parameter Store; characters outside of ASCII have several bytes`,
          instead: "a shorter value, or several flags",
          source: PUT_PARAMETER,
        }),
        ...problemIf(given.includes("{{"), {
          where: `feature_flags.${name}`,
          given,
          why: "contains {{, which Parameter Store reads as a reference to another parameter and rejects",
          instead: "a value without {{",
          source: PUT_PARAMETER,
        }),
      ]),
  },
  {
    reads: ["service", "services"],
    check: (config) =>
      config.everyService.flatMap(({ key, scaling: { schedule, time_zone } }) => [
        ...schedule.flatMap(({ at: given }, index) =>
          problemIf(!isSchedule(given), {
            where: `${key}.scaling.schedule[${index}].at`,
            given,
            why: "is not a time that AWS accepts: a field is out of its range, neither or both fields for days are ?, or the date does not exist",
            instead:
              '"cron(0 7 ? * MON-FRI *)", with the fields minutes, hours, day of the month, month, day of the week and year, or "at(2026-11-21T07:30:00)"',
            source: SCHEDULED,
          }),
        ),
        ...problemIf(!isTimeZone(time_zone), {
          where: `${key}.scaling.time_zone`,
          given: time_zone,
          why: "is not a time zone of the IANA database",
          instead: '"Europe/Berlin", or "UTC"',
          source: "https://www.iana.org/time-zones",
        }),
      ]),
  },
  {
    reads: ["service", "services"],
    check: (config) =>
      config.everyService.flatMap(({ key, health_check_command: given }) =>
        problemIf(!["CMD", "CMD-SHELL"].includes(given[0] ?? "") || given.length < 2, {
          where: `${key}.health_check_command`,
          given,
          why: "does not start with CMD or CMD-SHELL, followed by a command; ECS rejects it at apply",
          instead: '["CMD", "/app/probe"], or ["CMD-SHELL", "/app/probe || exit 1"]',
          source: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html",
        }),
      ),
  },
  {
    reads: ["service", "services", "task_environment"],
    check: (config) =>
      config.everyService.flatMap(({ key, isDefault, access, task_environment }) =>
        Object.entries(task_environment)
          .filter(([name]) => platformVariables(access).includes(name))
          .map(([name, given]) => ({
            where: `${isDefault ? "" : `${key}.`}task_environment.${name}`,
            given,
            why: "is a variable that the platform sets; ECS rejects a second one of the same name at apply",
            instead: "another name",
            source: DEFINITION,
          })),
      ),
  },
  {
    reads: ["service", "services", "task_environment", "container_command"],
    check: (config) =>
      config.everyService.flatMap(({ key, isDefault, container_command, task_environment }) => {
        const bytes = Buffer.byteLength(JSON.stringify([container_command, task_environment]));
        return problemIf(bytes > MOST_CONTAINER_BYTES, {
          where: isDefault ? "task_environment" : `${key}.task_environment`,
          given: `${bytes} bytes`,
          why: `command and environment are longer than ${MOST_CONTAINER_BYTES} bytes; a task definition has at most 64 KiB`,
          instead: "values in feature_flags, or in files of the image",
          source: DEFINITION,
        });
      }),
  },
];

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
