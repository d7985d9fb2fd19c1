import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { resolve } from "../../config/resolve";
import { withZoneRedundancy } from "../../config/capacity";
import { aConfig, MINIMAL, TODAY } from "../support/config";
import { describeInvalidConfigs } from "../support/invalid-configs";

const LEDGER = { services: { ledger: { paths: ["/ledger/*"] } }, service_images: { ledger: "registry.bank.test/ledger:1.0.0" } };
const two = (one: object, other: object): object => ({
  services: { ledger: one, risk: other },
  service_images: { ledger: "registry.bank.test/ledger:1.0.0", risk: "registry.bank.test/risk:1.0.0" },
});
/** Services by name, with the paths that the load balancer routes to them. */
const named = (paths: Readonly<Record<string, readonly string[]>>): object => ({
  services: Object.fromEntries(Object.entries(paths).map(([name, own]) => [name, { paths: own }])),
  service_images: Object.fromEntries(Object.keys(paths).map((name) => [name, `registry.bank.test/${name}:1.0.0`])),
});
/** Services a, b and c with their callers. */
const three = (...callers: readonly (readonly string[])[]): object => {
  const names = ["a", "b", "c"];
  return {
    services: Object.fromEntries(names.map((name, index) => [name, { called_by: callers[index] }])),
    service_images: Object.fromEntries(names.map((name) => [name, `registry.bank.test/${name}:1.0.0`])),
  };
};
const elastic = (scaling: object): object => ({ service: { tasks: { min: 6, max: 12 }, scaling } });
const step = { name: "opening", at: "cron(0 7 ? * MON-FRI *)", min: 9, max: 12 };

describeInvalidConfigs([
  {
    title: "too few tasks of an additional service",
    bad: { ...LEDGER, services: { ledger: { tasks: 5 } } },
    where: "services.ledger.tasks",
    says: /3 zones with 2 tasks each require 6.*services\.ledger = \{ tasks = 6 \}/,
    good: LEDGER,
  },
  {
    title: "memory of an additional service that Fargate does not support",
    bad: { ...LEDGER, services: { ledger: { cpu: 256, memory_mib: 8192 } } },
    where: "services.ledger.memory_mib",
    says: /does not support it with 256 CPU units/,
    good: { ...LEDGER, services: { ledger: { cpu: 256, memory_mib: 2048 } } },
  },
  {
    title: "a service without an image",
    bad: { services: { ledger: {} } },
    where: "services.ledger",
    says: /has no image.*service_images = \{ ledger =/,
    good: LEDGER,
  },
  {
    title: "an image of a service that does not exist",
    bad: { service_images: { ledger: "registry.bank.test/ledger:1.0.0" } },
    where: "service_images.ledger",
    says: /a service that does not exist/,
    good: LEDGER,
  },
  {
    title: "an image of an additional service without a version",
    bad: { ...LEDGER, service_images: { ledger: "registry.bank.test/ledger:latest" } },
    where: "service_images.ledger",
    says: /has no version/,
    good: LEDGER,
  },
  {
    title: "an additional service with the name of the primary service",
    bad: { services: { payments: {} }, service_images: { payments: "registry.bank.test/payments:1" } },
    where: "services.payments",
    says: /the name of the primary service/,
    good: LEDGER,
  },
  {
    title: "a caller that is not a service",
    bad: { ...LEDGER, discovery: "dns", services: { ledger: { called_by: ["nobody"] } } },
    where: "services.ledger.called_by",
    says: /is not a service payments/,
    good: { ...LEDGER, discovery: "dns", services: { ledger: { called_by: ["payments"] } } },
  },
  {
    title: "a service that calls itself",
    bad: { ...LEDGER, discovery: "dns", services: { ledger: { called_by: ["ledger"] } } },
    where: "services.ledger.called_by",
    says: /is the service itself/,
    good: { ...two({ called_by: ["risk"] }, {}), discovery: "dns" },
  },
  {
    title: "callers without service discovery",
    bad: { ...LEDGER, services: { ledger: { called_by: ["payments"] } } },
    where: "services.ledger.called_by",
    says: /gives the service no name.*discovery = "dns"/,
    good: { ...LEDGER, discovery: "service-connect", services: { ledger: { called_by: ["payments"] } } },
  },
  {
    title: "services that call each other with Service Connect",
    bad: { ...two({ called_by: ["payments", "risk"] }, { called_by: ["ledger"] }), discovery: "service-connect" },
    where: "services.ledger.called_by",
    says: /in a cycle \(ledger calls risk calls ledger\).*endpoints that exist when it starts.*discovery = "dns"/s,
    good: { ...two({ called_by: ["payments", "risk"] }, { called_by: ["ledger"] }), discovery: "dns" },
  },
  {
    title: "a cycle of three services",
    bad: { ...three(["c"], ["a"], ["b"]), discovery: "service-connect" },
    where: "services.a.called_by",
    says: /\(a calls b calls c calls a\)/,
    good: { ...three(["payments"], ["a"], ["a", "b"]), discovery: "service-connect" },
  },
  {
    title: "paths of two services that overlap",
    bad: two({ paths: ["/money/*"] }, { paths: ["/money/risk"] }),
    where: "services.risk.paths",
    says: /overlaps with \/money\/\* of services\.ledger\.paths/,
    good: two({ paths: ["/money/*"] }, { paths: ["/risk"] }),
  },
  {
    title: "a path that matches the health check path",
    bad: { ...LEDGER, services: { ledger: { paths: ["/h*"] } } },
    where: "services.ledger.paths",
    says: /contains \/health/,
    good: { ...LEDGER, services: { ledger: { paths: ["/healthy"] } } },
  },
  {
    title: "a path of the validation function that a service already has",
    bad: { ...LEDGER, validation: { enabled: true, path: "/ledger/validations" } },
    where: "validation.path",
    says: /overlaps with \/ledger\/\*/,
    good: { ...LEDGER, validation: { enabled: true, path: "/validations" } },
  },
  {
    title: "paths of two services whose wildcards overlap in the middle",
    bad: two({ paths: ["/money/*"] }, { paths: ["/*/risk"] }),
    where: "services.risk.paths",
    says: /overlaps with \/money\/\*/,
    good: two({ paths: ["/money/*", "/*/money"] }, { paths: ["/risk/*risk"] }),
  },
  {
    title: "two services whose listener rules would have the same priority",
    bad: named({ "cards-statements": ["/statements"], "users-settlement": ["/settlement"] }),
    where: "services.users-settlement",
    says: /cards-statements has the same priority.*rename one of the two/,
    good: named({ "cards-statements": ["/statements"], "users-settlement": [] }),
  },
  {
    title: "a service with the name of the validation route",
    bad: named({ validation: ["/validate"] }),
    where: "services.validation",
    says: /the name of the route to the validation function.*another name/,
    good: named({ validations: ["/validate"] }),
  },
  {
    title: "scaling by requests for a service without paths",
    bad: { ...LEDGER, services: { ledger: { tasks: { min: 6, max: 9 }, scaling: { requests_per_task: 100 } } } },
    where: "services.ledger.scaling.requests_per_task",
    says: /has no paths: the count would be 0.*paths = \["\/ledger\/\*"\]/,
    good: { ...LEDGER, services: { ledger: { paths: ["/ledger"], tasks: { min: 6, max: 9 }, scaling: { requests_per_task: 100 } } } },
  },
  {
    title: "a port of an additional service that no network ACL allows",
    bad: { ...LEDGER, services: { ledger: { port: 1023 } } },
    where: "services.ledger.port",
    says: /1024/,
    good: { ...LEDGER, services: { ledger: { port: 1024 } } },
  },
  ...(
    [
      ["cache", { sessions: "dynamodb" }, /sessions = "redis" or "both"/, { sessions: "redis" }],
      ["sessions", { sessions: "redis" }, /sessions = "dynamodb" or "both"/, { sessions: "both" }],
      ["objects", {}, /storage = \{ transaction_logs = true \} or/, { storage: { application_data: true } }],
      ["events", {}, /events = \{ enabled = true \}/, { events: { enabled: true } }],
      ["validation", {}, /validation = \{ enabled = true \}/, { validation: { enabled: true } }],
    ] as const
  ).map(([resource, without, says, with_]) => ({
    title: `access to ${resource}, which the configuration does not create`,
    bad: { ...LEDGER, services: { ledger: { access: ["database", resource] } }, ...without },
    where: "services.ledger.access",
    says,
    good: { ...LEDGER, services: { ledger: { access: ["database", resource] } }, ...with_ },
  })),
  {
    title: "fewer tasks on demand than must remain when AWS interrupts all others",
    bad: { service: { tasks: { min: 6, max: 12 }, spot: { on_demand: 5 } } },
    where: "service.spot.on_demand",
    says: /AWS can interrupt all Spot tasks.*on_demand = 6/,
    good: { service: { tasks: { min: 6, max: 12 }, spot: { on_demand: 6 } } },
  },
  {
    title: "a schedule for a fixed number of tasks",
    bad: { service: { tasks: 6, scaling: { schedule: [step] } } },
    where: "service.scaling.schedule",
    says: /fixed number of 6 tasks/,
    good: elastic({ schedule: [step] }),
  },
  {
    title: "a schedule with less than two tasks for each zone",
    bad: elastic({ schedule: [{ ...step, min: 3 }] }),
    where: "service.scaling.schedule[0].min",
    says: /require 6/,
    good: elastic({ schedule: [{ ...step, min: 6 }] }),
  },
  {
    title: "a schedule below the minimum number of tasks",
    bad: { service: { tasks: { min: 10, max: 50 }, scaling: { schedule: [{ ...step, min: 9 }] } } },
    where: "service.scaling.schedule[0].min",
    says: /below the minimum of 10 tasks.*min = 10, or lower service\.tasks\.min/s,
    good: { service: { tasks: { min: 10, max: 50 }, scaling: { schedule: [{ ...step, min: 10 }] } } },
  },
  {
    title: "a schedule below the minimum of static stability",
    bad: { service: { tasks: { min: 6, max: 50 }, static_stability: true, scaling: { schedule: [{ ...step, min: 6 }] } } },
    where: "service.scaling.schedule[0].min",
    says: /below the minimum of 9 tasks/,
    good: { service: { tasks: { min: 6, max: 50 }, static_stability: true, scaling: { schedule: [{ ...step, min: 9 }] } } },
  },
  {
    title: "a schedule whose maximum is below its minimum",
    bad: elastic({ schedule: [{ ...step, min: 9, max: 8 }] }),
    where: "service.scaling.schedule[0].max",
    says: /below the minimum of 9/,
    good: elastic({ schedule: [{ ...step, min: 9, max: 9 }] }),
  },
  {
    title: "two scheduled actions with the same name",
    bad: elastic({ schedule: [step, { ...step, at: "cron(0 19 ? * MON-FRI *)" }] }),
    where: "service.scaling.schedule[1].name",
    says: /the name of two actions/,
    good: elastic({ schedule: [step, { ...step, name: "closing", at: "cron(0 19 ? * MON-FRI *)" }] }),
  },
  {
    title: "scaling by requests for a fixed number of tasks",
    bad: { service: { tasks: 6, scaling: { requests_per_task: 1000 } } },
    where: "service.scaling.requests_per_task",
    says: /independent of the number of requests/,
    good: elastic({ requests_per_task: 1000 }),
  },
  {
    title: "a schedule with an invalid time",
    bad: elastic({ schedule: [{ ...step, at: "every morning" }] }),
    where: "service.scaling.schedule[0].at",
    says: /cron\(0 7 \? \* MON-FRI \*\)/,
    good: elastic({ schedule: [{ ...step, at: "at(2026-12-24T07:00:00)" }] }),
  },
  {
    title: "an unknown currency",
    bad: { validation: { limits: { EUX: { min: "1", max: "2" } } } },
    where: "validation.limits.EUX",
    says: /not a currency of ISO 4217/,
    good: { validation: { limits: { EUR: { min: "1", max: "2" } } } },
  },
  {
    title: "a limit with more decimals than the currency has",
    bad: { validation: { limits: { JPY: { min: "1.00", max: "2" } } } },
    where: "validation.limits.JPY.min",
    says: /JPY has 0 decimal digits/,
    good: { validation: { limits: { BHD: { min: "1.000", max: "2.000" } } } },
  },
  {
    title: "limits that reject every payment",
    bad: { validation: { limits: { EUR: { min: "2.00", max: "1.00" } } } },
    where: "validation.limits.EUR.min",
    says: /every payment would be rejected/,
    good: { validation: { limits: { EUR: { min: "2.00", max: "2.00" } } } },
  },
  {
    title: "a validation without currencies",
    bad: { validation: { enabled: true, limits: {} } },
    where: "validation.limits",
    says: /contains no currency: every payment would be rejected.*EUR/,
    good: { validation: { enabled: false, limits: {} } },
  },
  {
    title: "idempotency keys that expire before their requests",
    bad: { validation: { window_seconds: 3600, idempotency_hours: 1 } },
    where: "validation.idempotency_hours",
    says: /accepted for 3600 s after its creation.*60 s ahead.*valid twice.*2 or more/,
    good: { validation: { window_seconds: 3540, idempotency_hours: 1 } },
  },
  {
    title: "validation of events without an event bus",
    bad: { validation: { enabled: true, on_events: true } },
    where: "validation.on_events",
    says: /requires the event bus/,
    good: { validation: { enabled: true, on_events: true }, events: { enabled: true } },
  },
  {
    title: "a deprecated canary runtime with a browser",
    bad: { canaries: { runtime: "syn-nodejs-puppeteer-7.0" } },
    where: "canaries.runtime",
    says: /is deprecated.*"syn-nodejs-puppeteer-17\.0"/,
    good: { canaries: { runtime: "syn-nodejs-puppeteer-8.0" } },
  },
  {
    title: "a deprecated canary runtime without a browser",
    bad: { canaries: { runtime: "syn-nodejs-2.2" } },
    where: "canaries.runtime",
    says: /"syn-nodejs-5\.2"/,
    good: { canaries: { enabled: false, runtime: "syn-nodejs-2.2" } },
  },
  {
    title: "canaries whose second attempt would be interrupted",
    bad: { canaries: { every_minutes: 1, max_latency_seconds: 26 } },
    where: "canaries.max_latency_seconds",
    says: /up to 62 s.*starts after 60 s.*max_latency_seconds = 25, or every_minutes = 2/,
    good: { canaries: { every_minutes: 1, max_latency_seconds: 25 } },
  },
]);

describe("an additional service", () => {
  const services = aConfig({
    service: {
      tasks: { min: 6, max: 12 },
      cpu: 1024,
      memory_mib: 2048,
      scaling: { cpu_percent: 50, requests_per_task: 100, schedule: [step] },
    },
    services: { ledger: { port: 9000, scaling: { memory_percent: 40 } } },
    service_images: { ledger: "registry.bank.test/ledger:1.0.0" },
  }).services;
  const ledger = services.find(({ name }) => name === "ledger");

  it("has the values of the primary service for missing keys", () => {
    expect(ledger).toMatchObject({
      cpu: 1024,
      tasks: { min: 6, max: 12 },
      port: 9000,
      scaling: { cpuPercent: 50, memoryPercent: 40 },
      paths: [],
      calledBy: [],
      access: [],
    });
  });

  it("does not inherit schedules and request targets", () => {
    expect(ledger?.scaling.schedule).toEqual([]);
    expect(ledger?.scaling.requestsPerTask).toBeUndefined();
  });
});

describe("payment limits", () => {
  const EUR = { min: "1.00", max: "2.00" };

  it("are those of the preset by default", () => {
    expect(Object.keys(aConfig({ validation: { enabled: true } }).validation.limits)).toEqual(["EUR", "GBP", "USD"]);
  });

  it("replace those of the preset: a currency that is not listed is rejected", () => {
    const { limits, windowSeconds } = aConfig({ validation: { enabled: true, limits: { EUR } } }).validation;
    expect(limits).toEqual({ EUR });
    expect(windowSeconds).toBe(300);
  });
});

describe("static stability", () => {
  it("runs nine tasks instead of six in three zones, so that six remain when a zone is lost", () => {
    expect(withZoneRedundancy({ min: 6, max: 6 }, 3)).toEqual({ min: 9, max: 9 });
    expect(withZoneRedundancy({ min: 6, max: 12 }, 3)).toEqual({ min: 9, max: 12 });
    expect(withZoneRedundancy({ min: 10, max: 12 }, 3)).toEqual({ min: 15, max: 15 });
  });

  it("leaves the desired number in the other zones, for any number of tasks and zones", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 2, max: 6 }),
        (min, more, zones) => {
          const raised = withZoneRedundancy({ min, max: min + more }, zones);
          const inFullestZone = Math.ceil(raised.min / zones);
          expect(raised.min - inFullestZone).toBeGreaterThanOrEqual(min);
          expect(raised.max).toBeGreaterThanOrEqual(raised.min);
          expect(raised.max > raised.min || more === 0 || raised.min >= min + more).toBe(true);
        },
      ),
    );
  });
});

describe("warnings", () => {
  const notices = (overrides: object): string => resolve("test.tfvars", { ...MINIMAL, ...overrides }, TODAY).notices.join("\n");

  it("name canaries that the load balancer blocks", () => {
    const closed = { load_balancer: { allowed_cidrs: ["192.0.2.0/24", "15.177.0.0/18"] } };
    expect(notices({})).not.toContain("canaries use AWS addresses");
    expect(
      notices({
        ...closed,
        regions: [{ name: "us-east-1", availability_zones: ["us-east-1a", "us-east-1b", "us-east-1c"], vpc_cidr: "10.0.0.0/16" }],
      }),
    ).toContain("canaries use AWS addresses");
  });

  it("name a canary that requests the path of the health check", () => {
    const onePath = { canaries: { enabled: true, path: "/health" } };
    expect(notices(onePath)).toContain("canaries.path is /health, the path of the health check.");
    expect(notices({ canaries: { enabled: true } })).not.toContain("canaries.path");
    expect(notices({ ...onePath, load_balancer: { health_check: { path: "/ready" } } })).not.toContain("canaries.path");
    expect(notices({ canaries: { enabled: false, path: "/health" } })).not.toContain("canaries.path");
  });

  it("name concurrency that is reserved from all other functions", () => {
    expect(notices({ validation: { enabled: true, reserved_concurrency: 50 } })).toContain("validation.reserved_concurrency reserves 50");
    expect(notices({ validation: { enabled: true } })).not.toContain("reserved_concurrency");
  });
});
