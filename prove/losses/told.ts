import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";

const index = new WeakMap<Graph, ReadonlyMap<string, readonly Resource[]>>();

/** Topics with a subscription, to which an alarm leads: by its own actions, or by composite alarms whose rule names it. */
export function topicsOf(graph: Graph, alarm: Resource, seen: readonly string[] = []): readonly Resource[] {
  if (seen.includes(alarm.address)) return [];
  const own =
    graph.text(alarm.values["actions_enabled"]) === "false"
      ? []
      : graph.list(alarm.values["alarm_actions"]).flatMap((action) => {
          const topic = graph.target(action) ?? graph.all("aws_sns_topic").find((one) => graph.arn(one) === graph.text(action));
          return topic?.type === "aws_sns_topic" && graph.referring("aws_sns_topic_subscription", "topic_arn", topic).length > 0
            ? [topic]
            : [];
        });
  const parents = parentsOf(graph).get(graph.text(alarm.values["alarm_name"]) ?? "") ?? [];
  return [...own, ...parents.flatMap((parent) => topicsOf(graph, parent, [...seen, alarm.address]))];
}

/** Composite alarms by the name of an alarm in their rule. */
function parentsOf(graph: Graph): ReadonlyMap<string, readonly Resource[]> {
  const known = index.get(graph);
  if (known) return known;
  const found = new Map<string, Resource[]>();
  for (const composite of graph.all("aws_cloudwatch_composite_alarm")) {
    // NOT ALARM("…") is about the silence of an alarm.
    const rule = (graph.text(composite.values["alarm_rule"]) ?? "").replaceAll(/NOT\s+ALARM\([^)]*\)/g, "");
    for (const [, name = ""] of rule.matchAll(/ALARM\(\s*"?([^")]+?)"?\s*\)/g)) {
      const last = name.split(":alarm:").at(-1) ?? name;
      found.set(last, [...(found.get(last) ?? []), composite]);
    }
  }
  index.set(graph, found);
  return found;
}
