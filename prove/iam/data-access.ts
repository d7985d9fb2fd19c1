import { bucketOf, encryptionOf } from "../encryption/buckets";
import { storesOf } from "../encryption/stores";
import type { Graph } from "../graph/graph";
import { oncePerStack } from "../graph/memo";
import type { Resource } from "../graph/values";
import { type Identity, identities, mayCall } from "./identities";
import { keyOf, type NamedKey } from "./keys";
import { calls, type Need } from "./needs";
import { containersOf, parameterOf, secretKey, secretsOf } from "./task-needs";

interface Access {
  /** What the data are accessed by, and what that asks of the key. */
  readonly actions: Readonly<Record<string, readonly string[]>>;
  readonly via: string;
  /** Behind the ARN of the resource: `/any` for an object of a bucket. */
  readonly below?: string;
}

const READ = ["kms:Decrypt"];
const WRITE = ["kms:GenerateDataKey"];
const SEND = ["kms:GenerateDataKey", "kms:Decrypt"];

/** Calls for which a service uses the key of the data with the permissions of the caller. @see https://docs.aws.amazon.com/kms/latest/developerguide/services-integration.html */
const ACCESS: Readonly<Record<string, Access>> = {
  aws_dynamodb_table: {
    actions: {
      "dynamodb:GetItem": READ,
      "dynamodb:PutItem": READ,
      "dynamodb:UpdateItem": READ,
      "dynamodb:DeleteItem": READ,
      "dynamodb:Query": READ,
    },
    via: "dynamodb",
  },
  aws_kinesis_stream: { actions: { "kinesis:PutRecord": WRITE, "kinesis:GetRecords": READ }, via: "kinesis" },
  aws_s3_bucket: {
    actions: {
      "s3:GetObject": READ,
      "s3:PutObject": WRITE,
      "s3:GetObjectVersionForReplication": READ,
      "s3:ReplicateObject": ["kms:Encrypt"],
    },
    via: "s3",
    below: "/any",
  },
  aws_secretsmanager_secret: { actions: { "secretsmanager:GetSecretValue": READ }, via: "secretsmanager" },
  aws_sns_topic: { actions: { "sns:Publish": SEND }, via: "sns" },
  aws_sqs_queue: { actions: { "sqs:SendMessage": SEND, "sqs:ReceiveMessage": READ }, via: "sqs" },
  aws_ssm_parameter: { actions: { "ssm:GetParameter": READ, "ssm:GetParameters": READ }, via: "ssm" },
};

interface Data {
  readonly store: Resource;
  readonly arn: string;
  readonly key: NamedKey | undefined;
  readonly access: Access;
}

/** The keys of all data that a role of a stack may access, which it needs as well. */
export function keyNeeds(stacks: readonly Graph[], graph: Graph): readonly Need[] {
  const data = stacks.flatMap((other) => dataOf(stacks, other));
  return identities(stacks, graph).flatMap((role) => {
    const services = new Set(role.statements.flatMap(({ actions }) => actions.map((action) => action.split(":")[0])));
    return data
      .filter(({ access }) => services.has(access.via) || services.has("*"))
      .flatMap(({ store, arn, key, access }) =>
        Object.entries(access.actions).flatMap(([action, actions]) =>
          mayCall(role, { action, resource: arn })
            ? [
                {
                  by: role.resource,
                  role,
                  to: `call ${action} for ${store.address}`,
                  calls: [],
                  key: { key, actions, via: access.via, context: contextOf(arn) },
                },
              ]
            : [],
        ),
      );
  });
}

const dataOf = oncePerStack((stacks, graph): readonly Data[] =>
  Object.entries(ACCESS).flatMap(([type, access]) =>
    graph.all(type).flatMap((store): readonly Data[] => {
      const { region = "", account = "" } = graph.placeOf(store);
      const key =
        type === "aws_s3_bucket"
          ? encryptionOf(graph, store).key
          : storesOf(graph).find(({ resource }) => resource.address === store.address)?.key;
      const named = key === undefined ? undefined : keyOf(stacks, graph, key);
      if (type !== "aws_secretsmanager_secret") {
        const arn = graph.arn(store);
        return arn === undefined ? [] : [{ store, arn: `${arn}${access.below ?? ""}`, key: named, access }];
      }
      const regions = [
        region,
        ...graph.list(store.values["replica"]).map((one) => graph.text((one as Record<string, unknown>)["region"]) ?? ""),
      ];
      return regions.map((place) => {
        const arn = `arn:aws:secretsmanager:${place}:${account}:secret:${graph.text(store.values["name"]) ?? ""}-AbCdEf`;
        return { store, arn, key: secretKey(stacks, arn), access };
      });
    }),
  ),
);

const contextOf = (arn: string): Readonly<Record<string, string>> =>
  arn.startsWith("arn:aws:ssm:")
    ? { "kms:EncryptionContext:PARAMETER_ARN": arn }
    : arn.startsWith("arn:aws:secretsmanager:")
      ? { "kms:EncryptionContext:SecretARN": arn }
      : {};

/** What a task must at least be allowed with what its parameters name. */
const USES: Readonly<Record<string, readonly string[]>> = {
  aws_cloudwatch_event_bus: ["events:PutEvents"],
  aws_dynamodb_table: ["dynamodb:GetItem", "dynamodb:PutItem"],
  aws_elasticache_user: ["elasticache:Connect"],
  aws_lambda_alias: ["lambda:InvokeFunction"],
  aws_lambda_function: ["lambda:InvokeFunction"],
  aws_s3_bucket: ["s3:PutObject"],
  aws_sqs_queue: ["sqs:SendMessage"],
};
const NAMES = ["name", "bucket", "function_name", "user_id"];

/** Tables, buckets and others whose name a task receives by a parameter: its role must be allowed to use them. */
export function toldNeeds(stacks: readonly Graph[], graph: Graph, roleOf: (value: unknown) => Identity | undefined): readonly Need[] {
  return graph.all("aws_ecs_task_definition").flatMap((by) => {
    const role = roleOf(by.values["task_role_arn"]);
    const values = (containersOf(graph, by) ?? []).flatMap(secretsOf).flatMap((from) => {
      const found = parameterOf(stacks, graph.text(from) ?? "");
      return found ? [{ graph: found.graph, value: found.parameter.values["value"] }] : [];
    });
    return values.flatMap(({ graph: of, value }) => {
      const target = of.target(value) ?? named(of, value);
      const arn = target && arnFor(of, target);
      const actions = target && USES[target.type];
      if (!target || !actions || arn === undefined) return [];
      const context = target.type === "aws_cloudwatch_event_bus" ? { "events:source": sourcesOf(role) } : undefined;
      return [{ by, role, to: `use ${target.address}, whose name is in a parameter`, calls: calls(actions, arn, context) }];
    });
  });
}

function named(graph: Graph, value: unknown): Resource | undefined {
  const name = graph.text(value);
  return Object.keys(USES)
    .flatMap((type) => graph.all(type))
    .find(({ values }) => NAMES.some((argument) => values[argument] !== undefined && graph.text(values[argument]) === name));
}

function arnFor(graph: Graph, target: Resource): string | undefined {
  const { region = "", account = "" } = graph.placeOf(target);
  if (target.type === "aws_elasticache_user")
    return `arn:aws:elasticache:${region}:${account}:user:${graph.text(target.values["user_id"]) ?? ""}`;
  if (target.type === "aws_s3_bucket")
    return `arn:aws:s3:::${graph.text(bucketOf(graph, target.values["bucket"])?.values["bucket"]) ?? ""}/any`;
  if (target.type !== "aws_lambda_alias") return graph.arn(target);
  const of = graph.target(target.values["function_name"]);
  return of && `${graph.arn(of) ?? ""}:${graph.text(target.values["name"]) ?? ""}`;
}

/** The sources by which a role may send events. It is its program that says one of them. */
function sourcesOf(role: Identity | undefined): readonly string[] {
  const conditions = role?.statements.flatMap((statement) => Object.values(statement.conditions)) ?? [];
  return conditions
    .flatMap((keys) => keys["events:source"] ?? [])
    .filter((source) => !/^(true|false)$/.test(source))
    .slice(0, 1);
}
