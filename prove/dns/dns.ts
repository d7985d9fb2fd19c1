import type { Graph } from "../graph/graph";
import { regionOf } from "../graph/providers";
import { block, type Resource, text } from "../graph/values";
import { childrenOf } from "./health-checks";
import { asName, type DnsRecord, type FailoverGroup, failoverGroups, recordsOf, zoneNames } from "./records";
import { type Answer, answerOf, healthPathOf } from "./requests";

/** A load balancer to which names lead. */
export interface Site {
  readonly region: string;
  readonly graph: Graph;
  readonly balancer: Resource;
}

/** `unhealthy`: the load balancer answers, and none of its targets does. `lost`: nothing answers. */
export type Condition = "healthy" | "unhealthy" | "lost";

export interface State {
  /** @default - healthy */
  readonly conditions: ReadonlyMap<string, Condition>;
  /** Region whose load balancer answers the path of its hold with success. @default - none does */
  readonly holder?: string | undefined;
}

export type Destination =
  | { readonly kind: "site"; readonly site: Site }
  | { readonly kind: "outside"; readonly host: string }
  | { readonly kind: "nowhere"; readonly because: string };

const nowhere = (because: string): Destination => ({ kind: "nowhere", because });

/** Chains of names are not longer. */
const MOST_NAMES = 16;
const ENDPOINT_TYPES = ["HTTP", "HTTPS", "TCP"];
const models = new WeakMap<readonly Graph[], Dns>();

/**
 * What Route 53 answers, by the records and the health checks of all stacks, while regions are healthy or lost.
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover.html
 */
export class Dns {
  readonly sites: readonly Site[];
  readonly records: readonly DnsRecord[];
  readonly groups: readonly FailoverGroup[];
  private readonly zones: readonly string[];
  private readonly byName = new Map<string, DnsRecord[]>();
  private readonly answers = new Map<string, Answer>();

  private constructor(stacks: readonly Graph[]) {
    this.sites = stacks.flatMap((graph) =>
      graph
        .all("aws_lb")
        .filter(({ values }) => (values["load_balancer_type"] ?? "application") === "application")
        .map((balancer) => ({ region: regionOf(graph, balancer) ?? graph.name, graph, balancer })),
    );
    this.records = stacks.flatMap(recordsOf);
    this.groups = failoverGroups(this.records);
    this.zones = [...new Set(stacks.flatMap(zoneNames))];
    for (const record of this.records) this.byName.set(record.name, [...(this.byName.get(record.name) ?? []), record]);
  }

  static of(stacks: readonly Graph[]): Dns {
    const known = models.get(stacks) ?? new Dns(stacks);
    models.set(stacks, known);
    return known;
  }

  /** Regions with a load balancer. */
  get regions(): readonly string[] {
    return [...new Set(this.sites.map(({ region }) => region))];
  }

  /** Groups that no other group leads to: their names are those that clients resolve. */
  get roots(): readonly FailoverGroup[] {
    const inner = new Set(this.groups.flatMap(({ records }) => records.flatMap((record) => this.hostOf(record) ?? [])));
    return this.groups.filter(({ name }) => !inner.has(name));
  }

  /** The groups of a root: itself, and those of the names to which its records lead. */
  chainOf(root: FailoverGroup): readonly FailoverGroup[] {
    const chain = [root];
    for (const { records } of chain)
      for (const host of records.map((record) => this.hostOf(record)))
        chain.push(...this.groups.filter((group) => group.name === host && !chain.includes(group)));
    return chain;
  }

  /** The name to which a record leads. Undefined if it leads to a resource. */
  hostOf({ graph, resource: { values } }: DnsRecord): string | undefined {
    const value = values["alias"] === undefined ? graph.list(values["records"])[0] : block(values["alias"])["name"];
    const host = graph.target(value) ? undefined : graph.text(value);
    return host === undefined || host.includes("${") ? undefined : asName(host);
  }

  /** Where a name leads. */
  lead(name: string, state: State, depth = 0): Destination {
    const records = this.byName.get(name) ?? [];
    if (depth > MOST_NAMES) return nowhere(`${name} leads to itself`);
    const [first] = records;
    if (!first) return this.isOwn(name) ? nowhere(`${name} has no record`) : { kind: "outside", host: name };
    const group = this.groups.find((candidate) => candidate.name === name && candidate.type === first.type);
    const record = group ? this.chosen(group, state) : first;
    return record ? this.follow(record, state, depth) : nowhere(`${name} has neither a PRIMARY nor a SECONDARY`);
  }

  /**
   * The record that Route 53 answers: the primary while it is healthy, or while the secondary is not healthy either.
   * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
   */
  private chosen({ primary, secondary }: FailoverGroup, state: State): DnsRecord | undefined {
    if (!primary || !secondary) return primary ?? secondary;
    return !this.isHealthy(primary, state) && this.isHealthy(secondary, state) ? secondary : primary;
  }

  /** Where a record leads. */
  follow(record: DnsRecord, state: State, depth = 0): Destination {
    const { graph, resource } = record;
    const values = graph.list(resource.values["records"]);
    const alias = resource.values["alias"];
    if (alias === undefined && (values.length !== 1 || record.type !== "CNAME"))
      return nowhere(`${resource.address} has no single name as its value`);
    const value = alias === undefined ? values[0] : block(alias)["name"];
    const target = graph.target(value);
    const host = this.hostOf(record);
    if (host !== undefined) return this.lead(host, state, depth + 1);
    const site = this.sites.find((known) => known.graph === graph && known.balancer.address === target?.address);
    return site ? { kind: "site", site } : nowhere(`${resource.address} leads to ${String(value)}, which is no load balancer of this JSON`);
  }

  /** Whether Route 53 takes a record for healthy: without a health check and without the health of a target, always. */
  private isHealthy({ graph, resource: { values } }: DnsRecord, state: State): boolean {
    const id = values["health_check_id"];
    const check = graph.target(id);
    const alias = block(values["alias"]);
    return (
      (id === undefined || (check !== undefined && this.isCheckHealthy(graph, check, state))) &&
      (alias["evaluate_target_health"] !== true || this.isTargetHealthy(graph, alias["name"], state))
    );
  }

  private isTargetHealthy(graph: Graph, name: unknown, state: State): boolean {
    const target = graph.target(name);
    if (target) {
      const site = this.sites.find((known) => known.graph === graph && known.balancer.address === target.address);
      return site !== undefined && this.conditionOf(site, state) === "healthy";
    }
    const records = this.byName.get(asName(graph.text(name) ?? "")) ?? [];
    return records.some((record) => this.isHealthy(record, state));
  }

  /**
   * The status of a health check. A disabled one is healthy, and inverting comes after that.
   * @see https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
   */
  isCheckHealthy(graph: Graph, check: Resource, state: State, depth = 0): boolean {
    const { values } = check;
    const isFound =
      text(values["disabled"]) === "true" ||
      (values["type"] === "CALCULATED" ? this.enoughChildren(graph, check, state, depth) : this.isAnswered(graph, check, state));
    return isFound !== (text(values["invert_healthcheck"]) === "true");
  }

  private enoughChildren(graph: Graph, check: Resource, state: State, depth: number): boolean {
    const healthy = childrenOf(graph, check).filter((child) => depth < MOST_NAMES && this.isCheckHealthy(graph, child, state, depth + 1));
    return healthy.length >= Number(graph.text(check.values["child_health_threshold"]) ?? 0);
  }

  private isAnswered(graph: Graph, check: Resource, state: State): boolean {
    const site = this.askedBy(graph, check);
    if (!site || this.conditionOf(site, state) === "lost") return false;
    const answer = this.answerTo(graph, check);
    if (answer.kind === "none") return false;
    if (check.values["type"] === "TCP") return true;
    if (answer.kind === "targets") return this.conditionOf(site, state) === "healthy";
    const isHeld = answer.rule !== undefined && state.holder === site.region;
    return isHeld || (answer.status >= 200 && answer.status < 400);
  }

  private conditionOf({ region }: Site, { conditions }: State): Condition {
    return conditions.get(region) ?? "healthy";
  }

  /** The load balancer that an endpoint check asks. Undefined if its name leads elsewhere, or moves with a failover. */
  askedBy(graph: Graph, { values }: Resource): Site | undefined {
    const name = asName(graph.text(values["fqdn"]) ?? "");
    const target = graph.target(values["fqdn"]);
    if (target) return this.sites.find((known) => known.graph === graph && known.balancer.address === target.address);
    if (values["ip_address"] !== undefined || this.groups.some((group) => group.name === name)) return undefined;
    const destination = this.lead(name, { conditions: new Map() });
    return destination.kind === "site" ? destination.site : undefined;
  }

  /** Who answers an endpoint check, while the region is healthy. */
  answerTo(graph: Graph, check: Resource): Answer {
    const key = `${graph.name} ${check.address}`;
    const answer = this.answers.get(key) ?? this.findAnswer(graph, check);
    this.answers.set(key, answer);
    return answer;
  }

  private findAnswer(graph: Graph, check: Resource): Answer {
    const { values } = check;
    const type = text(values["type"]) ?? "";
    const host = graph.text(values["fqdn"]) ?? "an address";
    const site = this.askedBy(graph, check);
    if (!site) return { kind: "none", because: `${check.address} asks ${host}, which is not the name of one load balancer` };
    if (site.balancer.values["internal"] === true)
      return { kind: "none", because: `${check.address} asks ${site.balancer.address} from the internet, and it is internal` };
    if (!ENDPOINT_TYPES.includes(type)) return { kind: "none", because: `${check.address} has the type ${type}` };
    const protocol = type === "HTTP" ? "HTTP" : "HTTPS";
    const port = Number(graph.text(values["port"]) ?? (protocol === "HTTPS" ? 443 : 80));
    const path = graph.text(values["resource_path"]) ?? "/";
    const answer = answerOf(site.graph, site.balancer, { host: asName(host), port, protocol, path });
    if (answer.kind === "none") return { ...answer, because: `${check.address}: ${answer.because}` };
    if (answer.kind === "fixed" || type === "TCP") return answer;
    const odd = answer.groups.find((group) => healthPathOf(site.graph, group) !== path);
    return odd
      ? {
          kind: "none",
          because: `${check.address} asks ${path}, and ${odd.address} asks its targets ${healthPathOf(site.graph, odd)}: whether they answer ${path} is unknown`,
        }
      : answer;
  }

  /** Whether a name is in a hosted zone of this JSON, or beside or below a name in it. */
  private isOwn(name: string): boolean {
    const known = [...this.zones, ...this.groups.map((group) => group.name)];
    return known.some((parent) => name === parent || name.endsWith(`.${parent}`));
  }
}
