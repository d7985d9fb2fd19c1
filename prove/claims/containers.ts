import type { Graph } from "../graph/graph";
import { block, blocks, oneOrMany, type Resource, text, type Values } from "../graph/values";
import type { Service } from "./parts";

export interface Container {
  readonly name: string;
  readonly values: Values;
  readonly ports: readonly number[];
}

/** A target group with which a service registers its tasks. */
export interface Registration {
  /** Undefined for a target group that is not in this JSON. */
  readonly group: Resource | undefined;
  readonly container: string;
  readonly port: number;
}

/** Containers of the tasks of a service. Undefined if their definitions cannot be read. */
export function containersOf(graph: Graph, { resource }: Service): readonly Container[] | undefined {
  const definition = graph.target(resource.values["task_definition"]);
  const document = graph.document(definition?.values["container_definitions"]);
  if (definition?.type !== "aws_ecs_task_definition" || !Array.isArray(document)) return undefined;
  return (document as readonly unknown[])
    .filter((one): one is Values => typeof one === "object" && one !== null)
    .map((values) => ({
      name: graph.text(values["name"]) ?? "container",
      values,
      ports: blocks(values["portMappings"]).map((mapping) => Number(graph.text(mapping["containerPort"]))),
    }));
}

/** Target groups of a service. */
export function registrationsOf(graph: Graph, { resource }: Service): readonly Registration[] {
  return blocks(resource.values["load_balancer"]).map((target) => ({
    group: graph.target(target["target_group_arn"]),
    container: graph.text(target["container_name"]) ?? "",
    port: Number(graph.text(target["container_port"])),
  }));
}

/** A number in an argument, with variables in the place of their defaults. Undefined for everything else. */
export function numberOf(graph: Graph, value: unknown): number | undefined {
  const found = graph.text(value);
  const number = found === undefined || found === "" ? NaN : Number(found);
  return Number.isNaN(number) ? undefined : number;
}

/** Whether a flag is set. A flag that is not there has the default. */
export function flag(graph: Graph, value: unknown, otherwise: boolean): boolean {
  const found = graph.text(value);
  return found === undefined ? otherwise : found === "true";
}

/**
 * The health check of a target group, with AWS's defaults for what it leaves out.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
export function targetCheckOf(graph: Graph, group: Resource) {
  const check = block(group.values["health_check"]);
  return {
    enabled: flag(graph, check["enabled"], true),
    interval: numberOf(graph, check["interval"]) ?? 30,
    timeout: numberOf(graph, check["timeout"]) ?? 5,
    healthy: numberOf(graph, check["healthy_threshold"]) ?? 3,
    unhealthy: numberOf(graph, check["unhealthy_threshold"]) ?? 3,
    path: graph.text(check["path"]) ?? "/",
    port: graph.text(check["port"]) ?? "traffic-port",
    protocol: graph.text(check["protocol"]) ?? "HTTP",
  };
}

/** Words of a container's health check, without CMD or CMD-SHELL. Undefined without a check. */
export function commandOf(graph: Graph, { values }: Container): string | undefined {
  const check = block(values["healthCheck"]);
  const words = graph.list(check["command"]).map((word) => graph.text(word) ?? "");
  const written = words.length > 0 ? words : oneOrMany(text(check["command"])).map(String);
  const [first = "", ...rest] = written;
  if (first === "" || first === "NONE") return undefined;
  return (first === "CMD" || first === "CMD-SHELL" ? rest : written).join(" ");
}

/**
 * Times of a container's health check in seconds, with the defaults of ECS.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
 */
export function containerCheckOf(graph: Graph, { values }: Container) {
  const check = block(values["healthCheck"]);
  return {
    interval: numberOf(graph, check["interval"]) ?? 30,
    timeout: numberOf(graph, check["timeout"]) ?? 5,
    retries: numberOf(graph, check["retries"]) ?? 3,
    startPeriod: numberOf(graph, check["startPeriod"]) ?? 0,
  };
}

/** Why a claim about containers cannot be decided. */
export const OTHER_DEFINITION = "A task definition is not in this JSON, or its containers are an expression.";

/** Services with their containers. Undefined if one of them cannot be read. */
export function withContainers(
  graph: Graph,
  all: readonly Service[],
): readonly (Service & { readonly containers: readonly Container[] })[] | undefined {
  const found = all.map((service) => ({ ...service, containers: containersOf(graph, service) }));
  return found.every((service): service is Service & { readonly containers: readonly Container[] } => service.containers !== undefined)
    ? found
    : undefined;
}
