import type { Graph } from "../graph/graph";
import { blocks, type Resource, text } from "../graph/values";
import { type Claim, decided, notApplicable, unknown } from "./claim";

/** The parameter that makes an engine refuse connections without TLS, and the major version from which it is on by default. */
const REQUIRED: Readonly<Record<string, { readonly parameter: string; readonly onFrom: number }>> = {
  "aurora-postgresql": { parameter: "rds.force_ssl", onFrom: 17 },
  "aurora-mysql": { parameter: "require_secure_transport", onFrom: Infinity },
};
const ON: readonly string[] = ["1", "on", "true"];

/**
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Security.html
 */
export const TRANSPORT_CLAIMS: readonly Claim[] = [
  {
    id: "B8",
    title: "The database, its proxy and its cache refuse connections without TLS",
    decide: (graph) => {
      const clusters = graph.all("aws_rds_cluster");
      const proxies = graph.all("aws_db_proxy");
      const caches = graph.all("aws_elasticache_replication_group");
      if (clusters.length + proxies.length + caches.length === 0) return notApplicable("There is no data store with connections.");
      if (clusters.some(({ values }) => REQUIRED[graph.text(values["engine"]) ?? ""] === undefined))
        return unknown("The engine of a cluster is none whose parameters are known.");
      const faults = [
        ...clusters.flatMap((cluster) => clusterFaults(graph, cluster)),
        ...proxies.flatMap(({ address, values }) =>
          text(values["require_tls"]) === "true" ? [] : [`${address} accepts connections without TLS.`],
        ),
        ...caches.flatMap((cache) => cacheFaults(graph, cache)),
      ];
      return decided(
        faults,
        [...clusters, ...proxies, ...caches].map(({ address }) => address),
        "Each of them is configured to refuse them.",
      );
    },
  },
];

function clusterFaults(graph: Graph, { address, values }: Resource): string[] {
  const { parameter, onFrom } = REQUIRED[graph.text(values["engine"]) ?? ""] ?? { parameter: "", onFrom: Infinity };
  const version = graph.text(values["engine_version"]) ?? "";
  const isDefault = Number.parseInt(version, 10) >= onFrom;
  const name = values["db_cluster_parameter_group_name"];
  const group = graph.target(name);
  if (!group) {
    if (name === undefined || graph.text(name)?.startsWith("default."))
      return isDefault ? [] : [`${address} has the default parameters, and accepts connections without TLS.`];
    return [`${address} has the parameter group ${String(graph.text(name))}, which is not in this JSON.`];
  }
  if (group.type !== "aws_rds_cluster_parameter_group") return [`${group.address} is no parameter group of a cluster.`];
  const family = graph.text(group.values["family"]) ?? "";
  const written = blocks(group.values["parameter"]).filter((one) => graph.text(one["name"]) === parameter);
  const isOn = written.length === 0 ? isDefault : written.every(({ value }) => ON.includes((graph.text(value) ?? "").toLowerCase()));
  return [
    ...(isOn ? [] : [`${address} accepts connections without TLS: ${group.address} does not switch ${parameter} on.`]),
    ...(fits(family, graph.text(values["engine"]) ?? "", version)
      ? []
      : [`${group.address} has the family ${family}, which AWS refuses for the version ${version} of ${address}.`]),
  ];
}

/** A family is the engine with its major version: `aurora-postgresql16`, `aurora-mysql8.0`. */
function fits(family: string, engine: string, version: string): boolean {
  const major = family.slice(engine.length);
  return family.startsWith(engine) && (version === "" || version === major || version.startsWith(`${major}.`));
}

/** @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption.html */
function cacheFaults(graph: Graph, { address, values }: Resource): string[] {
  const isEncrypted = text(values["transit_encryption_enabled"]) === "true";
  const mode = graph.text(values["transit_encryption_mode"]) ?? "required";
  return isEncrypted && mode === "required" ? [] : [`${address} accepts connections without TLS.`];
}
