import { Dns } from "../dns/dns";
import { type Check, leavesOfGroup } from "../dns/health-checks";
import type { DnsRecord, FailoverGroup } from "../dns/records";
import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";
import { type Claim, decided, type Finding, notApplicable, unknown } from "./claim";
import { ONE_REGION, withRoots } from "./dns-routing";
import { loadBalancers } from "./parts";

/** Seconds from a loss until clients that honour the TTL use another region. */
const LIMIT_SECONDS = 60;
/** Route 53 connects within 4 s and gets the status within 2 s, or the request has failed. */
const TIMEOUT_SECONDS = 6;
const INTERVALS = [10, 30];
const MOST_FAILURES = 10;
/** The TTL of an alias of a load balancer. */
const ALIAS_TTL_SECONDS = 60;
const DEFAULT_INTERVAL_SECONDS = 30;
const DEFAULT_FAILURES = 3;
const DEFAULT_KEEP_ALIVE_SECONDS = 3600;
const LEAST_KEEP_ALIVE_SECONDS = 60;

/** Claims about the time of a failover of DNS. Each computes it from intervals, thresholds and TTLs. */
export const TIME_CLAIMS: readonly Claim[] = [
  {
    id: "D3",
    title: `The failed requests of a health check and the TTL take at most ${LIMIT_SECONDS} s`,
    requirementIds: ["S000-3.5", "S000-C9"],
    decide: (graph, stacks) => withinLimit(graph, stacks, "", ({ interval, failures }) => interval * failures),
  },
  {
    id: "D4",
    title: `A failover takes at most ${LIMIT_SECONDS} s also when a loss comes directly after a request, and the last request times out`,
    requirementIds: ["S000-G4"],
    decide: (graph, stacks) =>
      withinLimit(
        graph,
        stacks,
        ", with the time until the first request and the timeout of the last one",
        ({ interval, failures }) => interval + interval * (failures - 1) + TIMEOUT_SECONDS,
      ),
  },
  {
    id: "D5",
    title: `No connection of a client to a region from which DNS has moved lives longer than ${LIMIT_SECONDS} s`,
    decide: (graph, stacks) => {
      const balancers = loadBalancers(graph).map(({ resource }) => resource);
      if (Dns.of(stacks).groups.length === 0) return notApplicable("No record has a failover routing policy.");
      if (balancers.length === 0) return notApplicable("There is no load balancer.");
      const lives = balancers.map((balancer) => ({ balancer, seconds: keepAliveOf(graph, balancer) }));
      const odd = lives.find(({ seconds }) => Number.isNaN(seconds));
      if (odd) return unknown(`The keep-alive of ${odd.balancer.address} is an expression.`);
      return decided(
        lives
          .filter(({ seconds }) => seconds > LIMIT_SECONDS || seconds < LEAST_KEEP_ALIVE_SECONDS)
          .map(({ balancer, seconds }) =>
            seconds < LEAST_KEEP_ALIVE_SECONDS
              ? `${balancer.address} keeps a connection for ${seconds} s: Elastic Load Balancing refuses less than ${LEAST_KEEP_ALIVE_SECONDS} s.`
              : `${balancer.address} keeps a connection for ${seconds} s: while its targets fail, clients stay with it for longer than ${LIMIT_SECONDS} s after DNS has moved.`,
          ),
        lives.map(({ balancer, seconds }) => `${balancer.address}: ${seconds} s`),
        "Load balancers close connections before the limit, also while clients use them.",
      );
    },
  },
];

interface Timing {
  readonly interval: number;
  readonly failures: number;
}

/** Decides about the time of each check together with the TTL of each record of a name. */
function withinLimit(graph: Graph, stacks: readonly Graph[], what: string, seconds: (timing: Timing) => number): Finding {
  return withRoots(graph, stacks, (dns, roots) => {
    const groups = [...new Set(roots.flatMap((root) => dns.chainOf(root)))];
    if (groups.every(({ secondary }) => secondary === undefined)) return notApplicable(ONE_REGION);
    const times = groups.flatMap((group) => timesOf(dns, group, seconds));
    const odd = times.find(({ total }) => Number.isNaN(total));
    if (odd) return unknown(`A time of ${odd.group.name} is an expression.`);
    const faults = times.flatMap(({ group, check, timing, ttl, total }) => [
      ...(total > LIMIT_SECONDS
        ? [
            `${group.name} fails over by ${check.check.address} after up to ${total} s: ${timing.failures} requests every ${timing.interval} s${what}, and ${ttl} s of TTL.`,
          ]
        : []),
      ...(INTERVALS.includes(timing.interval) && timing.failures >= 1 && timing.failures <= MOST_FAILURES
        ? []
        : [`${check.check.address} requests every ${timing.interval} s, ${timing.failures} times: Route 53 refuses that.`]),
    ]);
    const longest = Math.max(...times.map(({ total }) => total));
    return times.length === 0
      ? { status: "refuted", because: "No health check decides about a record: there is no failover.", evidence: [] }
      : decided(
          [...new Set(faults)],
          [`${groups.map(({ name }) => name).join(", ")}: at most ${longest} s${what}`],
          `It takes ${longest} s.`,
        );
  });
}

interface Time {
  readonly group: FailoverGroup;
  readonly check: Check;
  readonly timing: Timing;
  readonly ttl: number;
  readonly total: number;
}

/** @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html */
function timesOf(dns: Dns, group: FailoverGroup, seconds: (timing: Timing) => number): readonly Time[] {
  const ttl = Math.max(...group.records.map((record) => ttlOf(dns, record)));
  return leavesOfGroup(group).map((check) => {
    const number = (argument: string, otherwise: number): number => {
      const value = check.check.values[argument];
      return value === undefined ? otherwise : Number(check.graph.text(value) ?? Number.NaN);
    };
    const timing = {
      interval: number("request_interval", DEFAULT_INTERVAL_SECONDS),
      failures: number("failure_threshold", DEFAULT_FAILURES),
    };
    return { group, check, timing, ttl, total: seconds(timing) + ttl };
  });
}

/**
 * The TTL of a record. That of an alias is the one of its target.
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html
 */
function ttlOf(dns: Dns, record: DnsRecord, depth = 0): number {
  const { graph, resource } = record;
  if (resource.values["alias"] === undefined) return Number(graph.text(resource.values["ttl"]) ?? Number.NaN);
  const host = dns.hostOf(record);
  const target = dns.records.find(({ name }) => name === host);
  return target && depth < 8 ? ttlOf(dns, target, depth + 1) : ALIAS_TTL_SECONDS;
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html */
function keepAliveOf(graph: Graph, { values }: Resource): number {
  const { client_keep_alive: seconds } = values;
  return seconds === undefined ? DEFAULT_KEEP_ALIVE_SECONDS : Number(graph.text(seconds) ?? Number.NaN);
}
