import type { Graph } from "../graph/graph";
import { block, blocks, oneOrMany, type Resource, text, type Values } from "../graph/values";
import { matches } from "../iam/policy";

/** A request to a load balancer, as a health check of Route 53 sends it. */
export interface Request {
  readonly host: string;
  readonly port: number;
  readonly protocol: "HTTPS" | "HTTP";
  readonly path: string;
}

/** Who answers a request, and where an answer does not depend on targets, with which status. */
export type Answer =
  | { readonly kind: "targets"; readonly groups: readonly Resource[] }
  | { readonly kind: "fixed"; readonly rule: Resource | undefined; readonly status: number }
  | { readonly kind: "none"; readonly because: string };

const none = (because: string): Answer => ({ kind: "none", because });

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
export function answerOf(graph: Graph, balancer: Resource, request: Request): Answer {
  const listener = listenerOn(graph, balancer, request.port);
  if (!listener) return none(`${balancer.address} has no listener on port ${request.port}`);
  const protocol = text(listener.values["protocol"]) ?? "HTTP";
  if (protocol !== request.protocol) return none(`${listener.address} expects ${protocol}, and gets ${request.protocol}`);
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
export function healthPathOf(graph: Graph, group: Resource): string {
  return graph.text(block(group.values["health_check"])["path"]) ?? "/";
}
