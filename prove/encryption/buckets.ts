import type { Graph } from "../graph/graph";
import { block, blocks, type Resource } from "../graph/values";
import type { Store } from "./stores";

/** How a bucket encrypts what comes without an encryption of its own. */
export interface BucketEncryption {
  /** `aws:kms`, `AES256`. Undefined without a configuration. */
  readonly algorithm: string | undefined;
  readonly key: unknown;
}

/** The bucket that an argument names, by reference or by name. */
export function bucketOf(graph: Graph, value: unknown): Resource | undefined {
  const target = graph.target(value);
  if (target) return target.type === "aws_s3_bucket" ? target : undefined;
  const name = graph.text(value)?.replace(/^arn:aws:s3:::/, "");
  return graph.all("aws_s3_bucket").find(({ values }) => name !== undefined && graph.text(values["bucket"]) === name);
}

/** Resources of a type that configure a bucket. */
export function configuring(graph: Graph, type: string, bucket: Resource): readonly Resource[] {
  return graph.all(type).filter(({ values }) => bucketOf(graph, values["bucket"])?.address === bucket.address);
}

export function encryptionOf(graph: Graph, bucket: Resource): BucketEncryption {
  const inline = blocks(block(bucket.values["server_side_encryption_configuration"])["rule"]);
  const rules = configuring(graph, "aws_s3_bucket_server_side_encryption_configuration", bucket).flatMap(({ values }) =>
    blocks(values["rule"]),
  );
  const by = block([...rules, ...inline][0]?.["apply_server_side_encryption_by_default"]);
  return { algorithm: graph.text(by["sse_algorithm"]), key: by["kms_master_key_id"] };
}

/** Who delivers logs to a bucket, which works only while the bucket encrypts with keys of S3. */
export interface LogDelivery {
  readonly by: Resource;
  readonly bucket: Resource;
}

/**
 * Load balancers and S3 deliver logs to buckets with SSE-S3 only.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 */
export function logDeliveries(graph: Graph): readonly LogDelivery[] {
  const balancers = graph.all("aws_lb").flatMap((by) =>
    ["access_logs", "connection_logs"].flatMap((name) => {
      const logs = block(by.values[name]);
      const bucket = graph.text(logs["enabled"]) === "true" ? bucketOf(graph, logs["bucket"]) : undefined;
      return bucket ? [{ by, bucket }] : [];
    }),
  );
  const buckets = graph.all("aws_s3_bucket_logging").flatMap((by) => {
    const bucket = bucketOf(graph, by.values["target_bucket"]);
    return bucket ? [{ by, bucket }] : [];
  });
  return [...balancers, ...buckets];
}

/** Buckets as stores, apart from those that receive logs. */
export function bucketStores(graph: Graph): readonly Store[] {
  const receiving = logDeliveries(graph).map(({ bucket }) => bucket.address);
  return graph
    .all("aws_s3_bucket")
    .filter(({ address }) => !receiving.includes(address))
    .map((resource) => {
      const { algorithm, key } = encryptionOf(graph, resource);
      const off = algorithm?.startsWith("aws:kms") ? undefined : `its encryption is ${algorithm ?? "not configured"}`;
      return { resource, argument: "kms_master_key_id", key, off };
    });
}

/** Copies of objects in other buckets, encrypted again with a key of their region. */
export function replicatedObjects(graph: Graph): readonly (Store & { readonly destination: string | undefined })[] {
  return graph.all("aws_s3_bucket_replication_configuration").flatMap((resource) =>
    blocks(resource.values["rule"]).map((rule) => {
      const destination = block(rule["destination"]);
      const key = block(destination["encryption_configuration"])["replica_kms_key_id"];
      return { resource, argument: "replica_kms_key_id", key, destination: graph.text(destination["bucket"]) };
    }),
  );
}
