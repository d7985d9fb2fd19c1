/**
 * Node ids as ElastiCache assigns them: `<cluster>-0001-001` is the first node of the first shard. A failover changes the
 * primary and not the ids.
 */
export function nodeIds(cluster: string, shards: number, replicas: number): string[] {
  const numbered = (count: number, width: number) => Array.from({ length: count }, (_, index) => String(index + 1).padStart(width, "0"));
  return numbered(shards, 4).flatMap((shard) => numbered(replicas + 1, 3).map((node) => `${cluster}-${shard}-${node}`));
}
