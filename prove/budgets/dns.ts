import { Dns } from "../dns/dns";
import { hostsIn, regionsWithHosts } from "../dns/hosts";
import type { DnsRecord } from "../dns/records";
import { stateOf } from "../dns/states";
import { timingOf, ttlOf } from "../dns/times";
import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";
import { loadBalancers } from "../claims/parts";
import { type Budget, budget, numberOf, type Phase } from "./budget";
import { PLEDGES } from "./promises";

const HEALTH = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html";
const TTL = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-basic.html";
const ALIAS = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html";
const KEEP_ALIVE = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html";
/** Seconds to connect, and for the status and the text after it. */
const CHECK_TIMEOUTS: Readonly<Record<string, number>> = { HTTP: 6, HTTPS: 6, HTTP_STR_MATCH: 8, HTTPS_STR_MATCH: 8, TCP: 10 };

/** A health check before and after a loss. */
interface Health {
  readonly before: boolean;
  readonly after: boolean;
  /** When it changes. 0 if it does not. */
  readonly seconds: number;
  readonly formula: string;
}

/** DNS failover: for each record that is answered first, the loss of the region of its target. */
export function dnsBudgets(graph: Graph, stacks: readonly Graph[]): readonly Budget[] {
  const dns = Dns.of(stacks);
  const regions = regionsWithHosts(stacks);
  return dns.groups.flatMap(({ records }) => {
    const [primary] = records.filter(({ role }) => role === "PRIMARY");
    if (primary?.graph !== graph) return [];
    const host = dns.hostOf(primary);
    const lost = regions.find((region) => hostsIn(stacks, region).includes(host ?? ""));
    const others = records.filter(({ role }) => role === "SECONDARY");
    // With one region, nothing else could be answered.
    if (others.length === 0 && regions.length < 2) return [];
    const { address } = primary.resource;
    const common = { kind: "dns", subject: address, rpo: "none for DNS", pledge: PLEDGES.dns } as const;
    const failure = `the region of ${host ?? address}, as ${primary.name} shows it to clients`;
    if (lost === undefined) {
      const faults = [`${address} points to ${host ?? "nothing"}, which is the name of no load balancer of a region.`];
      return [budget(graph, { ...common, failure, phases: [], faults })];
    }
    return [budget(graph, { ...common, failure, ...failover(dns, primary, others, { region: lost, hosts: hostsIn(stacks, lost) }) })];
  });
}

/** A region that is lost, and the names of its load balancers. */
interface Lost {
  readonly region: string;
  readonly hosts: readonly string[];
}

function failover(
  dns: Dns,
  primary: DnsRecord,
  others: readonly DnsRecord[],
  lost: Lost,
): { readonly phases: readonly Phase[]; readonly faults?: readonly string[]; readonly unknown?: string } {
  const { graph, name, resource } = primary;
  const { address, values } = resource;
  const check = graph.target(values["health_check_id"]);
  const ttl = ttlOf(dns, primary);
  const health = check && healthOf(dns, graph, check, lost.region, 0);
  if (Number.isNaN(ttl) || (check && !health))
    return { phases: [], unknown: `The health check or the TTL of ${address} contains an expression.` };
  const faults = [
    ...(health?.before === false
      ? [`${check?.address ?? ""} is unhealthy while nothing is lost: ${name} never resolves to ${dns.hostOf(primary) ?? ""}.`]
      : []),
    ...(health === undefined ? [`${address} has no health check of this JSON: ${name} resolves to the lost region without an end.`] : []),
    ...(health?.after ? [`${check?.address ?? ""} stays healthy after the loss: ${name} resolves to the lost region without an end.`] : []),
    ...(others.length === 0 ? [`${name} has no second record: nothing else is answered.`] : []),
    ...others.flatMap((other) => otherFaults(dns, primary, other, lost)),
  ];
  const isAlias = values["alias"] !== undefined;
  const phases: Phase[] = [
    { what: "the health check becomes unhealthy", least: 0, most: health?.seconds ?? 0, formula: health?.formula ?? "", source: HEALTH },
    {
      what: "answers that clients have cached",
      least: 0,
      most: ttl,
      formula: isAlias ? `alias of a load balancer: ${ttl} s` : `ttl ${ttl} s`,
      source: isAlias ? ALIAS : TTL,
    },
  ];
  return { phases, faults };
}

function otherFaults(dns: Dns, primary: DnsRecord, other: DnsRecord, lost: Lost): readonly string[] {
  const { address, values } = other.resource;
  const host = dns.hostOf(other);
  if (host !== undefined && lost.hosts.includes(host)) return [`${address} points to ${host}, in the same lost region.`];
  const check = other.graph.target(values["health_check_id"]);
  if (values["health_check_id"] !== undefined && !check) return [`The health check of ${address} is not in this JSON.`];
  const state = check && healthOf(dns, other.graph, check, lost.region, 0);
  return state?.after === false
    ? [`${check?.address ?? ""} is unhealthy after the loss: with no healthy record, Route 53 answers with ${primary.resource.address}.`]
    : [];
}

/** @see https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html */
function healthOf(dns: Dns, graph: Graph, check: Resource, lost: string, depth: number): Health | undefined {
  const { values } = check;
  const type = graph.text(values["type"]) ?? "";
  const isDisabled = graph.text(values["disabled"]) === "true";
  const [before, after] = [new Map(), new Map([[lost, "lost" as const]])].map((conditions) =>
    dns.isCheckHealthy(graph, check, { ...stateOf(conditions), isUnknownHealthy: true }),
  );
  const states = { before: before === true, after: after === true };
  if (isDisabled) return { ...states, seconds: 0, formula: "disabled" };
  if (type === "CALCULATED") return depth > 4 ? undefined : calculated(dns, graph, check, lost, depth, states);
  const timeout = CHECK_TIMEOUTS[type];
  const { interval, failures } = timingOf(graph, check);
  if (timeout === undefined || Number.isNaN(interval) || Number.isNaN(failures)) return undefined;
  return {
    ...states,
    seconds: before === after ? 0 : interval * failures + timeout,
    formula: `failure_threshold ${failures} × request_interval ${interval} s + ${timeout} s of a checker's timeout`,
  };
}

/** The time of a calculated check is that of the child with which the number of healthy ones crosses the threshold. */
function calculated(
  dns: Dns,
  graph: Graph,
  check: Resource,
  lost: string,
  depth: number,
  states: Pick<Health, "before" | "after">,
): Health | undefined {
  const children = graph.targets(check.values["child_healthchecks"]).map((child) => child && healthOf(dns, graph, child, lost, depth + 1));
  const threshold = numberOf(graph, check.values["child_health_threshold"], 0);
  const known = children.filter((child) => child !== undefined);
  if (threshold === undefined || known.length < children.length) return undefined;
  const isEnoughAt = (seconds: number): boolean =>
    known.filter(({ before, after, seconds: when }) => (when <= seconds && before !== after ? after : before)).length >= threshold;
  const isEnough = known.filter(({ before }) => before).length >= threshold;
  const times = known.map(({ seconds }) => seconds).sort((one, other) => one - other);
  const changed = states.before === states.after ? undefined : times.find((seconds) => isEnoughAt(seconds) !== isEnough);
  return { ...states, seconds: changed ?? 0, formula: known.find(({ seconds }) => seconds === changed)?.formula ?? "" };
}

/** How long a client can keep a connection to a region or a zone that DNS no longer answers with. */
export function connectionBudgets(graph: Graph): readonly Budget[] {
  return loadBalancers(graph)
    .filter(({ resource }) => resource.values["internal"] !== true)
    .map(({ resource }) => {
      const seconds = numberOf(graph, resource.values["client_keep_alive"], 3600);
      const common = {
        kind: "connection",
        subject: resource.address,
        failure: "a region or a zone that is impaired, and still answers",
        rpo: "none",
        pledge: PLEDGES.connection,
      } as const;
      if (seconds === undefined)
        return budget(graph, { ...common, phases: [], unknown: `client_keep_alive of ${resource.address} is an expression.` });
      const phase: Phase = {
        what: "the load balancer closes a connection of a client",
        least: 0,
        most: seconds,
        formula: `client_keep_alive ${seconds} s`,
        source: KEEP_ALIVE,
      };
      return budget(graph, { ...common, phases: [phase] });
    });
}
