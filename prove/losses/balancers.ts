import { flag } from "../claims/containers";
import { Dns } from "../dns/dns";
import { answersOf } from "../dns/requests";
import type { Site, World } from "../dns/sites";
import type { Graph } from "../graph/graph";
import { blocks, type Resource } from "../graph/values";
import type { Outage } from "./outage";
import { defaultRoutesOf } from "./routes";

/** A load balancer and its stack. */
export type Balancer = Pick<Site, "graph" | "balancer">;

const worlds = new WeakMap<Outage, World>();

export function dnsOf({ platform }: Outage): Dns {
  return Dns.of(platform.stacks);
}

/** What of an outage Route 53 sees. Hosts and health checks of other owners stay healthy in it. */
export function worldOf(outage: Outage): World {
  const known = worlds.get(outage) ?? {
    isUp: (site) => isUp(outage, site),
    hasTargets: (site, groups = groupsOf(site)) => groups.some((group) => hasTargets(outage, site.graph, group)),
    isUnknownHealthy: true,
  };
  worlds.set(outage, known);
  return known;
}

function groupsOf({ graph, balancer }: Balancer): readonly Resource[] {
  return answersOf(graph, balancer).flatMap((answer) => (answer.kind === "targets" ? answer.groups : []));
}

/** Subnets in which clients reach a load balancer: they are left, and so is their way to the internet. */
export function openSubnets(outage: Outage, { graph, balancer }: Balancer): readonly Resource[] {
  const isInternal = flag(graph, balancer.values["internal"], false);
  return graph
    .targets(balancer.values["subnets"])
    .filter((subnet) => subnet !== undefined)
    .filter(
      (subnet) => !outage.hasResource(graph, subnet) && (isInternal || !defaultRoutesOf(graph, subnet).some((id) => outage.lost.has(id))),
    );
}

function isUp(outage: Outage, site: Balancer): boolean {
  const { graph, balancer } = site;
  const isKnown = graph.targets(balancer.values["subnets"]).some((subnet) => subnet !== undefined);
  return !outage.hasResource(graph, balancer) && (!isKnown || openSubnets(outage, site).length > 0);
}

/** Whether a load balancer answers requests with success: a target does, or the load balancer itself. */
export function serves(outage: Outage, site: Balancer): boolean {
  return (
    isUp(outage, site) &&
    answersOf(site.graph, site.balancer).some(
      (answer) =>
        (answer.kind === "targets" && answer.groups.some((group) => hasTargets(outage, site.graph, group))) ||
        (answer.kind === "fixed" && answer.status === 200),
    )
  );
}

function hasTargets(outage: Outage, graph: Graph, group: Resource): boolean {
  const registered = outage.platform.services.filter(
    ({ part, service }) =>
      part.graph === graph &&
      blocks(service.resource.values["load_balancer"]).some(
        (target) => graph.target(target["target_group_arn"])?.address === group.address,
      ),
  );
  const attached = graph.referring("aws_lb_target_group_attachment", "target_group_arn", group);
  return (
    registered.some((service) => outage.tasks(service) > 0) ||
    attached.some(({ values }) => {
      const target = graph.target(values["target_id"]);
      return target === undefined || !outage.hasResource(graph, target);
    })
  );
}
