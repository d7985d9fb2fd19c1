import type { Graph } from "../graph/graph";
import { block, blocks, oneOrMany, type Resource, type Values } from "../graph/values";
import { may } from "../iam/role-permissions";
import { environmentOf, regionTables, type Takeover, takeoversOf } from "./takeover";

/** Why the function of a takeover could not make a region hold DNS. */
export function holdFaults({ graph, functions }: Takeover, stacks: readonly Graph[]): string[] {
  return functions.flatMap((one) => {
    const environment = environmentOf(graph, one);
    const entries = regionTables(environment).flatMap((table) =>
      Object.entries(table).map(([region, entry]) => ({ region, entry: block(entry) })),
    );
    return entries.flatMap(({ region, entry }) => {
      const stack = stacks.find((other) => other.region === region && takeoversOf(other).length > 0);
      const names = Object.values(entry).map(String);
      const balancers = stack?.all("aws_lb").filter(({ values }) => names.includes(stack.text(values["name"]) ?? "-")) ?? [];
      return stack ? balancers.flatMap((balancer) => balancerFaults(graph, one, environment, stack, balancer)) : [];
    });
  });
}

/** The hold is a response of a load balancer that health checks of Route 53 ask. */
function balancerFaults(
  graph: Graph,
  one: Resource,
  environment: Readonly<Record<string, string>>,
  stack: Graph,
  balancer: Resource,
): string[] {
  const listeners = stack.referring("aws_lb_listener", "load_balancer_arn", balancer);
  const holds = holdsIn(environment);
  const rules = listeners
    .flatMap((listener) => stack.referring("aws_lb_listener_rule", "listener_arn", listener))
    .filter((rule) => pathsOf(stack, rule).some((path) => holds.some((hold) => hold.path === path)));
  const name = stack.text(balancer.values["name"]) ?? "";
  const resource = `arn:aws:elasticloadbalancing:${stack.region ?? ""}:${stack.account ?? ""}:listener-rule/app/${name}/x/x/x`;
  const role = graph.target(one.values["role"]);
  const isAllowed = role?.type === "aws_iam_role" && may(graph, role, { action: "elasticloadbalancing:ModifyRule", resource });
  const reads = ["DescribeLoadBalancers", "DescribeListeners", "DescribeRules"].filter(
    (action) => role?.type !== "aws_iam_role" || !may(graph, role, { action: `elasticloadbalancing:${action}`, resource: "*" }),
  );
  const place = `${balancer.address} in ${stack.region ?? ""}`;
  return [
    ...(rules.length > 0 ? [] : [`${one.address} finds no listener rule of ${place} for its hold: the region does not hold DNS.`]),
    ...rules
      .filter((rule) => !oneOrMany(block(rule.values["lifecycle"])["ignore_changes"]).some((name) => name === "action" || name === "all"))
      .map((rule) => `The next apply resets ${rule.address}: ${stack.region ?? ""} does not hold DNS any more.`),
    ...rules
      .filter((rule) => !blocks(rule.values["action"]).some(({ type }) => type === "fixed-response"))
      .map((rule) => `${rule.address} asks tasks whether ${stack.region ?? ""} holds DNS, and not the runbook.`),
    ...(isAllowed
      ? []
      : [
          `${role?.address ?? one.address} does not allow elasticloadbalancing:ModifyRule on the rule of ${place}: the region does not hold DNS.`,
        ]),
    ...reads.map(
      (action) =>
        `${role?.address ?? one.address} does not allow elasticloadbalancing:${action}: ${one.address} does not find the hold of ${place}.`,
    ),
    ...holds
      .filter(({ codes }) => !(codes.some(isHealthy) && codes.some((code) => !isHealthy(code))))
      .map(({ path }) => `The responses of the hold ${path} of ${one.address} do not differ for a health check.`),
  ];
}

/** A response between 200 and 399 is healthy. @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html */
function isHealthy(code: number): boolean {
  return code >= 200 && code < 400;
}

/** Paths with several responses in the environment of a function. */
function holdsIn(environment: Readonly<Record<string, string>>): readonly { readonly path: string; readonly codes: readonly number[] }[] {
  return Object.values(environment).flatMap((value) => {
    if (!value.startsWith("{")) return [];
    try {
      const parsed = JSON.parse(value) as Values;
      const path = Object.values(parsed).find((part): part is string => typeof part === "string" && part.startsWith("/"));
      const codes = Object.values(parsed).flatMap((part) =>
        typeof part === "object" && part !== null
          ? Object.entries(part)
              .filter(([key]) => /^StatusCode$/i.test(key))
              .map(([, code]) => Number(code))
          : [],
      );
      return path === undefined || codes.length === 0 ? [] : [{ path, codes }];
    } catch {
      return [];
    }
  });
}

function pathsOf(stack: Graph, { values }: Resource): readonly string[] {
  return blocks(values["condition"]).flatMap((condition) =>
    oneOrMany(block(condition["path_pattern"])["values"]).map((path) => stack.text(path) ?? ""),
  );
}
