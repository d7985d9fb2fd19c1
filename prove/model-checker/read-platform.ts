import type { Graph } from "../graph/graph";
import { block, blocks, oneOrMany, type Resource } from "../graph/values";
import { rulesAbout } from "../state-machine/messages";
import { may } from "../iam/role-permissions";
import { memberOf } from "../takeover/promotion";
import { parametersWritten, type Takeover, takeoversOf } from "../takeover/takeover";
import { type Dns, readDns } from "./dns";
import type { Program } from "./interpreter";
import { FENCE, type ParameterNames, type Platform, type PlatformParameter, type Scaling } from "./platform";

/** A region with the cluster that its takeover promotes. */
interface Member {
  readonly region: string;
  readonly takeover: Takeover;
  readonly stack: Graph;
  readonly identifier: string;
}

/** The platform of some stacks. Undefined if they have no takeover, or no DNS that fails over. */
export function readPlatform(stacks: readonly Graph[]): Platform | undefined {
  const members = stacks.flatMap((stack) => {
    const member = memberOf(stack);
    return takeoversOf(stack).flatMap((takeover): Member[] =>
      member && stack.region !== undefined
        ? [{ region: stack.region, takeover, stack, identifier: stack.text(member.cluster.values["cluster_identifier"]) ?? "" }]
        : [],
    );
  });
  const failover = stacks.find((stack) =>
    stack.all("aws_route53_record").some(({ values }) => values["failover_routing_policy"] !== undefined),
  );
  if (members.length < 2 || !failover) return undefined;
  const dns = readDns(failover);
  const hosts = new Map(members.flatMap(({ stack, region }) => hostsOf(stack).map((host) => [host, region] as const)));
  const regions = orderOf(dns, hosts);
  const parameters = stacks.flatMap((stack) => readParameters(stack, members));
  return {
    regions: [...regions, ...members.map(({ region }) => region).filter((region) => !regions.includes(region))],
    takeovers: new Map(members.map(({ region, takeover }) => [region, takeover.machine.definition as unknown as Program])),
    takeoverArns: new Map(members.map(({ region, takeover, stack }) => [region, stack.arn(takeover.machine.resource) ?? ""])),
    clusters: new Map(members.map(({ region, identifier }) => [region, identifier])),
    parameters,
    names: new Map(members.map(({ region }) => [region, namesIn(region, parameters)])),
    scalings: members.flatMap(({ stack, region }) => readScalings(region, stack)),
    instances: new Map(members.map(({ stack, region }) => [region, stack.all("aws_rds_cluster_instance").length])),
    dns,
    hosts,
    holdPaths: new Set(members.flatMap(({ stack }) => holdPathsOf(stack))),
    fences: new Set(members.filter(hasFence).map(({ region }) => region)),
    fence: FENCE,
    endedMessages: new Map(members.map(({ region, stack, takeover }) => [region, endedMessage(stack, takeover.machine.resource)])),
  };
}

/** Names of the records that resolve to a load balancer of the stack. */
function hostsOf(stack: Graph): readonly string[] {
  return stack
    .all("aws_route53_record")
    .filter(({ values }) => stack.target(block(values["alias"])["name"])?.type === "aws_lb")
    .map(({ values }) => stack.text(values["name"]) ?? "");
}

/** Regions in the order in which DNS prefers them. */
function orderOf(dns: Dns, hosts: ReadonlyMap<string, string>, name = dns.name, depth = 0): readonly string[] {
  const region = hosts.get(name);
  if (region !== undefined || depth > dns.records.length) return region === undefined ? [] : [region];
  const own = dns.records.filter((record) => record.name === name);
  const sorted = [...own.filter(({ role }) => role === "PRIMARY"), ...own.filter(({ role }) => role !== "PRIMARY")];
  return sorted.flatMap(({ to }) => orderOf(dns, hosts, to, depth + 1));
}

/** Paths with a response that a runbook changes: the load balancer answers whether its region holds DNS. */
function holdPathsOf(stack: Graph): readonly string[] {
  return stack
    .all("aws_lb_listener_rule")
    .filter(({ values }) => blocks(values["action"]).some(({ type }) => type === "fixed-response"))
    .flatMap(({ values }) =>
      blocks(values["condition"]).flatMap((condition) =>
        oneOrMany(block(condition["path_pattern"])["values"]).map((path) => stack.text(path) ?? ""),
      ),
    );
}

type Kind = "writes" | "identifier" | "writer" | "global-writer" | "reader";
interface KnownParameter extends PlatformParameter {
  readonly kind: Kind;
}

/** Parameters that a takeover writes, and those with the endpoints and the identifier of a cluster. */
function readParameters(stack: Graph, members: readonly Member[]): KnownParameter[] {
  return stack.all("aws_ssm_parameter").flatMap((parameter) => {
    const name = stack.text(parameter.values["name"]) ?? "";
    const region = regionOf(stack, parameter);
    const member = members.find((one) => one.region === region);
    const known = member && kindOf(stack, member, parameter, name);
    if (!known || region === undefined) return [];
    const ignored = oneOrMany(block(parameter.values["lifecycle"])["ignore_changes"]);
    return [{ ...known, name, region, isIgnored: ignored.includes("value") || ignored.includes("all") }];
  });
}

function kindOf(
  stack: Graph,
  { takeover, identifier }: Member,
  { values }: Resource,
  name: string,
): { readonly kind: Kind; readonly value: string } | undefined {
  const value = stack.text(values["value"]) ?? "";
  const attribute = /\.(\w+)\}$/.exec(String(values["value"]))?.[1];
  const target = stack.target(values["value"])?.type;
  if (parametersWritten(takeover).includes(name)) return { kind: "writes", value };
  if (value === identifier) return { kind: "identifier", value };
  if (target === "aws_rds_global_cluster" && attribute === "endpoint") return { kind: "global-writer", value: "global/writer" };
  if (target === "aws_rds_cluster" && attribute === "endpoint") return { kind: "writer", value: `${identifier}/writer` };
  if (target === "aws_rds_cluster" && attribute === "reader_endpoint") return { kind: "reader", value: `${identifier}/reader` };
  return undefined;
}

/** The region of the provider of a resource. */
function regionOf(stack: Graph, { values }: Resource): string | undefined {
  const alias = /^aws\.(.+)$/.exec(stack.text(values["provider"]) ?? "")?.[1];
  if (alias === undefined) return stack.region;
  const provider = blocks(stack.json.provider?.["aws"]).find((one) => one["alias"] === alias);
  return stack.text(provider?.["region"]);
}

function namesIn(region: string, parameters: readonly KnownParameter[]): ParameterNames {
  const name = (...kinds: readonly Kind[]): string =>
    kinds.flatMap((kind) => parameters.filter((one) => one.region === region && one.kind === kind))[0]?.name ?? "";
  return { writes: name("writes"), writer: name("global-writer", "writer"), identifier: name("identifier") };
}

function readScalings(region: string, stack: Graph): Scaling[] {
  const number = (value: unknown): number => Number(stack.text(value) ?? 0);
  const scheduled = stack
    .all("aws_appautoscaling_scheduled_action")
    .map(({ values }) => block(values["scalable_target_action"]))
    .map((action) => [number(action["min_capacity"]), number(action["max_capacity"])] as const);
  return stack.all("aws_appautoscaling_target").map(({ values }) => {
    const ignored = oneOrMany(block(values["lifecycle"])["ignore_changes"]);
    return {
      region,
      resource: stack.text(values["resource_id"]) ?? "",
      range: [number(values["min_capacity"]), number(values["max_capacity"])],
      scheduled,
      isIgnored: ignored.includes("min_capacity") || ignored.includes("all"),
    };
  });
}

/** Whether a function that runs on a schedule may freeze the writes of its region. */
function hasFence({ stack, takeover }: Member): boolean {
  const scheduled = stack
    .all("aws_cloudwatch_event_rule")
    .filter(({ values }) => values["schedule_expression"] !== undefined)
    .map(({ values }) => stack.text(values["name"]) ?? "");
  const targets = stack.all("aws_cloudwatch_event_target").filter(({ values }) => scheduled.includes(stack.text(values["rule"]) ?? "-"));
  return targets.some(({ values }) => {
    const one = stack.target(values["arn"]);
    const role = one?.type === "aws_lambda_function" ? stack.target(one.values["role"]) : undefined;
    if (role?.type !== "aws_iam_role") return false;
    return parametersWritten(takeover).some((name) =>
      may(stack, role, {
        action: "ssm:PutParameter",
        resource: `arn:aws:ssm:${stack.region ?? ""}:${stack.account ?? ""}:parameter${name}`,
      }),
    );
  });
}

/** The message of the event rule when an execution does not succeed. */
function endedMessage(stack: Graph, machine: Resource): string {
  const names = rulesAbout(stack, machine, "FAILED").map((rule) => stack.text(rule.values["name"]));
  const [target] = stack.all("aws_cloudwatch_event_target").filter(({ values }) => names.includes(stack.text(values["rule"])));
  return (stack.text(block(target?.values["input_transformer"])["input_template"]) ?? "").replace(/^"|"$/g, "");
}
