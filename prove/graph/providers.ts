import type { Graph } from "./graph";
import { blocks, type Resource, text } from "./values";

/** The region of the provider with which a resource is made. Undefined if no provider has that alias. */
export function regionOf(graph: Graph, { values }: Resource): string | undefined {
  const alias = /^(?:\$\{)?aws\.([\w-]+)\}?$/.exec(text(values["provider"]) ?? "")?.[1];
  if (alias === undefined) return graph.region;
  return graph.text(blocks(graph.json.provider?.["aws"]).find((provider) => provider["alias"] === alias)?.["region"]);
}
