import type { Graph } from "../graph/graph";
import type { Destination } from "../dns/sites";
import { homeOf, regionOf } from "../graph/regions";
import { dnsOf, openSubnets, serves, worldOf } from "./balancers";
import { controlPlaneCalls } from "./calls";
import { type Loss, lossesOf } from "./losses";
import { idOf, type Part, platformOf, type Platform, type RunningService } from "./model";
import { Outage } from "./outage";
import { canStart, needsOf, strandedSubnets } from "./starts";
import { notified } from "./notified";
import type { Simulation } from "./simulation";
import { writersOf, writesAfter } from "./writes";

const known = new WeakMap<Platform, readonly Simulation[]>();

/** Plays every loss, one at a time. @param stacks every stack of one platform */
export function simulate(stacks: readonly Graph[]): readonly Simulation[] {
  const platform = platformOf(stacks);
  const found = known.get(platform);
  if (found) return found;
  const before = new Outage(platform, []);
  const names = dnsOf(before).publicNames;
  const primary =
    names.flatMap((name) => answersFor(before, name)).flatMap((found) => regionOfAnswer(found) ?? [])[0] ?? writersOf(platform)[0]?.region;
  const simulations = lossesOf(platform, primary ?? platform.regions[0]).map((loss) => play(platform, before, names, loss));
  known.set(platform, simulations);
  return simulations;
}

function play(platform: Platform, before: Outage, names: readonly string[], loss: Loss): Simulation {
  const after = new Outage(platform, loss.seeds, loss.noStarts, loss.registries);
  const answers = names.map((name) => ({ name, was: answersFor(before, name), is: answersFor(after, name) }));
  const capacity = platform.services.map((service) => {
    const atOnce = after.tasks(service);
    return { service: labelOf(service), before: service.tasks, atOnce, recovered: canStart(after, service) ? service.tasks : atOnce };
  });
  const calls =
    loss.calls === undefined ? [] : controlPlaneCalls(platform, loss.calls, loss.kind === "control-plane" ? loss.region : undefined);
  const requests = calls.length > 0 ? "interrupted" : requestsAfter(platform, before, after, answers);
  const writes = requests === "lost" && writersOf(platform).length === 0 ? "lost" : writesAfter(platform, before, after);
  const crossings = [...new Set([...strandedSubnets(after), ...foreign(platform, after, loss), ...calls])];
  const dns = answers.map(({ name, was, is }) => sentence(after, name, was, is)).join(" ") || "There is no public name in this JSON.";
  return {
    id: loss.id,
    kind: loss.kind,
    lost: loss.lost,
    region: loss.region,
    dark: [...after.lost].filter((id) => id.includes("/")).sort(),
    serves: servesOf(platform, after),
    requests,
    writes,
    dns,
    capacity,
    notified: notified(before, after),
    crossings,
    because: because(loss, platform, after, requests, writes, capacity),
  };
}

const answersFor = (outage: Outage, name: string): readonly Destination[] => dnsOf(outage).resolveAll(name, worldOf(outage));

const regionOfAnswer = (found: Destination): string | undefined =>
  found.kind === "site" ? regionOf(found.site.graph, found.site.balancer) : undefined;

/** What distinguishes an answer from another one. */
const targetOf = (found: Destination): string => (found.kind === "site" ? idOf(found.site.graph, found.site.balancer) : found.host);

const isMoved = (was: readonly Destination[], is: readonly Destination[]): boolean => was.map(targetOf).join() !== is.map(targetOf).join();

const isAnswered = (outage: Outage, found: Destination): boolean => found.kind === "site" && serves(outage, found.site);

const labelOf = ({ part }: RunningService): string => part.id;

function requestsAfter(
  platform: Platform,
  before: Outage,
  after: Outage,
  answers: readonly { readonly was: readonly Destination[]; readonly is: readonly Destination[] }[],
): Simulation["requests"] {
  if (answers.length === 0) {
    const served = dnsOf(before).balancers.filter((balancer) => serves(before, balancer));
    if (served.length > 0 && served.every((balancer) => !serves(after, balancer))) return "lost";
    return shaken(platform, before, after, undefined) ? "interrupted" : "served";
  }
  if (answers.some(({ is }) => !is.some((found) => isAnswered(after, found)))) return "lost";
  const isShaken = answers.some(({ is }) => is.some((found) => shaken(platform, before, after, regionOfAnswer(found))));
  return isShaken || answers.some(({ was, is }) => isMoved(was, is)) ? "interrupted" : "served";
}

/** Whether tasks, zones of a load balancer or cache nodes that serve in a region are lost. */
function shaken(platform: Platform, before: Outage, after: Outage, region: string | undefined): boolean {
  const here = (part: { readonly region: string | undefined }): boolean => region === undefined || part.region === region;
  return (
    platform.services.some((service) => here(service.part) && after.tasks(service) < before.tasks(service)) ||
    [...platform.parts.values()].some(
      (part) =>
        here(part) &&
        ((part.id.includes("#") && after.has(part)) ||
          (part.resource.type === "aws_lb" && openOf(after, part).length < openOf(before, part).length)),
    )
  );
}

const openOf = (outage: Outage, { graph, resource }: Part) => openSubnets(outage, { graph, balancer: resource });

function sentence(after: Outage, name: string, was: readonly Destination[], is: readonly Destination[]): string {
  const place = (found: Destination): string =>
    found.kind === "site" ? `the load balancer of ${found.site.region}` : `${found.host}, which is not in this JSON`;
  const to = is.map((found) => `${place(found)}${found.role === undefined ? "" : ` (${found.role})`}`).join(" and ");
  const dead = is.some((found) => found.kind === "site" && !isAnswered(after, found)) ? ", which does not answer" : "";
  return `${name} resolves to ${to}${dead}${isMoved(was, is) ? ", and before to " + was.map(place).join(" and ") : ""}.`;
}

function servesOf(platform: Platform, after: Outage): readonly string[] {
  return platform.stacks.flatMap((graph) =>
    graph
      .all("aws_lb")
      .filter((resource) => serves(after, { graph, balancer: resource }))
      .map((balancer) => {
        const part = platform.parts.get(`${graph.name}/${balancer.address}`);
        const subnets = openSubnets(after, { graph, balancer }).flatMap(({ values }) => graph.text(values["availability_zone"]) ?? []);
        const tasks = platform.services
          .filter((service) => service.part.graph === graph && after.tasks(service) > 0)
          .map(
            (service) =>
              `${service.part.resource.address} with ${[...after.tasksByZone(service)].map(([zone, count]) => `${count} tasks in ${zone}`).join(", ")}`,
          );
        return `${String(part?.region ?? homeOf(graph))}: ${balancer.address}${subnets.length > 0 ? ` in ${subnets.join(", ")}` : ""}; ${tasks.join("; ")}`;
      }),
  );
}

/** What is lost, or cannot start, in another region than that of the loss. */
function foreign(platform: Platform, after: Outage, { seeds, region }: Loss): string[] {
  if (region === undefined) return [];
  const seeded = new Set(seeds);
  const parts = [...after.lost].flatMap((id) => {
    const part = platform.parts.get(id);
    return part?.region !== undefined && part.region !== region && !seeded.has(id)
      ? [`${id} in ${part.region} is lost with ${region}.`]
      : [];
  });
  const starts = platform.services
    .filter(({ part }) => part.region !== region && !seeded.has(part.id))
    .flatMap((service) => {
      const lacking = needsOf(platform, service).parts.filter((id) => after.lost.has(id));
      return lacking.length > 0 && after.noStarts.length === 0
        ? [`Tasks of ${service.part.id} in ${String(service.part.region)} do not start without ${lacking.join(", ")}.`]
        : [];
    });
  const endpoints = [...platform.parts.values()]
    .filter((part) => part.resource.type === "aws_vpc_endpoint" && after.has(part) && part.region === region && !seeded.has(part.id))
    .filter((part) => platform.services.some((service) => service.part.graph === part.graph && after.tasks(service) > 0))
    .map(({ id }) => `${id} is lost with its zones, and tasks of other zones use it.`);
  return [...parts, ...starts, ...endpoints];
}

function because(
  loss: Loss,
  platform: Platform,
  after: Outage,
  requests: Simulation["requests"],
  writes: Simulation["writes"],
  capacity: Simulation["capacity"],
): string {
  const [was, atOnce, recovered] = (["before", "atOnce", "recovered"] as const).map((key) =>
    capacity.reduce((sum, one) => sum + one[key], 0),
  );
  const stuck = platform.services.filter((service) => after.tasks(service) > 0 && !canStart(after, service)).map(labelOf);
  const answers = { served: "requests are served", interrupted: "requests are interrupted", lost: "requests are lost" }[requests];
  const written = {
    served: "writes are served",
    interrupted: "writes are interrupted",
    "by command": "writes wait for a command",
    lost: "writes are lost",
  }[writes];
  const starts = stuck.length === 0 ? "" : `, new tasks of ${stuck.join(" and ")} do not start`;
  return `After the loss of ${lower(loss.lost)}, ${String(atOnce)} of ${String(was)} tasks run at once and ${String(recovered)} after recovery${starts}, ${answers}, and ${written}.`;
}

const lower = (lost: string): string => lost.replace(/^The /, "the ");
