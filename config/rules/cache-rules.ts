import { CACHE_NODE_TYPES, CACHE_NODES, CACHE_VERSIONS, ranges } from "../aws-limits";
import { windowsOverlap } from "../maintenance-windows";
import { isNewer } from "../version-order";
import { problemIf, type Rule } from "./rule";
import { windowRule } from "./window-rule";

const CREATE_CLUSTER = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html";
/** Minimum of ElastiCache. */
const LEAST_WINDOW_MINUTES = 60;

/** ElastiCache. */
export const CACHE_RULES: readonly Rule[] = [
  {
    reads: ["cache.engine", "cache.engine_version"],
    check: ({ cache: { engine, engine_version: given } }) =>
      problemIf(!CACHE_VERSIONS[engine].includes(given) && !isNewer(given, CACHE_VERSIONS[engine]), {
        where: "cache.engine_version",
        given,
        why: `is not a version of ${engine} with IAM authentication and standard support`,
        instead: `${CACHE_VERSIONS[engine].join(", ")}, or a newer one`,
        source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html",
      }),
  },
  {
    reads: ["cache.node_type"],
    check: ({ cache: { node_type: given } }) =>
      problemIf(given.startsWith("cache.r6gd."), {
        where: "cache.node_type",
        given,
        why: "requires data tiering, which this platform does not enable: sessions are small and short-lived",
        instead: ranges("cache", CACHE_NODE_TYPES).join(", "),
        source: CREATE_CLUSTER,
      }),
  },
  {
    reads: ["cache.shards", "cache.replicas"],
    check: ({ cache: { shards, replicas } }) =>
      problemIf(shards * (1 + replicas) > CACHE_NODES.most, {
        where: "cache.shards",
        given: shards,
        why: `${shards} shards with ${replicas} replicas each are ${shards * (1 + replicas)} nodes; the maximum of a cluster is ${CACHE_NODES.most}`,
        instead: `shards = ${Math.floor(CACHE_NODES.most / (1 + replicas))}, or fewer replicas`,
        source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html",
      }),
  },
  ...["cache.snapshot_window", "cache.maintenance_window"].map((key): Rule => windowRule(key, LEAST_WINDOW_MINUTES, CREATE_CLUSTER)),
  {
    reads: ["cache.snapshot_window", "cache.maintenance_window"],
    check: ({ cache: { snapshot_window, maintenance_window } }) =>
      problemIf(windowsOverlap(snapshot_window, maintenance_window), {
        where: "cache.maintenance_window",
        given: maintenance_window,
        why: `overlaps the snapshot window ${snapshot_window}; ElastiCache rejects this at apply`,
        instead: "a window that starts after the snapshot window",
        source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-automatic.html",
      }),
  },
];
