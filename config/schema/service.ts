import { z } from "zod";
import { ACCESS } from "../access";
import { OPERATING_NEEDS, OWN_NEEDS } from "./service-needs";
import { choice, environmentVariables, flag, integer, oneOf, text } from "./builders";

const SERVICE_QUOTAS = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html";
const SCHEDULED = "https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html";
const ROUTING_LIMITS = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html";

const tasks = integer(1, 5000, "tasks", SERVICE_QUOTAS);

const scaling = z.strictObject({
  cpu_percent: integer(10, 90, "percent of the tasks' processor time").meta({
    about: "Target utilization of all tasks in percent, and cooldowns in seconds.",
  }),
  memory_percent: integer(10, 90, "percent of the tasks' memory"),
  scale_out_seconds: integer(0, 3600, "seconds"),
  scale_in_seconds: integer(0, 3600, "seconds"),
  requests_per_task: integer(1, 1000000, "requests for each task and minute")
    .meta({ about: "Additional target: requests for each task and minute.", example: 1000 })
    .optional(),
  schedule: z
    .array(
      z.strictObject({
        name: text(/^[a-z][a-z0-9-]{0,19}$/, "a name of lower-case letters, digits and hyphens", "opening"),
        at: text(/^(cron\((\S+ ){5}\S+\)|at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\))$/, "a time", "cron(0 7 ? * MON-FRI *)", SCHEDULED),
        min: tasks,
        max: tasks,
      }),
    )
    .meta({
      expected: "a list of { name = ..., at = ..., min = ..., max = ... }",
      source: SCHEDULED,
      about: "Scheduled actions that change the range.",
      details: "With a schedule, a later change of tasks = { ... } has no effect until the next action.",
      example: [{ name: "opening", at: "cron(0 7 ? * MON-FRI *)", min: 12, max: 50 }],
    }),
  time_zone: text(/^[A-Za-z]+(\/[A-Za-z_+-]+\d*)*$/, "a time zone", "Europe/Berlin", SCHEDULED).meta({
    about: "Time zone of the schedule.",
  }),
});

/** Keys of every service. */
const everyService = {
  tasks: z.union([tasks, z.strictObject({ min: tasks, max: tasks })]).meta({
    expected: "a whole number of tasks, 1 to 5000, or { min = ..., max = ... } to scale with the load",
    source: SERVICE_QUOTAS,
    about: "Number of tasks, or { min = 10, max = 50 } to scale with the load.",
    details: "At least 2 for each zone. A deployment temporarily runs up to twice this number.",
  }),
  static_stability: flag.meta({
    about: "Additional tasks, so that the desired number remains at the moment when a zone is lost: 9 instead of 6.",
  }),
  scaling: scaling.meta({ about: "Auto scaling within the range." }),
  spot: z
    .strictObject({ on_demand: tasks })
    .meta({
      expected: "{ on_demand = ... }: tasks that run on demand; all above them run on Fargate Spot",
      source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html",
      about: "Runs all tasks above this number on Fargate Spot, at a third of the price.",
      details: "AWS can interrupt Spot tasks.",
      example: { on_demand: 6 },
    })
    .optional(),
  cpu: z.int().meta({
    expected: "CPU units: 256, 512, 1024, 2048, 4096, 8192 or 16384",
    about: "CPU units and memory in MiB of a task, in a combination that Fargate supports.",
  }),
  memory_mib: z.int().meta({ expected: "memory in MiB that Fargate supports for these CPU units" }),
  architecture: oneOf(["X86_64", "ARM64"]).meta({ about: "Processor architecture of the image." }),
  port: integer(1024, 65535, "a TCP port").meta({
    about: "TCP port of the container.",
    details: "A change replaces the target group without an interruption.",
  }),
  protocol: oneOf(["HTTP", "HTTPS"]).meta({
    about: "Protocol of the container on its port.",
    details:
      '"HTTP" requests stay within the VPC and between two security groups. "HTTPS" needs a certificate in the program, which the load balancer does not verify, and a health_check_command that uses HTTPS. A change replaces the target group without an interruption.',
  }),
  health_check_command: z
    .array(z.string())
    .min(1)
    .meta({
      expected: "the command that checks the container",
      example: ["CMD", "/app/probe"],
      source: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html",
      about:
        "Health check command in the container. Its program must be in the image. ECS replaces the task after 70 to 80 seconds of failed checks.",
      details:
        "{port} is replaced by the port. The command asks only whether the process must be replaced, and never the database. See docs/program.md#health.",
    }),
  user: text(/^[1-9]\d{0,9}(:[1-9]\d{0,9})?$/, "the numeric user (and group) of the process, never 0", "1000:1000").meta({
    about: "Numeric user and group of the process. Root is rejected.",
  }),
  readonly_root_filesystem: flag.meta({ about: "Read-only root filesystem of the container." }),
  stop_timeout_seconds: integer(
    2,
    120,
    "seconds",
    "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
  ).meta({ about: "Seconds between SIGTERM and SIGKILL. At least 5 more than the deregistration delay." }),
  health_check_grace_period_seconds: integer(0, 3600, "seconds").meta({
    about: "Seconds after the start of a task in which failed health checks are ignored.",
  }),
  ...OPERATING_NEEDS,
};

/** Keys of additional services only. */
const additionalService = {
  paths: z
    .array(text(/^\/[A-Za-z0-9_.$/~"'@:+&*?-]{0,127}$/, "a path", "/ledger/*"))
    .max(5)
    .meta({
      expected: "up to five paths that the load balancer routes to the service",
      source: ROUTING_LIMITS,
      about: "Up to five paths that the load balancer routes to the service. Without paths, only other services reach it.",
      example: ["/ledger", "/ledger/*"],
    })
    .optional(),
  called_by: z
    .array(z.string())
    .meta({ expected: "services that may call this service", about: "Services that may call this service.", example: ["payments"] })
    .optional(),
  access: z
    .array(oneOf(ACCESS))
    .meta({
      expected: `resources that the service may use, of ${ACCESS.map((name) => `"${name}"`).join(", ")}`,
      about: `Resources that the service may use: ${ACCESS.map((name) => `"${name}"`).join(", ")}.`,
      example: ["database"],
    })
    .optional(),
  container_command: z
    .array(z.string())
    .meta({ expected: "the command and its arguments", about: "Command and arguments of the container.", example: ["/app/ledger"] })
    .optional(),
  task_environment: environmentVariables()
    .meta({ about: "Environment variables of the container.", example: { LOG_LEVEL: "info" } })
    .optional(),
};

const additionalEntry = z.strictObject({
  ...z.strictObject(everyService).partial().shape,
  ...OWN_NEEDS,
  scaling: scaling.partial().optional(),
  ...additionalService,
});

export const SERVICES = {
  service: z.strictObject({ ...everyService, ...OWN_NEEDS }),
  services: z
    .record(
      z.string().regex(/^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/),
      additionalEntry.meta({ expected: "a service; missing keys are as in service = { ... }" }),
    )
    .meta({
      expected: "additional services by names of up to 20 lower-case letters, digits and hyphens, which end with a letter or digit",
      about: "Additional services by name. Missing keys are as in service = { ... }.",
      details: "Each needs an image in service_images. Removing a service DELETES ITS LOGS.",
      example: { ledger: { paths: ["/ledger/*"], called_by: ["payments"], access: ["database"], port: 8081 } },
      described: Object.keys(additionalService),
    }),
  discovery: choice({
    none: "no discovery",
    dns: "private DNS names of Cloud Map (http://ledger.<suffix>.internal:8081)",
    "service-connect": "a proxy in each task that balances, retries and publishes metrics (http://ledger:8081)",
  }).meta({
    about: "Service discovery.",
    details:
      'With "service-connect", a task knows only the endpoints that exist when it starts: a service starts after those that it calls, its tasks are replaced when it calls another, and called_by cannot form a cycle. With "dns", names are resolved at every call, and a program retries until the called service is there.',
  }),
};
