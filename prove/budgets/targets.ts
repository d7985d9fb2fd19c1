import type { Graph } from "../graph/graph";
import { block, blocks, type Resource, text } from "../graph/values";
import { type Service, services } from "../claims/parts";
import { type Budget, budget, numberOf, type Phase } from "./budget";
import { PLEDGES } from "./promises";

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
const CHECKS = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html";
const FAIL_OPEN = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health.html";
const SERVER_ERROR = 500;

/** Tasks that receive requests of a load balancer, by their target group. */
export interface Targets {
  readonly service: Service;
  /** Undefined for a target group that is not in this JSON. */
  readonly group: Resource | undefined;
}

/** The target groups of the services that run tasks. */
export function targetsOf(graph: Graph): readonly Targets[] {
  return services(graph)
    .filter(({ tasks }) => tasks !== 0)
    .flatMap((service) =>
      blocks(service.resource.values["load_balancer"]).map((target) => ({ service, group: graph.target(target["target_group_arn"]) })),
    );
}

/** A task that no longer answers: until the load balancer sends it nothing more, and until another one serves. */
export function taskBudgets(graph: Graph): readonly Budget[] {
  return targetsOf(graph).flatMap(({ service, group }) => {
    const failure = `a task of ${service.resource.address}`;
    const subject = group?.address ?? service.resource.address;
    const rpo = "requests that the task had accepted";
    if (group?.type !== "aws_lb_target_group") {
      const named = blocks(service.resource.values["load_balancer"]).map((target) => text(target["target_group_arn"]) ?? "");
      const faults = named
        .filter((name) => name.startsWith("${aws_"))
        .map((name) => `${service.resource.address} names a target group that is not there: ${name}.`);
      const unknown = faults.length > 0 ? undefined : `The target group of ${service.resource.address} is not in this JSON.`;
      return [
        budget(graph, {
          kind: "task",
          subject,
          failure,
          phases: [],
          rpo,
          faults: group ? [`${group.address} is no target group.`] : faults,
          unknown,
          pledge: PLEDGES.task,
        }),
      ];
    }
    const check = block(group.values["health_check"]);
    const [interval, failures, timeout, successes] = [
      numberOf(graph, check["interval"], 30),
      numberOf(graph, check["unhealthy_threshold"], 3),
      numberOf(graph, check["timeout"], 5),
      numberOf(graph, check["healthy_threshold"], 3),
    ];
    if (interval === undefined || failures === undefined || timeout === undefined || successes === undefined) {
      const unknown = `The health check of ${group.address} contains an expression.`;
      return [budget(graph, { kind: "task", subject, failure, phases: [], rpo, unknown, pledge: PLEDGES.task })];
    }
    const phases = detection(interval, failures, timeout);
    const replacement: Phase[] = [
      ...phases,
      {
        what: "ECS starts another task: capacity, image and start of the program",
        least: 0,
        most: undefined,
        formula: "no upper bound is documented",
        source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html",
      },
      {
        what: "the new task becomes healthy",
        least: interval * (successes - 1),
        most: interval * successes,
        formula: `healthy_threshold ${successes} × interval ${interval} s`,
        source: CHECKS,
      },
    ];
    const faults = [...blindness(graph, group, check), ...failsOpen(graph, group, service)];
    return [
      budget(graph, { kind: "task", subject, failure, phases, rpo, faults, pledge: PLEDGES.task }),
      budget(graph, { kind: "task-replacement", subject, failure: `${failure}, until another one serves`, phases: replacement, rpo }),
    ];
  });
}

/** The task stops right after a successful check in the worst case, and right before the first failed one in the best. */
function detection(interval: number, failures: number, timeout: number): Phase[] {
  return [
    {
      what: "the next check begins",
      least: 0,
      most: interval,
      formula: `interval ${interval} s`,
      source: CHECKS,
    },
    {
      what: "further checks until the threshold",
      least: interval * (failures - 1),
      most: interval * (failures - 1),
      formula: `interval ${interval} s × (unhealthy_threshold ${failures} − 1)`,
      source: CHECKS,
    },
    { what: "the last check times out", least: 0, most: timeout, formula: `timeout ${timeout} s`, source: CHECKS },
  ];
}

/** What the check does not see. */
function blindness(graph: Graph, group: Resource, check: Readonly<Record<string, unknown>>): string[] {
  const port = graph.text(check["port"]) ?? "traffic-port";
  const accepted = graph.text(check["matcher"]) ?? "200";
  const highest = Math.max(...accepted.split(/[,-]/).map(Number));
  return [
    ...(graph.text(check["enabled"]) === "false"
      ? [`${group.address} has no health check: a dead task receives requests permanently.`]
      : []),
    ...(port !== "traffic-port" && port !== graph.text(group.values["port"])
      ? [`${group.address} is checked on port ${port}, and receives requests on port ${text(group.values["port"])}.`]
      : []),
    ...(highest >= SERVER_ERROR
      ? [`${group.address} counts the answer ${highest} as healthy: a task that only fails receives requests permanently.`]
      : []),
  ];
}

/**
 * With fewer healthy targets than these, a load balancer sends requests to all of them, also to the dead one.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health.html
 */
function failsOpen(graph: Graph, group: Resource, { tasks }: Service): string[] {
  if (tasks === undefined) return [];
  const routing = block(block(group.values["target_group_health"])["unhealthy_state_routing"]);
  const count = numberOf(graph, routing["minimum_healthy_targets_count"], 1) ?? 1;
  const share = graph.text(routing["minimum_healthy_targets_percentage"]) ?? "off";
  const left = tasks - 1;
  return left < count || (share !== "off" && (100 * left) / tasks < Number(share))
    ? [`With one of ${tasks} tasks unhealthy, ${group.address} sends requests to all of them (${FAIL_OPEN}).`]
    : [];
}
