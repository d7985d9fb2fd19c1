import { isPast, isSchedule } from "../cron";
import { problemIf, type Rule } from "./rule";

const SCHEDULED = "https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html";
const PUT_PARAMETER = "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html";

/** Bytes of a parameter of the standard tier. */
const MOST_PARAMETER_BYTES = 4096;

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
    check: (config, today) =>
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
        ...schedule.flatMap(({ at: given }, index) =>
          problemIf(isSchedule(given) && isPast(given, today), {
            where: `${key}.scaling.schedule[${index}].at`,
            given,
            why: "is in the past, so the action never runs",
            instead: "a time in the future, or remove the action",
            source: SCHEDULED,
          }),
        ),
        ...schedule.flatMap(({ name, at: given }, index) => {
          const earlier = schedule.slice(0, index).find(({ at }) => at === given);
          return problemIf(earlier !== undefined, {
            where: `${key}.scaling.schedule[${index}].at`,
            given,
            why: `is also the time of ${earlier?.name}; which of the two runs last, and so decides, is not defined`,
            instead: `one action, or another time for ${name}`,
            source: SCHEDULED,
          });
        }),
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
];

function isTimeZone(name: string): boolean {
  // The default, for which the time zones need not be loaded.
  if (name === "UTC") return true;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
