import { recorded } from "./commands";
import { type Caller, type Effect, failed, ok } from "./effects";
import { allowedTooEarly, invoke, leavesRestored, routedBack } from "./function-calls";
import type { PendingTask } from "./interpreter";
import { asText, isObject, type Json, type JsonObject } from "./json-path";
import type { Platform } from "./platform";
import { rangeKey, restoredRegions, type World, writerParameter, writesParameter } from "./world";

/** How the environment answers a Task, apart from faults. */
export function perform(platform: Platform, world: World, caller: Caller, action: string, task: PendingTask): Effect[] {
  const parameters = isObject(task.parameters) ? task.parameters : {};
  const text = (key: string): string => asText(parameters[key]);
  switch (action) {
    case "sns:publish":
      return [ok({ ...world, messages: recorded(world.messages, `${text("Subject")}: ${text("Message")}`, platform.regions) })];
    case "lambda:invoke":
      return invoke(platform, world, caller, parameters["Payload"] as JsonObject).map((effect) =>
        "result" in effect.answer ? { ...effect, answer: { result: { Payload: effect.answer.result } } } : effect,
      );
    case "ssm:getParameter": {
      const value = platform.dns.published.get(text("Name")) ?? world.parameters[text("Name")];
      return value === undefined
        ? [failed("Ssm.ParameterNotFoundException", `there is no ${text("Name")}`, world)]
        : [ok(world, { Parameter: { Value: value } })];
    }
    case "ssm:putParameter":
      return [putParameter(platform, world, caller, text("Name"), text("Value"))];
    case "route53:updateHealthCheck":
      return updateHealthCheck(platform, world, caller, parameters);
    case "rds:failoverGlobalCluster":
      return failOver(platform, world, caller, parameters);
    case "rds:switchoverGlobalCluster":
      // A switchover is requested in the region of the present primary, and Step Functions calls its own region only.
      return [failed("Rds.InvalidGlobalClusterStateException", "this region is not the primary", world, "AWS refuses it")];
    case "rds:describeDBClusters":
      return [ok(world, { DbClusters: [describeCluster(platform, world, caller.region)] })];
    case "rds:createDBInstance":
      return [ok({ ...world, instances: [...new Set([...world.instances, caller.region])].sort() })];
    case "rds:describeDBInstances":
      return [
        ok(world, { DbInstances: [{ DbInstanceStatus: "available" }] }),
        { ...ok(world, { DbInstances: [{ DbInstanceStatus: "creating" }] }), slow: "instance", note: "the instance is not available yet" },
      ];
    case "cloudwatch:describeAlarms":
      return [ok(world, { MetricAlarms: [{ StateValue: world.isLagHigh ? "ALARM" : "OK" }] })];
    case "applicationautoscaling:registerScalableTarget":
      return [
        register(platform, world, caller, text("ResourceId"), [Number(parameters["MinCapacity"]), Number(parameters["MaxCapacity"])]),
      ];
    case "applicationautoscaling:describeScalableTargets":
      return [ok(world, { ScalableTargets: describeRanges(world, caller, parameters["ResourceIds"] as readonly string[]) })];
    case "ecs:updateService":
      return [ok(world, { Service: { Deployments: [{ Id: "new", Status: "PRIMARY" }] } })];
    case "ecs:describeServices":
      return rollout(platform, world, caller, `service/${text("Cluster")}/${asText((parameters["Services"] as readonly Json[])[0])}`);
    default:
      throw new Error(`the model has no ${action} (${task.name})`);
  }
}

function failOver(platform: Platform, world: World, caller: Caller, parameters: JsonObject): Effect[] {
  const allowsDataLoss = parameters["AllowDataLoss"] === true;
  const arn = asText(parameters["TargetDbClusterIdentifier"]);
  const target = platform.regions.find((region) => arn.endsWith(`:${platform.clusters.get(region) ?? ""}`));
  if (target === undefined) return [failed("Rds.DbClusterNotFoundException", `there is no ${arn}`, world)];
  const breaches =
    allowsDataLoss && !caller.allowsDataLoss ? [{ invariant: "f", sentence: "data may be lost without the words that allow it" }] : [];
  breaches.push(...leavesRestored(caller));
  const refused = failed("Rds.InvalidGlobalClusterStateException", "the global database is being changed", world, "AWS refuses it");
  const accepted: Effect = { ...ok({ ...world, promotion: { target, kind: "failover", allowsDataLoss } }), requests: true, breaches };
  if (world.writer === target) return [refused];
  if (world.promotion === null) return [accepted];
  // A failover during a switchover that the lost region has interrupted is accepted or refused: AWS documents neither.
  return world.promotion.kind === "switchover" && world.dark.includes(world.writer) ? [accepted, refused] : [refused];
}

function putParameter(platform: Platform, world: World, caller: Caller, name: string, value: string): Effect {
  const { region } = caller;
  const next = { ...world, parameters: { ...world.parameters, [name]: value } };
  if (name === writesParameter(platform, region))
    return { ...ok(next), breaches: value === "allowed" ? allowedTooEarly(caller, region) : [] };
  const created = [...platform.clusters.values()];
  const isRestored = restoredRegions(platform, world).includes(region) && name === writerParameter(platform, region);
  const leadsAway = isRestored && created.some((cluster) => value.startsWith(`${cluster}/`));
  return {
    ...ok(next),
    breaches: leadsAway ? [{ invariant: "i", sentence: `the tasks of ${region} are switched from a restored cluster to ${value}` }] : [],
  };
}

function updateHealthCheck(platform: Platform, world: World, caller: Caller, parameters: JsonObject): Effect[] {
  const id = asText(parameters["HealthCheckId"]);
  const settings = { disabled: parameters["Disabled"] === true, inverted: parameters["Inverted"] === true };
  const others = Object.fromEntries(Object.entries(world.checks).filter(([check]) => check !== id));
  const checks = settings.disabled || settings.inverted ? { ...others, [id]: settings } : others;
  const routed = { ...world, checks: Object.fromEntries(Object.entries(checks).sort()) };
  const updated: Effect = { ...ok(routed), breaches: routedBack(platform, world, routed, caller) };
  // The control plane of Route 53 is in us-east-1.
  if (!world.dark.includes("us-east-1")) return [updated];
  return [
    updated,
    failed("Route53.Route53Exception", "the control plane of Route 53 does not respond", world, "Route 53 does not respond"),
  ];
}

function describeCluster(platform: Platform, world: World, region: string): JsonObject {
  const id = platform.clusters.get(region) ?? "";
  return {
    DbClusterIdentifier: id,
    Status: "available",
    Endpoint: `${id}/writer`,
    ReaderEndpoint: `${id}/reader`,
    DbClusterMembers: world.instances.includes(region) ? [{ DbInstanceIdentifier: "one", IsClusterWriter: true }] : [],
  };
}

function register(platform: Platform, world: World, { region }: Caller, resource: string, range: readonly [number, number]): Effect {
  const key = rangeKey(region, resource);
  const isBelow = (least: readonly [number, number] | undefined): boolean =>
    least !== undefined && (range[0] < least[0] || range[1] < least[1]);
  const before = world.ranges[key] ?? [0, 0];
  const isLower = isBelow(before) || isBelow(primaryRange(platform, resource));
  return {
    ...ok({ ...world, ranges: { ...world.ranges, [key]: range } }),
    breaches: isLower
      ? [
          {
            invariant: "h",
            sentence: `the range of ${resource} in ${region} is ${range.join("-")} after ${before.join("-")}, and a primary has ${primaryRange(platform, resource)?.join("-") ?? "none"}`,
          },
        ]
      : [],
  };
}

/** The range of a service in a primary region, as Terraform creates it. */
function primaryRange({ regions, scalings }: Platform, resource: string): readonly [number, number] | undefined {
  return scalings.find((scaling) => scaling.region === regions[0] && scaling.resource === resource)?.range;
}

function describeRanges(world: World, { region }: Caller, resources: readonly string[]): JsonObject[] {
  return resources.map((resource) => {
    const [MinCapacity = 0, MaxCapacity = 0] = world.ranges[rangeKey(region, resource)] ?? [];
    return { ResourceId: resource, MinCapacity, MaxCapacity };
  });
}

/** The tasks of a service, as many as its range requires. */
function rollout(platform: Platform, world: World, { region }: Caller, resource: string): Effect[] {
  const [tasks = 0] = world.ranges[rangeKey(region, resource)] ?? [];
  const slow = `tasks of ${region}`;
  const services = (RolloutState: string, RunningCount: number): Json => ({
    Services: [{ RunningCount, DesiredCount: 6, Deployments: [{ Id: "new", Status: "PRIMARY", RolloutState }] }],
  });
  const replaced = { ...world, tasks: { ...world.tasks, [region]: world.parameters[writerParameter(platform, region)] ?? "" } };
  return [
    // A range that is too small keeps the poll waiting.
    { ...ok(replaced, services("COMPLETED", tasks)), slow: `too few ${slow}`, isExpected: true },
    { ...ok(world, services("FAILED", tasks)), slow, faults: 1, note: "the new tasks fail" },
    { ...ok(world, services("IN_PROGRESS", Math.floor(tasks / 2))), slow, note: "the new tasks are not healthy yet" },
  ];
}
