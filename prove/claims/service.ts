import type { Graph } from "../graph/graph";
import { regionOf } from "../graph/regions";
import { block, type Values } from "../graph/values";
import { type Claim, decided, notApplicable, unknown } from "./claim";
import { type Container, flag, numberOf, OTHER_DEFINITION, withContainers } from "./containers";
import { type Service, services } from "./parts";
import { CAPACITY_CLAIMS } from "./service-capacity";
import { CHECK_CLAIMS } from "./service-checks";
import { SECRET_CLAIMS } from "./service-secrets";

/** Claims about what happens to the tasks of a service: releases, checks, logs, secrets, capacity. */
export const SERVICE_CLAIMS: readonly Claim[] = [
  {
    id: "S1",
    title: "A release stops no task before its replacement is healthy, goes on in every zone, and is rolled back when it fails",
    requirementIds: ["S000-2.3", "S000-C6"],
    decide: (graph) => {
      const parts = services(graph).filter(({ resource }) => graph.text(resource.values["scheduling_strategy"]) !== "DAEMON");
      if (parts.length === 0) return notApplicable("There is no service.");
      const [other] = parts.filter(({ resource }) => controllerOf(graph, resource.values) !== "ECS");
      if (other) return unknown(`${other.resource.address} is released by another controller than ECS.`);
      return decided(
        parts.flatMap((service) => releaseFaults(graph, service)),
        parts.map((service) => `${service.resource.address}: ${batch(graph, service)}`),
        "ECS starts new tasks first, in every zone at once, and returns to the former release when they fail.",
      );
    },
  },
  {
    id: "S5",
    title: "Logs cannot block a program, and stay in the region of its tasks",
    decide: (graph, stacks) => {
      const parts = withContainers(graph, services(graph));
      if (!parts) return unknown(OTHER_DEFINITION);
      if (parts.length === 0) return notApplicable("There is no service.");
      return decided(
        parts.flatMap(({ resource, containers }) =>
          containers.flatMap((container) => logFaults(graph, stacks, container, `${container.name} of ${resource.address}`)),
        ),
        parts.map(({ resource, containers }) => `${resource.address}: ${containers.map(({ name }) => name).join(", ")}`),
        "Each container discards logs that cannot be sent, and does not wait for them.",
      );
    },
  },
  ...CAPACITY_CLAIMS,
  ...CHECK_CLAIMS,
  ...SECRET_CLAIMS,
];

function controllerOf(graph: Graph, values: Values): string {
  return graph.text(block(values["deployment_controller"])["type"]) ?? "ECS";
}

/** Least and greatest number of tasks in a release. A standby without tasks is seen as one with two tasks in each zone. */
function bounds(graph: Graph, { resource: { values }, tasks, subnets }: Service) {
  const zones = subnets?.length ?? graph.list(block(values["network_configuration"])["subnets"]).length;
  const count = tasks === undefined || tasks === 0 ? 2 * zones : tasks;
  const least = Math.ceil((count * (numberOf(graph, values["deployment_minimum_healthy_percent"]) ?? 100)) / 100);
  const most = Math.floor((count * (numberOf(graph, values["deployment_maximum_percent"]) ?? 200)) / 100);
  return { zones, count, least, most };
}

function batch(graph: Graph, service: Service): string {
  const { count, least, most } = bounds(graph, service);
  return `${least} to ${most} of ${count} tasks run during a release`;
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html */
function releaseFaults(graph: Graph, service: Service): string[] {
  const { address, values } = service.resource;
  const { zones, count, least, most } = bounds(graph, service);
  const breaker = block(values["deployment_circuit_breaker"]);
  const alarms = block(values["alarms"]);
  const named = graph.list(alarms["alarm_names"]).map((name) => graph.text(name) ?? "");
  const existing = [...graph.all("aws_cloudwatch_metric_alarm"), ...graph.all("aws_cloudwatch_composite_alarm")].map(({ values: alarm }) =>
    graph.text(alarm["alarm_name"]),
  );
  const once = Math.min(zones, count);
  return [
    ...(least < count ? [`A release of ${address} stops ${count - least} of ${count} tasks before their replacements are healthy.`] : []),
    ...(most <= least ? [`A release of ${address} may start no task beside the ${count} that run, and never ends.`] : []),
    ...(most > least && most - least < once
      ? [
          `A release of ${address} starts ${most - least} tasks at once, fewer than its ${zones} zones: it replaces one zone after the other.`,
        ]
      : []),
    ...(flag(graph, breaker["enable"], false)
      ? flag(graph, breaker["rollback"], false)
        ? []
        : [`A failed release of ${address} is not rolled back: ECS stops it where it is.`]
      : [`A release of ${address} whose tasks cannot start never ends: there is no circuit breaker.`]),
    ...(named.length > 0 && !(flag(graph, alarms["enable"], false) && flag(graph, alarms["rollback"], false))
      ? [`Alarms during a release of ${address} do not roll it back.`]
      : []),
    ...named
      .filter((name) => existing.length > 0 && !existing.includes(name))
      .map((name) => `A release of ${address} waits for an alarm ${name}, which is not in this JSON.`),
  ];
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html */
function logFaults(graph: Graph, stacks: readonly Graph[], { values }: Container, what: string): string[] {
  const logs = block(values["logConfiguration"]);
  if (Object.keys(logs).length === 0) return [];
  const options = block(logs["options"]);
  const mode = graph.text(options["mode"]) ?? accountMode(graph);
  const region = graph.text(options["awslogs-region"]) ?? graph.region;
  const group = graph.text(options["awslogs-group"]);
  const groups = stacks.flatMap((stack) =>
    stack.all("aws_cloudwatch_log_group").map((one) => ({ name: stack.text(one.values["name"]), region: regionOf(stack, one) })),
  );
  const exists = groups.some((one) => one.name === group && one.region === region);
  const made = graph.text(options["awslogs-create-group"]) === "true";
  const cloudwatch = graph.text(logs["logDriver"]) === "awslogs";
  return [
    ...(mode === "non-blocking"
      ? []
      : [
          mode === undefined
            ? `${what} leaves the mode of its logs to a setting of the account, and can wait for CloudWatch Logs.`
            : `${what} waits for its logs (mode ${mode}): when CloudWatch Logs does not answer, it answers no request.`,
        ]),
    ...(cloudwatch && region !== graph.region ? [`${what} sends its logs to ${String(region)}: its tasks need another region.`] : []),
    ...(cloudwatch && group === undefined ? [`${what} has no log group: its tasks do not start.`] : []),
    ...(cloudwatch && group !== undefined && !exists && !made && groups.length > 0
      ? [`${what} has the log group ${group}, which is not in this JSON: its tasks do not start.`]
      : []),
  ];
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html */
function accountMode(graph: Graph): string | undefined {
  return graph
    .all("aws_ecs_account_setting_default")
    .filter(({ values }) => graph.text(values["name"]) === "defaultLogDriverMode")
    .map(({ values }) => graph.text(values["value"]))[0];
}
