import type { RawConfig } from "./schema";
import { RECOVERY } from "./standby-kinds";

/** Seconds until DNS fails clients over to the next region. Contains only the parts that can be calculated. */
export function failoverSeconds({ failover }: Pick<RawConfig, "failover">): number {
  return failover.health_check_interval_seconds * failover.health_check_failures + failover.ttl_seconds;
}

/** The recovery objectives in sentences: the failover time, what it does not include, and each standby region. */
export function recoveryObjectives(config: RawConfig): string[] {
  const { regions, failover, dns } = config;
  const next = regions[1]?.name ?? failover.fallback_host;
  if (next === undefined) return [];
  const {
    health_check_failures: failures,
    health_check_interval_seconds: interval,
    ttl_seconds: ttl,
    max_failover_seconds: limit,
  } = failover;
  return [
    `${dns.service_name}.${dns.zone_name} fails over to ${next} at most ${failoverSeconds(config)} s after ${regions[0]?.name} is lost (${failures} checks every ${interval} s + ${ttl} s of TTL; limit ${limit} s). Not included: up to one interval before the first failed check, up to 6 s of a checker's timeout, the seconds in which Route 53 propagates the change, and clients that ignore the TTL.`,
    ...regions.slice(1).map(({ name, standby = "hot" }) => `${name} is a ${standby} standby: ${RECOVERY[standby]}.`),
  ];
}
