import type { Graph } from "../graph/graph";
import { blocks, type Resource, SENSITIVE, text } from "../graph/values";
import { ANYWHERE, EPHEMERAL } from "../network/ranges";
import { groupAllows, rulesOf } from "../network/security-groups";
import { exitOf, subnetsOf } from "../network/subnets";
import { type Claim, decided, type Finding, notApplicable, unknown } from "./claim";
import { flowFaults, HTTPS, known, natPathFaults, passes } from "./flows";
import { dataStores, loadBalancers, OTHER_OWNER, present, type Service, services, withSubnets } from "./parts";

const ENGINE_PORTS: Readonly<Record<string, number>> = { "aurora-postgresql": 5432, "aurora-mysql": 3306 };

/** Claims about who reaches whom: routes, network ACLs in both directions, and security groups together. */
export const REACHABILITY_CLAIMS: readonly Claim[] = [
  {
    id: "R1",
    title: "Clients in the internet reach the load balancer on port 443, in every zone",
    decide: (graph) => {
      const facing = loadBalancers(graph).filter(({ resource }) => resource.values["internal"] !== true);
      return withSubnets(facing, "No load balancer faces the internet.", (parts) => {
        const faults = parts.flatMap(({ resource, subnets }) => [
          ...(groupsOf(graph, resource).some((group) => groupAllows(rulesOf(graph, group), "ingress", HTTPS, { cidr: ANYWHERE }))
            ? []
            : [`No security group of ${resource.address} allows ${ANYWHERE} on port ${HTTPS}.`]),
          ...subnets.flatMap((subnet) => [
            ...(exitOf(subnet)?.kind === "internet" ? [] : [`${subnet.address} has no default route to an internet gateway.`]),
            ...passes(subnet, "in", ANYWHERE, [HTTPS, HTTPS], "requests of clients"),
            ...passes(subnet, "out", ANYWHERE, EPHEMERAL, "answers to clients"),
          ]),
        ]);
        return decided(
          faults,
          parts.map(({ resource }) => `${resource.address}: security groups, routes and network ACLs`),
          "Every layer allows it, in both directions.",
        );
      });
    },
  },
  {
    id: "R2",
    title: "The load balancer reaches the tasks on the port on which they listen",
    decide: (graph) => {
      const [balancer] = loadBalancers(graph);
      const routed = services(graph).filter(({ resource }) => blocks(resource.values["load_balancer"]).length > 0);
      if (!balancer) return notApplicable("There is no load balancer.");
      return withSubnets(routed, "No service receives requests.", (parts) => {
        if (!balancer.subnets) return unknown(OTHER_OWNER);
        const unread = parts.find(({ resource }) => definitionsOf(graph, resource)?.startsWith("${unknown("));
        if (unread) return unknown(`The containers of ${unread.resource.address} are known after an apply.`);
        const from = { subnets: balancer.subnets, groups: groupsOf(graph, balancer.resource) };
        const faults = parts.flatMap(({ resource, subnets, groups }) =>
          blocks(resource.values["load_balancer"]).flatMap((target) => {
            const port = Number(target["container_port"]);
            const group = graph.target(target["target_group_arn"]);
            return [
              ...(group && Number(group.values["port"]) !== port
                ? [`${group.address} sends to port ${String(group.values["port"])}, and ${resource.address} listens on ${port}.`]
                : []),
              ...(group && !forwards(graph, group) ? [`No listener of a load balancer forwards to ${group.address}.`] : []),
              ...(listensOn(graph, resource, port) ? [] : [`The task definition of ${resource.address} has no container port ${port}.`]),
              ...flowFaults(graph, from, { subnets, groups: present(groups) }, port, `${balancer.resource.address} to ${resource.address}`),
            ];
          }),
        );
        return decided(
          faults,
          parts.map(({ resource }) => `${balancer.resource.address} to ${resource.address}`),
          "Listener, target group, container, security groups and network ACLs agree.",
        );
      });
    },
  },
  {
    id: "R3",
    title: "Tasks that use the database reach it on its port",
    requirementIds: ["S000-2.4"],
    decide: (graph) => {
      const [cluster] = graph.all("aws_rds_cluster");
      const store =
        cluster &&
        dataStores(graph).find(({ resource }) => graph.target(cluster.values["db_subnet_group_name"])?.address === resource.address);
      if (!cluster || !store) return notApplicable("There is no database cluster with a subnet group.");
      const port = Number(cluster.values["port"] ?? ENGINE_PORTS[String(cluster.values["engine"])]);
      const database = { subnets: store.subnets, groups: present(graph.targets(cluster.values["vpc_security_group_ids"])) };
      const [proxy] = graph.all("aws_db_proxy").map(({ address, values }) => ({
        address,
        subnets: subnetsOf(graph, values["vpc_subnet_ids"]),
        groups: present(graph.targets(values["vpc_security_group_ids"])),
      }));
      // Tasks connect to the proxy, where there is one, and the proxy to the database.
      const reached = proxy ?? { address: cluster.address, ...database };
      const clients = services(graph).filter(({ groups }) => uses(graph, groups, reached.groups));
      return withSubnets(clients, unusedDatabase(graph, reached.groups) ?? "No service has a rule to the database.", (parts) => {
        const [to, behind] = [known(reached), known(database)];
        if (!to || !behind) return unknown(OTHER_OWNER);
        const stated = graph.all("aws_ssm_parameter").filter(({ values }) => text(values["name"])?.endsWith("/database/port"));
        const faults = [
          ...parts.flatMap(({ resource, subnets, groups }) =>
            flowFaults(graph, { subnets, groups: present(groups) }, to, port, `${resource.address} to ${reached.address}`),
          ),
          ...(proxy ? flowFaults(graph, to, behind, port, `${proxy.address} to ${cluster.address}`) : []),
          ...stated
            .filter(({ values }) => values["value"] !== SENSITIVE && Number(values["value"]) !== port)
            .map(({ address, values }) => `${address} says port ${String(values["value"])}, and ${cluster.address} listens on ${port}.`),
        ];
        const hidden = stated.find(({ values }) => values["value"] === SENSITIVE);
        if (hidden && faults.length === 0) return unknown(`The port in ${hidden.address} is sensitive in the plan.`);
        const evidence = parts.map(({ resource }) => `${resource.address} to ${reached.address} on port ${port}`);
        return decided(faults, evidence, "Security groups and network ACLs allow it, in both directions.");
      });
    },
  },
  {
    id: "R4",
    title: "Tasks reach AWS and registries on port 443 through their NAT gateway",
    decide: (graph) =>
      withSubnets(services(graph), "There is no service.", (parts) => {
        const through = parts.flatMap(({ subnets }) => subnets).filter((subnet) => exitOf(subnet)?.kind === "nat");
        if (through.length === 0) return notApplicable("The tasks have no NAT gateway.");
        const leaving = parts.filter(({ groups }) =>
          present(groups).some((group) => rulesOf(graph, group).some(({ direction, peer }) => direction === "egress" && "cidr" in peer)),
        );
        if (leaving.length === 0) return notApplicable("No security group of a service allows a range of addresses outside.");
        const faults = [
          ...parts
            .filter(
              ({ groups }) => !present(groups).some((group) => groupAllows(rulesOf(graph, group), "egress", HTTPS, { cidr: ANYWHERE })),
            )
            .map(({ resource }) => `No security group of ${resource.address} allows ${ANYWHERE} on port ${HTTPS}.`),
          ...through.flatMap((subnet) => natPathFaults(graph, subnet)),
        ];
        return decided(
          [...new Set(faults)],
          through.map(({ address }) => `${address} through its NAT gateway`),
          "Security groups, routes and both network ACLs allow it.",
        );
      }),
  },
  {
    id: "R5",
    title: "Nothing but groups of the platform reaches a data store, and no range of addresses does",
    decide: (graph) => {
      const stores = [
        ...graph.all("aws_rds_cluster").flatMap(({ values }) => present(graph.targets(values["vpc_security_group_ids"]))),
        ...graph.all("aws_elasticache_replication_group").flatMap(({ values }) => present(graph.targets(values["security_group_ids"]))),
      ];
      if (stores.length === 0) return notApplicable("There is no data store with a security group.");
      const balancers = loadBalancers(graph)
        .flatMap(({ resource }) => groupsOf(graph, resource))
        .map(({ address }) => address);
      const faults = stores.flatMap((group) =>
        rulesOf(graph, group)
          .filter(({ direction }) => direction === "ingress")
          .flatMap(({ peer }) => {
            if ("cidr" in peer) return [`${group.address} lets ${peer.cidr} in.`];
            if ("other" in peer) return [`${group.address} lets in what is not a group of this JSON: ${peer.other}.`];
            return balancers.includes(peer.group) ? [`${group.address} lets ${peer.group} in, the group of a load balancer.`] : [];
          }),
      );
      return decided(
        faults,
        stores.map(({ address }) => address),
        "Every rule names a group of tasks or functions.",
      );
    },
  },
];

function groupsOf(graph: Graph, resource: Resource): readonly Resource[] {
  return present(graph.targets(resource.values["security_groups"]));
}

/** Whether a listener or one of its rules forwards to a target group. */
function forwards(graph: Graph, group: Resource): boolean {
  const inAction = (action: Readonly<Record<string, unknown>>): boolean =>
    graph.target(action["target_group_arn"])?.address === group.address ||
    blocks(action["forward"]).some((forward) =>
      blocks(forward["target_group"]).some(({ arn }) => graph.target(arn)?.address === group.address),
    );
  return (
    graph.all("aws_lb_listener").some(({ values }) => blocks(values["default_action"]).some(inAction)) ||
    graph.all("aws_lb_listener_rule").some(({ values }) => blocks(values["action"]).some(inAction))
  );
}

function definitionsOf(graph: Graph, service: Resource): string | undefined {
  return text(graph.target(service.values["task_definition"])?.values["container_definitions"]);
}

/** Whether a container of the service listens on a port. The definitions are JSON, or an expression that makes it. */
function listensOn(graph: Graph, service: Resource, port: number): boolean {
  return [...(definitionsOf(graph, service) ?? "").matchAll(/"?containerPort"?\s*[=:]\s*(\d+)/g)].some(
    ([, found]) => Number(found) === port,
  );
}

/** Whether groups have any rule to or from the others: who is meant to use a store. */
function uses(graph: Graph, clients: Service["groups"], stores: readonly Resource[]): boolean {
  const names = (groups: readonly Resource[]): readonly string[] => groups.map(({ address }) => address);
  const refers = (group: Resource, others: readonly string[]): boolean =>
    rulesOf(graph, group).some(({ peer }) => "group" in peer && others.includes(peer.group));
  return present(clients).some((client) => refers(client, names(stores)) || stores.some((store) => refers(store, [client.address])));
}

/** A database beside services of which none reaches it. */
function unusedDatabase(graph: Graph, groups: readonly Resource[]): Finding | undefined {
  return groups.length > 0 && services(graph).length > 0
    ? { status: "refuted", because: "No service has a rule to the database.", evidence: groups.map(({ address }) => address) }
    : undefined;
}
