import type { Construct } from "constructs";
import type { Alerts } from "../monitoring/alerts";
import type { Metric, Widget } from "../monitoring/metric";

export interface CacheAlarmsProps {
  /** Receives the alarms and the events. */
  readonly alerts: Alerts;
  /** Names of the nodes, as a dimension of their metrics: `<cluster>-0001-001`. One set of alarms for each. */
  readonly nodes: readonly string[];
  /** Lag of a replica behind its primary, in seconds, above which an alarm fires. */
  readonly maxReplicaLagSeconds: number;
}

const MAX_ENGINE_CPU_PERCENT = 90;
const MAX_MEMORY_PERCENT = 80;

/** Alarms for each node, one composite alarm, and a widget for each metric of all nodes. */
export function cacheAlarms(scope: Construct, { alerts, nodes, maxReplicaLagSeconds }: CacheAlarmsProps): Widget[] {
  const alarms = nodes.flatMap((node) => {
    // The suffix of the alarm's name already identifies the cluster.
    const short = node.split("-").slice(-2).join("-");
    const metrics = nodeMetrics(node);
    return [
      alerts.alarm(scope, `cache-cpu-high-${short}`, {
        severity: "warning",
        means: `The CPU core of node ${node} that executes commands is used to more than ${MAX_ENGINE_CPU_PERCENT} %.`,
        metric: metrics.cpu,
        when: { above: MAX_ENGINE_CPU_PERCENT },
        missingData: "breaching",
        runbook: "cache.md#load",
      }),
      alerts.alarm(scope, `cache-memory-high-${short}`, {
        severity: "warning",
        means: `Node ${node} uses more than ${MAX_MEMORY_PERCENT} % of its memory and will evict keys.`,
        metric: metrics.memory,
        when: { above: MAX_MEMORY_PERCENT },
        missingData: "breaching",
        runbook: "cache.md#memory",
      }),
      alerts.alarm(scope, `cache-replica-lag-${short}`, {
        severity: "critical",
        means: `Node ${node} is more than ${maxReplicaLagSeconds} s behind its primary. A failover to it at this moment would lose the difference.`,
        metric: metrics.lag,
        when: { above: maxReplicaLagSeconds },
        // A primary reports no lag.
        missingData: "notBreaching",
        runbook: "cache.md#replica-lag",
      }),
      alerts.alarm(scope, `cache-evictions-${short}`, {
        severity: "warning",
        means: `Node ${node} evicts unexpired keys. Users may be signed out.`,
        metric: metrics.evictions,
        when: { above: 0 },
        missingData: "notBreaching",
        runbook: "cache.md#memory",
      }),
    ];
  });
  alerts.composites.addComponent(scope, "cache", alarms, {
    runbook: "cache.md#composite-alarm",
    clients: "slower answers",
    within: "zone",
  });
  const everyNode = (metric: keyof ReturnType<typeof nodeMetrics>): Metric[] => nodes.map((node) => nodeMetrics(node)[metric]);
  return [
    { title: "Primary nodes of the cache (a change is a failover)", metrics: everyNode("primary") },
    { title: "CPU of the cache engine", metrics: everyNode("cpu"), threshold: { value: MAX_ENGINE_CPU_PERCENT, label: "limit" } },
    { title: "Memory of the cache", metrics: everyNode("memory"), threshold: { value: MAX_MEMORY_PERCENT, label: "limit" } },
    { title: "Replica lag of the cache", metrics: everyNode("lag"), threshold: { value: maxReplicaLagSeconds, label: "limit" } },
    { title: "Evicted keys", metrics: everyNode("evictions") },
    { title: "Client connections of the cache", metrics: everyNode("connections") },
  ];
}

/** @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html */
function nodeMetrics(node: string) {
  const namespace = "AWS/ElastiCache";
  const dimensions = { CacheClusterId: node };
  const label = node;
  return {
    cpu: { namespace, name: "EngineCPUUtilization", dimensions, statistic: "Maximum", label },
    memory: { namespace, name: "DatabaseMemoryUsagePercentage", dimensions, statistic: "Maximum", label },
    lag: { namespace, name: "ReplicationLag", dimensions, statistic: "Maximum", label },
    evictions: { namespace, name: "Evictions", dimensions, statistic: "Sum", label },
    connections: { namespace, name: "CurrConnections", dimensions, statistic: "Maximum", label },
    primary: { namespace, name: "IsMaster", dimensions, statistic: "Maximum", label },
  } satisfies Record<string, Metric>;
}
