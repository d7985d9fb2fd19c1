import { budgets as budgetsOf, type Budget, type Kind } from "../budgets";
import { regionsWithHosts } from "../budgets/dns";
import { loadBalancers, services } from "../claims/parts";
import type { Graph } from "../graph/graph";
import { block, type Resource } from "../graph/values";
import { READ, type Sla, SLAS } from "./slas";

/** Hours of a month, as AWS counts them in prices. */
const MONTH_SECONDS = 730 * 3600;
/** "Four nines": 4 min 23 s a month. */
const TARGET = 0.9999;

/** What is neither in the JSON nor documented. */
export interface Assumed {
  /** From the first message until an operator starts the takeover. */
  readonly decisionSeconds: number;
  /** Whether the program needs the internet for each request. Then the NAT gateway is in its path. */
  readonly throughNat: boolean;
}

export const ASSUMED: Assumed = { decisionSeconds: 300, throughNat: false };

/** A part in the path of a request. */
interface PathPart extends Pick<Sla, "service" | "source"> {
  readonly address: string;
  readonly sla: number;
  /** Whether it meets what the higher figure needs. */
  readonly isSpread: boolean;
}

interface RegionFigure {
  readonly region: string;
  readonly availability: number;
  readonly path: readonly PathPart[];
}

interface PairFigure {
  /** Requests that only read. */
  readonly reads: number;
  /** Requests that write: they wait for the takeover. */
  readonly writes: number;
  readonly regions: readonly string[];
}

export interface Availability {
  readonly read: string;
  /** The weaker of the regions. */
  readonly oneRegion: RegionFigure | undefined;
  readonly pair: PairFigure | undefined;
  readonly target: typeof TARGET;
  /** For requests that write. */
  readonly reached: boolean;
  readonly assumptions: readonly string[];
  /** What each failure costs, as seconds without any answer, and as a share of what the target allows in a month. */
  readonly failures: readonly { readonly failure: string; readonly seconds: number | undefined; readonly share: number | undefined }[];
}

/** Failures that clients notice. */
const NOTICED: readonly Kind[] = ["task", "zone-node", "zone-shift", "writer", "cache", "dns", "takeover"];

/** What AWS's commitments multiply to, for one region and for two. */
export function availability(stacks: readonly Graph[], assumed: Assumed = ASSUMED): Availability {
  const budgets = budgetsOf(stacks);
  const regions = regionsOf(stacks, assumed);
  const [oneRegion] = [...regions].sort((one, other) => one.availability - other.availability);
  const pair = pairOf(regions, budgets, assumed);
  return {
    read: READ,
    oneRegion,
    pair,
    target: TARGET,
    reached: (pair?.writes ?? oneRegion?.availability ?? 0) >= TARGET,
    assumptions: assumptionsOf(stacks, pair, assumed),
    failures: budgets
      .filter(({ kind }) => NOTICED.includes(kind))
      .map(({ failure, region, most, faults }) => {
        const seconds = faults.length > 0 ? undefined : most;
        return {
          failure: `${region ?? "?"}: ${failure}`,
          seconds,
          share: seconds === undefined ? undefined : seconds / (MONTH_SECONDS * (1 - TARGET)),
        };
      }),
  };
}

function regionsOf(stacks: readonly Graph[], assumed: Assumed): readonly RegionFigure[] {
  const served = stacks.filter((graph) => loadBalancers(graph).length > 0 && services(graph).some(({ tasks }) => tasks !== 0));
  return served.map((graph) => {
    const path = pathOf(graph, stacks, assumed);
    return { region: graph.region ?? graph.name, availability: path.reduce((product, { sla }) => product * sla, 1), path };
  });
}

function pathOf(graph: Graph, stacks: readonly Graph[], { throughNat }: Assumed): readonly PathPart[] {
  const part = (sla: Sla, address: string, isSpread: boolean): PathPart => ({
    service: sla.service,
    source: sla.source,
    address,
    sla: isSpread ? sla.spread : (sla.alone ?? 0),
    isSpread,
  });
  const zones = (list: unknown): number => new Set(graph.targets(list).flatMap((subnet) => subnet?.values["availability_zone"] ?? [])).size;
  const replicas = stacks.flatMap((other) =>
    other.all("aws_dynamodb_table_replica").map(({ values }) => other.text(values["global_table_arn"])),
  );
  const tables = graph.all("aws_dynamodb_table");
  const isReplicated = (table: Resource): boolean => replicas.includes(graph.arn(table)) || table.values["replica"] !== undefined;
  const [gateway] = graph.all("aws_nat_gateway");
  return [
    ...graph
      .all("aws_route53_record")
      .filter(({ values }) => graph.target(block(values["alias"])["name"])?.type === "aws_lb")
      .map(({ address }) => part(SLAS.dns, address, true)),
    ...loadBalancers(graph).map(({ resource }) => part(SLAS.balancer, resource.address, graph.list(resource.values["subnets"]).length > 1)),
    // One task definition is enough for a request: the service with the fewest zones decides.
    ...services(graph)
      .slice(0, 1)
      .map(({ resource, tasks, subnets }) =>
        part(
          SLAS.tasks,
          resource.address,
          (tasks ?? 2) > 1 && (subnets === undefined || new Set(subnets.map(({ zone }) => zone)).size > 1),
        ),
      ),
    ...(throughNat && gateway ? [part(SLAS.nat, gateway.address, false)] : []),
    ...graph.all("aws_rds_cluster").flatMap((cluster) => {
      const instances = graph.referring("aws_rds_cluster_instance", "cluster_identifier", cluster);
      const places = new Set(instances.map(({ values }) => values["availability_zone"]));
      return instances.length === 0
        ? []
        : [part(SLAS.database, cluster.address, instances.length > 1 && (places.has(undefined) || places.size > 1))];
    }),
    ...graph.all("aws_elasticache_replication_group").map(({ address, values }) => {
      const group = graph.target(values["subnet_group_name"]);
      const isSpread = graph.text(values["multi_az_enabled"]) === "true" && graph.text(values["automatic_failover_enabled"]) === "true";
      return part(SLAS.cache, address, isSpread && zones(group?.values["subnet_ids"]) !== 1);
    }),
    ...tables.slice(0, 1).map(({ address }) => part(SLAS.table, address, tables.every(isReplicated))),
  ];
}

/**
 * Two regions whose losses are independent. A region is taken to be lost once a month, for as long as its commitments allow: then clients
 * wait for DNS, and writes for the takeover, if the region is not back before.
 */
function pairOf(regions: readonly RegionFigure[], budgets: readonly Budget[], { decisionSeconds }: Assumed): PairFigure | undefined {
  const dns = budgets.find(({ kind, faults }) => kind === "dns" && faults.length === 0)?.most;
  const [first, second] = regions;
  if (!first || !second || dns === undefined) return undefined;
  const longest = (kind: Kind): number | undefined => {
    const all = budgets.filter((one) => one.kind === kind);
    return all.length === 0 || all.some(({ most, faults }) => most === undefined || faults.length > 0)
      ? undefined
      : Math.max(...all.map(({ most }) => most ?? 0));
  };
  const [heard, takeover] = [longest("hear-region"), longest("takeover")];
  const outage = (1 - first.availability) * MONTH_SECONDS;
  const both = (1 - first.availability) * (1 - second.availability);
  const left = (seconds: number): number => 1 - Math.min(outage, seconds) / MONTH_SECONDS - both;
  const writes = heard === undefined || takeover === undefined ? outage : heard + decisionSeconds + takeover;
  return { reads: left(dns), writes: left(writes), regions: [first.region, second.region] };
}

function assumptionsOf(
  stacks: readonly Graph[],
  pair: PairFigure | undefined,
  { decisionSeconds, throughNat }: Assumed,
): readonly string[] {
  const proxies = stacks.flatMap((graph) => graph.all("aws_db_proxy"));
  return [
    "A commitment of AWS is a price reduction, and not a prediction: the figure is what AWS pays for, and not what was measured.",
    "Parts fail independently, and each as much as its commitment allows.",
    "The program itself does not fail.",
    throughNat
      ? "Every request needs the internet, through one NAT gateway."
      : "A request does not pass a NAT gateway: its loss takes what the program calls in the internet.",
    "Keys, secrets and parameters are read when a task starts, and not for a request.",
    ...(proxies.length > 0 ? ["No commitment for RDS Proxy is known: it is not in the figure."] : []),
    ...(pair
      ? [
          "The losses of two regions are independent.",
          "A region is lost once a month, for as long as its commitments allow.",
          `An operator starts the takeover ${decisionSeconds} s after the first message; reads need no operator.`,
        ]
      : []),
    ...(regionsWithHosts(stacks).length > 1 && !pair ? ["The other region runs no tasks, so there is no figure for the pair."] : []),
    "Each failure is counted as if no request were answered while it lasts, also where most requests are.",
  ];
}
