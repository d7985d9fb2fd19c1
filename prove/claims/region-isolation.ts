import type { Graph } from "../graph/graph";
import { everywhere, keyOf, type Located, placeOf } from "../graph/located";
import { regionOf } from "../graph/regions";
import { permissionsOf, roleOf } from "../iam/role-permissions";
import { blocks, type Resource, text, type Values } from "../graph/values";
import { type Claim, decided, notApplicable, unknown } from "./claim";
import { clustersOf } from "./clusters";

/** Arguments that name the key of what a resource stores. */
const KEY_ARGUMENTS: ReadonlySet<string> = new Set([
  "kms_key_id",
  "kms_key_arn",
  "kms_key",
  "kms_master_key_id",
  "performance_insights_kms_key_id",
  "kms_key_identifier",
  "aws_ssm_parameter.key_id",
  "aws_kms_alias.target_key_id",
]);

/** Claims about what a region needs of another one. */
export const REGION_ISOLATION_CLAIMS: readonly Claim[] = [
  {
    id: "B3",
    title: "No region needs a key, a secret, a parameter or a registry of another region",
    decide: (graph, stacks) => {
      const regions = new Set(stacks.filter(isServing).flatMap(({ region }) => region ?? []));
      if (regions.size < 2) return notApplicable("There is one region.");
      if (graph.region === undefined) return unknown("The provider names no region.");
      const secrets = everywhere([graph], "aws_secretsmanager_secret");
      if (!isServing(graph) && secrets.length === 0) return notApplicable("Nothing in this stack is needed by tasks.");
      const faults = [
        ...graph
          .all()
          .filter(({ type }) => !type.startsWith("data."))
          .flatMap((resource) => keyFaults(graph, resource, stacks)),
        ...graph.all("data.aws_kms_alias").flatMap((lookup) => aliasFaults(graph, lookup, stacks)),
        ...graph.all("data.aws_secretsmanager_secret").flatMap((lookup) => secretFaults(graph, lookup, stacks)),
        ...clustersOf(graph).flatMap(({ resource }) => ownKeyFaults(resource)),
        ...graph.all("aws_ecs_task_definition").flatMap((definition) => taskFaults(graph, definition)),
        ...secrets.flatMap((secret) => coverageFaults(secret, stacks)),
      ];
      return decided([...new Set(faults)], [`keys, secrets and images of ${graph.region}`], "All of them are in the region itself.");
    },
  },
  {
    id: "B12",
    title: "The secret of the database is in each region under a key of that region, and tasks read it there",
    decide: (graph, stacks) => {
      const secrets = databaseSecrets(stacks);
      const [dangling] = graph
        .all("aws_secretsmanager_secret_version")
        .filter(
          (version) =>
            !graph.target(version.values["secret_id"]) && String(version.values["secret_id"]).includes("aws_secretsmanager_secret."),
        );
      if (dangling) return decided([`${dangling.address} is the value of a secret that is not in this JSON.`], [], "");
      if (secrets.length === 0) return notApplicable("No stack creates a secret that tasks of several stacks could read.");
      const own = secrets.filter((secret) => secret.graph === graph);
      if (own.length === 0 && !isServing(graph)) return notApplicable("Nothing in this stack reads or is a secret.");
      const faults = [
        ...own.flatMap((secret) => [...coverageFaults(secret, stacks), ...replicaKeyFaults(secret, stacks)]),
        ...(isServing(graph) ? readerFaults(graph, secrets, stacks) : []),
      ];
      return decided(
        [...new Set(faults)],
        secrets.map(({ resource }) => resource.address),
        "Each region has the secret, with a key of its own, and its tasks name that one.",
      );
    },
  },
];

const isServing = (graph: Graph): boolean => graph.all("aws_ecs_service").length > 0;

/** Keys in the arguments of a resource, at every depth. A block with a region of its own is in that region. */
function keyFaults(graph: Graph, resource: Resource, stacks: readonly Graph[]): string[] {
  if (resource.type === "aws_s3_bucket_replication_configuration") return [];
  const visit = (value: unknown, region: string | undefined): string[] => {
    if (Array.isArray(value)) return value.flatMap((item) => visit(item, region));
    if (typeof value !== "object" || value === null) return [];
    const values = value as Values;
    const own = graph.text(values["region_name"] ?? values["region"]) ?? region;
    return Object.entries(values).flatMap(([name, item]) => {
      const isKey = KEY_ARGUMENTS.has(name) || KEY_ARGUMENTS.has(`${resource.type}.${name}`);
      return isKey ? oneKeyFaults(graph, resource, name, item, own, stacks) : visit(item, own);
    });
  };
  return visit(resource.values, regionOf(graph, resource));
}

function oneKeyFaults(
  graph: Graph,
  { address }: Resource,
  name: string,
  value: unknown,
  region: string | undefined,
  stacks: readonly Graph[],
): string[] {
  const key = keyOf(stacks, graph, value);
  if (key?.kind === "missing") return [`${address} has as its ${name} what does not exist: ${key.because}.`];
  return key?.region === undefined || region === undefined || key.region === region
    ? []
    : [`${address} in ${region} needs a key in ${key.region}: without ${key.region}, its data cannot be read.`];
}

function aliasFaults(graph: Graph, lookup: Resource, stacks: readonly Graph[]): string[] {
  const key = keyOf(stacks, graph, `\${${lookup.address}.target_key_arn}`);
  return key?.kind === "missing" ? [`${lookup.address} finds no key: ${key.because}.`] : [];
}

/** The secret of a lookup is in the region of the lookup, or has a replica there. Secrets that no stack creates are of others. */
function secretFaults(graph: Graph, lookup: Resource, stacks: readonly Graph[]): string[] {
  const name = graph.text(lookup.values["name"]);
  const made = everywhere(stacks, "aws_secretsmanager_secret").filter(
    (secret) => secret.graph.text(secret.resource.values["name"]) === name,
  );
  const region = regionOf(graph, lookup);
  return made.length === 0 || made.some((secret) => regionsOf(secret).includes(region))
    ? []
    : [
        `${lookup.address} finds no secret ${String(name)} in ${String(region)}: ${made[0]?.resource.address ?? ""} is in ${regionsOf(made[0]).join(", ")}.`,
      ];
}

/** An encrypted member of a global database cannot have the key of another region, and AWS refuses one without a key. */
function ownKeyFaults({ address, values }: Resource): string[] {
  return text(values["storage_encrypted"]) === "true" &&
    values["global_cluster_identifier"] !== undefined &&
    values["kms_key_id"] === undefined
    ? [`${address} is an encrypted member of a global database without a key of its own region.`]
    : [];
}

const OTHER_PLACE = /arn:aws[\w-]*:(?:ssm|secretsmanager|kms|logs|s3):([a-z]{2}(?:-[a-z]+)+-\d):/g;
const REGISTRY = /\.dkr\.ecr\.([a-z]{2}(?:-[a-z]+)+-\d)\./g;
/** `replace(image, "/…/", "$1.eu-west-1.")`: the registry of the region, in the place of what is written. */
const REPLACED = /replace\([^"]*"(?:[^"\\]|\\.)*", "[^"]*?([a-z]{2}(?:-[a-z]+)+-\d)\.?"\)/g;
const LOG_REGION = /"awslogs-region"\s*[:=]\s*"([^"$]+)"/g;

/** Regions that the containers of a task name. */
function taskFaults(graph: Graph, { address, values }: Resource): string[] {
  const written = typeof values["container_definitions"] === "string" ? values["container_definitions"] : "";
  const resolved = JSON.stringify(graph.document(values["container_definitions"]) ?? "");
  const images = written.includes("replace(") ? [] : [REGISTRY];
  const found = [
    ...[OTHER_PLACE, LOG_REGION, REPLACED].flatMap((pattern) => [...written.matchAll(pattern)]),
    ...[OTHER_PLACE, ...images].flatMap((pattern) => [...resolved.matchAll(pattern)]),
  ];
  const others = [...new Set(found.map(([, region]) => region))].filter((region) => region !== graph.region);
  return others.map((region) => `The containers of ${address} need ${String(region)} to start.`);
}

/** The regions in which a secret is. */
function regionsOf(secret: Located | undefined): readonly (string | undefined)[] {
  return secret ? [secret.region, ...blocks(secret.resource.values["replica"]).map(({ region }) => secret.graph.text(region))] : [];
}

/** Secrets that belong to the platform as a whole: tasks in each region, or in another stack, look them up by their name. */
function databaseSecrets(stacks: readonly Graph[]): readonly Located[] {
  return everywhere(stacks, "aws_secretsmanager_secret").filter(
    (secret) =>
      !isServing(secret.graph) &&
      secret.graph
        .all("aws_secretsmanager_secret_version")
        .some(({ values }) => secret.graph.target(values["secret_id"]) === secret.resource),
  );
}

function coverageFaults(secret: Located, stacks: readonly Graph[]): string[] {
  if (isServing(secret.graph)) return [];
  const needed = [...new Set(stacks.filter(isServing).flatMap(({ region }) => region ?? []))];
  const present = regionsOf(secret);
  return needed
    .filter((region) => !present.includes(region))
    .map((region) => `${secret.resource.address} is not in ${region}, where tasks need it.`);
}

function replicaKeyFaults(secret: Located, stacks: readonly Graph[]): string[] {
  const { graph, resource, region } = secret;
  const copies = [
    { region, value: resource.values["kms_key_id"] },
    ...blocks(resource.values["replica"]).map((replica) => ({ region: graph.text(replica["region"]), value: replica["kms_key_id"] })),
  ];
  return copies.flatMap(({ region: place, value }) => {
    const key = keyOf(stacks, graph, value);
    if (!key) return [`${resource.address} has no customer managed key in ${String(place)}.`];
    if (key.kind === "missing") return [`${resource.address} has no key in ${String(place)}: ${key.because}.`];
    return key.region === place ? [] : [`${resource.address} in ${String(place)} has a key of ${String(key.region)}.`];
  });
}

/** Secrets that tasks of any region read are read in each. Where tasks read none, they have a user with IAM authentication. */
function readerFaults(graph: Graph, secrets: readonly Located[], stacks: readonly Graph[]): string[] {
  const serving = stacks.filter(isServing);
  const read = secrets.filter((secret) => serving.some((stack) => reads(stack, secret)));
  if (read.length === 0 && !connectsByIam(graph)) return [`No task in ${String(graph.region)} reads the secret of the database.`];
  return read
    .filter((secret) => !reads(graph, secret))
    .map(({ resource }) => `No task in ${String(graph.region)} reads ${resource.address} there.`);
}

function connectsByIam(graph: Graph): boolean {
  return graph.all("aws_ecs_task_definition").some(({ values }) => {
    const role = roleOf(graph, values["task_role_arn"]);
    return role !== undefined && permissionsOf(graph, role).statements.some(({ actions }) => actions.includes("rds-db:connect"));
  });
}

/** Whether tasks of a stack read a secret in their region. */
function reads(graph: Graph, secret: Located): boolean {
  const name = secret.graph.text(secret.resource.values["name"]);
  const lookups = graph
    .all("data.aws_secretsmanager_secret")
    .filter((lookup) => graph.text(lookup.values["name"]) === name && regionOf(graph, lookup) === graph.region)
    .map(({ address }) => address);
  return graph.all("aws_ecs_task_definition").some(({ values }) => {
    const written = JSON.stringify(graph.document(values["container_definitions"]) ?? "");
    const arns = [...written.matchAll(/arn:aws:secretsmanager:[\w-]*:\d*:secret:[\w/+=.@-]+/g)].map(([arn]) => arn);
    return (
      lookups.some((address) => written.includes(`\${${address}.`)) ||
      arns.some((arn) => arn.includes(`:secret:${String(name)}`) && placeOf(arn).region === graph.region)
    );
  });
}
