import type { Graph } from "../graph/graph";
import { type Located } from "../graph/located";
import { regionOf } from "../graph/regions";
import { type Resource } from "../graph/values";
import { may, roleOf } from "../iam/role-permissions";

/** A bucket into which tasks of the stack write. */
export interface DataBucket extends Located {
  readonly name: string;
}

const found = new WeakMap<Graph, readonly DataBucket[]>();

/** The buckets whose objects tasks create: they exist nowhere else. */
export function dataBuckets(graph: Graph): readonly DataBucket[] {
  const known = found.get(graph) ?? read(graph);
  found.set(graph, known);
  return known;
}

function read(graph: Graph): readonly DataBucket[] {
  const roles = new Map<string, Resource>();
  for (const { values } of graph.all("aws_ecs_task_definition")) {
    const role = roleOf(graph, values["task_role_arn"]);
    if (role) roles.set(role.address, role);
  }
  return graph.all("aws_s3_bucket").flatMap((resource) => {
    const name = graph.text(resource.values["bucket"]);
    if (name === undefined) return [];
    const isWritten = [...roles.values()].some((role) => writes(graph, role, name));
    return isWritten ? [{ graph, resource, name, region: regionOf(graph, resource) }] : [];
  });
}

/** A statement may allow a folder only, so that the resource of the call is any object. */
function writes(graph: Graph, role: Resource, bucket: string): boolean {
  return ["object", "a/b"].some((key) => may(graph, role, { action: "s3:PutObject", resource: `arn:aws:s3:::${bucket}/${key}` }));
}

/** What is configured for a bucket by a resource of its own, such as versioning. */
export function configuredFor(graph: Graph, type: string, { resource, name }: DataBucket): Resource | undefined {
  return graph.all(type).find(({ values }) => {
    const target = graph.target(values["bucket"]);
    return target ? target === resource : graph.text(values["bucket"]) === name;
  });
}
