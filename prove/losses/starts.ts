import { containersOf } from "../claims/containers";
import type { Graph } from "../graph/graph";
import { homeOf } from "../graph/regions";
import { block, blocks } from "../graph/values";
import { exitOf, type Subnet } from "../network/subnets";
import { keysOf, type Platform, type RunningService, wholeRegion } from "./model";
import type { Outage } from "./outage";
import { defaultRoutesOf } from "./routes";

/** What a task needs to start, and not to run. @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html */
export interface Needs {
  /** Parts, or whole regions. */
  readonly parts: readonly string[];
  readonly registries: readonly string[];
}

const known = new WeakMap<RunningService, Needs>();

export function needsOf(platform: Platform, service: RunningService): Needs {
  const found = known.get(service) ?? find(platform, service);
  known.set(service, found);
  return found;
}

function find(platform: Platform, { part, service }: RunningService): Needs {
  const { graph } = part;
  const containers = containersOf(graph, service) ?? [];
  const cluster = graph.target(service.resource.values["cluster"]);
  const storage = blocks(cluster?.values["configuration"]).flatMap((one) => keysOf(graph, one["managed_storage_configuration"]));
  const secrets = containers.flatMap(({ values }) =>
    blocks(values["secrets"]).flatMap(({ valueFrom }) => sourceOf(platform, graph, valueFrom)),
  );
  const images = containers.flatMap(({ values }) => imageOf(graph, values["image"]) ?? []);
  const foreign = images.flatMap((image) => /\.dkr\.ecr\.([a-z0-9-]+)\./.exec(image)?.[1] ?? []);
  return {
    parts: [...new Set([...storage, ...secrets, ...foreign.filter((region) => region !== part.region).map(wholeRegion)])],
    registries: [...new Set(images.map(registryOf))],
  };
}

/** The parameter or the copy of a secret that is read in the region of the tasks. */
function sourceOf(platform: Platform, graph: Graph, value: unknown): readonly string[] {
  const from = graph.text(value) ?? "";
  const region = /^arn:[\w-]+:(?:ssm|secretsmanager):([a-z0-9-]+):/.exec(from)?.[1] ?? homeOf(graph);
  const parameter = from.split(":parameter").at(-1);
  const reference = graph.target(from.split(":")[0]);
  const secret = reference ? graph.text(reference.values["name"]) : /:secret:(.+?)(?:-[A-Za-z0-9]{6})?(?::|$)/.exec(from)?.[1];
  const parts = [...platform.parts.values()].filter(({ graph: owner, resource, region: place }) => {
    if (place !== region) return false;
    if (resource.type === "aws_ssm_parameter") return owner.text(resource.values["name"]) === parameter;
    return resource.type === "aws_secretsmanager_secret" && secret !== undefined && owner.text(resource.values["name"]) === secret;
  });
  return [...parts.map(({ id }) => id), ...(region !== undefined && region !== homeOf(graph) ? [wholeRegion(region)] : [])];
}

/** The image of a container: a text, a variable, a key of one, or the replacement of a part of it. */
function imageOf(graph: Graph, value: unknown): string | undefined {
  const written = graph.text(value);
  if (written === undefined) return undefined;
  const [, inner, pattern = "", by = ""] = /^\$\{replace\((.+?), "\/(.*)\/", "(.*)"\)\}$/.exec(written) ?? [];
  if (inner !== undefined) {
    const image = imageOf(graph, `\${${inner}}`);
    try {
      return image?.replace(new RegExp(pattern), by);
    } catch {
      return image;
    }
  }
  const [, name = "", key = ""] = /^\$\{var\.([\w-]+)\.([\w-]+)\}$/.exec(written) ?? [];
  const table = block(graph.json.variable?.[name]?.["default"]);
  return written.includes("${") ? graph.text(table[key]) : written;
}

/** @see https://docs.docker.com/reference/cli/docker/image/tag/#description */
function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : "docker.io";
}

/** Whether new tasks of a service start after a loss, in at least one zone. */
export function canStart(outage: Outage, service: RunningService): boolean {
  const { part } = service;
  const { parts, registries } = needsOf(outage.platform, service);
  if (outage.has(part) || (part.region !== undefined && outage.noStarts.includes(part.region))) return false;
  if (parts.some((one) => outage.lost.has(one)) || registries.some((one) => outage.registries.includes(one))) return false;
  const subnets = service.service.subnets ?? [];
  const left = subnets.filter(({ address }) => !outage.lost.has(`${part.graph.name}/${address}`));
  return subnets.length === 0 || left.some((subnet) => exitHolds(outage, part.graph, subnet));
}

/** Whether a subnet still has the way out that it has. */
function exitHolds(outage: Outage, graph: Graph, subnet: Subnet): boolean {
  const exit = exitOf(subnet);
  if (exit?.kind === "nat" && outage.hasResource(graph, exit.gateway)) return false;
  const [resource] = graph.all("aws_subnet").filter(({ address }) => address === subnet.address);
  return !defaultRoutesOf(graph, resource).some((id) => outage.lost.has(id));
}

/** Subnets of tasks that are left, whose NAT gateway is lost and stands in another zone. */
export function strandedSubnets(outage: Outage): string[] {
  return outage.platform.services.flatMap(({ part, service }) =>
    (service.subnets ?? []).flatMap((subnet) => {
      const exit = exitOf(subnet);
      if (exit?.kind !== "nat" || outage.lost.has(`${part.graph.name}/${subnet.address}`) || !outage.hasResource(part.graph, exit.gateway))
        return [];
      const place = part.graph.target(exit.gateway.values["subnet_id"]);
      const zone = place && part.graph.text(place.values["availability_zone"]);
      return zone === subnet.zone
        ? []
        : [
            `${part.graph.name}/${subnet.address} in ${subnet.zone} loses its way to the internet with ${exit.gateway.address} in ${String(zone)}.`,
          ];
    }),
  );
}
