import type { Graph } from "../graph/graph";
import { regionOf } from "../graph/providers";
import type { Resource } from "../graph/values";
import type { Dns, Site } from "./dns";
import { leavesOfGroup } from "./health-checks";

/** A listener rule with a fixed answer that health checks ask. An operator changes its answer, and so where clients are led. */
export interface Hold {
  readonly site: Site;
  readonly rule: Resource;
  readonly path: string;
}

/** The holds that health checks of failover records ask, each once. */
export function holdsOf(dns: Dns): readonly Hold[] {
  const holds = dns.groups.flatMap(leavesOfGroup).flatMap(({ graph, check }): Hold[] => {
    const site = dns.askedBy(graph, check);
    const answer = dns.answerTo(graph, check);
    return site && answer.kind === "fixed" && answer.rule
      ? [{ site, rule: answer.rule, path: graph.text(check.values["resource_path"]) ?? "/" }]
      : [];
  });
  return [...new Map(holds.map((hold) => [`${hold.site.graph.name} ${hold.rule.address}`, hold])).values()];
}

/** The only region with a cluster that replicates no other one. */
export function writerRegion(stacks: readonly Graph[]): string | undefined {
  const writers = stacks.flatMap((graph) =>
    graph.all("aws_rds_cluster").flatMap((cluster) => {
      const own = regionOf(graph, cluster) ?? graph.name;
      const source = graph.text(cluster.values["source_region"]);
      return cluster.values["replication_source_identifier"] === undefined && (source === undefined || source === own) ? [own] : [];
    }),
  );
  const [writer, ...others] = new Set(writers);
  return others.length === 0 ? writer : undefined;
}
