import type { Graph } from "../graph/graph";
import { homeOf } from "../graph/regions";
import { controlPlaneCalls } from "./calls";
import { type Lead, lead, openSubnets, publicNames, serves } from "./dns";
import { type Loss, lossesOf } from "./losses";
import { platformOf, type Platform, type RunningService } from "./model";
import { Outage } from "./outage";
import { canStart, needsOf, strandedSubnets } from "./starts";
import { notified } from "./notified";
import { writersOf, writesAfter } from "./writes";

/** What a loss does to a platform. */
export interface Simulation {
  /** `zone us-east-1/us-east-1a` */
  readonly id: string;
  readonly kind:
    | "zone"
    | "region"
    | "nat-gateway"
    | "route"
    | "database-instance"
    | "cache-node"
    | "key"
    | "secret"
    | "registry"
    | "control-plane"
    | "pair";
  /** What is lost, for a person. */
  readonly lost: string;
  readonly region: string | undefined;
  /** Addresses of what is gone with it: `stack/address`. */
  readonly dark: readonly string[];
  /** Who still serves, one sentence a region. */
  readonly serves: readonly string[];
  readonly requests: "served" | "interrupted" | "lost";
  readonly writes: "served" | "interrupted" | "by command" | "lost";
  /** Where the name leads. */
  readonly dns: string;
  /** Tasks of each service. */
  readonly capacity: readonly { readonly service: string; readonly before: number; readonly atOnce: number; readonly recovered: number }[];
  /** By which alarm, topic and region somebody hears of it. */
  readonly notified: readonly string[];
  /** What the loss takes outside of itself. */
  readonly crossings: readonly string[];
  readonly because: string;
}

const known = new WeakMap<Platform, readonly Simulation[]>();

/** Plays every loss, one at a time. @param stacks every stack of one platform */
export function simulate(stacks: readonly Graph[]): readonly Simulation[] {
  const platform = platformOf(stacks);
  const found = known.get(platform);
  if (found) return found;
  const before = new Outage(platform, []);
  const names = publicNames(before);
  const primary =
    names.flatMap((name) => lead(before, name)).find(({ region }) => region !== undefined)?.region ?? writersOf(platform)[0]?.region;
  const simulations = lossesOf(platform, primary ?? platform.regions[0]).map((loss) => play(platform, before, names, loss));
  known.set(platform, simulations);
  return simulations;
}

function play(platform: Platform, before: Outage, names: readonly string[], loss: Loss): Simulation {
  const after = new Outage(platform, loss.seeds, loss.noStarts, loss.registries);
  const leads = names.map((name) => ({ name, was: lead(before, name), is: lead(after, name) }));
  const capacity = platform.services.map((service) => {
    const atOnce = after.tasks(service);
    return { service: labelOf(service), before: service.tasks, atOnce, recovered: canStart(after, service) ? service.tasks : atOnce };
  });
  const calls =
    loss.calls === undefined ? [] : controlPlaneCalls(platform, loss.calls, loss.kind === "control-plane" ? loss.region : undefined);
  const requests = calls.length > 0 ? "interrupted" : requestsAfter(platform, before, after, leads);
  const writes = requests === "lost" && writersOf(platform).length === 0 ? "lost" : writesAfter(platform, before, after);
  const crossings = [...new Set([...strandedSubnets(after), ...foreign(platform, after, loss), ...calls])];
  const dns = leads.map(({ name, was, is }) => sentence(after, name, was, is)).join(" ") || "There is no public name in this JSON.";
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

const labelOf = ({ part }: RunningService): string => part.id;

function requestsAfter(
  platform: Platform,
  before: Outage,
  after: Outage,
  leads: readonly { readonly was: readonly Lead[]; readonly is: readonly Lead[] }[],
): Simulation["requests"] {
  const answered = (outage: Outage, found: readonly Lead[]): boolean =>
    found.some(({ balancer }) => balancer !== undefined && serves(outage, balancer));
  const balancers = platform.stacks.flatMap((graph) => graph.all("aws_lb").map((resource) => ({ graph, resource })));
  if (leads.length === 0) {
    const served = balancers.filter((balancer) => serves(before, balancer));
    if (served.length > 0 && served.every((balancer) => !serves(after, balancer))) return "lost";
    return shaken(platform, before, after, undefined) ? "interrupted" : "served";
  }
  if (leads.some(({ is }) => !answered(after, is))) return "lost";
  const moved = leads.some(({ was, is }) => was.map(({ host }) => host).join() !== is.map(({ host }) => host).join());
  return moved || leads.some(({ is }) => is.some(({ region }) => shaken(platform, before, after, region))) ? "interrupted" : "served";
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
          (part.resource.type === "aws_lb" && openSubnets(after, part).length < openSubnets(before, part).length)),
    )
  );
}

function sentence(after: Outage, name: string, was: readonly Lead[], is: readonly Lead[]): string {
  const place = ({ region, host, balancer }: Lead): string =>
    balancer ? `the load balancer of ${String(region)}` : `${host}, which is not in this JSON`;
  const to = is.map((found) => `${place(found)}${found.by === undefined ? "" : ` (${found.by})`}`).join(" and ") || "nothing";
  const moved = was.map(({ host }) => host).join() !== is.map(({ host }) => host).join();
  const dead = is.some(({ balancer }) => balancer !== undefined && !serves(after, balancer)) ? ", which does not answer" : "";
  return `${name} leads to ${to}${dead}${moved ? ", and led to " + was.map(place).join(" and ") : ""}.`;
}

function servesOf(platform: Platform, after: Outage): readonly string[] {
  return platform.stacks.flatMap((graph) =>
    graph
      .all("aws_lb")
      .filter((resource) => serves(after, { graph, resource }))
      .map((balancer) => {
        const part = platform.parts.get(`${graph.name}/${balancer.address}`);
        const subnets = openSubnets(after, { graph, resource: balancer }).flatMap(
          ({ values }) => graph.text(values["availability_zone"]) ?? [],
        );
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
