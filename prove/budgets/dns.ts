import type { Graph } from "../graph/graph";
import { block, blocks, type Resource, text } from "../graph/values";
import { loadBalancers } from "../claims/parts";
import { type Budget, budget, numberOf, type Phase } from "./budget";
import { PLEDGES } from "./promises";

const HEALTH = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html";
const TTL = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-basic.html";
const ALIAS = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html";
const KEEP_ALIVE = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html";
/** The TTL of an alias of a load balancer, which nobody can set. */
const ALIAS_TTL = 60;
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

/** The names of the load balancers of a region, by its alias records. */
export function hostsIn(stacks: readonly Graph[], region: string | undefined): readonly string[] {
  const inRegion = stacks.filter((graph) => region !== undefined && graph.region === region);
  return inRegion.flatMap((graph) =>
    graph
      .all("aws_route53_record")
      .filter(({ values }) => graph.target(block(values["alias"])["name"])?.type === "aws_lb")
      .flatMap(({ values }) => graph.text(values["name"]) ?? []),
  );
}

/** Regions with a load balancer that has a name. */
export function regionsWithHosts(stacks: readonly Graph[]): readonly string[] {
  const regions = [...new Set(stacks.flatMap(({ region }) => region ?? []))];
  return regions.filter((region) => hostsIn(stacks, region).length > 0);
}

/** DNS failover: for each record that is answered first, the loss of the region of its target. */
export function dnsBudgets(graph: Graph, stacks: readonly Graph[]): readonly Budget[] {
  const records = graph.all("aws_route53_record").filter(({ values }) => roleOf(graph, values) !== undefined);
  return records
    .filter(({ values }) => roleOf(graph, values) === "PRIMARY")
    .flatMap((primary) => {
      const host = targetOf(graph, primary);
      const lost = regionsWithHosts(stacks).find((region) => hostsIn(stacks, region).includes(host ?? ""));
      const key = ({ values }: Resource): string => `${graph.text(values["name"])} ${graph.text(values["type"])}`;
      const others = records.filter((record) => roleOf(graph, record.values) === "SECONDARY" && key(record) === key(primary));
      // With one region, nothing else could be answered.
      if (others.length === 0 && regionsWithHosts(stacks).length < 2) return [];
      const common = { kind: "dns", subject: primary.address, rpo: "none for DNS", pledge: PLEDGES.dns } as const;
      const failure = `the region of ${host ?? primary.address}, as ${graph.text(primary.values["name"])} shows it to clients`;
      if (lost === undefined) {
        const faults = [`${primary.address} points to ${host ?? "nothing"}, which is the name of no load balancer of a region.`];
        return [budget(graph, { ...common, failure, phases: [], faults })];
      }
      return [failover(graph, primary, others, hostsIn(stacks, lost), { ...common, failure }, stacks)];
    });
}

function failover(
  graph: Graph,
  primary: Resource,
  others: readonly Resource[],
  lost: readonly string[],
  common: {
    readonly kind: "dns";
    readonly subject: string;
    readonly rpo: string;
    readonly failure: string;
    readonly pledge: Budget["promise"] | (typeof PLEDGES)["dns"];
  },
  stacks: readonly Graph[],
): Budget {
  const { pledge, ...rest } = common;
  const check = graph.target(primary.values["health_check_id"]);
  const ttl = block(primary.values["alias"])["name"] === undefined ? numberOf(graph, primary.values["ttl"], Number.NaN) : ALIAS_TTL;
  const health = check && healthOf(graph, check, lost, stacks, 0);
  const named = graph.text(primary.values["name"]) ?? primary.address;
  if (ttl === undefined || Number.isNaN(ttl) || (check && !health))
    return budget(graph, {
      ...rest,
      phases: [],
      pledge,
      unknown: `The health check or the TTL of ${primary.address} contains an expression.`,
    });
  const faults = [
    ...(health?.before === false
      ? [`${check?.address ?? ""} is unhealthy while nothing is lost: ${named} never leads to ${targetOf(graph, primary) ?? ""}.`]
      : []),
    ...(health === undefined ? [`${primary.address} has no health check of this JSON: ${named} leads to the lost region for ever.`] : []),
    ...(health?.after ? [`${check?.address ?? ""} stays healthy after the loss: ${named} leads to the lost region for ever.`] : []),
    ...(others.length === 0 ? [`${named} has no second record: nothing else is answered.`] : []),
    ...others.flatMap((other) => {
      const host = targetOf(graph, other);
      if (host !== undefined && lost.includes(host)) return [`${other.address} leads to ${host}, in the same lost region.`];
      const id = other.values["health_check_id"];
      const otherCheck = graph.target(id);
      if (id !== undefined && !otherCheck) return [`The health check of ${other.address} is not in this JSON.`];
      const state = otherCheck && healthOf(graph, otherCheck, lost, stacks, 0);
      return state?.after === false
        ? [`${otherCheck?.address ?? ""} is unhealthy after the loss: with no healthy record, Route 53 answers with ${primary.address}.`]
        : [];
    }),
  ];
  const phases: Phase[] = [
    { what: "the health check becomes unhealthy", least: 0, most: health?.seconds ?? 0, formula: health?.formula ?? "", source: HEALTH },
    {
      what: "answers that clients have cached",
      least: 0,
      most: ttl,
      formula: primary.values["ttl"] === undefined ? `alias of a load balancer: ${ttl} s` : `ttl ${ttl} s`,
      source: primary.values["ttl"] === undefined ? ALIAS : TTL,
    },
  ];
  return budget(graph, { ...rest, phases, faults, pledge });
}

/** @see https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html */
function healthOf(graph: Graph, check: Resource, lost: readonly string[], stacks: readonly Graph[], depth: number): Health | undefined {
  const { values } = check;
  const type = graph.text(values["type"]) ?? "";
  const inverted = graph.text(values["invert_healthcheck"]) === "true";
  const flipped = ({ before, after, ...rest }: Health): Health =>
    inverted ? { before: !before, after: !after, ...rest } : { before, after, ...rest };
  // A disabled check counts as healthy for ever.
  if (graph.text(values["disabled"]) === "true") return flipped({ before: true, after: true, seconds: 0, formula: "disabled" });
  if (type === "CALCULATED") return depth > 4 ? undefined : calculated(graph, check, lost, stacks, depth, flipped);
  const timeout = CHECK_TIMEOUTS[type];
  const interval = numberOf(graph, values["request_interval"], 30);
  const failures = numberOf(graph, values["failure_threshold"], 3);
  const host = graph.text(values["fqdn"]);
  if (timeout === undefined || interval === undefined || failures === undefined) return undefined;
  const before = answers(stacks, host, graph.text(values["resource_path"]) ?? "/");
  const isLost = host !== undefined && lost.includes(host);
  const seconds = isLost && before ? interval * failures + timeout : 0;
  return flipped({
    before,
    after: before && !isLost,
    seconds,
    formula: `failure_threshold ${failures} × request_interval ${interval} s + ${timeout} s of a checker's timeout`,
  });
}

function calculated(
  graph: Graph,
  check: Resource,
  lost: readonly string[],
  stacks: readonly Graph[],
  depth: number,
  flipped: (health: Health) => Health,
): Health | undefined {
  const children = graph.list(check.values["child_healthchecks"]).map((id) => {
    const child = graph.target(id);
    return child && healthOf(graph, child, lost, stacks, depth + 1);
  });
  const threshold = numberOf(graph, check.values["child_health_threshold"], children.length);
  if (threshold === undefined || children.some((child) => child === undefined)) return undefined;
  const known = children.filter((child) => child !== undefined);
  const healthyAt = (seconds: number): boolean =>
    known.filter(({ before, after, seconds: when }) => (when <= seconds && before !== after ? after : before)).length >= threshold;
  const times = known.map(({ seconds }) => seconds).sort((one, other) => one - other);
  const before = known.filter((child) => child.before).length >= threshold;
  const changed = times.find((seconds) => healthyAt(seconds) !== before);
  const last = healthyAt(Math.max(0, ...times));
  return flipped({
    before,
    after: last,
    seconds: last === before ? 0 : (changed ?? 0),
    formula: known.find(({ seconds }) => seconds === changed)?.formula ?? "",
  });
}

/** Whether a path is answered with success: a rule of a listener may answer it itself. */
function answers(stacks: readonly Graph[], host: string | undefined, path: string): boolean {
  const rules = stacks
    .filter(({ region }) => host !== undefined && hostsIn(stacks, region).includes(host))
    .flatMap((graph) => graph.all("aws_lb_listener_rule").map(({ values }) => values));
  const rule = rules.find(({ condition }) =>
    blocks(condition).some((one) => blocks(block(one["path_pattern"])["values"]).some((pattern) => (pattern as unknown) === path)),
  );
  const status = text(block(block(rule?.["action"])["fixed_response"])["status_code"]);
  return status === undefined || /^[23]/.test(status);
}

function roleOf(graph: Graph, values: Resource["values"]): string | undefined {
  return graph.text(block(values["failover_routing_policy"])["type"]);
}

/** The name to which a record points. */
function targetOf(graph: Graph, { values }: Resource): string | undefined {
  const [record] = graph.list(values["records"]);
  const host = graph.text(record) ?? graph.text(block(values["alias"])["name"]);
  return host?.replace(/\.$/, "");
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
