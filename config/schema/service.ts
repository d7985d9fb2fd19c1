import { z } from "zod";
import { ACCESS } from "../access";
import { choice, environmentVariables, flag, integer, oneOf, text } from "./builders";

const SERVICE_QUOTAS = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html";
const SCHEDULED = "https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html";
const ROUTING_LIMITS = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html";

const tasks = integer(1, 5000, "tasks", SERVICE_QUOTAS);

const scaling = z.strictObject({
  cpu_percent: integer(10, 90, "percent of the tasks' processor time").meta({
    about: "Average load of all tasks to keep to, in percent, and seconds of rest after a step.",
  }),
  memory_percent: integer(10, 90, "percent of the tasks' memory"),
  scale_out_seconds: integer(0, 3600, "seconds"),
  scale_in_seconds: integer(0, 3600, "seconds"),
  requests_per_task: integer(1, 1000000, "requests that a task gets in a minute")
    .meta({ about: "Follow the number of requests that a task gets in a minute, too.", example: 1000 })
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
      about: "Other ranges at certain times.",
      details: "With a schedule the range is its own: a later change of tasks = { ... } has no effect until the next step.",
      example: [{ name: "opening", at: "cron(0 7 ? * MON-FRI *)", min: 12, max: 50 }],
    }),
  time_zone: text(/^[A-Za-z]+(\/[A-Za-z_+-]+\d*)*$/, "a time zone", "Europe/Berlin", SCHEDULED).meta({
    about: "Time zone of the schedule.",
  }),
});

/** What can be said of every service. */
const everyService = {
  tasks: z.union([tasks, z.strictObject({ min: tasks, max: tasks })]).meta({
    expected: "a whole number of tasks, 1 to 5000, or { min = ..., max = ... } to follow the load",
    source: SERVICE_QUOTAS,
    about: "Tasks to keep running, exactly; or { min = 10, max = 50 } to follow the load.",
    details: "At least 2 for each zone. A deployment runs up to twice as many for a while.",
  }),
  static_stability: flag.meta({
    about: "Run so many more that the wanted number is left at the moment when a zone is lost: 9 instead of 6.",
  }),
  scaling: scaling.meta({ about: "How the number of tasks follows the load within a range." }),
  spot: z
    .strictObject({ on_demand: tasks })
    .meta({
      expected: "{ on_demand = ... }: tasks that run on demand; all above them run on Fargate Spot",
      source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html",
      about: "Run all tasks above this number on Fargate Spot, at a third of the price.",
      details: "AWS may take them away.",
      example: { on_demand: 6 },
    })
    .optional(),
  cpu: z.int().meta({
    expected: "CPU units: 256, 512, 1024, 2048, 4096, 8192 or 16384",
    about: "CPU units and MiB of a task: the pairs that Fargate offers.",
  }),
  memory_mib: z.int().meta({ expected: "memory in MiB that Fargate offers for these CPU units" }),
  architecture: oneOf(["X86_64", "ARM64"]).meta({ about: "The processor architecture: must be the image's." }),
  port: integer(1024, 65535, "a TCP port").meta({
    about: "TCP port of the container.",
    details: "Changing it replaces the target group, without an interruption.",
  }),
  protocol: oneOf(["HTTP", "HTTPS"]).meta({
    about: "What the container answers on its port.",
    details:
      '"HTTP" stays within the VPC and between two security groups; "HTTPS" takes a certificate of the program\'s own, which the load balancer takes unseen. health_check_command must speak it too. A change replaces the target group, without an interruption.',
  }),
  health_check_command: z
    .array(z.string())
    .min(1)
    .meta({
      expected: "the command that proves the container well",
      example: ["CMD", "/app/probe"],
      source: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html",
      about: "Command inside the container that proves it well; its program must be in the image.",
      details: "{port} stands for the port.",
    }),
  user: text(/^[1-9]\d{0,9}(:[1-9]\d{0,9})?$/, "the numeric user (and group) of the process, never 0", "1000:1000").meta({
    about: "Numeric user and group of the process; never root.",
  }),
  readonly_root_filesystem: flag.meta({ about: "Mount the root filesystem read-only." }),
  stop_timeout_seconds: integer(
    2,
    120,
    "seconds",
    "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
  ).meta({ about: "Seconds between SIGTERM and SIGKILL; at least 5 more than the deregistration delay." }),
  health_check_grace_period_seconds: integer(0, 3600, "seconds").meta({
    about: "Seconds that a task may take to start before a failed check counts.",
  }),
};

/** What only services beside the first have. */
const additionalService = {
  paths: z
    .array(text(/^\/[A-Za-z0-9_.$/~"'@:+&*?-]{0,127}$/, "a path", "/ledger/*"))
    .max(5)
    .meta({
      expected: "up to five paths that the load balancer leads to it",
      source: ROUTING_LIMITS,
      about: "What the load balancer leads to it, up to five; without, it is reached by other services only.",
      example: ["/ledger", "/ledger/*"],
    })
    .optional(),
  called_by: z
    .array(z.string())
    .meta({ expected: "services that may call it", about: "The services that may call it.", example: ["payments"] })
    .optional(),
  access: z
    .array(oneOf(ACCESS))
    .meta({
      expected: `what it may use, of ${ACCESS.map((name) => `"${name}"`).join(", ")}`,
      about: `What it may use of what is there: ${ACCESS.map((name) => `"${name}"`).join(", ")}.`,
      example: ["database"],
    })
    .optional(),
  container_command: z
    .array(z.string())
    .meta({ expected: "the command and its arguments", about: "Command and arguments of its container.", example: ["/app/ledger"] })
    .optional(),
  task_environment: environmentVariables()
    .meta({ about: "Environment variables of its container.", example: { LOG_LEVEL: "info" } })
    .optional(),
};

const further = z.strictObject({
  ...z.strictObject(everyService).partial().shape,
  scaling: scaling.partial().optional(),
  ...additionalService,
});

export const SERVICES = {
  service: z.strictObject(everyService),
  services: z
    .record(
      z.string().regex(/^[a-z][a-z0-9-]{0,19}$/),
      further.meta({ expected: "a service: what it does not say is as in service = { ... }" }),
    )
    .meta({
      expected: "further services by their names of lower-case letters, digits and hyphens",
      about: "Further services, by their names: what they do not say is as in service = { ... }.",
      details: "For each an image in service_images.",
      example: { ledger: { paths: ["/ledger/*"], called_by: ["payments"], access: ["database"], port: 8081 } },
      described: Object.keys(additionalService),
    }),
  discovery: choice({
    none: "not at all",
    dns: "private names of Cloud Map (http://ledger.<suffix>.internal:8081)",
    "service-connect": "a proxy beside each task that balances, tries again and measures (http://ledger:8081)",
  }).meta({ about: "How services find each other." }),
};
