import { z } from "zod";
import { dailyWindow, integer, oneOf, text, weeklyWindow } from "./builders";

const CREATE_REPLICATION_GROUP = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html";

export const cache = z
  .strictObject({
    engine: oneOf(["redis", "valkey"]).meta({
      about: "The engine.",
      details: "From redis to valkey it is an upgrade in place, back is a new cluster.",
    }),
    engine_version: text(/^\d+\.\d+$/, "a version of two numbers", "7.1").meta({
      about: "Redis 7.0 and 7.1; Valkey 7.2 and 8.0 to 8.2.",
      details: "It can only be raised.",
    }),
    node_type: text(
      /^cache\.[a-z0-9]+\.[a-z0-9]+$/,
      "an ElastiCache node type",
      "cache.r7g.large",
      "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html",
    ).meta({ about: "Changing it replaces the nodes one by one, online." }),
    shards: integer(1, 500, "shards", "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html").meta({
      about: "Keys are spread over so many shards, each with its primary and so many replicas in other zones.",
      details: "Changed online.",
    }),
    replicas: integer(1, 5, "replicas of each shard", CREATE_REPLICATION_GROUP),
    max_memory_policy: oneOf(
      ["volatile-lru", "volatile-lfu", "volatile-ttl", "volatile-random", "allkeys-lru", "allkeys-lfu", "allkeys-random", "noeviction"],
      "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html",
    ).meta({
      about: "What goes when memory is full.",
      details: "volatile-... gives up keys with an expiry only.",
    }),
    snapshot_retention_days: integer(1, 35, "days", CREATE_REPLICATION_GROUP).meta({ about: "Days that daily snapshots are kept." }),
    snapshot_window: dailyWindow("01:00-02:00").meta({ about: "Daily and weekly windows in UTC, apart from each other." }),
    maintenance_window: weeklyWindow("sun:06:30-sun:07:30"),
    max_replica_lag_seconds: integer(1, 3600, "seconds").meta({ about: "An alarm rings when a replica is further behind." }),
  })
  .meta({
    about: "Redis in cluster mode, where sessions use it.",
    details: "Each region has its own. Tasks sign in with their IAM role.",
  });
