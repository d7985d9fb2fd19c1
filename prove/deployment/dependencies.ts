import { stringsIn } from "../graph/elsewhere";
import type { Graph } from "../graph/graph";
import { block, type Resource } from "../graph/values";

const REFERENCE = /\b(?:module\.[\w-]+\.)*(?:data\.)?[a-z][a-z0-9_]*\.[\w-]+/g;
const LOCAL = /\blocal\.([\w-]+)/g;

/** What Terraform creates before a resource, by the address of the resource. */
export type Dependencies = ReadonlyMap<string, readonly string[]>;

/** Dependencies of every resource of a stack: references in its arguments, also through local values, and `depends_on`. */
export function dependenciesOf(graph: Graph): Dependencies {
  const instances = instancesOf(graph);
  return new Map(
    graph.all().map((resource) => {
      const found = [...expressions(resource, graph)].flatMap((text) => text.match(REFERENCE) ?? []);
      const addresses = new Set(found.flatMap((address) => instances.get(address) ?? []));
      addresses.delete(resource.address);
      return [resource.address, [...addresses]];
    }),
  );
}

/** Instances of a resource with `count` or `for_each`, by the address without the key. */
function instancesOf(graph: Graph): ReadonlyMap<string, readonly string[]> {
  const instances = new Map<string, string[]>();
  for (const { address } of graph.all()) {
    const whole = address.replace(/\[[^\]]*\]$/, "");
    instances.set(whole, [...(instances.get(whole) ?? []), address]);
  }
  return instances;
}

function expressions({ values }: Resource, graph: Graph): ReadonlySet<string> {
  const locals = block(graph.json.locals);
  const { depends_on: after, ...others } = values;
  const texts = new Set([...stringsIn(after), ...stringsIn(others).filter((text) => text.includes("${"))]);
  // A set visits what is added during the loop: local values refer to others.
  for (const text of texts) for (const [, name = ""] of text.matchAll(LOCAL)) for (const inner of stringsIn(locals[name])) texts.add(inner);
  return texts;
}
