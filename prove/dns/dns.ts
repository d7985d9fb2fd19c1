import { isIP } from "node:net";
import type { Graph } from "../graph/graph";
import { regionOf } from "../graph/regions";
import { block, type Resource } from "../graph/values";
import { ADDRESS_TYPES, asName, type DnsRecord, type FailoverGroup, failoverGroups, recordsOf, valueOf, zoneNames } from "./records";
import { type Answer, answerToCheck, ENDPOINT_TYPES } from "./requests";
import { type Destination, nowhere, type Site, type World } from "./sites";
import { ALL_HEALTHY } from "./states";

/** Chains of names are not longer. */
const MOST_NAMES = 16;
const models = new WeakMap<readonly Graph[], Dns>();

/**
 * What Route 53 answers, by the records and the health checks of all stacks, in a world in which something is lost.
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover.html
 */
export class Dns {
  /** Every load balancer. */
  readonly balancers: readonly Site[];
  /** Those that answer HTTP. */
  readonly sites: readonly Site[];
  readonly records: readonly DnsRecord[];
  readonly groups: readonly FailoverGroup[];
  private readonly zones: readonly string[];
  private readonly byName = new Map<string, DnsRecord[]>();
  private readonly byBalancer: ReadonlyMap<Resource, Site>;
  private readonly answers = new Map<Resource, Map<Resource | undefined, Answer>>();

  private constructor(private readonly stacks: readonly Graph[]) {
    this.balancers = stacks.flatMap((graph) =>
      graph.all("aws_lb").map((balancer) => ({ region: regionOf(graph, balancer) ?? graph.name, graph, balancer })),
    );
    this.sites = this.balancers.filter(({ balancer: { values } }) => (values["load_balancer_type"] ?? "application") === "application");
    this.byBalancer = new Map(this.balancers.map((site) => [site.balancer, site]));
    this.records = stacks.flatMap(recordsOf);
    this.groups = failoverGroups(this.records);
    this.zones = [...new Set(stacks.flatMap(zoneNames))];
    for (const record of this.records)
      if (ADDRESS_TYPES.includes(record.type)) this.byName.set(record.name, [...(this.byName.get(record.name) ?? []), record]);
  }

  static of(stacks: readonly Graph[]): Dns {
    const known = models.get(stacks) ?? new Dns(stacks);
    models.set(stacks, known);
    return known;
  }

  /** Regions with a load balancer that answers HTTP. */
  get regions(): readonly string[] {
    return [...new Set(this.sites.map(({ region }) => region))];
  }

  /** Groups to which no other group resolves: their names are those that clients resolve. */
  get roots(): readonly FailoverGroup[] {
    const inner = new Set(this.groups.flatMap(({ records }) => records.flatMap((record) => this.hostOf(record) ?? [])));
    return this.groups.filter(({ name }) => !inner.has(name));
  }

  /** Names that clients use: they may resolve to a load balancer, no other record points to them, and no health check asks them. */
  get publicNames(): readonly string[] {
    const inner = new Set([...this.byName.values()].flat().flatMap((record) => this.hostOf(record) ?? []));
    const checked = new Set(
      this.stacks.flatMap((graph) => graph.all("aws_route53_health_check").map(({ values }) => asName(graph.text(values["fqdn"]) ?? ""))),
    );
    const names = [...this.byName.keys()].filter((name) => !inner.has(name));
    const unchecked = names.filter((name) => !checked.has(name));
    return (unchecked.length > 0 ? unchecked : names).filter((name) => this.mayReachBalancer(name));
  }

  private mayReachBalancer(name: string, depth = 0): boolean {
    return (this.byName.get(name) ?? []).some((record) => {
      const host = this.hostOf(record);
      if (host === undefined) return this.balancerOf(record) !== undefined;
      return depth < MOST_NAMES && this.mayReachBalancer(host, depth + 1);
    });
  }

  /** The groups of a root: itself, and those of the names to which its records resolve. */
  chainOf(root: FailoverGroup): readonly FailoverGroup[] {
    const chain = [root];
    for (const { records } of chain)
      for (const host of records.map((record) => this.hostOf(record)))
        chain.push(...this.groups.filter((group) => group.name === host && !chain.includes(group)));
    return chain;
  }

  /** The name to which a record points. Undefined if it points to a resource. */
  hostOf(record: DnsRecord): string | undefined {
    const value = valueOf(record);
    const host = record.graph.target(value) ? undefined : record.graph.text(value);
    return host === undefined || host.includes("${") ? undefined : asName(host);
  }

  private balancerOf(record: DnsRecord): Site | undefined {
    return this.siteOf(record.graph, valueOf(record));
  }

  private siteOf(graph: Graph, reference: unknown): Site | undefined {
    const target = graph.target(reference);
    return target && this.byBalancer.get(target);
  }

  /** To what a name resolves: of several answers, the first. */
  resolve(name: string, world: World): Destination {
    return this.resolveAll(name, world)[0] ?? nowhere(name, `${name} has no answer`);
  }

  /** Everything to which a name resolves. */
  resolveAll(name: string, world: World, depth = 0): readonly Destination[] {
    const all = this.byName.get(name) ?? [];
    // A and AAAA of a name resolve to the same.
    const narrow = all.filter(({ type }) => type !== "AAAA");
    const [first, ...others] = narrow.length > 0 ? narrow : all;
    if (depth > MOST_NAMES) return [nowhere(name, `${name} resolves to itself`)];
    if (!first) return [this.isOwn(name) ? nowhere(name, `${name} has no record`) : { kind: "outside", host: name }];
    const chosen = this.chosen([first, ...others], world, depth);
    if (chosen.length === 0) return [nowhere(name, `${name} has neither a PRIMARY nor a SECONDARY`)];
    return chosen.flatMap((record) =>
      this.follow(record, world, depth).map((found) => (record.role === undefined ? found : { ...found, role: record.role })),
    );
  }

  /**
   * The records that Route 53 answers: the primary while it is healthy, or while the secondary is not healthy either. Of other records,
   * those that are healthy, or all while none is.
   * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
   */
  private chosen(records: readonly [DnsRecord, ...DnsRecord[]], world: World, depth: number): readonly DnsRecord[] {
    const [first] = records;
    const group = this.groups.find(({ name, type }) => name === first.name && type === first.type);
    if (!group) {
      // Without a policy, one replaces the other.
      if (records.length === 1 || first.resource.values["set_identifier"] === undefined) return [first];
      const healthy = records.filter((record) => this.isHealthy(record, world, depth));
      return healthy.length > 0 ? healthy : records;
    }
    const { primary, secondary } = group;
    if (!primary || !secondary) return [primary ?? secondary].filter((record) => record !== undefined);
    return [!this.isHealthy(primary, world, depth) && this.isHealthy(secondary, world, depth) ? secondary : primary];
  }

  /** To what a record resolves. */
  follow(record: DnsRecord, world: World, depth = 0): readonly Destination[] {
    const { graph, resource, type } = record;
    const values = graph.list(resource.values["records"]).map((value) => graph.text(value) ?? "");
    const isAlias = resource.values["alias"] !== undefined;
    if (!isAlias && type !== "CNAME" && values.length > 0 && values.every((value) => isIP(value) > 0))
      return values.map((host) => ({ kind: "outside", host }));
    const value = String(valueOf(record));
    if (!isAlias && (values.length !== 1 || type !== "CNAME"))
      return [nowhere(value, `${resource.address} has no single name as its value`)];
    const host = this.hostOf(record);
    if (host !== undefined) return this.resolveAll(host, world, depth + 1);
    const site = this.balancerOf(record);
    return [
      site ? { kind: "site", site } : nowhere(value, `${resource.address} points to ${value}, which is no load balancer of this JSON`),
    ];
  }

  /** Whether Route 53 takes a record for healthy: without a health check and without the health of a target, always. */
  private isHealthy({ graph, resource: { values } }: DnsRecord, world: World, depth: number): boolean {
    const id = values["health_check_id"];
    const check = graph.target(id);
    const alias = block(values["alias"]);
    return (
      (id === undefined || (check ? this.isCheckHealthy(graph, check, world, depth) : world.isUnknownHealthy)) &&
      (graph.text(alias["evaluate_target_health"]) !== "true" || this.isTargetHealthy(graph, alias["name"], world, depth))
    );
  }

  private isTargetHealthy(graph: Graph, name: unknown, world: World, depth: number): boolean {
    const site = this.siteOf(graph, name);
    if (site) return world.isUp(site) && world.hasTargets(site);
    const records = this.byName.get(asName(graph.text(name) ?? "")) ?? [];
    if (records.length === 0 || depth > MOST_NAMES) return world.isUnknownHealthy;
    return records.some((record) => this.isHealthy(record, world, depth + 1));
  }

  /**
   * The status of a health check. A disabled one is healthy, and inverting comes after that.
   * @see https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
   */
  isCheckHealthy(graph: Graph, check: Resource, world: World, depth = 0): boolean {
    if (depth > MOST_NAMES) return world.isUnknownHealthy;
    const { values } = check;
    const isFound =
      graph.text(values["disabled"]) === "true" ||
      (graph.text(values["type"]) === "CALCULATED"
        ? this.hasEnoughChildren(graph, check, world, depth)
        : this.isAnswered(graph, check, world, depth));
    return isFound !== (graph.text(values["invert_healthcheck"]) === "true");
  }

  private hasEnoughChildren(graph: Graph, { values }: Resource, world: World, depth: number): boolean {
    const healthy = graph
      .targets(values["child_healthchecks"])
      .filter((child) => (child ? this.isCheckHealthy(graph, child, world, depth + 1) : world.isUnknownHealthy));
    return healthy.length >= Number(graph.text(values["child_health_threshold"]) ?? 0);
  }

  private isAnswered(graph: Graph, check: Resource, world: World, depth: number): boolean {
    const site = this.askedBy(graph, check);
    if (site) return this.succeeds(graph, check, site, world);
    if (!world.isUnknownHealthy) return false;
    const name = graph.text(check.values["fqdn"]);
    if (name === undefined || !ENDPOINT_TYPES.test(graph.text(check.values["type"]) ?? "")) return true;
    return this.resolveAll(asName(name), world, depth + 1).every(
      (found) => found.kind === "outside" || (found.kind === "site" && this.succeeds(graph, check, found.site, world)),
    );
  }

  /** Whether a load balancer answers a health check with success. */
  private succeeds(graph: Graph, check: Resource, site: Site, world: World): boolean {
    const answer = this.answerFrom(graph, check, site);
    if (answer.kind === "none" || !world.isUp(site)) return false;
    if (graph.text(check.values["type"]) === "TCP") return true;
    if (answer.kind === "targets") return world.hasTargets(site, answer.groups);
    if (answer.kind === "unknown") return world.isUnknownHealthy && (answer.groups.length === 0 || world.hasTargets(site, answer.groups));
    const isHeld = answer.rule !== undefined && world.holder === site.region;
    return isHeld || (answer.status >= 200 && answer.status < 400);
  }

  /** The load balancer that an endpoint check asks. Undefined if its name resolves to something else, or to several. */
  askedBy(graph: Graph, { values }: Resource): Site | undefined {
    const name = asName(graph.text(values["fqdn"]) ?? "");
    if (graph.target(values["fqdn"])) return this.siteOf(graph, values["fqdn"]);
    if (values["ip_address"] !== undefined || this.groups.some((group) => group.name === name)) return undefined;
    const [destination, ...others] = this.resolveAll(name, ALL_HEALTHY);
    return destination?.kind === "site" && others.length === 0 ? destination.site : undefined;
  }

  /** What answers an endpoint check, while the region is healthy. */
  answerTo(graph: Graph, check: Resource): Answer {
    return this.answerFrom(graph, check, this.askedBy(graph, check));
  }

  private answerFrom(graph: Graph, check: Resource, site: Site | undefined): Answer {
    const known = this.answers.get(check) ?? new Map<Resource | undefined, Answer>();
    const answer = known.get(site?.balancer) ?? answerToCheck(graph, check, site);
    this.answers.set(check, known.set(site?.balancer, answer));
    return answer;
  }

  /** Whether a name is in a hosted zone of this JSON, or beside or below a name in it. */
  private isOwn(name: string): boolean {
    const known = [...this.zones, ...this.groups.map((group) => group.name)];
    return known.some((parent) => name === parent || name.endsWith(`.${parent}`));
  }
}
