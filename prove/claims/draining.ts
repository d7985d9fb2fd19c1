import { type Claim, decided, notApplicable, unknown } from "./claim";
import { numberOf, OTHER_DEFINITION, registrationsOf, withContainers } from "./containers";
import { loadBalancers, services } from "./parts";

/** Time that an open request gets. */
const LEAST_DRAIN_SECONDS = 30;
/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html */
const DEFAULT_STOP_SECONDS = 30;
const MOST_STOP_SECONDS = 120;
const DEFAULT_IDLE_SECONDS = 60;
const DEFAULT_DRAIN_SECONDS = 300;

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-connection-draining.html */
export const DRAINING_CLAIMS: readonly Claim[] = [
  {
    id: "Z9",
    title: `A task that leaves has ${LEAST_DRAIN_SECONDS} s for its open requests, and is not killed before the load balancer has drained it`,
    requirementIds: ["S000-3.3"],
    decide: (graph) => {
      const routed = services(graph).filter((service) => registrationsOf(graph, service).length > 0);
      if (routed.length === 0) return notApplicable("No service receives requests from a load balancer.");
      const parts = withContainers(graph, routed);
      if (!parts) return unknown(OTHER_DEFINITION);
      const balancers = loadBalancers(graph).map(({ resource }) => ({
        address: resource.address,
        idle: numberOf(graph, resource.values["idle_timeout"]) ?? DEFAULT_IDLE_SECONDS,
      }));
      const drains = parts.flatMap((service) =>
        registrationsOf(graph, service).flatMap(({ group, container: name }) => {
          const container = service.containers.find((one) => one.name === name);
          if (!group || !container) return [];
          return {
            group,
            what: `${name} of ${service.resource.address}`,
            drain: numberOf(graph, group.values["deregistration_delay"]) ?? DEFAULT_DRAIN_SECONDS,
            stop: numberOf(graph, container.values["stopTimeout"]) ?? DEFAULT_STOP_SECONDS,
          };
        }),
      );
      if (drains.length === 0) return unknown("A target group is not in this JSON, or its container is not.");
      return decided(
        drains.flatMap(({ group, what, drain, stop }) => [
          ...(drain < LEAST_DRAIN_SECONDS ? [`${group.address} cuts open requests ${drain} s after a task leaves.`] : []),
          ...(stop < drain ? [`ECS kills ${what} after ${stop} s, and ${group.address} drains it for ${drain} s.`] : []),
          ...(stop > MOST_STOP_SECONDS ? [`${what} asks for ${stop} s to stop: Fargate rejects more than ${MOST_STOP_SECONDS}.`] : []),
          ...balancers
            .filter(({ idle }) => idle > stop)
            .map(({ address, idle }) => `A request may be silent for ${idle} s at ${address}, and ECS kills ${what} after ${stop} s.`),
        ]),
        drains.map(({ group, what, drain, stop }) => `${what}: ${group.address} drains for ${drain} s, ECS waits ${stop} s`),
        "Each container outlives the draining of its target group, and the longest silence of a request.",
      );
    },
  },
];
