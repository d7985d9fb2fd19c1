import { describeInvalidConfigs } from "../support/invalid-configs";

const service = (values: object) => ({ service: values });
const actions = (...names: readonly string[]) =>
  service({ statements: [{ actions: names, resources: ["arn:aws:sqs:us-east-1:123456789012:orders"] }] });
const resources = (resource: string, further: object = {}) =>
  service({ statements: [{ actions: ["sqs:SendMessage"], resources: [resource], ...further }] });
const agents = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`agent-${index}`, { image: "registry.bank.test/agent:1.0.0" }]));
const GOOD = actions("sqs:SendMessage");

/** Actions that would give a program more than its task role has. */
const ESCALATIONS = [
  "iam:PassRole",
  "iam:CreateUser",
  "sts:AssumeRoleWithWebIdentity",
  "kms:CreateGrant",
  "kms:PutKeyPolicy",
  "kms:*",
  "lambda:UpdateFunctionCode",
  "lambda:AddPermission",
  "ecs:RunTask",
  "ecs:ExecuteCommand",
  "ec2:RunInstances",
  "ssm:SendCommand",
  "states:UpdateStateMachine",
  "s3:PutBucketPolicy",
  "secretsmanager:PutResourcePolicy",
  "sns:AddPermission",
  "organizations:LeaveOrganization",
  "cloudformation:CreateStack",
  "events:PutTargets",
  "sqs:SetQueueAttributes",
  "sns:SetTopicAttributes",
];

/** Wildcards that contain such actions. */
const WILDCARDS = [
  "sqs:*",
  "s3:Put*",
  "s3:PutBucketPol*",
  "secretsmanager:Put*",
  "sns:Add*",
  "lambda:Upd*",
  "ecs:Exec*",
  "ssm:Send*",
  "ssm:Start*",
  "events:Put*",
];

describeInvalidConfigs([
  ...ESCALATIONS.map((action) => ({
    title: `a statement with ${action}`,
    bad: actions("sqs:SendMessage", action),
    where: "service.statements[0].actions",
    says: /gives other permissions/,
    good: GOOD,
  })),
  ...WILDCARDS.map((action) => ({
    title: `a statement with the wildcard ${action}`,
    bad: actions(action),
    where: "service.statements[0].actions",
    says: /actions that are not named|gives other permissions/,
    good: actions("dynamodb:BatchGet*", "s3:Get*", "kms:Decrypt", "kms:GenerateDataKey*", "sts:AssumeRole"),
  })),
  ...[
    "arn:aws:s3:::*/*",
    "arn:aws:s3:::?*",
    "arn:aws:sqs:*:*:**",
    "arn:aws:dynamodb:*:*:*/*",
    "arn:aws:logs:*:*:log-group:*:*",
    "arn:aws:dynamodb:us-east-1:{account}:table/*",
  ].map((resource) => ({
    title: `a statement for ${resource}`,
    bad: resources(resource),
    where: "service.statements[0].resources",
    says: /every resource of the service/,
    good: resources("arn:aws:s3:::partner-files/in/*"),
  })),
  {
    title: "a statement for every resource without a reason",
    bad: resources("*"),
    where: "service.statements[0].resources",
    says: /every resource of the service.*every_resource_because/s,
    good: resources("*", { every_resource_because: "the action has no resource type" }),
  },
  {
    title: "a statement for every queue",
    bad: resources("arn:aws:sqs:*:*:*"),
    where: "service.statements[0].resources",
    says: /every resource of the service/,
    good: resources("arn:aws:sqs:{region}:{account}:orders-*"),
  },
  {
    title: "a statement for every bucket",
    bad: resources("arn:aws:s3:::*"),
    where: "service.statements[0].resources",
    says: /every resource of the service/,
    good: resources("arn:aws:s3:::partner-files/*"),
  },
  {
    title: "a statement that permits every role",
    bad: service({ statements: [{ actions: ["sts:AssumeRole"], resources: ["*"], every_resource_because: "any role will do" }] }),
    where: "service.statements[0].resources",
    says: /every role that trusts the account.*the ARN of one role/s,
    good: service({ statements: [{ actions: ["sts:AssumeRole"], resources: ["arn:aws:iam::210987654321:role/partner"] }] }),
  },
  {
    title: "a placeholder that is not known",
    bad: resources("arn:aws:sqs:{regoin}:123456789012:orders"),
    where: "service.statements[0].resources",
    says: /placeholder that is not known.*\{region\} and \{account\}/s,
    good: resources("arn:aws:sqs:{region}:{account}:orders"),
  },
  {
    title: "a reason without a wildcard",
    bad: resources("arn:aws:sqs:us-east-1:123456789012:orders", { every_resource_because: "the action has no resource type" }),
    where: "service.statements[0].every_resource_because",
    says: /has no effect/,
    good: GOOD,
  },
  {
    title: "a secret in a variable of the platform",
    bad: service({ secrets: { DATABASE_PASSWORD: { secret: "other" } } }),
    where: "service.secrets.DATABASE_PASSWORD",
    says: /variable that the platform or Fargate sets/,
    good: service({ secrets: { PARTNER_PASSWORD: { secret: "other" } } }),
  },
  {
    title: "a secret in a variable of the traces",
    bad: service({
      secrets: { OTEL_SERVICE_NAME: { secret: "other" } },
      tracing: { collector_image: "registry.bank.test/collector:1.0.0" },
    }),
    where: "service.secrets.OTEL_SERVICE_NAME",
    says: /variable that the platform or Fargate sets/,
    good: service({ secrets: { OTEL_SERVICE_NAME: { secret: "other" } } }),
  },
  {
    title: "a secret with the name of an environment variable",
    bad: {
      ...service({ secrets: { Partner_Url: { parameter: "/bank/url" } } }),
      task_environment: { PARTNER_URL: "https://partner.test" },
    },
    where: "service.secrets.Partner_Url",
    says: /variable of task_environment too/,
    good: service({ secrets: { PARTNER_URL: { parameter: "/bank/url" } } }),
  },
  {
    title: "a secret and a parameter for one variable",
    bad: service({ secrets: { PARTNER_URL: { secret: "partner", parameter: "/bank/url" } } }),
    where: "service.secrets.PARTNER_URL",
    says: /\{ VARIABLE = \{ secret = "name"/,
    good: service({ secrets: { PARTNER_URL: { secret: "partner", field: "url" } } }),
  },
  {
    title: "sidecars that use the memory of the program",
    bad: service({ memory_mib: 1024, sidecars: { agent: { image: "registry.bank.test/agent:1.0.0", memory_mib: 1000 } } }),
    where: "service.sidecars",
    says: /1000 of the 1024 MiB of a task/,
    good: service({ memory_mib: 1024, sidecars: { agent: { image: "registry.bank.test/agent:1.0.0", memory_mib: 960 } } }),
  },
  {
    title: "more containers than a task has",
    bad: service({ sidecars: agents(10) }),
    where: "service.sidecars",
    says: /at most 10 containers/,
    good: service({ sidecars: agents(9) }),
  },
  {
    title: "a sidecar with the name of the program's container",
    bad: service({ sidecars: { payments: { image: "registry.bank.test/agent:1.0.0" } } }),
    where: "service.sidecars.payments",
    says: /name of a container of the platform/,
    good: service({ sidecars: { agent: { image: "registry.bank.test/agent:1.0.0" } } }),
  },
  {
    title: "a sidecar that runs as root",
    bad: service({ sidecars: { agent: { image: "registry.bank.test/agent:1.0.0", user: "0" } } }),
    where: "service.sidecars.agent.user",
    says: /never 0/,
    good: service({ sidecars: { agent: { image: "registry.bank.test/agent:1.0.0", user: "1001" } } }),
  },
  {
    title: "more log metrics than a service has",
    bad: service({ log_metrics: Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`metric-${index}`, { pattern: "x" }])) }),
    where: "service.log_metrics",
    says: /at most 20/,
    good: service({ log_metrics: Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`metric-${index}`, { pattern: "x" }])) }),
  },
  {
    title: "ECS Exec in a container with a read-only root filesystem",
    bad: service({ exec: true }),
    where: "service.exec",
    says: /root filesystem is read-only/,
    good: service({ exec: true, readonly_root_filesystem: false }),
  },
]);
