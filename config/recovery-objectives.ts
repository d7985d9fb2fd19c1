import type { RawConfig } from "./schema";
import { RECOVERY } from "./standby-kinds";

/**
 * Limit of a health check: Route 53 must connect within 4 s, and receive the status within 2 s after that.
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export const CHECK_TIMEOUT_SECONDS = 6;

/**
 * Seconds until DNS fails clients over to the next region: the intervals, the first of which begins with the last successful
 * check, the timeout of the last failed check, and the TTL. Contains only the parts that can be calculated.
 */
export function failoverSeconds({ failover }: Pick<RawConfig, "failover">): number {
  return failover.health_check_interval_seconds * failover.health_check_failures + CHECK_TIMEOUT_SECONDS + failover.ttl_seconds;
}

/** The recovery objectives in sentences: the failover time and its parts, and each standby region. */
export function recoveryObjectives(config: RawConfig): string[] {
  const { failover, dns } = config;
  const regions = [...config.regions].sort((one, other) => preference(config, one.name) - preference(config, other.name));
  const next = regions[1]?.name ?? failover.fallback_host;
  if (next === undefined) return [];
  const {
    health_check_failures: failures,
    health_check_interval_seconds: interval,
    ttl_seconds: ttl,
    max_failover_seconds: limit,
  } = failover;
  return [
    `Clients of ${dns.service_name}.${dns.zone_name} reach ${next} at most ${failoverSeconds(config)} s after ${regions[0]?.name} is lost: ${failures} health checks of ${interval} s, ${CHECK_TIMEOUT_SECONDS} s of a checker's timeout, ${ttl} s of TTL (limit ${limit} s); up to ${CHECK_TIMEOUT_SECONDS} s more when an earlier check times out, too.`,
    ...regions.slice(1).map(({ name, standby = "hot" }) => `${name} is a ${standby} standby: ${RECOVERY[standby]}.`),
  ];
}

/** Sorts the primary region before the others. */
function preference({ primary_region }: RawConfig, region: string): number {
  return region === primary_region ? 0 : 1;
}
