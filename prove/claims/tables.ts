import type { Graph } from "../graph/graph";
import { arnIn, everywhere, keyOf, type Located } from "../graph/located";
import { regionOf } from "../graph/regions";
import { block, blocks, type Resource, text } from "../graph/values";
import { type Claim, decided, notApplicable } from "./claim";
import { ignores } from "./clusters";

/** Default of DynamoDB. */
const MOST_DAYS = 35;
const LEAST_DAYS = 7;

/** A table that has the same items as a table of another region. */
interface Replica {
  readonly address: string;
  readonly region: string | undefined;
  readonly hasPointInTime: boolean;
  /** Why its key is not one of its region. */
  readonly keyFault: string | undefined;
}

export const TABLE_CLAIMS: readonly Claim[] = [
  {
    id: "B10",
    title: "Each DynamoDB table exists in every region with tasks, and any moment of at least a week can be restored",
    requirementIds: ["S004-3.3", "S004-D4"],
    decide: (graph, stacks) => {
      const tables = everywhere([graph], "aws_dynamodb_table");
      const replicas = everywhere([graph], "aws_dynamodb_table_replica");
      if (tables.length + replicas.length === 0) return notApplicable("There is no table.");
      const faults = [
        ...tables.flatMap((table) => [...pointInTimeFaults(table.resource), ...presenceFaults(table, stacks)]),
        ...replicas.flatMap((replica) => danglingFaults(replica, stacks)),
      ];
      return decided(
        [...new Set(faults)],
        [...tables, ...replicas].map(({ resource, region }) => `${resource.address} in ${String(region)}`),
        "Each is a table of its own or a replica in each of them, with point-in-time recovery.",
      );
    },
  },
];

function pointInTimeFaults({ address, values }: Resource): string[] {
  const recovery = values["point_in_time_recovery"];
  if (!hasPointInTime(recovery)) return [`What is deleted from ${address} cannot be restored: it has no point-in-time recovery.`];
  const days = Number(text(block(recovery)["recovery_period_in_days"]) ?? MOST_DAYS);
  return days >= LEAST_DAYS ? [] : [`What is deleted from ${address} can be restored for ${days} days only.`];
}

/** The argument of a table is a block, and that of a replica a flag. */
function hasPointInTime(value: unknown): boolean {
  return text(typeof value === "object" ? block(value)["enabled"] : value) === "true";
}

/** The regions of these stacks in which services run. */
function servingRegions(stacks: readonly Graph[]): readonly string[] {
  const regions = stacks.filter((stack) => stack.all("aws_ecs_service").length > 0).flatMap(({ region }) => region ?? []);
  return [...new Set(regions)];
}

function presenceFaults({ graph, resource, region }: Located, stacks: readonly Graph[]): string[] {
  const name = graph.text(resource.values["name"]);
  const serving = servingRegions(stacks);
  if (name === undefined || region === undefined || !serving.includes(region)) return [];
  const replicas = replicasOf(graph, resource, stacks);
  const replicated = replicas.map((replica) => replica.region);
  const own = everywhere(stacks, "aws_dynamodb_table").filter(
    (other) => other.graph.text(other.resource.values["name"]) === name && other.resource !== resource,
  );
  // A replica in this region of a table elsewhere is a second table of the same name, which AWS refuses.
  const lacking = serving.filter((one) => one !== region && !replicated.includes(one) && !own.some((other) => other.region === one));
  return [
    ...lacking.map((one) => `${resource.address} has no replica in ${one}, and no table there has its name: tasks there find no table.`),
    ...own
      .filter((other) => replicated.includes(other.region))
      .map((other) => `${other.resource.address} is in the way of the replica of ${resource.address}.`),
    ...replicas.flatMap(({ address, hasPointInTime: restorable, keyFault }) => [
      ...(restorable ? [] : [`${address} has no point-in-time recovery.`]),
      ...(keyFault === undefined ? [] : [keyFault]),
    ]),
    ...(replicas.length > 0 ? sourceFaults(graph, resource, stacks) : []),
  ];
}

function replicasOf(graph: Graph, table: Resource, stacks: readonly Graph[]): readonly Replica[] {
  const arn = arnIn(graph, table);
  const separate = everywhere(stacks, "aws_dynamodb_table_replica").filter(
    (one) => arn !== undefined && one.graph.text(one.resource.values["global_table_arn"]) === arn,
  );
  return [
    ...blocks(table.values["replica"]).map((replica) => {
      const region = graph.text(replica["region_name"]);
      const address = `The replica of ${table.address} in ${String(region)}`;
      return {
        address,
        region,
        hasPointInTime: hasPointInTime(replica["point_in_time_recovery"]),
        keyFault: keyFault(address, graph, replica["kms_key_arn"], region, table, stacks),
      };
    }),
    ...separate.map((one) => {
      const { address, values } = one.resource;
      return {
        address,
        region: one.region,
        hasPointInTime: hasPointInTime(values["point_in_time_recovery"]),
        keyFault: keyFault(address, one.graph, values["kms_key_arn"], one.region, table, stacks),
      };
    }),
  ];
}

/** A table with a customer managed key needs one for each replica, in the region of the replica. */
function keyFault(
  address: string,
  graph: Graph,
  value: unknown,
  region: string | undefined,
  table: Resource,
  stacks: readonly Graph[],
): string | undefined {
  const key = keyOf(stacks, graph, value);
  const encryption = block(table.values["server_side_encryption"]);
  const hasKey = text(encryption["enabled"]) === "true" && encryption["kms_key_arn"] !== undefined;
  if (!key) return hasKey ? `${address} has no key, and its table has one.` : undefined;
  if (!hasKey) return `${address} has a key, and its table has none: DynamoDB refuses replicas that are encrypted otherwise.`;
  if (key.kind === "missing") return `${address} has a key that does not exist: ${key.because}.`;
  return key.region === undefined || key.region === region ? undefined : `${address} needs a key in ${key.region}.`;
}

/** What a table needs to be replicated, and to stay so. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GlobalTables.html */
function sourceFaults(graph: Graph, table: Resource, stacks: readonly Graph[]): string[] {
  const { address, values } = table;
  const arn = arnIn(graph, table);
  const isSeparate = everywhere(stacks, "aws_dynamodb_table_replica").some(
    (one) => one.graph.text(one.resource.values["global_table_arn"]) === arn,
  );
  const streams =
    text(values["stream_enabled"]) !== "false" &&
    (values["stream_enabled"] === undefined || graph.text(values["stream_view_type"]) === "NEW_AND_OLD_IMAGES");
  return [
    ...(isSeparate && !ignores(table, "replica") ? [`The next apply of ${address} removes its replicas: it does not ignore them.`] : []),
    ...(streams ? [] : [`${address} has no stream of new and old images, which its replicas need.`]),
  ];
}

function danglingFaults({ graph, resource, region }: Located, stacks: readonly Graph[]): string[] {
  const arn = graph.text(resource.values["global_table_arn"]);
  const table = everywhere(stacks, "aws_dynamodb_table").find((one) => arnIn(one.graph, one.resource) === arn);
  if (!table) return [`${resource.address} is the replica of ${String(arn)}, which no stack creates.`];
  return regionOf(table.graph, table.resource) === region ? [`${resource.address} is in the region of its table.`] : [];
}
