import { DescribeReplicationGroupsCommand } from "@aws-sdk/client-elasticache";
import { type Check, checkResource, differences } from "../check";
import type { LiveRegion } from "../live-region";

export const CACHE: readonly Check<LiveRegion>[] = [
  {
    requirement:
      "The cache runs in cluster mode across all Availability Zones, with the configured shards and replicas and automatic failover",
    requirementIds: ["S003-5.1", "S003-5.2", "S003-5.3", "S003-5.4", "S003-T7", "S003-C4", "S003-D8"],
    appliesTo: ({ capacity }) => capacity.cacheReplicas !== undefined,
    violations: (live) =>
      checkCache(live, (group) => {
        const shards = group.NodeGroups ?? [];
        const zones = new Set(
          shards.flatMap(({ NodeGroupMembers = [] }) => NodeGroupMembers.map((node) => node.PreferredAvailabilityZone)),
        );
        const nodes = (live.capacity.cacheReplicas ?? 0) + 1;
        return [
          ...differences({
            status: [group.Status, "available"],
            "cluster mode": [group.ClusterEnabled, true],
            "automatic failover": [group.AutomaticFailover, "enabled"],
            "Multi-AZ": [group.MultiAZ, "enabled"],
            "number of shards": [shards.length, live.config.cache.shards],
            "snapshot retention in days": [group.SnapshotRetentionLimit, live.config.cache.snapshotRetentionDays],
          }),
          ...shards
            .filter(({ NodeGroupMembers = [] }) => NodeGroupMembers.length !== nodes)
            .map(({ NodeGroupId, NodeGroupMembers = [] }) => `shard ${NodeGroupId} has ${NodeGroupMembers.length} nodes, not ${nodes}`),
          ...(shards.length * nodes < live.zones.length
            ? []
            : live.zones.filter((zone) => !zones.has(zone)).map((zone) => `no node is in ${zone}`)),
        ];
      }),
  },
  {
    requirement: "The cache is encrypted with its own key and accepts TLS connections only",
    requirementIds: ["S003-C9"],
    appliesTo: ({ capacity }) => capacity.cacheReplicas !== undefined,
    violations: async (live) => {
      const key = await live.key("cache");
      return checkCache(live, (group) =>
        differences({
          "encryption at rest": [group.AtRestEncryptionEnabled, true],
          key: [group.KmsKeyId, key],
          TLS: [group.TransitEncryptionEnabled, true],
          "unencrypted connections allowed": [group.TransitEncryptionMode === "preferred", false],
        }),
      );
    },
  },
];

type ReplicationGroup = NonNullable<Awaited<ReturnType<typeof describeCache>>>;

async function describeCache(live: LiveRegion, ReplicationGroupId: string) {
  const { ReplicationGroups: [group] = [] } = await live.own.elasticache.send(new DescribeReplicationGroupsCommand({ ReplicationGroupId }));
  return group;
}

function checkCache(live: LiveRegion, violations: (group: ReplicationGroup) => readonly string[]): Promise<string[]> {
  const id = live.ownNames.of("elasticache_replication_group");
  return checkResource(id, async () => {
    const group = await describeCache(live, id);
    return group ? violations(group) : ["does not exist"];
  });
}
