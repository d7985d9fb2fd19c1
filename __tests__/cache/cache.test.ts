import { describe, expect, it } from "@jest/globals";
import { alarmsIn } from "../support/alarms";
import { DATA, EVERY_STORE, twoRegions } from "../support/config";
import { taskRoleStatements, withSid } from "../support/policies";
import { oneRegion, regionStack, target } from "../support/synthesized";

const everything = regionStack(EVERY_STORE);
const program = taskRoleStatements(everything);

describe("the cache", () => {
  const cluster = everything.only("aws_elasticache_replication_group");

  it("does not exist unless it stores sessions", () => {
    for (const sessions of ["none", "dynamodb"]) expect(oneRegion({ sessions }).all("aws_elasticache_replication_group")).toEqual([]);
    for (const sessions of ["redis", "both"]) expect(oneRegion({ sessions }).all("aws_elasticache_replication_group")).toHaveLength(1);
  });

  it("has cluster mode enabled in its argument and in its parameters, and fails over automatically between zones", () => {
    expect(cluster).toMatchObject({
      engine: "redis",
      engine_version: "7.1",
      cluster_mode: "enabled",
      num_node_groups: 3,
      replicas_per_node_group: 2,
      automatic_failover_enabled: true,
      multi_az_enabled: true,
      snapshot_retention_limit: 7,
    });
    expect(cluster).not.toHaveProperty("preferred_cache_cluster_azs");
    expect(cluster).not.toHaveProperty("notification_topic_arn");
    expect(everything.only("aws_elasticache_parameter_group")).toMatchObject({
      family: "redis7",
      parameter: expect.arrayContaining([{ name: "cluster-enabled", value: "yes" }]) as unknown,
    });
    expect((everything.only("aws_elasticache_subnet_group")["subnet_ids"] as string[]).map(target)).toEqual(
      ["a", "b", "c"].map((letter) => `aws_subnet.network_data_us-east-1${letter}`),
    );
  });

  it("allows access only to the task role, and has no password", () => {
    expect(everything.all("aws_elasticache_user").map(({ user_name: name, access_string: access }) => [name, access])).toEqual([
      ["default", "off ~* -@all"],
      ["cache-user-service-test-1", "on ~* &* +@all -@admin -@dangerous"],
    ]);
    const service = everything.all("aws_elasticache_user").find(({ user_name: name }) => name !== "default");
    expect(service).toMatchObject({ authentication_mode: { type: "iam" }, user_id: "cache-user-service-test-1" });
    for (const user of everything.all("aws_elasticache_user")) expect(user).not.toHaveProperty("passwords");
    expect(cluster).not.toHaveProperty("auth_token");
    expect(withSid(program, "ConnectToCache")).toMatchObject({
      Action: "elasticache:Connect",
      Resource: [
        "arn:aws:elasticache:us-east-1:123456789012:replicationgroup:cache-test-1-us-east-1",
        "arn:aws:elasticache:us-east-1:123456789012:user:cache-user-service-test-1",
      ],
    });
  });

  it("is reachable only from the service", () => {
    const rules = everything
      .all("aws_vpc_security_group_ingress_rule")
      .filter(({ security_group_id: group }) => target(group) === "aws_security_group.cache_security-group_group");
    expect(rules).toMatchObject([{ from_port: 6379, to_port: 6379 }]);
    expect(target(rules[0]?.["referenced_security_group_id"])).toBe("aws_security_group.service_security-group_group");
  });

  it("can be Valkey, with the users of Redis: an upgrade changes none of them", () => {
    const valkey = oneRegion({ sessions: "redis", cache: { engine: "valkey", engine_version: "8.1" } });
    expect(valkey.only("aws_elasticache_replication_group")).toMatchObject({ engine: "valkey", engine_version: "8.1" });
    expect(valkey.only("aws_elasticache_parameter_group")).toMatchObject({ family: "valkey8" });
    const redis = oneRegion({ sessions: "redis", cache: { engine: "redis", engine_version: "7.1" } });
    for (const type of ["aws_elasticache_user", "aws_elasticache_user_group"]) {
      expect(valkey.all(type)).toEqual(redis.all(type));
      for (const resource of valkey.all(type)) expect(resource).toMatchObject({ engine: "redis" });
    }
  });

  it("has alarms for each node: CPU, memory, replication lag in seconds, and evicted keys", () => {
    const alarms = alarmsIn(everything, "AWS/ElastiCache");
    const nodes = [1, 2, 3].flatMap((shard) => [1, 2, 3].map((node) => `cache-test-1-us-east-1-000${shard}-00${node}`));
    for (const [metric, threshold, silence] of [
      ["EngineCPUUtilization", 90, "breaching"],
      ["DatabaseMemoryUsagePercentage", 80, "breaching"],
      ["ReplicationLag", 5, "notBreaching"],
      ["Evictions", 0, "notBreaching"],
    ] as const) {
      const own = alarms.filter(({ metric_name: name }) => name === metric);
      expect(own.map(({ dimensions }) => (dimensions as { CacheClusterId: string }).CacheClusterId).sort()).toEqual(nodes);
      for (const alarm of own) expect(alarm).toMatchObject({ threshold, treat_missing_data: silence });
    }
  });

  it("has a fixed address in the state", () => {
    expect(cluster.address).toBe("aws_elasticache_replication_group.cache");
  });

  it("is maintained in a standby region a day earlier than in the primary region", () => {
    const windows = [0, 1].map(
      (index) => regionStack({ sessions: "redis" }, index).only("aws_elasticache_replication_group")["maintenance_window"],
    );
    expect(windows).toEqual(["sun:06:30-sun:07:30", "sat:06:30-sat:07:30"]);
  });

  it("has a separate cluster in each region that runs tasks, with fewer replicas in a warm standby and none in a pilot light", () => {
    const cacheOf = (kind: string) =>
      regionStack({ ...DATA, regions: twoRegions(kind).regions }, 1)
        .all("aws_elasticache_replication_group")
        .map((group) => [group["replication_group_id"], group["replicas_per_node_group"]]);
    expect(cacheOf("hot")).toEqual([["cache-test-1-us-west-2", 2]]);
    expect(cacheOf("warm")).toEqual([["cache-test-1-us-west-2", 1]]);
    expect(cacheOf("pilot-light")).toEqual([]);
  });
});
