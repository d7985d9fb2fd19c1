import type { Graph } from "../graph/graph";
import { blocks, oneOrMany, type Resource } from "../graph/values";
import { may } from "../iam/role-permissions";
import { parametersWritten, type Takeover } from "./takeover";

/** Parameters of a region, wherever they are created: another stack can use a provider of the region. */
export function parametersOf(stacks: readonly Graph[], name: string): readonly Resource[] {
  return stacks.flatMap((stack) => stack.all("aws_ssm_parameter").filter(({ values }) => stack.text(values["name"]) === name));
}

export function parameterFaults(takeover: Takeover, stacks: readonly Graph[]): string[] {
  const { graph, machine } = takeover;
  const names = parametersWritten(takeover);
  if (names.length === 0) return [`${machine.resource.address} writes no parameter: tasks do not learn that their region is the primary.`];
  return names.flatMap((name) => {
    const [parameter] = graph.all("aws_ssm_parameter").filter(({ values }) => graph.text(values["name"]) === name);
    const other = parametersOf(stacks, name)[0];
    if (!parameter)
      return [
        `${machine.resource.address} writes ${name}, which ${other ? "is in another stack" : "does not exist"}: tasks of this region do not read it.`,
      ];
    const ignored = oneOrMany(blocks(parameter.values["lifecycle"])[0]?.["ignore_changes"]);
    return [
      ...(ignored.includes("value") || ignored.includes("all")
        ? []
        : [`The next apply resets ${parameter.address}: a takeover is undone.`]),
      ...(isRead(graph, name) ? [] : [`No task reads ${parameter.address}: what ${machine.resource.address} writes has no effect.`]),
    ];
  });
}

/** Whether tasks name a parameter or a path above it, and may read it. */
function isRead(graph: Graph, name: string): boolean {
  const arn = `arn:aws:ssm:${graph.region ?? ""}:${graph.account ?? ""}:parameter${name}`;
  return graph.all("aws_ecs_service").some(({ values }) => {
    const definition = graph.target(values["task_definition"]);
    const containers = JSON.stringify(graph.document(definition?.values["container_definitions"]) ?? "");
    if (containers.includes(`:parameter${name}"`)) return true;
    const role = graph.target(definition?.values["task_role_arn"]);
    const folders = name.split("/").flatMap((_, index, parts) => (index < 2 ? [] : [parts.slice(0, index).join("/")]));
    const isNamed = [name, ...folders].some((path) =>
      ["", "/"].some((end) => containers.includes(`"${path}${end}"`) || containers.includes(`"${path}${end}\\"`)),
    );
    return (
      isNamed &&
      role?.type === "aws_iam_role" &&
      ["ssm:GetParameter", "ssm:GetParameters"].some((action) => may(graph, role, { action, resource: arn }))
    );
  });
}
