import type { Graph } from "./graph";
import { blocks, type Resource, text } from "./values";

/** Region of a stack: that of its provider, or, where a variable without a default has it, that of its Availability Zones. */
export function homeOf(graph: Graph): string | undefined {
  if (graph.region !== undefined) return graph.region;
  const placed = [...graph.all("aws_subnet"), ...graph.all("aws_rds_cluster_instance")];
  return placed.flatMap(
    ({ values }) => /^([a-z]+(?:-[a-z]+)+-\d+)[a-z]$/.exec(graph.text(values["availability_zone"]) ?? "")?.[1] ?? [],
  )[0];
}

/** Region of a resource: that of its provider, or its own argument. A provider is named as `aws` or `aws.<alias>`. */
export function regionOf(graph: Graph, { values }: Resource): string | undefined {
  if (values["region"] !== undefined) return graph.text(values["region"]);
  const alias = /^(?:\$\{)?aws\.([\w-]+)\}?$/.exec(text(values["provider"]) ?? "")?.[1];
  if (alias === undefined) return homeOf(graph);
  const provider = blocks(graph.json.provider?.["aws"]).find((one) => one["alias"] === alias);
  return graph.text(provider?.["region"]);
}
