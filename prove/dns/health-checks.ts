import type { Graph } from "../graph/graph";
import { block, oneOrMany, type Resource } from "../graph/values";
import type { DnsRecord, FailoverGroup } from "./records";

const CHECK = "aws_route53_health_check";

/** A health check, and the stack that has it. */
export interface Check {
  readonly graph: Graph;
  readonly check: Resource;
}

/** The health checks that a calculated one counts, as far as they are in the JSON. */
function childrenOf(graph: Graph, { values }: Resource): readonly Resource[] {
  return graph.targets(values["child_healthchecks"]).filter((child) => child?.type === CHECK) as readonly Resource[];
}

/** The checks of endpoints below a check: itself, or the children of a calculated one. */
export function leavesOf(graph: Graph, check: Resource): readonly Resource[] {
  return check.values["type"] === "CALCULATED" ? childrenOf(graph, check) : [check];
}

/** The health check of a record. */
export function checkOf({ graph, resource }: DnsRecord): Resource | undefined {
  const check = graph.target(resource.values["health_check_id"]);
  return check?.type === CHECK ? check : undefined;
}

/** Health checks of endpoints on which the records of a group depend, each once. */
export function leavesOfGroup({ records }: FailoverGroup): readonly Check[] {
  const found = records.flatMap((record) => {
    const check = checkOf(record);
    return check ? leavesOf(record.graph, check).map((leaf) => ({ graph: record.graph, check: leaf })) : [];
  });
  return [...new Map(found.map((leaf) => [`${leaf.graph.name} ${leaf.check.address}`, leaf])).values()];
}

/** Whether an argument of a resource stays as it is when it was changed outside of Terraform. */
export function ignores({ values }: Resource, argument: string): boolean {
  const ignored = block(values["lifecycle"])["ignore_changes"];
  return oneOrMany(ignored).some((name) => name === "all" || name === argument || name === `\${${argument}}`);
}

/**
 * Why Route 53 refuses the health check of a record, or it is not in this JSON.
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
 */
export function brokenCheck(record: DnsRecord): string[] {
  const { resource, graph } = record;
  const id = resource.values["health_check_id"];
  const check = checkOf(record);
  if (!check) return id === undefined || isLiteral(id) ? [] : [`${resource.address} has a health check that is not in this JSON.`];
  if (check.values["type"] !== "CALCULATED") return [];
  const children = graph.targets(check.values["child_healthchecks"]);
  const odd = children.find((child) => child?.values["type"] === "CALCULATED");
  return [
    ...(children.length === 0 || children.some((child) => child?.type !== CHECK)
      ? [`${check.address} counts a health check that is not in this JSON.`]
      : []),
    ...(odd ? [`${check.address} counts ${odd.address}, which is calculated as well: Route 53 refuses that.`] : []),
  ];
}

/** Whether a record has the health check of another owner, by its id. */
export function hasForeignCheck({ resource: { values } }: DnsRecord): boolean {
  return isLiteral(values["health_check_id"]);
}

function isLiteral(id: unknown): boolean {
  return typeof id === "string" && !id.includes("${");
}
