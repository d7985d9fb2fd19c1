import type { Graph } from "../graph/graph";
import { regionOf } from "../graph/regions";
import { blocks, type Resource, text } from "../graph/values";
import { services, type Service } from "../claims/parts";
import { defaultRoutesOf } from "./routes";

/** Something that can be lost: a resource, or a copy or node that a resource makes. */
export interface Part {
  /** `stack/address`, with `@region` for a copy and `#n` for a node. */
  readonly id: string;
  readonly graph: Graph;
  readonly resource: Resource;
  /** Undefined for what is in no region, such as a record or a role. */
  readonly region: string | undefined;
  readonly zone: string | undefined;
  /** It is lost when one of these is. */
  readonly all: readonly string[];
  /** It is lost when all of these are. */
  readonly any: readonly string[];
}

export interface RunningService {
  readonly part: Part;
  readonly service: Service;
  /** Zones of its subnets, each once. Empty if a subnet has another owner. */
  readonly zones: readonly string[];
  readonly tasks: number;
}

/** What a platform consists of, from every stack. */
export interface Platform {
  readonly stacks: readonly Graph[];
  readonly parts: ReadonlyMap<string, Part>;
  readonly services: readonly RunningService[];
  /** Regions in which something serves, stores or runs, in the order of the stacks. */
  readonly regions: readonly string[];
}

/** Types whose resources are in no region, or whose data plane is not. @see https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html */
const GLOBAL = /^aws_(?:route53|iam|cloudfront|globalaccelerator|rds_global_cluster|organizations)/;
/** Types that make a region one that is lost: what serves, runs or stores. */
const RUNS = ["aws_lb", "aws_ecs_service", "aws_rds_cluster", "aws_db_instance", "aws_elasticache_replication_group"];
/** Arguments with which a resource stands in subnets. */
const SUBNETS: Readonly<Record<string, string>> = { aws_lb: "subnets", aws_vpc_endpoint: "subnet_ids", aws_db_proxy: "vpc_subnet_ids" };
/** Arguments of keys that only statistics are encrypted with. */
const STATISTICS = "performance_insights";

const platforms = new WeakMap<Graph, { readonly stacks: readonly Graph[]; readonly platform: Platform }>();

/** The platform that stacks make together. It is built once for the same stacks. */
export function platformOf(stacks: readonly Graph[]): Platform {
  const [first] = stacks;
  const known = first && platforms.get(first);
  if (known?.stacks.length === stacks.length && known.stacks.every((stack, index) => stack === stacks[index])) return known.platform;
  const parts = new Map(
    stacks.flatMap((graph) => graph.all().flatMap((resource) => partsOf(graph, resource))).map((part) => [part.id, part]),
  );
  const platform: Platform = {
    stacks,
    parts,
    services: stacks.flatMap((graph) =>
      services(graph).flatMap((service) => {
        const part = parts.get(idOf(graph, service.resource));
        const zones = service.subnets ? [...new Set(service.subnets.map(({ zone }) => zone))].sort() : [];
        return part ? [{ part, service, zones, tasks: service.tasks ?? 0 }] : [];
      }),
    ),
    regions: [...new Set([...parts.values()].filter(({ resource }) => RUNS.includes(resource.type)).flatMap(({ region }) => region ?? []))],
  };
  if (first) platforms.set(first, { stacks, platform });
  return platform;
}

export function idOf(graph: Graph, resource: Resource): string {
  return `${graph.name}/${resource.address}`;
}

/** Stands for everything of a region that is not in this JSON. */
export const wholeRegion = (region: string): string => `region ${region}`;

function partsOf(graph: Graph, resource: Resource): readonly Part[] {
  if (resource.type.startsWith("data.") || resource.type === "terraform_data") return [];
  const region = GLOBAL.test(resource.type) ? undefined : regionOf(graph, resource);
  const zone = graph.text(resource.values["availability_zone"]);
  const keys = keysOf(graph, resource.values);
  const part: Part = { id: idOf(graph, resource), graph, resource, region, zone, ...needs(graph, resource, keys) };
  if (resource.type === "aws_secretsmanager_secret") return [part, ...replicas(part)];
  if (resource.type === "aws_elasticache_replication_group") return cacheNodes(part);
  return [part];
}

/** What a resource cannot be without. */
function needs(graph: Graph, { address, type, values }: Resource, keys: readonly string[]): Pick<Part, "all" | "any"> {
  const to = (...found: readonly unknown[]): string[] =>
    found.flatMap((value) => {
      const resource = graph.target(value);
      return resource ? [idOf(graph, resource)] : [];
    });
  const list = (value: unknown): string[] => graph.list(value).flatMap((one) => to(one));
  switch (type) {
    case "aws_nat_gateway":
      return { all: [...to(values["subnet_id"]), ...defaultRoutesOf(graph, graph.target(values["subnet_id"]))], any: [] };
    case "aws_efs_mount_target":
      return { all: to(values["subnet_id"]), any: [] };
    case "aws_route":
      return { all: to(values["nat_gateway_id"], values["gateway_id"]), any: [] };
    case "aws_rds_cluster_instance":
      return { all: to(values["cluster_identifier"]), any: [] };
    case "aws_rds_cluster":
      return {
        all: keys,
        any: graph
          .all("aws_rds_cluster_instance")
          .filter((one) => graph.target(one.values["cluster_identifier"])?.address === address)
          .map((one) => idOf(graph, one)),
      };
    case "aws_ecs_service":
      return { all: [], any: blocks(values["network_configuration"]).flatMap((network) => list(network["subnets"])) };
    case "aws_ecs_cluster":
      // Tasks that run keep their storage: the key is needed to start others.
      return { all: [], any: [] };
  }
  const argument = SUBNETS[type];
  return { all: keys, any: argument === undefined ? [] : list(values[argument]) };
}

/** Keys with which a resource encrypts, at any depth of its arguments. */
export function keysOf(graph: Graph, values: unknown, name = ""): readonly string[] {
  if (Array.isArray(values)) return values.flatMap((value) => keysOf(graph, value, name));
  if (typeof values === "object" && values !== null)
    return Object.entries(values).flatMap(([key, value]) =>
      key === "replica" || key.includes(STATISTICS) ? [] : keysOf(graph, value, key),
    );
  if (typeof values !== "string" || !/kms|key_id|key_arn/.test(name)) return [];
  const key = keyOf(graph, graph.target(values));
  const region = /^arn:[\w-]+:kms:([a-z0-9-]+):/.exec(values)?.[1];
  return key ? [idOf(graph, key)] : region === undefined ? [] : [wholeRegion(region)];
}

function keyOf(graph: Graph, resource: Resource | undefined): Resource | undefined {
  if (resource?.type === "aws_kms_alias") return keyOf(graph, graph.target(resource.values["target_key_id"]));
  return resource?.type === "aws_kms_key" || resource?.type === "aws_kms_replica_key" ? resource : undefined;
}

/** Copies of a secret in other regions, each with its own key. @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html */
function replicas(part: Part): readonly Part[] {
  return blocks(part.resource.values["replica"]).map((replica) => {
    const region = part.graph.text(replica["region"]);
    return { ...part, id: `${part.id}@${String(region)}`, region, all: keysOf(part.graph, replica) };
  });
}

/**
 * A replication group and its nodes. AWS places the nodes of a shard in different zones.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html
 */
function cacheNodes(group: Part): readonly Part[] {
  const { graph, resource } = group;
  const { values } = resource;
  const subnets = graph.target(values["subnet_group_name"]);
  const placed = graph.targets(subnets?.values["subnet_ids"]).flatMap((subnet) => text(subnet?.values["availability_zone"]) ?? []);
  const preferred = graph.list(values["preferred_cache_cluster_azs"]).flatMap((zone) => graph.text(zone) ?? []);
  const zones = preferred.length > 0 ? preferred : placed;
  const number = (name: string, otherwise: number): number => Number(graph.text(values[name]) ?? otherwise);
  const shards = number("num_node_groups", 1);
  const each = values["num_cache_clusters"] === undefined ? number("replicas_per_node_group", 0) + 1 : number("num_cache_clusters", 1);
  const nodes = Array.from({ length: shards * each }, (_, index) => ({
    ...group,
    id: `${group.id}#${Math.floor(index / each) + 1}.${(index % each) + 1}`,
    zone: zones.length === 0 ? undefined : zones[(Math.floor(index / each) + (index % each)) % zones.length],
    all: [group.id],
    any: [],
  }));
  return [{ ...group, any: nodes.map(({ id }) => id) }, ...nodes];
}
