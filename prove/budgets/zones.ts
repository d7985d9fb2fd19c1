import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";
import { services } from "../claims/parts";
import { exitOf, subnetOf } from "../network/subnets";
import { type Budget, budget, type Phase } from "./budget";
import { PLEDGES } from "./promises";

const NODE_DNS = "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html";

/** A zone is lost: its address of a load balancer, and its NAT gateway. */
export function zoneBudgets(graph: Graph): readonly Budget[] {
  const nodes = graph
    .all("aws_lb")
    .filter(({ values }) => (values["load_balancer_type"] ?? "application") === "application")
    .map((balancer) => {
      const phases: Phase[] = [
        {
          what: "Elastic Load Balancing takes the address of the zone out of DNS",
          least: 0,
          most: undefined,
          formula: "no upper bound is documented",
          source: NODE_DNS,
        },
        { what: "answers that clients have cached", least: 0, most: 60, formula: "TTL of a load balancer: 60 s", source: NODE_DNS },
      ];
      return budget(graph, {
        kind: "zone-node",
        subject: balancer.address,
        failure: `the node of ${balancer.address} in a zone`,
        phases,
        rto: "about a minute",
        rpo: "none",
      });
    });
  const subnets = [
    ...new Map(services(graph).flatMap((service) => (service.subnets ?? []).map((subnet) => [subnet.address, subnet]))).values(),
  ];
  const routed = subnets.flatMap((subnet) => {
    const exit = exitOf(subnet);
    return exit?.kind === "nat" ? [{ subnet, gateway: exit.gateway, zone: zoneOf(graph, exit.gateway) }] : [];
  });
  if (routed.length === 0) return nodes;
  const faults = routed
    .filter(({ subnet, zone }) => zone !== undefined && zone !== subnet.zone)
    .map(
      ({ subnet, gateway, zone }) =>
        `The loss of ${zone ?? ""} takes ${gateway.address} from ${subnet.address} in ${subnet.zone} for as long as the zone is lost.`,
    );
  return [
    ...nodes,
    budget(graph, {
      kind: "zone-nat",
      subject: "NAT",
      failure: "the NAT gateway of a zone",
      phases: [],
      rpo: "none",
      faults,
      pledge: PLEDGES["zone-nat"],
    }),
  ];
}

function zoneOf(graph: Graph, gateway: Resource): string | undefined {
  return subnetOf(graph, gateway.values["subnet_id"])?.zone;
}
