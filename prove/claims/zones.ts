import type { Graph } from "../graph/graph";
import { type Resource, text } from "../graph/values";
import { exitOf, type Subnet, subnetOf } from "../network/subnets";
import { type Claim, decided, notApplicable, unknown } from "./claim";
import { dataStores, isChecked, loadBalancers, services, withSubnets, zonesOf } from "./parts";

const LEAST_ZONES = 3;
const LEAST_TASKS_IN_ZONE = 2;

/** Claims about the loss of one Availability Zone. Each plays the loss of every zone. */
export const ZONE_CLAIMS: readonly Claim[] = [
  {
    id: "Z1",
    title: "The load balancer, every service and every data store have one subnet in each of at least three zones",
    requirementIds: ["S000-G3", "S000-1.2"],
    decide: (graph) =>
      withSubnets([...loadBalancers(graph), ...services(graph), ...dataStores(graph)], "Nothing is placed in subnets.", (parts) => {
        const faults = parts.flatMap(({ resource, subnets }) => {
          const zones = zonesOf(subnets);
          // A stack may have parts in several regions, by several providers.
          const beside = parts.filter((part) => part.resource.values["provider"] === resource.values["provider"]);
          const all = zonesOf(beside.flatMap((part) => part.subnets));
          const lacking = all.filter((zone) => !zones.includes(zone));
          return [
            ...(zones.length < LEAST_ZONES
              ? [`${resource.address} has subnets in ${zones.join(", ")}: fewer than ${LEAST_ZONES} zones.`]
              : []),
            ...(lacking.length > 0 ? [`${resource.address} has no subnet in ${lacking.join(", ")}, where other parts are.`] : []),
            ...(subnets.length > zones.length ? [`${resource.address} has two subnets in one zone.`] : []),
          ];
        });
        return decided(
          faults,
          parts.map(({ resource, subnets }) => `${resource.address}: ${zonesOf(subnets).join(", ")}`),
          `All of them are in ${zonesOf(parts.flatMap(({ subnets }) => subnets)).join(", ")}.`,
        );
      }),
  },
  {
    id: "Z2",
    title: "The loss of a zone takes the way to the internet from the tasks of that zone only",
    requirementIds: ["S000-G1"],
    decide: (graph) =>
      withSubnets(services(graph), "There is no service.", (parts) => {
        const subnets = distinct(parts.flatMap((part) => part.subnets));
        const exits = subnets.map((subnet) => ({ subnet, exit: exitOf(subnet) }));
        if (exits.every(({ exit }) => exit === undefined)) return notApplicable("The tasks have no way to the internet.");
        if (exits.some(({ exit }) => exit?.kind === "other"))
          return unknown("A default route has another target than a NAT gateway of this JSON.");
        const faults = exits.flatMap(({ subnet, exit }) => {
          if (exit === undefined) return [`${subnet.address} has no default route, and tasks in other zones have one.`];
          if (exit.kind === "internet")
            return [`${subnet.address} has a default route to an internet gateway: its tasks have no public address, and get no answer.`];
          return exit.kind === "nat" ? natFaults(graph, subnet, exit.gateway) : [];
        });
        return decided(
          faults,
          exits.map(({ subnet, exit }) => `${subnet.address} in ${subnet.zone}: ${exit?.kind === "nat" ? exit.gateway.address : "none"}`),
          "Each subnet has the NAT gateway of its own zone.",
        );
      }),
  },
  {
    id: "Z3",
    title: "Data stores have no way out of the VPC",
    decide: (graph) =>
      withSubnets(dataStores(graph), "There is no data store.", (parts) => {
        const subnets = distinct(parts.flatMap((part) => part.subnets));
        const faults = subnets.flatMap((subnet) =>
          subnet.routes.map(
            ({ cidr, exit }) => `${subnet.address} has a route to ${cidr}, by ${exit.kind === "other" ? exit.by : exit.kind}.`,
          ),
        );
        return decided(
          faults,
          subnets.map(({ address }) => `${address} has no route`),
          "Their subnets have no route to a range of addresses.",
        );
      }),
  },
  {
    id: "Z4",
    title: "The loss of any zone leaves a database instance of the same class",
    requirementIds: ["S000-1.1", "S000-1.2"],
    decide: (graph) => {
      const clusters = graph.all("aws_rds_cluster").map((cluster) => ({
        cluster,
        instances: graph.referring("aws_rds_cluster_instance", "cluster_identifier", cluster),
      }));
      const running = clusters.filter(({ instances }) => instances.length > 0);
      if (running.length === 0) return notApplicable("There is no database instance.");
      if (running.some(({ instances }) => instances.some(({ values }) => typeof values["availability_zone"] !== "string")))
        return unknown("RDS chooses the zone of an instance.");
      const faults = running.flatMap(({ cluster, instances }) =>
        instances.flatMap((lost) => instanceFaults(cluster, instances, String(lost.values["availability_zone"]))),
      );
      return decided(
        [...new Set(faults)],
        running.flatMap(({ instances }) => instances.map(({ address, values }) => `${address} in ${String(values["availability_zone"])}`)),
        "In every case an instance of the same class remains.",
      );
    },
  },
  {
    id: "Z5",
    title: "The loss of any zone leaves tasks in every other zone, and ECS moves tasks back after it",
    requirementIds: ["S000-2.2"],
    decide: (graph) =>
      withSubnets(
        services(graph).filter(({ tasks }) => tasks !== undefined && tasks > 0),
        "No service runs tasks.",
        (parts) => {
          const faults = parts.flatMap(({ resource, subnets, tasks = 0 }) => {
            const zones = zonesOf(subnets);
            const least = zones.length * LEAST_TASKS_IN_ZONE;
            return [
              ...(tasks < least
                ? [`${resource.address} runs ${tasks} tasks in ${zones.length} zones: fewer than ${LEAST_TASKS_IN_ZONE} in one of them.`]
                : []),
              ...(resource.values["availability_zone_rebalancing"] === "ENABLED"
                ? []
                : [`${resource.address} has no Availability Zone rebalancing: after a zone is back, it stays empty.`]),
            ];
          });
          const evidence = parts.map(({ resource, subnets, tasks = 0 }) => {
            const zones = zonesOf(subnets).length;
            return `${resource.address}: ${tasks} tasks, ${tasks - Math.ceil(tasks / zones)} at once after the loss of a zone`;
          });
          return decided(faults, evidence, "Each other zone has at least two tasks.");
        },
      ),
  },
  {
    id: "Z8",
    title: "The load balancer is in every zone of its tasks, is reached by its health checks, and can leave a zone",
    requirementIds: ["S000-3.1"],
    decide: (graph, stacks) =>
      withSubnets([...loadBalancers(graph)], "There is no load balancer.", (balancers) => {
        const tasks = services(graph).flatMap(({ subnets }) => subnets ?? []);
        const faults = balancers.flatMap(({ resource, subnets }) => {
          const lacking = zonesOf(tasks).filter((zone) => !zonesOf(subnets).includes(zone));
          return [
            ...(lacking.length > 0 ? [`${resource.address} is not in ${lacking.join(", ")}, where tasks are.`] : []),
            ...(resource.values["internal"] === true && isChecked(graph, stacks, resource)
              ? [`${resource.address} is internal, and a health check of Route 53 asks it from the internet.`]
              : []),
            ...(resource.values["enable_zonal_shift"] === true ? [] : [`${resource.address} has no zonal shift.`]),
            ...subnets
              .filter((subnet) => resource.values["internal"] !== true && exitOf(subnet)?.kind !== "internet")
              .map(({ address }) => `${address} of ${resource.address} has no default route to an internet gateway.`),
          ];
        });
        const confined = graph
          .all("aws_lb_target_group")
          .filter(({ values }) => text(values["load_balancing_cross_zone_enabled"]) === "false")
          .map(({ address }) => `${address} receives requests of its own zone only: a zone without targets gives no answer.`);
        return decided(
          [...faults, ...confined],
          balancers.map(({ resource, subnets }) => `${resource.address}: ${zonesOf(subnets).join(", ")}`),
          "It is in every zone, and can leave each.",
        );
      }),
  },
];

function distinct(subnets: readonly Subnet[]): readonly Subnet[] {
  return [...new Map(subnets.map((subnet) => [subnet.address, subnet])).values()];
}

function natFaults(graph: Graph, subnet: Subnet, gateway: Resource): string[] {
  const place = subnetOf(graph, gateway.values["subnet_id"]);
  if (!place) return [`${gateway.address} is in a subnet that is not in this JSON.`];
  return [
    ...(place.zone === subnet.zone
      ? []
      : [
          `The loss of ${place.zone} takes the way to the internet from ${subnet.address} in ${subnet.zone}, which uses ${gateway.address}.`,
        ]),
    ...(exitOf(place)?.kind === "internet"
      ? []
      : [`${gateway.address} is in ${place.address}, which has no default route to an internet gateway.`]),
  ];
}

/** What the loss of one zone leaves of a cluster. */
function instanceFaults(cluster: Resource, instances: readonly Resource[], zone: string): string[] {
  const lost = instances.filter(({ values }) => values["availability_zone"] === zone);
  const left = instances.filter((instance) => !lost.includes(instance));
  const classes = (of: readonly Resource[]): string[] => of.map(({ values }) => String(values["instance_class"]));
  const smaller = classes(lost).filter((instanceClass) => !classes(left).includes(instanceClass));
  if (left.length === 0) return [`The loss of ${zone} takes every instance of ${cluster.address}.`];
  if (smaller.length > 0) return [`After the loss of ${zone}, ${cluster.address} has no instance of the class ${smaller.join(", ")}.`];
  const odd = classes(left).find((instanceClass) => instanceClass !== classes(lost)[0]);
  return odd === undefined
    ? []
    : [`After the loss of ${zone}, an instance of another class (${odd}) can become the writer of ${cluster.address}.`];
}
