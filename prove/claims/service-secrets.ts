import type { Graph } from "../graph/graph";
import { regionOf } from "../graph/regions";
import { block, blocks, type Resource, type Values } from "../graph/values";
import { matches } from "../iam/policy";
import { permissionsOf } from "../iam/role-permissions";
import { type Claim, decided, notApplicable, unknown } from "./claim";
import { type Container, flag, OTHER_DEFINITION, withContainers } from "./containers";
import { services } from "./parts";

export const SECRET_CLAIMS: readonly Claim[] = [
  {
    id: "S6",
    title: "Tasks get the host of the writer, and the user and password of the database, from their own region",
    decide: (graph, stacks) => {
      const clusters = graph.all("aws_rds_cluster");
      if (clusters.length === 0) return notApplicable("There is no database cluster.");
      const parts = withContainers(graph, services(graph));
      if (!parts) return unknown(OTHER_DEFINITION);
      if (parts.length === 0) return notApplicable("There is no service.");
      const found = parts.flatMap(({ resource, containers }) =>
        containers.map((container) => ({
          what: `${container.name} of ${resource.address}`,
          given: givenTo(graph, stacks, container),
          iam: connectsByIam(graph, clusters, resource),
        })),
      );
      const users = found.filter(({ given }) => given.some(({ kind }) => kind === "writer" || kind === "reader"));
      if (users.length === 0 && found.every(({ given }) => given.length === 0))
        return unknown("Containers get no secrets: how they find the database is not in this JSON.");
      return decided(
        [
          ...(users.length === 0 ? [`No container gets the host of ${clusters.map(({ address }) => address).join(", ")}.`] : []),
          ...found.flatMap(({ what, given }) => given.flatMap(({ faults }) => faults.map((fault) => `${what}: ${fault}`))),
          ...users.flatMap(({ what, given, iam }) => lacking(what, given, iam)),
        ],
        users.map(
          ({ what, given }) =>
            `${what}: ${given
              .filter(({ kind }) => kind !== "other")
              .map(({ name, from }) => `${name} from ${from}`)
              .join(", ")}`,
        ),
        "All of them are read in the region of the tasks, and the host is that of the writer.",
      );
    },
  },
];

interface Given {
  readonly name: string;
  readonly kind: "writer" | "reader" | "username" | "password" | "other";
  /** What it is read from. */
  readonly from: string;
  readonly faults: readonly string[];
}

function lacking(what: string, given: readonly Given[], iam: boolean): string[] {
  const [user, password] = (["username", "password"] as const).map((key) => given.find(({ kind }) => kind === key));
  return [
    ...(given.some(({ kind }) => kind === "writer") ? [] : [`${what} gets no host of a writer: it cannot write.`]),
    // With IAM authentication, the password is a token that the program makes.
    ...(password || iam ? [] : [`${what} gets no password of the database.`]),
    ...(password && !user ? [`${what} gets a password of the database, and no user.`] : []),
    ...(password && user && password.from !== user.from
      ? [`${what} gets the user from ${user.from}, and the password from ${password.from}.`]
      : []),
  ];
}

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html */
function connectsByIam(graph: Graph, clusters: readonly Resource[], service: Resource): boolean {
  const role = graph.target(graph.target(service.values["task_definition"])?.values["task_role_arn"]);
  return (
    role !== undefined &&
    clusters.some(({ values }) => flag(graph, values["iam_database_authentication_enabled"], false)) &&
    permissionsOf(graph, role).statements.some(
      ({ effect, actions }) => effect === "Allow" && actions.some((action) => matches("rds-db:connect", action)),
    )
  );
}

/** What ECS gives to a container as variables of its environment. */
function givenTo(graph: Graph, stacks: readonly Graph[], { values }: Container): readonly Given[] {
  return [
    ...blocks(values["secrets"]).map((secret) => fromStore(graph, stacks, graph.text(secret["name"]) ?? "", secret["valueFrom"])),
    ...blocks(values["environment"])
      .filter((one) => typeof one === "object")
      .map((one): Given => ({ name: graph.text(one["name"]) ?? "", ...hostOf(graph, graph, one["value"]), from: "its environment" })),
  ];
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html */
function fromStore(graph: Graph, stacks: readonly Graph[], name: string, value: unknown): Given {
  const from = graph.text(value) ?? "";
  const [, service, region] = /^arn:aws[\w-]*:(ssm|secretsmanager):([a-z0-9-]+):/.exec(from) ?? [];
  const foreign = region !== undefined && region !== graph.region ? [`${name} is read in ${region}: its tasks need another region.`] : [];
  const parameter = parameterOf(graph, stacks, from, value);
  if (service === "ssm" || parameter) {
    const host = parameter ? hostOf(parameter.stack, graph, parameter.resource.values["value"]) : { kind: "other" as const, faults: [] };
    return { name, ...host, from: parameter?.resource.address ?? from, faults: [...foreign, ...host.faults] };
  }
  const [, secret = from, key = ""] = /^(.*?):([\w-]*):([^:]*):([^:]*)$/.exec(from) ?? [];
  const stored = key !== "" || service === "secretsmanager";
  if (!stored)
    return {
      name,
      kind: "other",
      from,
      faults: [`${name} is read from ${from === "" ? "nothing" : from}, which is no parameter and no secret.`].filter(() => from === ""),
    };
  const odd = (/pass/i.test(name) && key === "username") || (/user/i.test(name) && key === "password");
  return {
    name,
    kind: key === "username" || key === "password" ? key : "other",
    from: secret,
    faults: [...foreign, ...secretFaults(graph, stacks, name, secret, key), ...(odd ? [`${name} is the key ${key} of a secret.`] : [])],
  };
}

/** The parameter that a name, an ARN or a reference resolves to, in the region of the tasks. */
function parameterOf(
  graph: Graph,
  stacks: readonly Graph[],
  from: string,
  value: unknown,
): { readonly stack: Graph; readonly resource: Resource } | undefined {
  const referred = graph.target(value);
  if (referred?.type === "aws_ssm_parameter") return { stack: graph, resource: referred };
  const name = from
    .replace(/^arn:aws[\w-]*:ssm:[a-z0-9-]+:\d*:parameter(?=\/)/, "")
    .replace(/^arn:aws[\w-]*:ssm:[a-z0-9-]+:\d*:parameter\//, "");
  for (const stack of [graph, ...stacks.filter((one) => one !== graph)])
    for (const resource of stack.all("aws_ssm_parameter"))
      if (stack.text(resource.values["name"]) === name && regionOf(stack, resource) === graph.region) return { stack, resource };
  return undefined;
}

/** Whether a value is the host of a writer, or of readers. */
function hostOf(stack: Graph, graph: Graph, value: unknown): Pick<Given, "kind" | "faults"> {
  const written = stack.text(value) ?? "";
  const target = stack.target(value);
  const attribute = /\.([a-z_]+)\}$/.exec(written)?.[1];
  const region = target && regionOf(stack, target);
  const foreign = target && region !== graph.region ? [`The host is that of ${target.address} in ${String(region)}.`] : [];
  switch (target?.type) {
    case "aws_rds_global_cluster":
      return { kind: attribute === "endpoint" ? "writer" : "other", faults: [] };
    case "aws_rds_cluster":
      return attribute === "endpoint"
        ? { kind: "writer", faults: foreign }
        : { kind: attribute === "reader_endpoint" ? "reader" : "other", faults: [] };
    case "aws_db_proxy":
      return { kind: attribute === "endpoint" ? "writer" : "other", faults: foreign };
    case "aws_db_proxy_endpoint":
      return { kind: stack.text(target.values["target_role"]) === "READ_ONLY" ? "reader" : "writer", faults: foreign };
  }
  const [, readers, place] = /\.cluster-(ro-)?[a-z0-9]+\.([a-z0-9-]+)\.rds\.amazonaws\.com$/.exec(written) ?? [];
  if (place === undefined) return { kind: "other", faults: [] };
  return readers === undefined
    ? { kind: "writer", faults: place === graph.region ? [] : [`The host is that of a database in ${place}.`] }
    : { kind: "reader", faults: [] };
}

/** Why a secret cannot be read in the region of the tasks. */
function secretFaults(graph: Graph, stacks: readonly Graph[], name: string, secret: string, key: string): string[] {
  const reference = graph.target(secret.replace(/\[\d+\]/g, "").replace(/\.master_user_secret\.secret_arn\}/, ".id}"));
  if (reference?.type === "aws_rds_cluster")
    return flag(graph, reference.values["manage_master_user_password"], false)
      ? []
      : [`${name} is the secret of ${reference.address}, whose password RDS does not manage: there is none.`];
  const wanted = secretName(graph, reference, secret);
  if (wanted === undefined)
    return secret.startsWith("${") && !reference && !secret.startsWith("${local.")
      ? [`${name} is read from ${secret}, which is not in this JSON.`]
      : [];
  const owners = stacks.flatMap((stack) =>
    stack
      .all("aws_secretsmanager_secret")
      .filter((one) => stack.text(one.values["name"]) === wanted)
      .map((resource) => ({ stack, resource })),
  );
  const [owner] = owners;
  // A secret of another owner, as far as this JSON can say.
  if (!owner)
    return stacks.some((stack) => stack.all("aws_secretsmanager_secret_version").length > 0)
      ? [`${name} is read from the secret ${wanted}, which is not in this JSON.`]
      : [];
  const places = owners.flatMap(({ stack, resource }) => [
    regionOf(stack, resource),
    ...blocks(resource.values["replica"]).map((replica) => stack.text(replica["region"])),
  ]);
  const keys = owners.flatMap(({ stack, resource }) => keysOf(stack, resource));
  return [
    ...(places.includes(graph.region)
      ? []
      : [`${name} is read from the secret ${wanted}, which is in ${places.join(", ")} and not in ${String(graph.region)}.`]),
    ...(keys.length > 0 && key !== "" && !keys.includes(key)
      ? [`${name} is the key ${key} of the secret ${wanted}, which has ${keys.join(", ")}.`]
      : []),
  ];
}

function secretName(graph: Graph, reference: Resource | undefined, secret: string): string | undefined {
  if (reference?.type.endsWith("aws_secretsmanager_secret")) return graph.text(reference.values["name"]);
  return /:secret:(.+?)(?:-[A-Za-z0-9]{6})?$/.exec(secret)?.[1];
}

/** Keys of the JSON in the version of a secret. */
function keysOf(stack: Graph, secret: Resource): readonly string[] {
  return stack.referring("aws_secretsmanager_secret_version", "secret_id", secret).flatMap(({ values }: { readonly values: Values }) => {
    const document = stack.document(values["secret_string_wo"] ?? values["secret_string"]);
    return typeof document === "object" && document !== null ? Object.keys(block(document)) : [];
  });
}
