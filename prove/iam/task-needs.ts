import type { Graph } from "../graph/graph";
import { block, blocks, type Resource, text, type Values } from "../graph/values";
import { arnText } from "./arns";
import { type Identity, roleOf } from "./identities";
import { keyOf } from "./keys";
import { hasWord, suffixOf } from "../lifecycle/names";
import { calls, type Need } from "./needs";

const ECR = /^(\d{12})\.dkr\.ecr\.([\w-]+)\.amazonaws\.com\/([^:@]+)/;
const PULL = ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"];
export const WRITE_LOG = ["logs:CreateLogStream", "logs:PutLogEvents"];

/** The containers of a task definition. Undefined if they cannot be read. */
export function containersOf(graph: Graph, definition: Resource): readonly Values[] | undefined {
  const found = graph.document(definition.values["container_definitions"]);
  return Array.isArray(found) ? (found as readonly Values[]) : undefined;
}

/**
 * What starts a task: the execution role pulls its image, creates its log stream, and reads its secrets.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
 */
export function executionNeeds(stacks: readonly Graph[], graph: Graph): readonly Need[] {
  return graph.all("aws_ecs_task_definition").flatMap((by) => {
    const role = roleOf(stacks, graph, by.values["execution_role_arn"]);
    const services = graph.referring("aws_ecs_service", "task_definition", by);
    const proxies = services.map(({ values }) => block(block(values["service_connect_configuration"])["log_configuration"]));
    return [
      ...(containersOf(graph, by) ?? []).flatMap((container) => [
        ...imageNeeds(graph, by, role, container),
        ...logNeeds(graph, by, role, block(container["logConfiguration"])),
        ...secretsOf(container).flatMap((from) => secretNeeds(stacks, graph, by, role, from)),
      ]),
      ...proxies.flatMap((proxy) => logNeeds(graph, by, role, { logDriver: proxy["log_driver"], options: proxy["options"] })),
    ];
  });
}

export function secretsOf(container: Values): readonly unknown[] {
  return [
    ...blocks(container["secrets"]).map(({ valueFrom }) => valueFrom),
    ...blocks(block(container["logConfiguration"])["secretOptions"]).map(({ valueFrom }) => valueFrom),
    ...blocks(container["repositoryCredentials"]).map(({ credentialsParameter }) => credentialsParameter),
  ];
}

function imageNeeds(graph: Graph, by: Resource, role: Identity | undefined, { image }: Values): readonly Need[] {
  const [, account, region, name] = ECR.exec(imageOf(graph, image)) ?? [];
  if (account === undefined) return [];
  const repository = `arn:aws:ecr:${region ?? ""}:${account}:repository/${name ?? ""}`;
  return [{ by, role, to: `pull ${text(name) ?? ""}`, calls: [...calls(["ecr:GetAuthorizationToken"]), ...calls(PULL, repository)] }];
}

/** The image, also where Terraform replaces a part of it: the region of a registry. */
function imageOf(graph: Graph, image: unknown): string {
  const written = graph.text(image) ?? "";
  const [, from, pattern = "", by = ""] = /^\$\{replace\(([\w.-]+), "\/(.+)\/", "(.*)"\)\}$/.exec(written) ?? [];
  if (from === undefined) return written;
  try {
    return (graph.text(`\${${from}}`) ?? "").replace(new RegExp(pattern), by);
  } catch {
    return written;
  }
}

function logNeeds(graph: Graph, by: Resource, role: Identity | undefined, { logDriver, options }: Values): readonly Need[] {
  if (logDriver !== "awslogs") return [];
  const { "awslogs-group": group, "awslogs-create-group": creates, "awslogs-region": region } = block(options);
  const name = graph.text(group) ?? "";
  const arn = `arn:aws:logs:${graph.text(region) ?? graph.region ?? ""}:${graph.account ?? ""}:log-group:${name}`;
  const create = text(creates) === "true" ? calls(["logs:CreateLogGroup"], arn) : [];
  return [{ by, role, to: `write to the log group ${name}`, calls: [...create, ...calls(WRITE_LOG, `${arn}:log-stream:any`)] }];
}

function secretNeeds(stacks: readonly Graph[], graph: Graph, by: Resource, role: Identity | undefined, from: unknown): readonly Need[] {
  const value = arnText(stacks, graph, from) ?? "";
  if (value.startsWith("arn:aws:secretsmanager:")) {
    const arn = value.split(":").slice(0, 7).join(":");
    const key = secretKey(stacks, arn);
    const context = { "kms:EncryptionContext:SecretARN": arn };
    return [
      {
        by,
        role,
        to: `read the secret ${arn.split(":")[6] ?? ""}`,
        calls: calls(["secretsmanager:GetSecretValue"], arn),
        key: { key, actions: ["kms:Decrypt"], via: "secretsmanager", context },
      },
    ];
  }
  // What is looked up by an expression: a secret, if a key of it is named behind.
  const [, looked] = /^(\$\{.+\})(?::[^:{}]*){3}$/s.exec(value) ?? [];
  if (looked !== undefined) return [{ by, role, to: "read a secret", calls: calls(["secretsmanager:GetSecretValue"], graph.text(looked)) }];
  const arn = parameterArn(graph, value);
  if (arn === undefined) return [];
  const found = parameterOf(stacks, arn);
  return [
    {
      by,
      role,
      to: `read the parameter ${arn.split(":parameter")[1] ?? ""}`,
      calls: calls(["ssm:GetParameters"], arn),
      key:
        found?.parameter.values["type"] === "SecureString"
          ? {
              key: keyOf(stacks, found.graph, found.parameter.values["key_id"]),
              actions: ["kms:Decrypt"],
              via: "ssm",
              context: { "kms:EncryptionContext:PARAMETER_ARN": arn },
            }
          : undefined,
    },
  ];
}

/** A parameter of the same region may be named without its ARN. */
function parameterArn(graph: Graph, value: string): string | undefined {
  if (value.startsWith("arn:aws:ssm:")) return value;
  return /^[\w./-]+$/.test(value)
    ? `arn:aws:ssm:${graph.region ?? ""}:${graph.account ?? ""}:parameter/${value.replace(/^\//, "")}`
    : undefined;
}

export function parameterOf(stacks: readonly Graph[], arn: string): { readonly graph: Graph; readonly parameter: Resource } | undefined {
  for (const graph of stacks) {
    const parameter = graph.all("aws_ssm_parameter").find((one) => graph.arn(one) === arn);
    if (parameter) return { graph, parameter };
  }
  return undefined;
}

/** A secret of the environment, by its name, that is not in the region in which it is read. */
function missingSecret(stacks: readonly Graph[], by: Resource, arn: string): readonly string[] {
  const [, , , region = "", , , called = ""] = arn.split(":");
  const name = called.replace(/-[A-Za-z0-9]{6}$/, "");
  const suffix = suffixOf(stacks);
  const isOwn = suffix !== undefined && hasWord(name, suffix);
  return isOwn && !placeOfSecret(stacks, arn) ? [`${by.address} does not start: there is no secret ${name} in ${region}.`] : [];
}

/** The key of a secret in a region: that of the secret, or of its replica there. */
export function secretKey(stacks: readonly Graph[], arn: string): ReturnType<typeof keyOf> {
  const found = placeOfSecret(stacks, arn);
  return found && keyOf(stacks, found.graph, found.key);
}

function placeOfSecret(stacks: readonly Graph[], arn: string): { readonly graph: Graph; readonly key: unknown } | undefined {
  const [, , , region, , , called = ""] = arn.split(":");
  const name = called.replace(/-[A-Za-z0-9]{6}$/, "");
  for (const graph of stacks) {
    for (const secret of graph.all("aws_secretsmanager_secret")) {
      if (graph.text(secret.values["name"]) !== name) continue;
      if (graph.placeOf(secret).region === region) return { graph, key: secret.values["kms_key_id"] };
      const replica = blocks(secret.values["replica"]).find((one) => graph.text(one["region"]) === region);
      if (replica) return { graph, key: replica["kms_key_id"] };
    }
  }
  return undefined;
}

/**
 * Parameters, secrets and log groups that a task names, and that do not exist. A parameter of another namespace is of another owner.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-ssm-paramstore.html
 */
export function missingForTasks(stacks: readonly Graph[], graph: Graph): readonly string[] {
  const parameters = stacks.flatMap((other) => other.all("aws_ssm_parameter").flatMap((one) => other.arn(one) ?? []));
  const groups = stacks.flatMap((other) =>
    other.all("aws_cloudwatch_log_group").map((one) => `${other.placeOf(one).region ?? ""} ${other.text(one.values["name"]) ?? ""}`),
  );
  const space = (arn: string): string => arn.split("/").slice(0, 3).join("/");
  return graph.all("aws_ecs_task_definition").flatMap((by) =>
    (containersOf(graph, by) ?? []).flatMap((container) => {
      const { logDriver, options } = block(container["logConfiguration"]);
      const { "awslogs-group": group, "awslogs-region": region, "awslogs-create-group": creates } = block(options);
      const log = `${graph.text(region) ?? graph.region ?? ""} ${graph.text(group) ?? ""}`;
      const withoutLog = logDriver === "awslogs" && text(creates) !== "true" && !groups.includes(log);
      return [
        ...(withoutLog
          ? [`${by.address} does not start: there is no log group ${log.split(" ")[1] ?? ""} in ${log.split(" ")[0] ?? ""}.`]
          : []),
        ...secretsOf(container).flatMap((from) => {
          const value = arnText(stacks, graph, from) ?? "";
          if (
            value.startsWith("${") &&
            graph.target(value.replace(/^(\$\{[^}]+\}).*$/, "$1")) === undefined &&
            /^\$\{(data\.)?aws_/.test(value)
          )
            return [`${by.address} does not start: ${value} is not in this JSON.`];
          if (value.startsWith("arn:aws:secretsmanager:")) return missingSecret(stacks, by, value.split(":").slice(0, 7).join(":"));
          const arn = parameterArn(graph, value);
          const known = arn === undefined || parameters.includes(arn) || !parameters.some((one) => space(one) === space(arn));
          return known ? [] : [`${by.address} does not start: there is no parameter ${arn.split(":parameter")[1] ?? ""}.`];
        }),
      ];
    }),
  );
}

/**
 * ECS Exec opens channels with the role of the task, and writes its log with it.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
 */
export function execNeeds(stacks: readonly Graph[], graph: Graph): readonly Need[] {
  return graph.all("aws_ecs_service").flatMap((by) => {
    const definition = graph.target(by.values["task_definition"]);
    if (text(by.values["enable_execute_command"]) !== "true" || !definition) return [];
    const role = roleOf(stacks, graph, definition.values["task_role_arn"]);
    const cluster = graph.target(by.values["cluster"]);
    const exec = block(block(cluster?.values["configuration"])["execute_command_configuration"]);
    const group = graph.text(block(exec["log_configuration"])["cloud_watch_log_group_name"]);
    const channels = ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map(
      (one) => `ssmmessages:${one}`,
    );
    const log = `arn:aws:logs:${graph.region ?? ""}:${graph.account ?? ""}:log-group:${group ?? ""}:log-stream:any`;
    return [
      {
        by,
        role,
        to: "open a session",
        calls: [
          ...calls(channels),
          ...(group === undefined ? [] : [...calls(["logs:DescribeLogGroups"]), ...calls([...WRITE_LOG, "logs:DescribeLogStreams"], log)]),
        ],
        key: { key: keyOf(stacks, graph, exec["kms_key_id"]), actions: ["kms:Decrypt"] },
      },
    ];
  });
}
