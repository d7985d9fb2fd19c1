import type { Graph } from "../graph/graph";
import { aliasesOf, everywhere, type Key, keyOf, type Located } from "../graph/located";
import { regionOf } from "../graph/regions";
import { block, blocks, type Resource, text, type Values } from "../graph/values";
import { denies, may, readPolicy, roleOf, trusts } from "../iam/role-permissions";
import type { Call } from "../iam/policy";
import { type Claim, decided, notApplicable } from "./claim";
import { configuredFor, type DataBucket, dataBuckets } from "./data-buckets";

/** A rule that copies the objects of one bucket to another. */
interface Replication {
  readonly located: Located;
  readonly rule: Values;
  readonly destination: DataBucket | undefined;
  readonly destinationArn: string | undefined;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html */
export const BUCKET_CLAIMS: readonly Claim[] = [
  {
    id: "B11",
    title: "Every object that tasks write is copied into a bucket of another region, in which tasks read it after a failover",
    decide: (graph, stacks) => {
      const buckets = dataBuckets(graph);
      if (buckets.length === 0) return notApplicable("Tasks write into no bucket.");
      const everyBucket = stacks.flatMap(dataBuckets);
      if (
        !everyBucket.some((other) => other.region !== graph.region) &&
        everywhere(stacks, "aws_s3_bucket_replication_configuration").length === 0
      )
        return notApplicable("There is one region.");
      const faults = buckets.flatMap((bucket) => bucketFaults(bucket, stacks));
      return decided(
        faults,
        buckets.flatMap((bucket) =>
          replicationsOf(bucket, stacks).map(({ destinationArn }) => `${bucket.resource.address} to ${String(destinationArn)}`),
        ),
        "Rule, versioning, role and keys on both sides allow it.",
      );
    },
  },
];

function bucketFaults(bucket: DataBucket, stacks: readonly Graph[]): string[] {
  const { resource, region } = bucket;
  const others = [...new Set(stacks.flatMap(dataBuckets).map((other) => other.region))].filter((other) => other !== region);
  const replications = replicationsOf(bucket, stacks);
  const lost = `What tasks write into ${resource.address} is lost with ${String(region)}`;
  if (replications.length === 0) return [`${lost}: nothing replicates it.`];
  const copied = replications.map(({ destination }) => destination?.region);
  return [
    ...replications.flatMap((replication) => replicationFaults(bucket, replication, stacks)),
    ...others
      .filter((other) => !copied.includes(other))
      .map((other) => `${lost}, as far as ${String(other)} is concerned: no rule replicates it there.`),
    ...(isVersioned(bucket) ? [] : [`${resource.address} is not versioned, so that S3 does not replicate it.`]),
  ];
}

function replicationsOf(bucket: DataBucket, stacks: readonly Graph[]): readonly Replication[] {
  return everywhere(stacks, "aws_s3_bucket_replication_configuration")
    .filter(({ graph, resource }) => {
      const target = graph.target(resource.values["bucket"]);
      return target ? target === bucket.resource : graph.text(resource.values["bucket"]) === bucket.name;
    })
    .flatMap((located) =>
      blocks(located.resource.values["rule"]).map((rule) => {
        const destinationArn = located.graph.text(block(rule["destination"])["bucket"]);
        return { located, rule, destinationArn, destination: bucketByArn(stacks, destinationArn) };
      }),
    );
}

function bucketByArn(stacks: readonly Graph[], arn: string | undefined): DataBucket | undefined {
  const name = arn?.replace(/^arn:aws:s3:::/, "");
  for (const graph of stacks)
    for (const resource of graph.all("aws_s3_bucket"))
      if (name !== undefined && graph.text(resource.values["bucket"]) === name)
        return { graph, resource, name, region: regionOf(graph, resource) };
  return undefined;
}

function isVersioned(bucket: DataBucket): boolean {
  const versioning = configuredFor(bucket.graph, "aws_s3_bucket_versioning", bucket);
  return versioning !== undefined && text(block(versioning.values["versioning_configuration"])["status"]) === "Enabled";
}

function replicationFaults(
  bucket: DataBucket,
  { located, rule, destination, destinationArn }: Replication,
  stacks: readonly Graph[],
): string[] {
  const { address } = located.resource;
  if (!destination) return [`${address} copies into ${String(destinationArn)}, which no stack creates.`];
  const isDataBucket = dataBuckets(destination.graph).some(({ name }) => name === destination.name);
  return [
    ...(text(rule["status"]) === "Enabled" ? [] : [`A rule of ${address} is disabled.`]),
    ...(isWhole(rule) ? [] : [`${address} copies a part of the objects only.`]),
    ...(located.region === bucket.region ? [] : [`${address} asks ${String(located.region)} for a bucket in ${String(bucket.region)}.`]),
    ...(destination.region === bucket.region ? [`${address} copies into a bucket of the same region.`] : []),
    ...(isVersioned(destination)
      ? []
      : [`${destination.resource.address} in ${String(destination.region)} is not versioned, so that S3 does not copy into it.`]),
    ...(isDataBucket && sameConstruct(bucket, destination)
      ? []
      : [
          `${address} copies into ${destination.resource.address} of ${String(destination.region)}, which is not where tasks there look for the objects.`,
        ]),
    ...encryptionFaults(bucket, located, rule, destination, stacks),
    ...roleFaults(bucket, located, destination, stacks),
  ];
}

/** Whether a rule is for every object. */
function isWhole(rule: Values): boolean {
  const filter = block(rule["filter"]);
  const narrowed = [rule["prefix"], filter["prefix"]].some((prefix) => prefix !== undefined && prefix !== null && prefix !== "");
  return !narrowed && filter["tag"] === undefined && filter["and"] === undefined;
}

/** Stacks of regions have the same resource for the same objects, where they have one code. */
function sameConstruct(bucket: DataBucket, destination: DataBucket): boolean {
  const twin = dataBuckets(destination.graph).find(({ resource }) => resource.address === bucket.resource.address);
  return twin === undefined || twin.name === destination.name;
}

function encryptionOf(bucket: DataBucket): Values {
  const found = configuredFor(bucket.graph, "aws_s3_bucket_server_side_encryption_configuration", bucket);
  return block(block(found?.values["rule"])["apply_server_side_encryption_by_default"]);
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html */
function encryptionFaults(
  bucket: DataBucket,
  { graph, resource }: Located,
  rule: Values,
  destination: DataBucket,
  stacks: readonly Graph[],
): string[] {
  if (!String(encryptionOf(bucket)["sse_algorithm"]).startsWith("aws:kms")) return [];
  const selected = block(block(rule["source_selection_criteria"])["sse_kms_encrypted_objects"]);
  const encryption = block(block(rule["destination"])["encryption_configuration"]);
  const key = keyOf(stacks, graph, encryption["replica_kms_key_id"]);
  return [
    ...(text(selected["status"]) === "Enabled"
      ? []
      : [`${resource.address} leaves out objects that are encrypted with a key, which all of ${bucket.resource.address} are.`]),
    ...(key === undefined || key.kind === "missing" || (key.region !== undefined && key.region !== destination.region)
      ? [
          `${resource.address} has no key in ${String(destination.region)} for the copies${key?.kind === "missing" ? `: ${key.because}` : ""}.`,
        ]
      : []),
  ];
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html */
function roleFaults(bucket: DataBucket, { graph, resource }: Located, destination: DataBucket, stacks: readonly Graph[]): string[] {
  const role = roleOf(graph, resource.values["role"]);
  if (!role) return [`${resource.address} names a role that is not in this JSON.`];
  if (!trusts(graph, role, "s3.amazonaws.com")) return [`S3 may not assume ${role.address}.`];
  const [from, to] = [`arn:aws:s3:::${bucket.name}`, `arn:aws:s3:::${destination.name}`];
  const calls: readonly (Call & { readonly resource: string })[] = [
    { action: "s3:GetReplicationConfiguration", resource: from },
    { action: "s3:ListBucket", resource: from },
    { action: "s3:GetObjectVersionForReplication", resource: `${from}/a/b` },
    { action: "s3:GetObjectVersionAcl", resource: `${from}/a/b` },
    { action: "s3:ReplicateObject", resource: `${to}/a/b` },
  ];
  const refused = calls
    .filter((call) => !may(graph, role, call))
    .map(({ action, resource: on }) => `${role.address} may not ${action} on ${on}.`);
  const policy = configuredFor(destination.graph, "aws_s3_bucket_policy", destination);
  const statements = policy ? readPolicy(destination.graph, policy.values["policy"]) : [];
  const principal = graph.arn(role) ?? role.address;
  const call = {
    action: "s3:ReplicateObject",
    resource: `${to}/a/b`,
    principal,
    context: { "aws:PrincipalArn": principal, "aws:SecureTransport": "true" },
  };
  return [
    ...refused,
    ...(denies(statements, call) ? [`${String(policy?.address)} denies what ${role.address} copies.`] : []),
    ...keyFaults(graph, role, "kms:Decrypt", bucket, keyOf(stacks, bucket.graph, encryptionOf(bucket)["kms_master_key_id"]), stacks),
    ...["kms:Encrypt", "kms:GenerateDataKey"].flatMap((action) =>
      keyFaults(graph, role, action, destination, keyOf(stacks, destination.graph, encryptionOf(destination)["kms_master_key_id"]), stacks),
    ),
  ];
}

/** A policy names a key by its ARN, by an alias, or by a reference to an alias that it looks up. */
function keyFaults(
  graph: Graph,
  role: Resource,
  action: string,
  { region }: DataBucket,
  key: Key | undefined,
  stacks: readonly Graph[],
): string[] {
  if (key?.kind !== "key") return [];
  const { located } = key;
  const context = { "kms:ViaService": `s3.${String(region)}.amazonaws.com`, "kms:ResourceAliases": aliasesOf(located) };
  const lookups = [...graph.all("data.aws_kms_alias"), ...graph.all("aws_kms_key")].filter((one) => {
    const looked = keyOf(stacks, graph, `\${${one.address}.arn}`);
    return looked?.kind === "key" && looked.located.resource === located.resource;
  });
  const names = [
    `arn:aws:kms:${String(located.region)}:${String(located.graph.account)}:key/12345678-1234-1234-1234-123456789012`,
    ...lookups.flatMap(({ address }) => ["target_key_arn", "arn"].map((attribute) => `\${${address}.${attribute}}`)),
  ];
  return names.some((resource) => may(graph, role, { action, resource, context }))
    ? []
    : [`${role.address} may not ${action} with the key of the bucket in ${String(region)}.`];
}
