import type { Graph } from "../graph/graph";
import { block, type Resource, text } from "../graph/values";
import { alarmsOf, exists } from "./alarms";
import { intervalOf, rulesOf, targetsOf } from "./events";
import { isOfAws, type MetricAlarm } from "./metric-alarm";
import { arnIn, mayAssume, type Role, roleAllows, roleOf } from "./permissions";
import { perGraph } from "./per-graph";
import { mayInvoke } from "./topics";

/** A function that publishes custom metrics on a schedule: while it does not, they are silent. */
export interface Publisher {
  readonly resource: Resource;
  readonly role: Role | undefined;
  /** The namespaces of the alarms whose metrics it may publish. */
  readonly namespaces: readonly string[];
  /** Seconds between two runs. Undefined if nothing invokes it. */
  readonly interval: number | undefined;
  /** What the function knows: its variables, as text. */
  readonly variables: string;
}

/** The functions that a schedule invokes, or is meant to, and that publish metrics on which there are alarms. */
export const publishersOf = perGraph((graph): readonly Publisher[] => {
  const namespaces = [...new Set(customAlarms(graph).flatMap(({ metrics }) => metrics.map(({ namespace }) => namespace)))];
  return graph
    .all("aws_lambda_function")
    .filter(exists)
    .flatMap((resource) => {
      const role = roleOf(graph, resource.values["role"]);
      const published = namespaces.filter(
        (namespace) => role && roleAllows(role, "cloudwatch:PutMetricData", "*", { "cloudwatch:namespace": namespace }),
      );
      if (published.length === 0) return [];
      const variables = (block(resource.values["environment"])["variables"] ?? {}) as Readonly<Record<string, unknown>>;
      return [
        {
          resource,
          role,
          namespaces: published,
          interval: role && mayAssume(graph, role, "lambda.amazonaws.com") ? scheduleOf(graph, resource) : undefined,
          variables: Object.values(variables)
            .map((value) => graph.text(value) ?? "")
            .join("\n"),
        },
      ];
    });
});

/** The alarms on metrics that are not of AWS. */
export function customAlarms(graph: Graph): readonly MetricAlarm[] {
  return [...alarmsOf(graph).metric.values()].filter(
    ({ metrics }) => metrics.length > 0 && metrics.every(({ namespace }) => !isOfAws(namespace)),
  );
}

/** Seconds between two invocations by an enabled rule that may invoke the function. */
function scheduleOf(graph: Graph, lambda: Resource): number | undefined {
  const intervals = rulesOf(graph)
    .filter((rule) => rule.isEnabled && targetsOf(graph, rule).some(({ values }) => graph.target(values["arn"]) === lambda))
    .filter(({ resource }) => mayInvoke(graph, lambda, "events.amazonaws.com", arnIn(graph, resource)))
    .flatMap(({ resource }) => intervalOf(graph.text(resource.values["schedule_expression"])) ?? []);
  return intervals.length === 0 || isThrottled(lambda) ? undefined : Math.min(...intervals);
}

/** A function with a reserved concurrency of zero is never run. */
const isThrottled = ({ values }: Resource): boolean => text(values["reserved_concurrent_executions"]) === "0";
