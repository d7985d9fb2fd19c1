import { GetObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { readStacks } from "../last-synth";

/** IDs and ARNs of all resources in the environment's Terraform states, read from the state buckets of all regions. */
export async function knownIds(
  buckets: readonly { readonly bucket: string; readonly region: string }[],
  suffix: string,
): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  for (const { bucket, region } of buckets) {
    const s3 = new S3Client({ region });
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: `standfast/${suffix}/` }))
      for (const { Key } of Contents) {
        if (!Key?.endsWith(".tfstate")) continue;
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
        for (const id of idsIn(JSON.parse((await Body?.transformToString()) ?? "{}") as State)) known.add(id);
      }
  }
  return known;
}

interface State {
  readonly resources?: readonly { readonly instances: readonly { readonly attributes?: Readonly<Record<string, unknown>> }[] }[];
}

function idsIn({ resources = [] }: State): string[] {
  return resources.flatMap(({ instances }) =>
    instances.flatMap(({ attributes = {} }) => [attributes["id"], attributes["arn"]].filter((value) => typeof value === "string")),
  );
}

/** A resource of a synthesized stack, with its names. */
export interface Synthesized {
  readonly stack: string;
  readonly address: string;
  readonly type: string;
  readonly names: readonly string[];
}

/** The resources of the last synth, to find the address of an orphan. */
export function synthesized(outdir: string): Synthesized[] {
  return readStacks(outdir).flatMap(([stack, { resource = {} }]) =>
    Object.entries(resource).flatMap(([type, resources]) =>
      Object.entries(resources).map(([id, values]) => ({ stack, address: `${type}.${id}`, type, names: namesOf(values) })),
    ),
  );
}

function namesOf(values: Readonly<Record<string, unknown>>): string[] {
  const own = Object.entries(values).filter(([key]) => /(^|_)(name|identifier|bucket|family|group_id|user_id)$/.test(key));
  const tag = (values["tags"] as { Name?: string } | undefined)?.Name;
  return [...own.map(([, value]) => value), tag].filter((value) => typeof value === "string");
}
