import type { Dns } from "../dns/dns";
import { brokenCheck, checkOf, leavesOf } from "../dns/health-checks";
import type { DnsRecord, FailoverGroup } from "../dns/records";
import type { Site } from "../dns/sites";
import {
  ALL_HEALTHY,
  type Condition,
  describe,
  describeDestination,
  regionOfDestination,
  type State,
  stateOf,
  statesOf,
} from "../dns/states";
import { block, text } from "../graph/values";

const EVERY_CONDITION: readonly Condition[] = ["healthy", "unhealthy", "lost"];

/** Why PRIMARY of a group is not decided by a check over HTTPS of the targets to which it resolves. */
export function primaryCheckFaults(dns: Dns, group: FailoverGroup): string[] {
  const { primary, name } = group;
  if (!primary) return [`${name} has no PRIMARY: it resolves to its SECONDARY also while every region is healthy.`];
  const site = siteOf(dns, primary);
  if (!site) return [`${primary.resource.address} does not resolve to a load balancer.`];
  if (checkOf(primary)) return checkFaults(dns, primary);
  const isAlone = dns.regions.length === 1 && group.secondary === undefined && site.balancer.values["internal"] === true;
  const followsTarget = block(primary.resource.values["alias"])["evaluate_target_health"] === true;
  return isAlone || followsTarget || brokenCheck(primary).length > 0
    ? brokenCheck(primary)
    : [`${primary.resource.address} has no health check: clients are routed to ${site.region} also while it is lost.`];
}

/** Why a health check of a record is not one of the targets to which the record resolves. */
export function checkFaults(dns: Dns, record: DnsRecord): string[] {
  const { resource, graph } = record;
  const site = siteOf(dns, record);
  const check = checkOf(record);
  const broken = brokenCheck(record);
  if (!site || !check || broken.length > 0) return broken;
  const { region } = site;
  const reached = regionsReached(dns, record);
  const answers = leavesOf(graph, check).map((leaf) => ({ leaf, answer: dns.answerTo(graph, leaf), asked: dns.askedBy(graph, leaf) }));
  const own = answers.filter(({ answer, asked }) => answer.kind === "targets" && asked?.region === region);
  const conditions: readonly Condition[] = ["unhealthy", "lost"];
  return [
    ...answers.flatMap(({ answer }) => ("because" in answer ? [`${answer.because}.`] : [])),
    ...(own.length > 0 ? [] : [`${check.address} decides about ${resource.address} without a request to the targets of ${region}.`]),
    ...own
      .filter(({ leaf }) => leaf.values["type"] !== "HTTPS")
      .map(({ leaf }) => `${leaf.address} does not request over HTTPS, as clients do.`),
    ...conditions
      .filter((condition) => dns.isCheckHealthy(graph, check, stateOf(new Map(reached.map((one) => [one, condition])))))
      .map((condition) => `${check.address} stays healthy while ${reached.join(" and ")} is ${condition}: clients are routed to it.`),
  ];
}

/** The regions to which a record resolves, in one state or another. A record that points to further records has several. */
function regionsReached(dns: Dns, record: DnsRecord): readonly string[] {
  const found = statesOf(dns.regions, ["healthy", "unhealthy"]).flatMap((state) =>
    dns.follow(record, state).map((destination) => regionOfDestination(destination)),
  );
  return [...new Set(found.filter((region) => region !== undefined))];
}

/** The load balancer to which a record resolves while every region is healthy. */
function siteOf(dns: Dns, record: DnsRecord): Site | undefined {
  const [destination] = dns.follow(record, ALL_HEALTHY);
  return destination?.kind === "site" ? destination.site : undefined;
}

/** Why a name does not resolve to the region of the writer while that one is healthy. */
export function primaryFaults(dns: Dns, { name }: FailoverGroup, writer: string | undefined): string[] {
  const destination = dns.resolve(name, ALL_HEALTHY);
  const region = regionOfDestination(destination);
  if (region === undefined || (writer !== undefined && region !== writer))
    return [
      `${name} resolves to ${describeDestination(destination)} while every region is healthy, and the writer is in ${writer ?? "none"}.`,
    ];
  return statesOf(
    dns.regions.filter((other) => other !== region),
    EVERY_CONDITION,
  ).flatMap((state) => misled(dns, name, state, region));
}

/** Why Route 53 refuses a pair of records, or clients stay too long with one of them. */
export function pairFaults({ name, records, primary, secondary }: FailoverGroup): string[] {
  const ids = records.map(({ resource }) => text(resource.values["set_identifier"]));
  const [zone, ...zones] = new Set(records.map((record) => record.zone));
  const [ttl, ...ttls] = new Set(records.map(({ resource }) => text(resource.values["ttl"])));
  return [
    ...(primary && secondary
      ? []
      : [`${name} has no ${primary ? "SECONDARY" : "PRIMARY"}: nothing answers in the place of the other one.`]),
    ...(records.some(({ role }) => role !== "PRIMARY" && role !== "SECONDARY")
      ? [`A record of ${name} has no failover role: Route 53 refuses it beside the others.`]
      : []),
    ...(ids.some((id, index) => id === undefined || ids.indexOf(id) !== index)
      ? [`The records of ${name} need a set identifier each: Route 53 refuses them.`]
      : []),
    ...(zones.length > 0 || zone === undefined
      ? [`The records of ${name} are not in one hosted zone: they do not replace each other.`]
      : []),
    ...(ttls.length > 0
      ? [`The records of ${name} have a TTL of ${String(ttl)} s and of ${ttls.join(", ")} s: clients stay with one of them.`]
      : []),
  ];
}

/** Why a name does not resolve to a region that is left, whichever are lost. */
export function lossFaults(dns: Dns, { name }: FailoverGroup): string[] {
  const { regions } = dns;
  return statesOf(regions, EVERY_CONDITION).flatMap((state) => {
    const left = regions.filter((region) => state.conditions.get(region) === "healthy");
    const destination = dns.resolve(name, state);
    if (left.length === 0 && regions.length > 1) return [];
    if (destination.kind === "outside" && left.length === 0) return [];
    const region = regionOfDestination(destination);
    return region !== undefined && left.includes(region)
      ? []
      : [
          `${name} resolves to ${describeDestination(destination)} ${describe(state)}${left.length > 0 ? `, and not to ${left.join(" or ")}` : ""}.`,
        ];
  });
}

/** Why a name resolves to a region that cannot write while none is healthy. */
export function noneHealthyFaults(dns: Dns, { name }: FailoverGroup, writer: string | undefined): string[] {
  const expected = writer ?? regionOfDestination(dns.resolve(name, ALL_HEALTHY));
  return statesOf(dns.regions, ["unhealthy", "lost"]).flatMap((state) => {
    const destination = dns.resolve(name, state);
    return destination.kind === "outside" || regionOfDestination(destination) === expected
      ? []
      : [`${name} resolves to ${describeDestination(destination)} ${describe(state)}, and ${expected ?? "no region"} has the writer.`];
  });
}

/** Why a name does not resolve to the region that holds DNS. */
export function holdFaults(dns: Dns, { name }: FailoverGroup, holder: string): string[] {
  const others = dns.regions.filter((region) => region !== holder);
  const own: readonly Condition[] = hasFallback(dns, name) ? ["healthy"] : ["healthy", "unhealthy"];
  return statesOf(others, EVERY_CONDITION).flatMap(({ conditions }) =>
    own.flatMap((condition) => misled(dns, name, stateOf(new Map([...conditions, [holder, condition]]), holder), holder)),
  );
}

/** Whether clients are routed to a host outside of the platform while every region is lost. */
function hasFallback(dns: Dns, name: string): boolean {
  return dns.resolve(name, stateOf(new Map(dns.regions.map((region) => [region, "lost"])))).kind === "outside";
}

function misled(dns: Dns, name: string, state: State, expected: string): string[] {
  const destination = dns.resolve(name, state);
  return regionOfDestination(destination) === expected
    ? []
    : [`${name} resolves to ${describeDestination(destination)} ${describe(state)}, and not to ${expected}.`];
}
