import { z } from "zod";
import { environmentVariables, flag, integer, text } from "./builders";
import { secretName } from "./images";
import { image } from "./release";

const SENSITIVE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html";
const PARAMETER_NAMES = "https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html";
const CONTAINERS = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html";
const FILTER_PATTERNS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html";
const STATEMENTS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html";

const name = z.string().regex(/^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/);

const secrets = z
  .record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/),
    z.union([
      z.strictObject({
        secret: secretName("partner/api"),
        field: text(/^[A-Za-z0-9_.-]{1,128}$/, "a key of the JSON in the secret", "token").optional(),
      }),
      z.strictObject({ parameter: text(/^\/[A-Za-z0-9_./-]{1,1010}$/, "the path of a parameter", "/bank/partner/url", PARAMETER_NAMES) }),
    ]),
  )
  .meta({
    expected: '{ VARIABLE = { secret = "name", field = "key of its JSON" } }, or { VARIABLE = { parameter = "/path" } }',
    source: SENSITIVE,
    about: "Environment variables from secrets of Secrets Manager and parameters of Parameter Store that are not the platform's.",
    details:
      "They exist in each region, before the apply. ECS reads them when a task starts. A key of your own must allow this account to decrypt.",
    example: { API_TOKEN: { secret: "partner/api", field: "token" }, API_URL: { parameter: "/partner/url" } },
  });

const statements = z
  .array(
    z.strictObject({
      actions: z.array(text(/^[a-z0-9-]+:[A-Za-z0-9*]+$/, "an action of IAM", "sqs:SendMessage", STATEMENTS)).min(1),
      resources: z
        .array(text(/^(\*|arn:aws:.{1,2048})$/, "the ARN of a resource", "arn:aws:sqs:{region}:{account}:orders", STATEMENTS))
        .min(1),
      every_resource_because: text(
        /^(?=.*\S).{10,256}$/,
        "a reason of 10 to 256 characters",
        "PutMetricData has no resource type",
      ).optional(),
    }),
  )
  .max(20)
  .meta({
    expected: "up to 20 statements { actions = [...], resources = [...] }",
    source: STATEMENTS,
    about: "Further permissions of the program (the task role).",
    details:
      '{region} and {account} in an ARN are replaced. Actions that give other permissions are rejected. Actions without resource types have resources = ["*"] and every_resource_because = "the reason". With a permissions boundary, it must allow the actions too.',
    example: [{ actions: ["sqs:SendMessage"], resources: ["arn:aws:sqs:{region}:{account}:orders"] }],
  });

const sidecars = z
  .record(
    name,
    z.strictObject({
      image: image("registry.bank.net/agent:2.1.0"),
      command: z.array(z.string()).meta({ expected: "the command and its arguments" }).optional(),
      task_environment: environmentVariables().optional(),
      memory_mib: integer(6, 122880, "MiB", CONTAINERS).optional(),
      essential: flag.optional(),
      user: text(/^[1-9]\d{0,9}(:[1-9]\d{0,9})?$/, "the numeric user (and group) of the process, never 0", "1000:1000").optional(),
      readonly_root_filesystem: flag.optional(),
    }),
  )
  .meta({
    expected: "further containers of each task, by name: { image = ... }",
    source: CONTAINERS,
    about: "Further containers in each task, by name, for agents and proxies.",
    details:
      "They share the CPU and the memory of the task; memory_mib limits one of them. With essential = true, ECS replaces the task when the container stops. The root filesystem is read-only and the user is that of the service, unless given.",
    example: { agent: { image: "registry.bank.net/agent:2.1.0", command: ["agent"], memory_mib: 128 } },
  });

const logMetrics = z
  .record(
    name,
    z.strictObject({
      pattern: z.string().min(1).max(1024).meta({ expected: "a filter pattern of CloudWatch Logs", source: FILTER_PATTERNS }),
      alarm_above: z.int().min(0).max(1000000).meta({ expected: "a number of matching log events in one minute" }).optional(),
    }),
  )
  .meta({
    expected: 'metrics by name: { declined = { pattern = "{ $.status = declined }", alarm_above = 100 } }',
    source: FILTER_PATTERNS,
    about: "Metrics of log events that match a pattern, and an alarm when one minute has more than alarm_above.",
    details: "The metrics are in the namespace Standfast/<suffix>, and on the dashboard. A service has up to 20.",
    example: { declined: { pattern: '{ $.status = "declined" }', alarm_above: 100 } },
  });

/** What a program needs in addition. Services do not inherit these keys: each has what it needs itself. */
export const OWN_NEEDS = {
  secrets: secrets.optional(),
  statements: statements.optional(),
  sidecars: sidecars.optional(),
  log_metrics: logMetrics.optional(),
};

/** What the operators of a service need. Additional services inherit these keys. */
export const OPERATING_NEEDS = {
  tracing: z
    .strictObject({ collector_image: image("public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3") })
    .meta({
      expected: '{ collector_image = "..." }',
      source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/trace-data.html",
      about: "Traces: a collector of OpenTelemetry in each task, which sends them to AWS X-Ray.",
      details: "The program sends OTLP to OTEL_EXPORTER_OTLP_ENDPOINT. See docs/program.md#traces.",
      example: { collector_image: "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3" },
    })
    .optional(),
  exec: flag.meta({
    about: "ECS Exec: permits a shell in a running container, for emergencies. Each session is logged, encrypted and reported.",
    details:
      "Who may open a session is decided by the policies of your users: ecs:ExecuteCommand on the cluster and its tasks, and kms:GenerateDataKey on the key key-exec-<suffix>. It needs readonly_root_filesystem = false. Turning it off DELETES THE LOGS of the sessions.",
  }),
};
