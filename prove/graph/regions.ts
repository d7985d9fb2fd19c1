import type { Graph } from "./graph";
import { blocks, type Resource, text } from "./values";

/** Region of a resource: that of its provider, or its own argument. A provider is named as `aws` or `aws.<alias>`. */
export function regionOf(graph: Graph, { values }: Resource): string | undefined {
  const own = graph.text(values["region"]);
  if (own !== undefined) return own;
  const alias = /^(?:\$\{)?aws\.([\w-]+)\}?$/.exec(text(values["provider"]) ?? "")?.[1];
  if (alias === undefined) return graph.region;
  const provider = blocks(graph.json.provider?.["aws"]).find((one) => one["alias"] === alias);
  return graph.text(provider?.["region"]);
}
