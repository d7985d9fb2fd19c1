import { loadBalancers, present, services, zonesOf } from "../claims/parts";
import type { Graph } from "../graph/graph";
import { block, oneOrMany, type Resource } from "../graph/values";
import { exitOf, type Subnet, subnetOf } from "../network/subnets";

/** A part that is drawn. */
export interface Part {
  /** `us-east-1/aws_nat_gateway.a`, as simulations name it. */
  readonly id: string;
  readonly kind: "load-balancer" | "nat-gateway" | "tasks" | "database" | "cache" | "endpoint" | "table" | "global-database";
  readonly label: string;
}

/** A row of a region: what is in the subnets of one tier. */
export interface Tier {
  readonly name: "public" | "application" | "data";
  readonly cells: readonly Cell[];
}

/** A subnet, with the parts in it. */
export interface Cell extends Pick<Part, "id"> {
  readonly zone: string;
  readonly cidr: string;
  readonly parts: readonly Part[];
}

export interface Region {
  readonly stack: string;
  readonly name: string;
  readonly zones: readonly string[];
  /** What AWS places in every zone. */
  readonly regional: readonly Part[];
  readonly tiers: readonly Tier[];
}

/** A name, and what its records resolve to. */
interface PublicName {
  readonly name: string;
  readonly answers: readonly { readonly to: string; readonly policy: string }[];
}

export interface Topology {
  readonly regions: readonly Region[];
  readonly names: readonly PublicName[];
}

/** What is drawn of a platform: regions with their zones and tiers, and the names that resolve to them. */
export function topologyOf(stacks: readonly Graph[]): Topology {
  return { regions: stacks.flatMap((graph) => regionOf(graph) ?? []), names: stacks.flatMap(namesOf) };
}

function regionOf(graph: Graph): Region | undefined {
  const subnets = graph.all("aws_subnet").flatMap((subnet) => subnetOf(graph, `\${${subnet.address}.id}`) ?? []);
  const zones = zonesOf(subnets);
  if (zones.length === 0) return undefined;
  const id = ({ address }: Pick<Resource, "address">): string => `${graph.name}/${address}`;
  const part = (resource: Resource, kind: Part["kind"], label: string): Part => ({ id: id(resource), kind, label });
  const named = (resource: Resource, ...names: readonly string[]): string =>
    present(names.map((name) => graph.text(resource.values[name])))[0] ?? resource.address;
  const running = services(graph);
  const usedByTasks = new Set(running.flatMap(({ subnets: used = [] }) => used.map(({ address }) => address)));
  const tierOf = (subnet: Subnet): Tier["name"] => {
    if (exitOf(subnet)?.kind === "internet") return "public";
    return usedByTasks.has(subnet.address) || exitOf(subnet) !== undefined ? "application" : "data";
  };
  const inCell = (subnet: Subnet): readonly Part[] => [
    ...graph
      .all("aws_nat_gateway")
      .filter(({ values }) => graph.target(values["subnet_id"])?.address === subnet.address)
      .map((gateway) => part(gateway, "nat-gateway", "NAT gateway")),
    ...running.flatMap(({ resource, subnets: used = [], tasks }) => {
      const places = zonesOf(used);
      if (!used.some(({ address }) => address === subnet.address)) return [];
      return [
        part(
          resource,
          "tasks",
          tasks === undefined ? named(resource, "name") : tasksIn(named(resource, "name"), tasks, places, subnet.zone),
        ),
      ];
    }),
    ...(tierOf(subnet) === "data" ? instancesIn(graph, subnet.zone).map((one) => part(one, "database", named(one, "instance_class"))) : []),
    ...(tierOf(subnet) === "data" ? cachesIn(graph, subnet).map((one) => part(one, "cache", named(one, "node_type"))) : []),
  ];
  return {
    stack: graph.name,
    name: graph.region ?? graph.name,
    zones,
    regional: [
      ...loadBalancers(graph).map(({ resource }) => part(resource, "load-balancer", named(resource, "name"))),
      ...graph.all("aws_dynamodb_table").map((table) => part(table, "table", named(table, "name"))),
      ...graph
        .all("aws_vpc_endpoint")
        .map((endpoint) => part(endpoint, "endpoint", named(endpoint, "service_name").split(".").at(-1) ?? "")),
    ],
    tiers: (["public", "application", "data"] as const).map((name) => ({
      name,
      cells: zones.flatMap((zone) =>
        subnets
          .filter((subnet) => subnet.zone === zone && tierOf(subnet) === name)
          .map((subnet) => ({ id: id(subnet), zone, cidr: subnet.cidr, parts: inCell(subnet) })),
      ),
    })),
  };
}

/** ECS spreads tasks over zones: the first ones have one more. */
function tasksIn(name: string, tasks: number, zones: readonly string[], zone: string): string {
  const share = Math.floor(tasks / zones.length) + (zones.indexOf(zone) < tasks % zones.length ? 1 : 0);
  return `${share} × ${name}`;
}

function instancesIn(graph: Graph, zone: string): readonly Resource[] {
  return [...graph.all("aws_rds_cluster_instance"), ...graph.all("aws_db_instance")].filter(
    ({ values }) => values["availability_zone"] === zone,
  );
}

/** Replication groups in whose subnet group a subnet is: AWS chooses the zones of their nodes. */
function cachesIn(graph: Graph, { address }: Subnet): readonly Resource[] {
  return graph
    .all("aws_elasticache_replication_group")
    .filter(({ values }) =>
      present(graph.targets(graph.target(values["subnet_group_name"])?.values["subnet_ids"])).some((subnet) => subnet.address === address),
    );
}

/** Names with a routing policy. A name of a validation of a certificate has none. */
function namesOf(graph: Graph): readonly PublicName[] {
  const records = graph.all("aws_route53_record").filter(({ values }) => values["set_identifier"] !== undefined);
  const names = [...new Set(records.map(({ values }) => graph.text(values["name"]) ?? ""))];
  return names.map((name) => ({
    name,
    answers: records
      .filter(({ values }) => graph.text(values["name"]) === name)
      .map(({ values }) => ({
        to:
          graph.text(block(values["alias"])["name"]) ??
          oneOrMany(values["records"])
            .map((one) => graph.text(one))
            .join(", "),
        policy: graph.text(block(values["failover_routing_policy"])["type"]) ?? graph.text(values["set_identifier"]) ?? "",
      })),
  }));
}
