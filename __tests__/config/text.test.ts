import { describe, expect, it } from "@jest/globals";
import { isSchedule } from "../../config/cron";
import { platformVariables, RUNTIME_VARIABLES } from "../../config/platform-variables";
import { ACCESS } from "../../config/access";
import { EVERYTHING, MINIMAL, ONE_REGION } from "../support/config";
import { describeInvalidConfigs } from "../support/invalid-configs";
import { regionStack } from "../support/synthesized";

const LEDGER_IMAGE = { service_images: { ledger: "registry.bank.test/ledger:1.0.0" } };
const ledger = (values: object): object => ({ ...LEDGER_IMAGE, services: { ledger: values } });
const action = { name: "opening", at: "cron(0 7 ? * MON-FRI *)", min: 9, max: 12 };
const scaling = (values: object): object => ({ service: { tasks: { min: 6, max: 12 }, scaling: { schedule: [action], ...values } } });
const at = (time: string): object => scaling({ schedule: [{ ...action, at: time }] });
const zone = (name: string): object => ({ ...ONE_REGION, dns: { ...MINIMAL.dns, zone_name: name } });
const arn = "arn:aws:acm:us-east-1:123456789012:certificate/1";

describeInvalidConfigs([
  {
    title: "a feature flag that Parameter Store reads as a reference",
    bad: { feature_flags: { greeting: "{{name}}" } },
    where: "feature_flags.greeting",
    says: /reference to another parameter.*without \{\{/s,
    good: { feature_flags: { greeting: "{name}" } },
  },
  {
    title: "a feature flag with more bytes than characters",
    bad: { feature_flags: { currencies: "€".repeat(1366) } },
    where: "feature_flags.currencies",
    says: /longer than 4096 bytes.*several flags/s,
    good: { feature_flags: { currencies: "€".repeat(1365) } },
  },
  {
    title: "a schedule with two fields for days",
    bad: at("cron(0 7 * * MON-FRI *)"),
    where: "service.scaling.schedule[0].at",
    says: /neither or both fields for days are \?.*cron\(0 7 \? \* MON-FRI \*\)/s,
    good: at("cron(0 7 ? * MON-FRI *)"),
  },
  {
    title: "a schedule with an hour that no day has",
    bad: at("cron(0 24 ? * MON-FRI *)"),
    where: "service.scaling.schedule[0].at",
    says: /a field is out of its range/,
    good: at("cron(0 23 ? * MON-FRI *)"),
  },
  {
    title: "a date that does not exist",
    bad: at("at(2027-02-29T07:00:00)"),
    where: "service.scaling.schedule[0].at",
    says: /the date does not exist/,
    good: at("at(2027-02-28T07:00:00)"),
  },
  {
    title: "a time zone that does not exist",
    bad: scaling({ time_zone: "Europe/Bonn" }),
    where: "service.scaling.time_zone",
    says: /not a time zone of the IANA database.*Europe\/Berlin/s,
    good: scaling({ time_zone: "Europe/Berlin" }),
  },
  {
    title: "a health check command without its kind",
    bad: { service: { health_check_command: ["/app/probe"] } },
    where: "service.health_check_command",
    says: /CMD or CMD-SHELL.*ECS rejects it at apply/s,
    good: { service: { health_check_command: ["CMD", "/app/probe"] } },
  },
  {
    title: "a health check command of an additional service with its kind only",
    bad: ledger({ health_check_command: ["CMD-SHELL"] }),
    where: "services.ledger.health_check_command",
    says: /followed by a command/,
    good: ledger({ health_check_command: ["CMD-SHELL", "exit 0"] }),
  },
  {
    title: "an environment variable that the platform sets",
    bad: { task_environment: { DATABASE_NAME: "other" } },
    where: "task_environment.DATABASE_NAME",
    says: /a variable that the platform sets; ECS rejects a second one/,
    good: { task_environment: { DATABASE_SCHEMA: "other" } },
  },
  {
    title: "an environment variable of a store that an additional service may use",
    bad: ledger({ access: ["database"], task_environment: { DATABASE_NAME: "other" } }),
    where: "services.ledger.task_environment.DATABASE_NAME",
    says: /a variable that the platform sets/,
    good: ledger({ task_environment: { DATABASE_NAME: "other" } }),
  },
  {
    title: "an environment that is longer than a task definition",
    bad: { task_environment: { RULES: "x".repeat(48 * 1024) } },
    where: "task_environment",
    says: /a task definition has at most 64 KiB/,
    good: { task_environment: { RULES: "x".repeat(47 * 1024) } },
  },
  {
    title: "a command of an additional service that is longer than a task definition",
    bad: ledger({ container_command: ["x".repeat(49 * 1024)] }),
    where: "services.ledger.task_environment",
    says: /command and environment are longer/,
    good: ledger({ container_command: ["x".repeat(47 * 1024)] }),
  },
  {
    title: "a name of the service that no certificate can contain",
    bad: zone(`${"z".repeat(46)}.test`),
    where: "dns.service_name",
    says: /has 65 characters; ACM accepts at most 64.*a certificate_arn/s,
    good: zone(`${"z".repeat(45)}.test`),
  },
  {
    title: "such a name in a region without a certificate of its own",
    bad: zone(`${"z".repeat(60)}.test`),
    where: "dns.service_name",
    says: /ACM accepts at most 64/,
    good: { ...zone(`${"z".repeat(60)}.test`), regions: ONE_REGION.regions.map((region) => ({ ...region, certificate_arn: arn })) },
  },
  {
    title: "a health check path that Route 53 does not accept",
    bad: { load_balancer: { health_check: { path: `/${"h".repeat(255)}` } } },
    where: "load_balancer.health_check.path",
    says: /up to 255 characters/,
    good: { load_balancer: { health_check: { path: `/${"h".repeat(254)}` } } },
  },
  {
    title: "a health check path with a letter outside of ASCII",
    bad: { load_balancer: { health_check: { path: "/größe" } } },
    where: "load_balancer.health_check.path",
    says: /characters of ASCII, without \? and #/,
    good: { load_balancer: { health_check: { path: "/gr%C3%B6sse" } } },
  },
  {
    title: "a base URL that would start a variable in the message of an event",
    bad: { monitoring: { runbook_base_url: "https://wiki.bank.test/<team>" } },
    where: "monitoring.runbook_base_url",
    says: /base URL of the runbook pages/,
    good: { monitoring: { runbook_base_url: "https://wiki.bank.test/team" } },
  },
  {
    title: "a base URL that is no URL, so that links do not open",
    bad: { monitoring: { runbook_base_url: "docs/runbooks" } },
    where: "monitoring.runbook_base_url",
    says: /with its scheme/,
    good: { monitoring: { runbook_base_url: "http://wiki.bank.test" } },
  },
  {
    title: "a base URL that leaves no room in the description of an alarm",
    bad: { monitoring: { runbook_base_url: `https://${"w".repeat(193)}` } },
    where: "monitoring.runbook_base_url",
    says: /up to 200 characters/,
    good: { monitoring: { runbook_base_url: `https://${"w".repeat(192)}` } },
  },
  {
    title: "a prefix that S3 reserves",
    bad: { state_bucket_prefix: "sthree-state" },
    where: "state_bucket_prefix",
    says: /a prefix that S3 reserves/,
    good: { state_bucket_prefix: "three-state" },
  },
  {
    title: "a name of a service that no DNS label has",
    bad: { services: { "ledger-": {} }, service_images: { "ledger-": "registry.bank.test/ledger:1.0.0" } },
    where: "services.ledger-",
    says: /end with a letter or digit/,
    good: { services: { "ledger-2": {} }, service_images: { "ledger-2": "registry.bank.test/ledger:1.0.0" } },
  },
  {
    title: "an image name that is longer than ECS accepts",
    bad: { container_image: `registry.bank.test/${"p".repeat(233)}:1.0` },
    where: "container_image",
    says: /up to 255 characters/,
    good: { container_image: `registry.bank.test/${"p".repeat(232)}:1.0` },
  },
]);

describe("a time of a scheduled action", () => {
  it.each([
    "cron(0/15 8-17 ? * 2-6 *)",
    "cron(0 0 L * ? *)",
    "cron(0 0 1,15 JAN,JUL ? 2027-2030)",
    "cron(30 6 ? * MON#1 *)",
    "at(2028-02-29T23:59:59)",
  ])("%s is accepted", (text) => {
    expect(isSchedule(text)).toBe(true);
  });

  it.each([
    "cron(60 7 ? * * *)",
    "cron(0 7 32 * ? *)",
    "cron(0 7 ? 13 * *)",
    "cron(0 7 ? * 8 *)",
    "cron(0 7 ? * *)",
    "at(2026-11-21T24:00:00)",
    "rate(1 day)",
  ])("%s is rejected", (text) => {
    expect(isSchedule(text)).toBe(false);
  });
});

describe("the variables of the platform", () => {
  it("are those that a service with every access receives", () => {
    const definition = String(regionStack(EVERYTHING).resource("aws_ecs_task_definition.service_task_definition")["container_definitions"]);
    const secrets = /"secrets" = \[(.*?)\], "dockerLabels"/.exec(definition)?.[1] ?? "";
    expect([...secrets.matchAll(/"name" = "([A-Z_]+)"/g)].map(([, name]) => name).sort()).toEqual([...platformVariables(ACCESS)].sort());
  });

  it("are rejected at plan time too", () => {
    const { validation } = (regionStack(ONE_REGION).json["variable"] as Record<string, { validation: { condition: string }[] }>)[
      "task_environment"
    ] ?? {
      validation: [],
    };
    expect(validation.at(-1)?.condition).toBe(
      `\${length(setintersection(keys(var.task_environment), ${JSON.stringify(["SESSION_STORE", "DATABASE_WRITER_HOST", "DATABASE_READER_HOST", "DATABASE_PORT", "DATABASE_NAME", "DATABASE_USER", "DATABASE_PASSWORD", ...RUNTIME_VARIABLES])})) == 0}`,
    );
  });
});
