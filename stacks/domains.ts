import { type Config, regionsByPreference } from "../config/config";
import type { FailoverTarget } from "../modules/dns/failover-records";

/** DNS name of the service: `pay.bank.net`. */
export function serviceDomain({ dns }: Config): string {
  return `${dns.serviceName}.${dns.zoneName}`;
}

/** DNS name of one region: `us-east-1.pay.bank.net`. */
export function regionDomain(config: Config, region: string): string {
  return `${region}.${serviceDomain(config)}`;
}

/** Names that resolve to the active region. The certificate of every region contains them. */
export function sharedDomains(config: Config): string[] {
  return [serviceDomain(config), ...(config.dns.apex ? [config.dns.zoneName] : [])];
}

/** Targets of the failover records, in the order of preference. */
export function failoverTargets(config: Config): FailoverTarget[] {
  const { fallbackHost } = config.failover;
  return [
    ...regionsByPreference(config).map(({ name }) => ({
      id: name,
      host: regionDomain(config, name),
      checked: !config.loadBalancer.internal,
    })),
    ...(fallbackHost === undefined ? [] : [{ id: "fallback", host: fallbackHost, checked: false }]),
  ];
}

/** What a canary requests. */
export interface CanaryTarget {
  /** Distinguishes the names of the canary and its alarm from those of others: `us-west-2`. */
  readonly target: string;
  readonly url: string;
  /** Whether the canary writes a test payment and reads it back. */
  readonly writes: boolean;
}

/**
 * Targets of the canaries of a region: the public name and the names of the other regions, or its own name if it is the only
 * region. A canary that writes requests the public name only, because a standby rejects writes.
 */
export function canaryTargets(config: Config, region: string): CanaryTarget[] {
  const { enabled, path, writePath } = config.canaries;
  if (!enabled) return [];
  const others = config.regions.filter(({ name }) => name !== region);
  const regions = others.length > 0 ? others : config.regions;
  const service = `https://${serviceDomain(config)}`;
  return [
    { target: "public", url: `${service}${path}`, writes: false },
    ...(writePath === undefined ? [] : [{ target: "write", url: `${service}${writePath}`, writes: true }]),
    ...regions.map(({ name }) => ({ target: name, url: `https://${regionDomain(config, name)}${path}`, writes: false })),
  ];
}
