import type { Graph } from "../graph/graph";
import { homeOf } from "../graph/regions";
import { platformOf } from "../losses/model";
import { simulate } from "../losses/simulate";
import type { Simulation } from "../losses/simulation";
import { writersOf } from "../losses/writes";
import { type Claim, decided, type Finding, notApplicable, unknown } from "./claim";
import { registrationsOf } from "./containers";
import { loadBalancers, OTHER_OWNER, services } from "./parts";

const ONE_REGION = "There is one region only.";
const SINGLE_PARTS: readonly Simulation["kind"][] = ["nat-gateway", "database-instance", "cache-node", "key", "secret"];

/** Claims that follow from playing each loss, one at a time. */
export const LOSS_CLAIMS: readonly Claim[] = [
  {
    id: "L1",
    title: "The loss of any zone interrupts nothing permanently, and leaves a writer and tasks of every service",
    requirementIds: ["S000-S1"],
    decide: (graph, stacks) => {
      if (services(graph).length === 0) return notApplicable("There is no service.");
      if (services(graph).some(({ subnets }) => subnets === undefined)) return unknown(OTHER_OWNER);
      return judged(
        simulate(stacks).filter(({ kind, region }) => kind === "zone" && region === homeOf(graph)),
        (one) => [
          ...(one.requests === "lost" || (mustServe(graph) && !servesIn(one, homeOf(graph)))
            ? [`After the loss of ${one.lost}, no load balancer of ${String(homeOf(graph))} serves.`]
            : []),
          ...(one.writes === "lost" || one.writes === "by command"
            ? [`After the loss of ${one.lost}, no database instance of the writer's region is left.`]
            : []),
          ...one.capacity
            .filter(({ service, before }) => service.startsWith(`${graph.name}/`) && before > 0)
            .flatMap(({ service, before, atOnce, recovered }) => [
              ...(atOnce === 0 ? [`After the loss of ${one.lost}, ${service} has no task.`] : []),
              ...(recovered < before
                ? [`After the loss of ${one.lost}, ${service} runs ${recovered} of ${before} tasks, and starts no other.`]
                : []),
            ]),
          ...one.crossings,
        ],
        "Load balancer, tasks and database go on in the other zones.",
      );
    },
  },
  {
    id: "L2",
    title: "The loss of any region leaves another that serves, and that can be made the writer",
    requirementIds: ["S000-6.2"],
    decide: (graph, stacks) =>
      inRegions(graph, stacks, () => {
        const databases = writersOf(platformOf(stacks));
        return judged(
          simulate(stacks).filter(({ kind, region }) => kind === "region" && region === homeOf(graph)),
          (one) => [
            ...(one.requests === "lost" ? [`After the loss of ${String(one.region)}, requests are lost: ${one.dns}`] : []),
            ...(one.writes === "lost" ? [`After the loss of ${String(one.region)}, no database can be made the writer.`] : []),
            ...databases
              .filter((database) => database.region === one.region && one.writes === "by command")
              .filter(({ others }) => !others.some(({ region }) => servesIn(one, region)))
              .map(
                ({ others }) =>
                  `After the loss of ${String(one.region)}, the database can be written in ${others.map(({ region }) => String(region)).join(", ")}, where nothing serves.`,
              ),
          ],
          "DNS fails over to the other region, whose database can be promoted.",
        );
      }),
  },
  {
    id: "L3",
    title: "Nothing that is lost in one region takes a part of another",
    decide: (graph, stacks) => {
      if (platformOf(stacks).regions.length < 2) return notApplicable(ONE_REGION);
      const own = simulate(stacks).filter(
        ({ kind, id, region }) =>
          (SINGLE_PARTS.includes(kind) && id.startsWith(`${kind} ${graph.name}/`)) ||
          (kind === "region" && region === homeOf(graph) && services(graph).length > 0),
      );
      if (own.length === 0) return notApplicable("There is no part that others use.");
      return judged(
        own,
        (one) => [
          ...one.crossings.filter((sentence) => one.kind === "region" || !sentence.includes("loses its way")),
          ...(SINGLE_PARTS.includes(one.kind) && one.requests === "lost" ? [`${one.lost} takes the requests of every region.`] : []),
          ...(one.writes === "lost" ? [`${one.lost} takes the database of every region.`] : []),
        ],
        "What is lost is lost in its own region.",
      );
    },
  },
  {
    id: "L4",
    title: "What runs goes on without the control planes of Route 53, IAM, ECS and RDS, and DNS fails over without them",
    decide: (graph, stacks) => {
      if (services(graph).length === 0) return notApplicable("There is no service.");
      const all = simulate(stacks);
      const helpless = all.filter(
        ({ kind, region, requests, capacity }) =>
          kind === "region" && region === homeOf(graph) && requests === "lost" && capacity.some(({ atOnce }) => atOnce > 0),
      );
      return judged(
        all.filter(({ kind, region, id }) => kind === "control-plane" && (region === homeOf(graph) || !id.includes("/"))),
        (one) => [
          ...one.crossings.filter((sentence) => !sentence.startsWith("Tasks of ") || sentence.startsWith(`Tasks of ${graph.name}/`)),
          ...(one.requests === "lost" || one.writes !== "served" ? [`${one.lost} takes requests or writes.`] : []),
          ...one.capacity.filter(({ before, atOnce }) => atOnce < before).map(({ service }) => `${one.lost} takes tasks of ${service}.`),
          ...helpless.map(({ dns }) => `Only a change of records, by the control plane of Route 53, fails over to another region: ${dns}`),
        ],
        "No request and no failover of DNS calls them.",
      );
    },
  },
  {
    id: "L5",
    title: "On-call is notified of the loss of any zone or region, by an alarm and a topic outside of it",
    decide: (graph, stacks) => {
      if (services(graph).length === 0) return notApplicable("There is no service.");
      const several = platformOf(stacks).regions.length > 1;
      // The loss of a region in which no task runs is no loss to clients, and is notified by what copies data to it.
      const runs = services(graph).some(({ tasks }) => tasks !== 0);
      const own = simulate(stacks).filter(
        ({ kind, region }) => region === homeOf(graph) && (kind === "zone" || (kind === "region" && several && runs)),
      );
      if (own.length === 0) return runs ? unknown(OTHER_OWNER) : notApplicable("Nothing runs that can be lost.");
      return judged(
        own,
        (one) =>
          one.notified.length > 0
            ? []
            : [
                `On-call is not notified of the loss of ${one.lost}: no alarm outside of it goes to ALARM and notifies a topic with a subscription.`,
              ],
        "Each goes to ALARM where the loss does not reach.",
      );
    },
  },
];

function judged(simulations: readonly Simulation[], faultsOf: (one: Simulation) => readonly string[], proven: string): Finding {
  if (simulations.length === 0) return notApplicable("There is nothing that can be lost.");
  const faults = simulations.flatMap(faultsOf).map((sentence) => sentence.replace("the loss of The ", "the loss of the "));
  return decided(
    [...new Set(faults)],
    simulations.map(({ because }) => because),
    proven,
  );
}

function inRegions(graph: Graph, stacks: readonly Graph[], decide: () => Finding): Finding {
  if (services(graph).length === 0) return notApplicable("There is no service.");
  return platformOf(stacks).regions.length < 2 ? notApplicable(ONE_REGION) : decide();
}

/** Whether a region has a load balancer with listeners and tasks, which must go on in the loss of a zone. */
function mustServe(graph: Graph): boolean {
  const listens = loadBalancers(graph).some(({ resource }) => graph.referring("aws_lb_listener", "load_balancer_arn", resource).length > 0);
  return listens && services(graph).some((service) => service.tasks !== 0 && registrationsOf(graph, service).length > 0);
}

function servesIn({ serves }: Simulation, region: string | undefined): boolean {
  return serves.some((sentence) => sentence.startsWith(`${String(region)}:`));
}
