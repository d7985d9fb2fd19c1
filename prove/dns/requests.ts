import type { Graph } from "../graph/graph";
import { block, blocks, oneOrMany, type Resource, text, type Values } from "../graph/values";
import { matches } from "../iam/policy";
import { asName } from "./records";
import type { Site } from "./sites";

/** A request to a load balancer, as a health check of Route 53 sends it. */
interface Request {
  readonly host: string;
  readonly port: number;
  /** Undefined for a connection without a request. */
  readonly protocol: "HTTPS" | "HTTP" | undefined;
  readonly path: string;
}

/** Types of health checks that ask an endpoint. */
export const ENDPOINT_TYPES = /^(?:HTTPS?(?:_STR_MATCH)?|TCP)$/;

/** What answers a request, and where an answer does not depend on targets, with which status. */
export type Answer =
  | { readonly kind: "targets"; readonly groups: readonly Resource[] }
  | { readonly kind: "fixed"; readonly rule: Resource | undefined; readonly status: number }
  | { readonly kind: "none"; readonly because: string }
  /** This JSON does not decide. @param groups that have to answer at least */
  | { readonly kind: "unknown"; readonly because: string; readonly groups: readonly Resource[] };

const none = (because: string): Answer => ({ kind: "none", because });
const unknown = (because: string, groups: readonly Resource[] = []): Answer => ({ kind: "unknown", because, groups });

/** What a load balancer answers a health check. @param site that it asks. Undefined if it is not one load balancer */
export function answerToCheck(graph: Graph, check: Resource, site: Site | undefined): Answer {
  const { address, values } = check;
  const type = graph.text(values["type"]) ?? "";
  const host = graph.text(values["fqdn"]) ?? "an address";
  if (!site) return unknown(`${address} asks ${host}, which is not the name of one load balancer`);
  const { balancer } = site;
  if (site.graph.text(balancer.values["internal"]) === "true")
    return none(`${address} asks ${balancer.address} from the internet, and it is internal`);
  if (!ENDPOINT_TYPES.test(type)) return unknown(`${address} has the type ${type}`);
  const protocol = type.startsWith("HTTPS") ? "HTTPS" : "HTTP";
  const port = Number(graph.text(values["port"]) ?? (protocol === "HTTPS" ? 443 : 80));
  const path = graph.text(values["resource_path"]) ?? "/";
  const request: Request = { host: asName(host), port, protocol: type === "TCP" ? undefined : protocol, path };
  const answer = answerOf(site.graph, balancer, request);
  if (answer.kind === "none") return none(`${address}: ${answer.because}`);
  if (type.endsWith("_STR_MATCH")) return unknown(`${address} has the type ${type}`, answer.kind === "targets" ? answer.groups : []);
  if (answer.kind !== "targets" || type === "TCP") return answer;
  const odd = answer.groups.find((group) => healthPathOf(site.graph, group) !== path);
  return odd
    ? unknown(
        `${address} asks ${path}, and ${odd.address} asks its targets ${healthPathOf(site.graph, odd)}: whether they answer ${path} is unknown`,
        answer.groups,
      )
    : answer;
}

/** Every answer that a load balancer can give: those of its listeners, and of their rules. */
export function answersOf(graph: Graph, balancer: Resource): readonly Answer[] {
  return graph
    .referring("aws_lb_listener", "load_balancer_arn", balancer)
    .flatMap((listener) => [
      actionOf(graph, listener, undefined),
      ...graph.referring("aws_lb_listener_rule", "listener_arn", listener).map((rule) => actionOf(graph, rule, rule)),
    ]);
}

/** The listener of a load balancer on a port. */
export function listenerOn(graph: Graph, balancer: Resource, port: number): Resource | undefined {
  return graph
    .referring("aws_lb_listener", "load_balancer_arn", balancer)
    .find(({ values }) => Number(graph.text(values["port"]) ?? Number.NaN) === port);
}

/**
 * What a load balancer does with a request: the first rule by priority whose conditions are all met, or the default action.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 */
function answerOf(graph: Graph, balancer: Resource, request: Request): Answer {
  const listener = listenerOn(graph, balancer, request.port);
  if (!listener) return none(`${balancer.address} has no listener on port ${request.port}`);
  if (balancer.values["load_balancer_type"] === "network") return actionOf(graph, listener, undefined);
  const protocol = text(listener.values["protocol"]) ?? "HTTP";
  if (request.protocol !== undefined && protocol !== request.protocol)
    return none(`${listener.address} expects ${protocol}, and gets ${request.protocol}`);
  const rule = [...graph.referring("aws_lb_listener_rule", "listener_arn", listener)]
    .sort((one, other) => Number(one.values["priority"]) - Number(other.values["priority"]))
    .find(({ values }) => blocks(values["condition"]).every((condition) => isMet(graph, condition, request)));
  return actionOf(graph, rule ?? listener, rule);
}

function isMet(graph: Graph, condition: Values, { host, path }: Request): boolean {
  const patterns = (name: string): readonly string[] | undefined => {
    const values = block(condition[name])["values"];
    return values === undefined ? undefined : graph.list(values).map((value) => graph.text(value) ?? "");
  };
  const [plain = ""] = path.split("?");
  const tests: readonly (readonly [patterns: readonly string[] | undefined, value: string])[] = [
    [patterns("path_pattern"), plain],
    [patterns("host_header"), host],
    [patterns("http_request_method"), "GET"],
  ];
  const known = tests.filter(([wanted]) => wanted !== undefined);
  return known.length > 0 && known.every(([wanted = [], value]) => wanted.some((pattern) => matches(value, pattern)));
}

function actionOf(graph: Graph, { address, values }: Resource, rule: Resource | undefined): Answer {
  const actions = blocks(values["action"] ?? values["default_action"]);
  const action = actions.find(({ type }) => ["forward", "fixed-response", "redirect"].includes(String(type)));
  if (!action) return none(`${address} has no action that answers`);
  if (action["type"] === "fixed-response") {
    const status = Number(graph.text(block(action["fixed_response"])["status_code"]) ?? Number.NaN);
    return status >= 200 && status < 600 ? { kind: "fixed", rule, status } : none(`${address} has no status of an answer`);
  }
  if (action["type"] === "redirect") return { kind: "fixed", rule: undefined, status: 301 };
  const arns = [
    ...oneOrMany(action["target_group_arn"]),
    ...blocks(block(action["forward"])["target_group"])
      .filter(({ weight }) => weight === undefined || Number(weight) > 0)
      .map(({ arn }) => arn),
  ];
  const groups = arns.map((arn) => graph.target(arn)).filter((group) => group?.type === "aws_lb_target_group");
  return groups.length > 0 && groups.length === arns.length
    ? { kind: "targets", groups: groups as readonly Resource[] }
    : none(`${address} forwards to a target group that is not in this JSON`);
}

/** The path on which the load balancer asks the targets of a group. */
function healthPathOf(graph: Graph, group: Resource): string {
  return graph.text(block(group.values["health_check"])["path"]) ?? "/";
}
