import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";
import { ANYWHERE } from "../network/ranges";

const known = new WeakMap<Graph, ReadonlyMap<string, readonly string[]>>();

/** Default routes of a subnet that are resources, as `stack/address`. */
export function defaultRoutesOf(graph: Graph, subnet: Resource | undefined): readonly string[] {
  return (subnet && tables(graph).get(subnet.address)) ?? [];
}

function tables(graph: Graph): ReadonlyMap<string, readonly string[]> {
  const found = known.get(graph) ?? read(graph);
  known.set(graph, found);
  return found;
}

function read(graph: Graph): ReadonlyMap<string, readonly string[]> {
  const routes = graph.all("aws_route").filter(({ values }) => graph.text(values["destination_cidr_block"]) === ANYWHERE);
  const found = new Map<string, string[]>();
  for (const { values } of graph.all("aws_route_table_association")) {
    const [subnet, table] = [graph.target(values["subnet_id"]), graph.target(values["route_table_id"])];
    if (!subnet || !table) continue;
    const own = routes.filter((route) => graph.target(route.values["route_table_id"])?.address === table.address);
    found.set(subnet.address, [...(found.get(subnet.address) ?? []), ...own.map(({ address }) => `${graph.name}/${address}`)]);
  }
  return found;
}
