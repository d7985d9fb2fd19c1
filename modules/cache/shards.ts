/**
 * Ids of the nodes, as ElastiCache makes them: `<cluster>-0001-001` is the first of the first shard. A failover changes
 * which of them is the primary, not their ids.
 */
export function nodeIds(cluster: string, shards: number, replicas: number): string[] {
  const numbered = (count: number, width: number) => Array.from({ length: count }, (_, index) => String(index + 1).padStart(width, "0"));
  return numbered(shards, 4).flatMap((shard) => numbered(replicas + 1, 3).map((node) => `${cluster}-${shard}-${node}`));
}
