import type { Graph } from "./graph";
import { regionOf } from "./regions";
import type { Resource } from "./values";

/** A resource together with the stack that has it. */
export interface Located {
  readonly graph: Graph;
  readonly resource: Resource;
  readonly region: string | undefined;
}

/** Every resource of a type in every stack. */
export function everywhere(stacks: readonly Graph[], type: string): readonly Located[] {
  return stacks.flatMap((graph) => graph.all(type).map((resource) => ({ graph, resource, region: regionOf(graph, resource) })));
}

/** The resources of a type, in every stack, with a name. */
export function named(stacks: readonly Graph[], type: string, argument: string, name: string | undefined): readonly Located[] {
  if (name === undefined) return [];
  return everywhere(stacks, type).filter(({ graph, resource }) => graph.text(resource.values[argument]) === name);
}

/** The resource of a type with an ARN. */
export function withArn(stacks: readonly Graph[], type: string, arn: string | undefined): Located | undefined {
  if (arn === undefined) return undefined;
  return everywhere(stacks, type).find(({ graph, resource, region }) => arnIn(graph, resource, region) === arn);
}

/** The ARN of a resource, in the region of its provider. */
export function arnIn(graph: Graph, resource: Resource, region = regionOf(graph, resource)): string | undefined {
  const arn = graph.arn(resource);
  const parts = arn?.split(":");
  if (!parts || parts[3] === "" || region === undefined) return arn;
  return parts.with(3, region).join(":");
}

/** Region and account that an ARN names. */
export function placeOf(arn: string): { readonly region: string | undefined; readonly account: string | undefined } {
  const [, , , region, account] = arn.split(":");
  return { region: region === "" ? undefined : region, account: account === "" ? undefined : account };
}

/** A key to which a value refers, directly or by an alias, in any stack. */
export type Key =
  | { readonly kind: "key"; readonly region: string | undefined; readonly located: Located }
  /** Named by an ARN, or found by what is not in the JSON. */
  | { readonly kind: "other"; readonly region: string | undefined }
  | { readonly kind: "missing"; readonly because: string };

/** The key that an argument names. Undefined without the argument. */
export function keyOf(stacks: readonly Graph[], graph: Graph, value: unknown): Key | undefined {
  if (value === undefined || value === null) return undefined;
  const target = graph.target(value);
  if (target?.type === "aws_kms_key" || target?.type === "aws_kms_replica_key") {
    const region = regionOf(graph, target);
    return { kind: "key", region, located: { graph, resource: target, region } };
  }
  if (target?.type === "aws_kms_alias") return keyOf(stacks, graph, target.values["target_key_id"]);
  if (target?.type === "data.aws_kms_alias") return keyByAlias(stacks, graph, target);
  if (target) return target.type.startsWith("data.") ? other(graph, target) : wrongType(target);
  const found = graph.text(value) ?? "";
  if (/^arn:[^:]+:kms:/.test(found)) return { kind: "other", region: placeOf(found).region };
  return /^\$\{(data\.)?aws_/.test(found)
    ? { kind: "missing", because: `${found} is not in this JSON` }
    : { kind: "other", region: undefined };
}

const other = (graph: Graph, target: Resource): Key => ({ kind: "other", region: regionOf(graph, target) });
const wrongType = ({ address }: Resource): Key => ({ kind: "missing", because: `${address} is no key` });

/** A key by its alias, which another stack makes in the region of the lookup. */
function keyByAlias(stacks: readonly Graph[], graph: Graph, lookup: Resource): Key {
  const name = graph.text(lookup.values["name"]) ?? "";
  const region = regionOf(graph, lookup);
  const aliases = named(stacks, "aws_kms_alias", "name", name);
  const here = aliases.find((alias) => alias.region === region);
  const key = here && keyOf(stacks, here.graph, here.resource.values["target_key_id"]);
  if (key) return key;
  if (name.startsWith("alias/aws/")) return { kind: "other", region };
  const made = aliases.length > 0 || everywhere(stacks, "aws_kms_alias").length > 0;
  return made ? { kind: "missing", because: `no stack creates ${name} in ${String(region)}` } : { kind: "other", region };
}

/** The aliases of a key, as `kms:ResourceAliases` has them. */
export function aliasesOf({ graph, resource }: Located): readonly string[] {
  return graph
    .all("aws_kms_alias")
    .filter(({ values }) => graph.target(values["target_key_id"])?.address === resource.address)
    .flatMap(({ values }) => graph.text(values["name"]) ?? []);
}
