import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";
import type { Dns } from "./dns";
import type { DnsRecord } from "./records";

/** The TTL of an alias of a load balancer, which is fixed. */
const ALIAS_TTL_SECONDS = 60;
const DEFAULT_INTERVAL_SECONDS = 30;
const DEFAULT_FAILURES = 3;
const MOST_NAMES = 8;

/** How often an endpoint check requests, and how many failures make it unhealthy. NaN for an expression. */
export interface Timing {
  readonly interval: number;
  readonly failures: number;
}

/** @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html */
export function timingOf(graph: Graph, { values }: Resource): Timing {
  return {
    interval: secondsOf(graph, values["request_interval"], DEFAULT_INTERVAL_SECONDS),
    failures: secondsOf(graph, values["failure_threshold"], DEFAULT_FAILURES),
  };
}

function secondsOf(graph: Graph, value: unknown, otherwise: number): number {
  return value === undefined || value === null ? otherwise : Number(graph.text(value) ?? Number.NaN);
}

/**
 * The TTL of a record. That of an alias is the one of its target. NaN for an expression, or without one.
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html
 */
export function ttlOf(dns: Dns, record: DnsRecord, depth = 0): number {
  const { graph, resource } = record;
  if (resource.values["alias"] === undefined) return Number(graph.text(resource.values["ttl"]) ?? Number.NaN);
  const host = dns.hostOf(record);
  const target = dns.records.find(({ name }) => name === host);
  return target && depth < MOST_NAMES ? ttlOf(dns, target, depth + 1) : ALIAS_TTL_SECONDS;
}
