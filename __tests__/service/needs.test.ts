import { beforeAll, describe, expect, it } from "@jest/globals";
import { NEEDS, ONE_REGION, twoRegions } from "../support/config";
import { evaluate } from "../support/evaluate-terraform";
import { allows, type EvaluatedStatement, type PolicyRequest } from "../support/evaluate-policy";
import { BOUNDARY, statementsOf } from "../support/permissions";
import { list, statements } from "../support/policies";
import { globalStack, oneRegion, regionStack, type Synthesized } from "../support/synthesized";

const ACCOUNT = "123456789012";
const CENTRAL = "210987654321";
const REGIONS = ["us-east-1", "us-west-2"] as const;
const BOTH = { ...twoRegions("hot"), ...NEEDS, network: { interface_endpoints: true } };

interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly secrets?: readonly { readonly name: string; readonly valueFrom: string }[];
  readonly repositoryCredentials?: { readonly credentialsParameter: string } | null;
  readonly user?: string;
  readonly essential: boolean;
  readonly memory?: number;
  readonly readonlyRootFilesystem: boolean;
}

/** The given secrets, by the id of their look-up. */
const GIVEN: Readonly<Record<string, string>> = {
  "partner-api": "partner/api",
  "ledger-key": "ledger-key",
  "registry-bank": "registry/bank",
};
const arnOf = (id: string, region: string): string => `arn:aws:secretsmanager:${region}:${ACCOUNT}:secret:${GIVEN[id]}-AbCdEf`;

/** The local values, with what the look-ups of secrets find: the secret, and another one whose name begins with its name. */
function localsOf(stack: Synthesized, region: string): unknown {
  const text = JSON.stringify(stack.json["locals"]).replaceAll(
    /data\.aws_secretsmanager_secrets\.given-secrets_([\w-]+?)-[0-9a-f]{6}_list\.arns/g,
    (_, id: string) =>
      JSON.stringify(JSON.stringify([arnOf(id, region).replace(/-AbCdEf$/, "-next-AbCdEf"), arnOf(id, region)])).slice(1, -1),
  );
  return JSON.parse(text);
}

/** The containers of a service, as Terraform writes them. @param image of the release, instead of the synthesized one */
async function containersOf(stack: Synthesized, region: string, service: string, image?: string): Promise<ReadonlyMap<string, Container>> {
  const definitions = stack.resource(`aws_ecs_task_definition.${service}_task_definition`)["container_definitions"];
  const variable = structuredClone(stack.json["variable"]) as Record<string, { default: unknown }>;
  if (image !== undefined) variable["container_image"] = { ...variable["container_image"], default: image };
  const { value } = await evaluate(variable, { value: definitions }, localsOf(stack, region));
  return new Map((JSON.parse(String(value)) as Container[]).map((container) => [container.name, container]));
}

describe.each(REGIONS)("the tasks in %s", (region) => {
  const stack = regionStack(BOTH, REGIONS.indexOf(region));
  let payments: ReadonlyMap<string, Container>;
  let ledger: ReadonlyMap<string, Container>;

  beforeAll(async () => {
    [payments, ledger] = await Promise.all([containersOf(stack, region, "service"), containersOf(stack, region, "service-ledger")]);
  });

  it("pull the image of a central account from its registry in their own region, without credentials", () => {
    expect(payments.get("payments")).toMatchObject({
      image: `${CENTRAL}.dkr.ecr.${region}.amazonaws.com/payments:1.4.2`,
      repositoryCredentials: null,
    });
  });

  it("log in to a private registry with its secret, programs and sidecars, and to no other", () => {
    const secret = { credentialsParameter: arnOf("registry-bank", region) };
    expect(ledger.get("ledger")).toMatchObject({ image: "registry.bank.test/ledger:1.0.0", repositoryCredentials: secret });
    expect(payments.get("agent")).toMatchObject({ image: "registry.bank.test/agent:2.1.0", repositoryCredentials: secret });
    expect(payments.get("trace-collector")).not.toHaveProperty("repositoryCredentials");
  });

  it("follow a release to another registry", async () => {
    const released = await containersOf(stack, region, "service", "registry.bank.test/payments:1.5.0");
    expect(released.get("payments")).toMatchObject({ repositoryCredentials: { credentialsParameter: arnOf("registry-bank", region) } });
    const own = await containersOf(stack, region, "service", `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/payments:1.5.0`);
    expect(own.get("payments")).toMatchObject({
      image: `${ACCOUNT}.dkr.ecr.${region}.amazonaws.com/payments:1.5.0`,
      repositoryCredentials: null,
    });
  });

  it("read their own secrets and parameters in their own region", () => {
    const valueOf = (container: Container | undefined, name: string) =>
      container?.secrets?.find((secret) => secret.name === name)?.valueFrom;
    expect(valueOf(payments.get("payments"), "PARTNER_TOKEN")).toBe(`${arnOf("partner-api", region)}:token::`);
    expect(valueOf(payments.get("payments"), "PARTNER_URL")).toBe(`arn:aws:ssm:${region}:${ACCOUNT}:parameter/bank/partner/url`);
    expect(valueOf(ledger.get("ledger"), "LEDGER_KEY")).toBe(arnOf("ledger-key", region));
    expect(valueOf(ledger.get("ledger"), "PARTNER_TOKEN")).toBeUndefined();
  });

  it("have a sidecar with its text character by character, without root and with a read-only root filesystem", () => {
    expect(payments.get("agent")).toMatchObject({
      command: ["agent", '--label="a ${b}"'],
      environment: [{ name: "agent_mode", value: "quiet" }],
      memory: 128,
      essential: false,
      user: "1000:1000",
      readonlyRootFilesystem: true,
    });
  });

  it("send traces to their collector, under the name of the service", () => {
    const variables = (container: Container | undefined) =>
      Object.fromEntries((container?.environment ?? []).map(({ name, value }) => [name, value]));
    expect(variables(payments.get("payments"))).toMatchObject({
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318",
      OTEL_SERVICE_NAME: "payments-test-1",
      OTEL_PROPAGATORS: "xray,tracecontext,baggage",
    });
    expect(payments.get("trace-collector")).toMatchObject({ essential: false, readonlyRootFilesystem: true });
    expect([...ledger.keys()]).toEqual(["ledger", "trace-collector"]);
  });
});

describe.each(REGIONS)("the execution roles in %s", (region) => {
  const stack = regionStack(BOTH, REGIONS.indexOf(region));
  const other = REGIONS.find((name) => name !== region) ?? "";
  /** The statements of a role, with the ARNs of the secrets that a plan reads. */
  const roleOf = (service: string, role: "execution-role" | "task-role"): EvaluatedStatement[] => {
    const own = statements(stack).filter(({ address }) => address === `aws_iam_role_policy.${service}_${role}_permissions`);
    const text = JSON.stringify(own).replaceAll(/\$\{local\.given-secrets_([\w-]+?)-[0-9a-f]{6}_arn\}/g, (_, id: string) =>
      arnOf(id, region),
    );
    return JSON.parse(text) as EvaluatedStatement[];
  };
  const boundary = statementsOf(BOUNDARY, "test-1", { "GIVEN-SECRETS": "*" });
  const request = (action: string, resource: string, context: PolicyRequest["context"] = {}): PolicyRequest => ({
    action,
    resource,
    context,
  });
  const pulls = (repository: string): PolicyRequest[] =>
    ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"].map((action) => request(action, repository));
  const decrypts = (
    service: string,
    context: Readonly<Record<string, string>>,
    key = `arn:aws:kms:${region}:${ACCOUNT}:key/1`,
  ): PolicyRequest =>
    request("kms:Decrypt", key, {
      "kms:ViaService": `${service}.${region}.amazonaws.com`,
      ...Object.fromEntries(Object.entries(context).map(([name, value]) => [`kms:EncryptionContext:${name}`, value])),
    });
  const ecr = (account: string, name: string, place: string = region): string => `arn:aws:ecr:${place}:${account}:repository/${name}`;
  const reads = (secret: string): PolicyRequest[] => [
    request("secretsmanager:GetSecretValue", secret),
    decrypts("secretsmanager", { SecretARN: secret }),
  ];
  const secret = (id: string): string => arnOf(id, region);

  /** The calls that ECS documents for each kind of registry and value. */
  const CALLS: Readonly<Record<string, readonly PolicyRequest[]>> = {
    "the registry of the account": [request("ecr:GetAuthorizationToken", "*"), ...pulls(ecr(ACCOUNT, "payments"))],
    "the registry of a central account": pulls(ecr(CENTRAL, "payments")),
    "a pull-through cache, the first time": [
      request("ecr:BatchImportUpstreamImage", ecr(ACCOUNT, "docker-hub/library/caddy")),
      request("ecr:CreateRepository", ecr(ACCOUNT, "docker-hub/library/caddy")),
      ...pulls(ecr(ACCOUNT, "docker-hub/library/caddy")),
    ],
    "a private registry": reads(secret("registry-bank")),
    "GuardDuty's agent": pulls(ecr("593207742271", "aws-guardduty-agent-fargate")),
    "a secret of the program": reads(secret("partner-api")),
    "a parameter of the program": [
      request("ssm:GetParameters", `arn:aws:ssm:${region}:${ACCOUNT}:parameter/bank/partner/url`),
      decrypts("ssm", { PARAMETER_ARN: `arn:aws:ssm:${region}:${ACCOUNT}:parameter/bank/partner/url` }),
    ],
  };

  it.each(Object.keys(CALLS))("permit %s, within the boundary of docs/ci", (kind) => {
    const refused = (CALLS[kind] ?? []).filter((made) => !allows(roleOf("service", "execution-role"), made, boundary));
    expect(refused).toEqual([]);
  });

  it("permit nothing beyond: no other account or region, no secret of another service, no other use of a key", () => {
    const others = [
      ...pulls(ecr("999999999999", "payments")),
      ...pulls(ecr(ACCOUNT, "payments", other)),
      request("ecr:CreateRepository", ecr(ACCOUNT, "payments")),
      request("ecr:PutImage", ecr(ACCOUNT, "payments")),
      ...reads(secret("ledger-key")),
      decrypts("secretsmanager", { SecretARN: secret("ledger-key") }),
      decrypts("s3", { SecretARN: secret("partner-api") }),
      decrypts("secretsmanager", {}),
      request("ssm:GetParameters", `arn:aws:ssm:${region}:${ACCOUNT}:parameter/bank/partner/key`),
    ];
    expect(others.filter((made) => allows(roleOf("service", "execution-role"), made))).toEqual([]);
    // The other service has its own secret, and only that.
    expect(reads(secret("ledger-key")).every((made) => allows(roleOf("service-ledger", "execution-role"), made))).toBe(true);
    expect(reads(secret("partner-api")).some((made) => allows(roleOf("service-ledger", "execution-role"), made))).toBe(false);
  });

  it("are not those of the programs, which have the further statements in their region, and those of traces and sessions", () => {
    const program = roleOf("service", "task-role");
    expect(allows(program, request("sqs:SendMessage", `arn:aws:sqs:${region}:${ACCOUNT}:orders`), boundary)).toBe(true);
    expect(allows(program, request("cloudwatch:PutMetricData", "*"))).toBe(true);
    expect(allows(program, request("xray:PutTraceSegments", "*"))).toBe(true);
    expect(allows(program, request("ssmmessages:OpenDataChannel", "*"))).toBe(true);
    expect(allows(program, request("sqs:SendMessage", `arn:aws:sqs:${other}:${ACCOUNT}:orders`))).toBe(false);
    expect(allows(program, request("secretsmanager:GetSecretValue", secret("partner-api")))).toBe(false);
    expect(allows(roleOf("service-ledger", "task-role"), request("sqs:SendMessage", `arn:aws:sqs:${region}:${ACCOUNT}:orders`))).toBe(
      false,
    );
  });
});

describe("ECS Exec", () => {
  const stack = oneRegion({ ...ONE_REGION, ...NEEDS });

  it("records every session in an encrypted log, with a key of its own", () => {
    expect(stack.only("aws_ecs_cluster")).toMatchObject({
      configuration: {
        execute_command_configuration: {
          kms_key_id: "${aws_kms_key.exec-key_key.arn}",
          logging: "OVERRIDE",
          log_configuration: {
            cloud_watch_encryption_enabled: true,
            cloud_watch_log_group_name: "${aws_cloudwatch_log_group.cluster_exec-log_group.name}",
          },
        },
      },
    });
    expect(stack.all("aws_ecs_service").map(({ enable_execute_command: on }) => on)).toEqual([true, true]);
  });

  it("reports every session of this cluster, by whom, with the address", () => {
    const rule = stack.resource("aws_cloudwatch_event_rule.cluster_event-exec-session");
    expect(JSON.parse(String(rule["event_pattern"]))).toEqual({
      source: ["aws.ecs"],
      "detail-type": ["AWS API Call via CloudTrail"],
      detail: {
        eventSource: ["ecs.amazonaws.com"],
        eventName: ["ExecuteCommand"],
        requestParameters: { cluster: ["ecs-test-1", "${aws_ecs_cluster.cluster_cluster.arn}"] },
      },
    });
  });

  it("is off unless it is asked for: no service permits it, no role has its permissions, no endpoint exists for it", () => {
    const without = oneRegion(ONE_REGION);
    expect(without.all("aws_ecs_service").map(({ enable_execute_command: on }) => on)).toEqual([false]);
    expect(without.only("aws_ecs_cluster")).not.toHaveProperty("configuration.execute_command_configuration");
    expect(
      statements(without)
        .flatMap(({ Action }) => list(Action))
        .filter((action) => action.startsWith("ssmmessages:")),
    ).toEqual([]);
    const endpoints = (from: Synthesized) => from.all("aws_vpc_endpoint").map(({ service_name: name }) => String(name).split(".").at(-1));
    expect(endpoints(regionStack(BOTH, 0))).toEqual(expect.arrayContaining(["ssmmessages", "xray"]));
    expect(endpoints(oneRegion({ ...ONE_REGION, network: { interface_endpoints: true } }))).not.toContain("ssmmessages");
  });
});

describe("metrics of a log", () => {
  const stack = oneRegion({ ...ONE_REGION, ...NEEDS });

  it("count the events that match, in the namespace of the environment", () => {
    expect(stack.resource("aws_cloudwatch_log_metric_filter.service_log-metric-declined")).toMatchObject({
      name: "filter-declined-test-1",
      log_group_name: "${aws_cloudwatch_log_group.service_log_group.name}",
      pattern: '{ $.status = "declined" }',
      metric_transformation: { namespace: "Standfast/test-1", name: "payments-declined", value: "1" },
    });
    expect(stack.all("aws_cloudwatch_log_metric_filter")).toHaveLength(2);
  });

  it("have an alarm above a number of events in one minute, which a minute without an event does not trigger", () => {
    expect(stack.resource("aws_cloudwatch_metric_alarm.service_alarm-log-declined")).toMatchObject({
      namespace: "Standfast/test-1",
      metric_name: "payments-declined",
      statistic: "Sum",
      period: 60,
      threshold: 100,
      comparison_operator: "GreaterThanThreshold",
      treat_missing_data: "notBreaching",
    });
    expect(stack.all("aws_cloudwatch_metric_alarm").filter(({ address }) => address.includes("log-timeouts"))).toEqual([]);
    const composite = stack.all("aws_cloudwatch_composite_alarm").find(({ alarm_rule: rule }) => String(rule).includes("log-declined"));
    expect(composite).toBeDefined();
  });
});

describe("repositories", () => {
  const stack = oneRegion({ ...ONE_REGION, ...NEEDS });

  it("keep a tag as it was pushed, scan it, and encrypt it with a key of the platform", () => {
    const repositories = stack.all("aws_ecr_repository");
    expect(repositories.map(({ name }) => name)).toEqual(["repository-ledger-api-test-1", "repository-payments-test-1"]);
    for (const repository of repositories)
      expect(repository).toMatchObject({
        image_tag_mutability: "IMMUTABLE",
        image_scanning_configuration: { scan_on_push: true },
        encryption_configuration: [{ encryption_type: "KMS", kms_key: "${aws_kms_key.images-key_key.arn}" }],
        force_delete: true,
      });
    expect(stack.all("aws_ecr_lifecycle_policy")).toHaveLength(2);
  });

  it("exist in each region, and with protect = true AWS deletes only empty ones", () => {
    for (const index of [0, 1]) expect(regionStack(BOTH, index).all("aws_ecr_repository")).toHaveLength(2);
    const kept = oneRegion({ ...ONE_REGION, ...NEEDS, protect: true }).all("aws_ecr_repository");
    expect(kept.map(({ force_delete: deletes }) => deletes)).toEqual([false, false]);
    expect(oneRegion(ONE_REGION).all("aws_ecr_repository")).toEqual([]);
    expect(globalStack(BOTH).all("aws_ecr_repository")).toEqual([]);
  });
});

describe("a secret that a region does not have", () => {
  it("fails the plan with a sentence, and does not block a destroy, which reads an empty list", () => {
    const stack = regionStack(BOTH, 1);
    const { precondition } = stack.resource("terraform_data.given-secrets_found")["lifecycle"] as {
      precondition: { condition: string; error_message: string }[];
    };
    expect(precondition).toHaveLength(3);
    expect(precondition[0]).toEqual({
      condition: expect.stringMatching(/^\$\{local\.given-secrets_registry-bank-[0-9a-f]{6}_arn != ""\}$/),
      error_message: expect.stringContaining(
        "us-west-2 has no secret registry/bank, which service.secrets or images.registry_secrets names.",
      ),
    });
    expect(Object.keys(stack.json["data"] ?? {})).not.toContain("aws_secretsmanager_secret_version");
    expect(stack.resource("aws_ecs_service.service_service")["depends_on"]).toContain("terraform_data.given-secrets_found");
  });
});
