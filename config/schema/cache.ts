import { z } from "zod";
import { dailyWindow, flag, integer, oneOf, text, weeklyWindow } from "./builders";

const CREATE_REPLICATION_GROUP = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html";

export const cache = z
  .strictObject({
    engine: oneOf(["redis", "valkey"]).meta({
      about: "Engine of the cache.",
      details:
        "From redis to valkey is an upgrade in place. A change from valkey to redis REPLACES THE CLUSTER and deletes its data; with protect, the plan fails.",
    }),
    engine_version: text(/^\d+\.\d+$/, "a version of two numbers", "7.1").meta({
      about: "Engine version: Redis 7.0 and 7.1, Valkey 7.2 and 8.0 to 8.2.",
      details: "Raising it is an upgrade in place. Lowering it REPLACES THE CLUSTER and deletes its data; with protect, the plan fails.",
    }),
    node_type: text(
      /^cache\.[a-z]+\d+[a-z]*\.(micro|small|medium|large|\d*xlarge)$/,
      "an ElastiCache node type",
      "cache.r7g.large",
      "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html",
    ).meta({ about: "Node type. A change replaces the nodes one by one, online." }),
    shards: integer(1, 500, "shards", "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html").meta({
      about: "Number of shards, and replicas of each shard in other zones than its primary.",
      details: "A change is online.",
    }),
    replicas: integer(1, 5, "replicas of each shard", CREATE_REPLICATION_GROUP),
    max_memory_policy: oneOf(
      ["volatile-lru", "volatile-lfu", "volatile-ttl", "volatile-random", "allkeys-lru", "allkeys-lfu", "allkeys-random", "noeviction"],
      "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html",
    ).meta({
      about: "Eviction policy when the memory is full.",
      details: "volatile-... evicts only keys with an expiry.",
    }),
    snapshot_retention_days: integer(1, 35, "days", CREATE_REPLICATION_GROUP).meta({ about: "Retention of the daily snapshots in days." }),
    final_snapshot: flag.meta({
      about: "Whether a destroy creates a final snapshot of the cluster, final-cache-<suffix>-<region>-<time>.",
      details: "As database.final_snapshot.",
    }),
    snapshot_window: dailyWindow("01:00-02:00").meta({
      about: "Daily snapshot window and weekly maintenance window in UTC. They must not overlap.",
      details:
        "The maintenance window is that of the primary region. Each further region is maintained a day earlier than the one in front of it.",
    }),
    maintenance_window: weeklyWindow("sun:06:30-sun:07:30"),
    max_replica_lag_seconds: integer(1, 3600, "seconds").meta({ about: "Alarm threshold for the lag of a replica, in seconds." }),
  })
  .meta({
    about: "Redis in cluster mode, if sessions use it.",
    details: "Each region has its own cluster. Tasks authenticate with their IAM role.",
  });
