import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";
import { tasksThat, texts } from "../state-machine/arguments";
import { may } from "../iam/role-permissions";
import { environmentOf, PROMOTIONS, type Takeover } from "./takeover";

/** The cluster of a stack that is in a global database, and the identifier of this one. */
export function memberOf(graph: Graph): { readonly cluster: Resource; readonly global: string } | undefined {
  return graph.all("aws_rds_cluster").flatMap((cluster) => {
    const global = graph.text(cluster.values["global_cluster_identifier"]);
    return global === undefined ? [] : [{ cluster, global }];
  })[0];
}

export function promotionFaults({ graph, machine, functions }: Takeover, stacks: readonly Graph[]): string[] {
  const member = memberOf(graph);
  const where = machine.resource.address;
  if (!member) return [`${where} promotes a cluster, and no cluster of this stack is in a global database.`];
  const own = graph.arn(member.cluster);
  const exists = stacks.some((stack) =>
    stack.all("aws_rds_global_cluster").some(({ values }) => stack.text(values["global_cluster_identifier"]) === member.global),
  );
  const tasks = tasksThat(machine, "rds:failoverGlobalCluster", "rds:switchoverGlobalCluster").flatMap((node) => {
    const globals = texts(machine, node, "GlobalClusterIdentifier") ?? [];
    const targets = (texts(machine, node, "TargetDbClusterIdentifier") ?? []).map((target) => graph.text(target) ?? target);
    return [
      ...(globals.length > 0 && globals.every((one) => graph.text(one) === member.global)
        ? []
        : [
            `${node.path} of ${where} changes the global database ${globals.join()}, and ${member.cluster.address} is in ${member.global}.`,
          ]),
      ...(targets.length > 0 && targets.every((target) => target === own)
        ? []
        : [`${node.path} of ${where} promotes ${targets.join() || "no cluster"}, which is not ${member.cluster.address} of this region.`]),
    ];
  });
  return [
    ...(exists ? [] : [`${member.cluster.address} is in the global database ${member.global}, which does not exist.`]),
    ...tasks,
    ...(tasksThat(machine, "rds:failoverGlobalCluster").length === 0
      ? [`${where} has no failover: without the other region, nothing promotes ${member.cluster.address}.`]
      : []),
    ...functions.flatMap((one) => functionPromotionFaults(graph, stacks, one, member.global, own)),
  ];
}

/** A function that promotes does this with the names in its environment. */
function functionPromotionFaults(graph: Graph, stacks: readonly Graph[], one: Resource, global: string, own: string | undefined): string[] {
  const role = graph.target(one.values["role"]);
  if (role?.type !== "aws_iam_role") return [`${one.address} has no role of this stack.`];
  const promotes = PROMOTIONS.filter((action) => may(graph, role, { action }));
  const known = Object.values(environmentOf(graph, one));
  const clusters = known.filter((value) => /^arn:aws:rds:[^:]*:\d+:cluster:/.test(value));
  const foreign = clusters.filter((arn) => arn !== own);
  const members = stacks.flatMap((stack) => {
    const member = memberOf(stack);
    return member?.global === global ? [stack.arn(member.cluster) ?? ""] : [];
  });
  const needed = [`arn:aws:rds::${graph.account ?? ""}:global-cluster:${global}`, ...members];
  const denied = [...(promotes.length > 0 ? promotes : ["rds:SwitchoverGlobalCluster"]), "rds:DescribeGlobalClusters"].flatMap((action) =>
    needed
      .filter((resource) => !may(graph, role, { action, resource }))
      .map((resource) => `${role.address} does not allow ${action} on ${resource}: ${one.address} cannot switch over.`),
  );
  return [
    ...(known.includes(global) ? [] : [`${one.address} does not know the global database ${global}: it cannot switch over.`]),
    ...(clusters.length > 0 ? [] : [`${one.address} does not know the cluster of its region: it cannot switch over.`]),
    ...foreign.map((arn) => `${one.address} promotes ${arn}, which is not the cluster of its region.`),
    ...denied,
  ];
}
