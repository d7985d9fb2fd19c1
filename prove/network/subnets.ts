import type { Graph } from "../graph/graph";
import { blocks, type Resource } from "../graph/values";
import { aclOf, type NetworkAcl } from "./network-acl";
import { ANYWHERE } from "./ranges";

/** The target of a route. */
export type Exit =
  { readonly kind: "internet" } | { readonly kind: "nat"; readonly gateway: Resource } | { readonly kind: "other"; readonly by: string };

export interface Subnet {
  readonly address: string;
  readonly zone: string;
  readonly cidr: string;
  /** Its routes to ranges of addresses. Routes to prefix lists, of gateway endpoints, are none. */
  readonly routes: readonly { readonly cidr: string; readonly exit: Exit }[];
  readonly acl: NetworkAcl;
}

/** A subnet with its routes and network ACL. Undefined for a subnet of another owner, which is in no resource. */
export function subnetOf(graph: Graph, value: unknown): Subnet | undefined {
  const subnet = graph.target(value);
  if (subnet?.type !== "aws_subnet") return undefined;
  const zone = graph.text(subnet.values["availability_zone"] ?? subnet.values["availability_zone_id"]);
  const cidr = graph.text(subnet.values["cidr_block"]);
  if (zone === undefined || cidr === undefined || cidr.includes("${") || !isZone(zone)) return undefined;
  return { address: subnet.address, zone, cidr, routes: routesOf(graph, subnet), acl: aclOf(graph, subnet) };
}

/** Whether a text is one zone: its name, or a place in the list of the region's zones. Another expression may be any zone. */
function isZone(text: string): boolean {
  return !text.includes("${") || /^\$\{data\.aws_availability_zones\.[\w-]+\.(?:names|zone_ids)\[\d+\]\}$/.test(text);
}

/** The subnets of a list. Undefined if one of them is of another owner. */
export function subnetsOf(graph: Graph, values: unknown): readonly Subnet[] | undefined {
  const found = graph.list(values).map((value) => subnetOf(graph, value));
  return found.length > 0 && found.every((subnet) => subnet !== undefined) ? found : undefined;
}

/** Where packets to the internet leave a subnet. Undefined without a default route. */
export function exitOf({ routes }: Subnet): Exit | undefined {
  return routes.find(({ cidr }) => cidr === ANYWHERE)?.exit;
}

function routesOf(graph: Graph, subnet: Resource): Subnet["routes"] {
  const tables = graph
    .referring("aws_route_table_association", "subnet_id", subnet)
    .flatMap(({ values }) => graph.target(values["route_table_id"]) ?? []);
  return tables.flatMap((table) => [
    ...graph.referring("aws_route", "route_table_id", table).flatMap(({ values }) => routeOf(graph, values, "destination_cidr_block")),
    ...blocks(table.values["route"]).flatMap((route) => routeOf(graph, route, "cidr_block")),
  ]);
}

function routeOf(graph: Graph, route: Readonly<Record<string, unknown>>, argument: string): Subnet["routes"] {
  const cidr = route[argument];
  if (typeof cidr !== "string" || cidr === "") return [];
  const gateway = graph.target(route["gateway_id"]);
  if (gateway?.type === "aws_internet_gateway") return [{ cidr, exit: { kind: "internet" } }];
  const nat = graph.target(route["nat_gateway_id"]);
  if (nat) return [{ cidr, exit: { kind: "nat", gateway: nat } }];
  const by = Object.entries(route).find(([name, value]) => name.endsWith("_id") && name !== "route_table_id" && value !== undefined)?.[0];
  return [{ cidr, exit: { kind: "other", by: by ?? "unknown" } }];
}
