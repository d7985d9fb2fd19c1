import type { Graph } from "../graph/graph";
import { blocks, text, type Values } from "../graph/values";
import { evaluate, tasksThat, texts } from "../state-machine/arguments";
import type { Machine, Node } from "../state-machine/machine";

/** A service whose tasks a machine awaits. */
export interface Awaited {
  readonly name: string;
  readonly cluster: string;
  /** The number of running tasks with which it is content. Undefined if it does not count them. */
  readonly tasks: number | undefined;
}

/** The services that a machine describes until they run. */
export function awaitedServices(machine: Machine): readonly Awaited[] {
  return tasksThat(machine, "ecs:describeServices").flatMap((node) => {
    const names = texts(machine, node, "Services") ?? [];
    const clusters = texts(machine, node, "Cluster") ?? [];
    const counts = requiredTasks(machine, node);
    return names.map((name, index) => ({ name, cluster: clusters[index] ?? clusters[0] ?? "", tasks: counts?.[index] ?? counts?.[0] }));
  });
}

/** The numbers of tasks that a Choice behind the description requires, in the order of the services. */
function requiredTasks(machine: Machine, described: Node): readonly number[] | undefined {
  const selector = (described.state["ResultSelector"] ?? {}) as Values;
  const running = Object.entries(selector)
    .find(([, path]) => String(path).endsWith(".RunningCount"))?.[0]
    .replace(/\.\$$/, "");
  const variable = `${text(described.state["ResultPath"]) ?? "$"}.${running ?? "RunningCount"}`;
  const rules = [...described.scope.nodes.values()].flatMap((node) =>
    blocks(node.state["Choices"]).flatMap((rule) => parts(rule).map((part) => ({ node, part }))),
  );
  const found = rules.find(
    ({ part }) => part["Variable"] === variable && (part["NumericGreaterThanEquals"] ?? part["NumericGreaterThanEqualsPath"]) !== undefined,
  );
  if (!found) return undefined;
  const fixed = found.part["NumericGreaterThanEquals"];
  if (typeof fixed === "number") return [fixed];
  const path = text(found.part["NumericGreaterThanEqualsPath"]) ?? "";
  return evaluate(machine, found.node, path)?.map(Number);
}

/** Parts that must all be true. */
function parts(rule: Values): readonly Values[] {
  return rule["And"] === undefined ? [rule] : blocks(rule["And"]).flatMap(parts);
}

/** Ranges of tasks that a machine sets. */
export function scaledServices(machine: Machine): readonly { readonly resource: string; readonly min: number; readonly max: number }[] {
  return tasksThat(machine, "applicationautoscaling:registerScalableTarget").flatMap((node) => {
    const [minima, maxima] = [texts(machine, node, "MinCapacity") ?? [], texts(machine, node, "MaxCapacity") ?? []];
    return (texts(machine, node, "ResourceId") ?? []).map((resource, index) => ({
      resource,
      min: Number(minima[index] ?? minima[0]),
      max: Number(maxima[index] ?? maxima[0]),
    }));
  });
}

/** The most tasks that a service of a name runs in any of some stacks, without load. */
export function sizeOf(stacks: readonly Graph[], name: string): number {
  const sizes = stacks.flatMap((stack) =>
    stack
      .all("aws_ecs_service")
      .filter(({ values }) => stack.text(values["name"]) === name)
      .map((service) => {
        const cluster = (stack.text(service.values["cluster"]) ?? "").split("/").at(-1) ?? "";
        const scaling = stack
          .all("aws_appautoscaling_target")
          .find(({ values }) => stack.text(values["resource_id"]) === `service/${cluster}/${name}`);
        const size = Number(scaling?.values["min_capacity"] ?? service.values["desired_count"] ?? 0);
        return Number.isFinite(size) ? size : 0;
      }),
  );
  return Math.max(0, ...sizes);
}
