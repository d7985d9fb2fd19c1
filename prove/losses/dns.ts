import type { Graph } from "../graph/graph";
import { regionOf } from "../graph/regions";
import { block, blocks, type Resource, text } from "../graph/values";
import { flag, numberOf } from "../claims/containers";
import { matches } from "../iam/policy";
import { idOf } from "./model";
import type { Outage } from "./outage";
import { defaultRoutesOf } from "./routes";

/** Where a name leads: a load balancer, or a host that is not in this JSON. */
export interface Lead {
  readonly balancer: Found | undefined;
  readonly region: string | undefined;
  readonly host: string;
  /** PRIMARY or SECONDARY, of the first record on the way. */
  readonly by: string | undefined;
}

interface Found {
  readonly graph: Graph;
  readonly resource: Resource;
}

const DEEPEST = 8;
const ADDRESSES = ["A", "AAAA", "CNAME"];

/** Records of addresses by their name. */
function records(outage: Outage): ReadonlyMap<string, readonly Found[]> {
  const known = recordIndex.get(outage.platform);
  if (known) return known;
  const found = new Map<string, Found[]>();
  for (const graph of outage.platform.stacks)
    for (const resource of graph.all("aws_route53_record")) {
      const name = plain(graph.text(resource.values["name"]));
      if (name.includes("${") || !ADDRESSES.includes(graph.text(resource.values["type"]) ?? "")) continue;
      found.set(name, [...(found.get(name) ?? []), { graph, resource }]);
    }
  recordIndex.set(outage.platform, found);
  return found;
}
const recordIndex = new WeakMap<object, ReadonlyMap<string, readonly Found[]>>();

const plain = (name: string | undefined): string => (name ?? "").replace(/\.$/, "").toLowerCase();

/** Names that clients use: no other record leads to them, and no health check asks them. */
export function publicNames(outage: Outage): readonly string[] {
  const all = [...records(outage).values()].flat();
  const inner = new Set(all.flatMap(({ graph, resource }) => targetNames(graph, resource)));
  const checked = outage.platform.stacks.flatMap((graph) =>
    graph.all("aws_route53_health_check").map(({ values }) => plain(graph.text(values["fqdn"]))),
  );
  const names = [...records(outage).keys()].filter((name) => !inner.has(name));
  const unchecked = names.filter((name) => !checked.includes(name));
  return (unchecked.length > 0 ? unchecked : names).filter((name) => canLead(outage, name));
}

/** Whether any record of a name leads to a load balancer, whatever health checks say. */
function canLead(outage: Outage, name: string): boolean {
  return (records(outage).get(name) ?? []).some((record) => targets(outage, record, 0).some(({ balancer }) => balancer !== undefined));
}

function targetNames(graph: Graph, { values }: Resource): string[] {
  return [block(values["alias"])["name"], ...graph.list(values["records"])].map((name) => plain(graph.text(name)));
}

/**
 * Where Route 53 leads clients of a name. Of a failover pair whose records are both unhealthy, it answers with the primary.
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-problems.html
 */
export function lead(outage: Outage, name: string, depth = 0): readonly Lead[] {
  const all = (records(outage).get(plain(name)) ?? []).filter(({ graph, resource }) => graph.text(resource.values["type"]) !== "AAAA");
  if (depth > DEEPEST) return [];
  const healthy = all.filter((record) => isHealthy(outage, record, depth));
  const policyOf = ({ resource }: Found): string | undefined => text(block(resource.values["failover_routing_policy"])["type"]);
  // A name has one record of each type: Route 53 rejects a second one.
  const [primary, secondary] = ["PRIMARY", "SECONDARY"].map((type) => all.find((record) => policyOf(record) === type));
  const chosen =
    primary || secondary
      ? [[primary, secondary].find((one) => one && healthy.includes(one)) ?? primary].filter((one) => one !== undefined)
      : healthy.length > 0
        ? healthy
        : all;
  return chosen.flatMap((record) => targets(outage, record, depth).map((found) => ({ ...found, by: policyOf(record) ?? found.by })));
}

function targets(outage: Outage, { graph, resource }: Found, depth: number): readonly Lead[] {
  const alias = block(resource.values["alias"]);
  const written = alias["name"] === undefined ? graph.list(resource.values["records"]) : [alias["name"]];
  return written.flatMap((value): readonly Lead[] => {
    const target = graph.target(value);
    if (target?.type === "aws_lb")
      return [{ balancer: { graph, resource: target }, region: regionOf(graph, target), host: idOf(graph, target), by: undefined }];
    const name = plain(graph.text(value));
    return records(outage).has(name)
      ? lead(outage, name, depth + 1)
      : [{ balancer: undefined, region: undefined, host: name, by: undefined }];
  });
}

function isHealthy(outage: Outage, record: Found, depth: number): boolean {
  const { graph, resource } = record;
  const { health_check_id: id, alias } = resource.values;
  const check = graph.target(id);
  if (check?.type === "aws_route53_health_check" && !checkPasses(outage, graph, check, depth + 1)) return false;
  if (!flag(graph, block(alias)["evaluate_target_health"], false)) return true;
  const found = targets(outage, record, depth + 1);
  return found.length > 0 && found.every(({ balancer }) => balancer === undefined || serves(outage, balancer));
}

/** @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html */
export function checkPasses(outage: Outage, graph: Graph, { values }: Resource, depth = 0): boolean {
  if (depth > DEEPEST) return true;
  const result = flag(graph, values["disabled"], false) || resultOf(outage, graph, values, depth);
  return flag(graph, values["invert_healthcheck"], false) ? !result : result;
}

function resultOf(outage: Outage, graph: Graph, values: Resource["values"], depth: number): boolean {
  const type = graph.text(values["type"]) ?? "";
  if (type === "CALCULATED") {
    const children = graph.targets(values["child_healthchecks"]);
    const passed = children.filter((child) => child === undefined || checkPasses(outage, graph, child, depth + 1)).length;
    return passed >= (numberOf(graph, values["child_health_threshold"]) ?? children.length);
  }
  const name = graph.text(values["fqdn"]);
  if (name === undefined || !/^(?:HTTP|TCP)/.test(type)) return true;
  const path = graph.text(values["resource_path"]) ?? "/";
  const port = numberOf(graph, values["port"]) ?? (type.startsWith("HTTPS") ? 443 : 80);
  const found = lead(outage, name, depth + 1);
  return found.length > 0 && found.every(({ balancer }) => balancer === undefined || (answer(outage, balancer, port, path) ?? 503) < 400);
}

/** Subnets in which clients reach a load balancer: they are left, and so is their way to the internet. */
export function openSubnets(outage: Outage, { graph, resource }: Found): readonly Resource[] {
  const internal = flag(graph, resource.values["internal"], false);
  return graph
    .targets(resource.values["subnets"])
    .filter((subnet) => subnet !== undefined)
    .filter(
      (subnet) => !outage.hasResource(graph, subnet) && (internal || !defaultRoutesOf(graph, subnet).some((id) => outage.lost.has(id))),
    );
}

function isUp(outage: Outage, balancer: Found): boolean {
  const known = balancer.graph.targets(balancer.resource.values["subnets"]).some((subnet) => subnet !== undefined);
  return !outage.hasResource(balancer.graph, balancer.resource) && (!known || openSubnets(outage, balancer).length > 0);
}

/** Whether a load balancer answers requests with the answer of a target. */
export function serves(outage: Outage, balancer: Found): boolean {
  return (
    isUp(outage, balancer) &&
    listeners(balancer).some(({ actions }) => actions.some((action) => forwarded(outage, balancer.graph, action) === 200))
  );
}

/** Status with which a load balancer answers a request of a path. Undefined if it does not answer. */
function answer(outage: Outage, balancer: Found, port: number, path: string): number | undefined {
  const { graph } = balancer;
  if (!isUp(outage, balancer)) return undefined;
  const listener = listeners(balancer).find((one) => one.port === port);
  const rule = listener?.rules.find(({ paths }) => paths.some((pattern) => matches(path, pattern)));
  const [action] = rule ? [rule.action] : (listener?.actions ?? []);
  return action === undefined ? undefined : forwarded(outage, graph, action);
}

interface Listener {
  readonly port: number | undefined;
  /** Default actions, and those of rules. */
  readonly actions: readonly Resource["values"][];
  readonly rules: readonly { readonly paths: readonly string[]; readonly action: Resource["values"] }[];
}

function listeners({ graph, resource }: Found): readonly Listener[] {
  return graph.referring("aws_lb_listener", "load_balancer_arn", resource).map((listener) => {
    const rules = graph
      .referring("aws_lb_listener_rule", "listener_arn", listener)
      .map(({ values }) => ({
        priority: numberOf(graph, values["priority"]) ?? Infinity,
        paths: blocks(values["condition"]).flatMap((condition) =>
          graph.list(block(condition["path_pattern"])["values"]).map((path) => graph.text(path) ?? ""),
        ),
        action: blocks(values["action"]).at(-1) ?? {},
      }))
      .sort((one, other) => one.priority - other.priority);
    const last = blocks(listener.values["default_action"]).at(-1);
    return {
      port: numberOf(graph, listener.values["port"]),
      actions: [...(last ? [last] : []), ...rules.map(({ action }) => action)],
      rules,
    };
  });
}

/** Status of what an action leads to. */
function forwarded(outage: Outage, graph: Graph, action: Resource["values"]): number {
  const fixed = block(action["fixed_response"]);
  if (action["fixed_response"] !== undefined) return numberOf(graph, fixed["status_code"]) ?? 200;
  if (action["redirect"] !== undefined) return 301;
  const groups = [
    action["target_group_arn"],
    ...blocks(action["forward"]).flatMap((forward) => blocks(forward["target_group"]).map(({ arn }) => arn)),
  ].flatMap((value) => graph.target(value) ?? []);
  return groups.some((group) => hasTargets(outage, graph, group)) ? 200 : 503;
}

function hasTargets(outage: Outage, graph: Graph, group: Resource): boolean {
  const registered = outage.platform.services.filter(
    ({ part, service }) =>
      part.graph === graph &&
      blocks(service.resource.values["load_balancer"]).some(
        (target) => graph.target(target["target_group_arn"])?.address === group.address,
      ),
  );
  const attached = graph.referring("aws_lb_target_group_attachment", "target_group_arn", group);
  return (
    registered.some((service) => outage.tasks(service) > 0) ||
    attached.some(({ values }) => {
      const target = graph.target(values["target_id"]);
      return target === undefined || !outage.hasResource(graph, target);
    })
  );
}
